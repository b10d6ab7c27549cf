"""The small parts: templates, times, Link headers, paginators."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from cxconnectors.http_json import link_header, rows, template, times
from cxconnectors.http_json.paginate import Seen, Turn, turn
from cxconnectors.http_json.stream_config import Paginator
from cxcore.sdk import SourceUnavailable
from cxcore.sdk.http import Answer


def test_a_place_becomes_its_value_or_is_left_out() -> None:
    asked = {
        "per_page": 50,
        "after": "{cursor}",
        "q": "updated:>{since} {not_a_place}",
        "query": {"value": "{since}", "none": "{until}"},
        "list": ["{page}", "{cursor}"],
    }
    assert template.places(asked) == {"cursor", "since", "until", "page"}
    assert template.filled(asked, {"since": 17, "page": 2}) == {
        "per_page": 50,
        "q": "updated:>17 {not_a_place}",
        "query": {"value": 17},
        "list": [2],
    }


AT = datetime(2026, 3, 1, 12, 30, 15, 678_901, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("iso", "2026-03-01T12:30:15Z"),
        ("iso_ms", "2026-03-01T12:30:15.678Z"),
        ("epoch_s", 1772368215),
        ("epoch_ms", 1772368215678),
        ("%d.%m.%Y %H:%M:%S", "01.03.2026 12:30:15"),
    ],
)
def test_a_time_is_written_as_the_source_wants_it(form: str, text: str | int) -> None:
    assert times.written(AT, form) == text
    assert times.written(AT.astimezone(None), form) == text


FIRST = AT.replace(year=1900, tzinfo=None)


@given(
    st.datetimes(min_value=FIRST, timezones=st.just(UTC)),
    st.sampled_from(["iso", "epoch_ms"]),
    st.booleans(),
)
def test_bounds_never_leave_out_their_own_time(at: datetime, form: str, inclusive: bool) -> None:
    lower = times.lower(at, form, inclusive=inclusive)
    assert (lower <= at) if inclusive else (lower < at)
    assert at - lower <= 2 * times.unit(form)
    if at < datetime(9999, 1, 1, tzinfo=UTC):
        assert at <= times.upper(at, form) < at + times.unit(form)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('<https://a.example/2>; rel="next"', "https://a.example/2"),
        ("</2>; rel=next", "/2"),
        ('</1>; rel="prev", </3>; rel="NEXT last"', "/3"),
        ('</1>; title="a, b; rel=next", </2>;rel = "next"', "/2"),
        ('</x,y;z>; rel="next"', "/x,y;z"),
        ('</1>; rel="nextish", </2>; rel="prev"', None),
        ('</1>; rel="prev"; rel="next"', None),
        ("", None),
        ("no link at all; rel=next", None),
        ("<" * 10_000, None),
    ],
)
def test_a_link_header_tells_the_next_page(header: str, found: str | None) -> None:
    assert link_header.target(header, "next") == found


@given(st.text(alphabet='<>;,"= relnxt/', max_size=200))
def test_whatever_a_link_header_holds_is_an_address_or_nothing(header: str) -> None:
    found = link_header.target(header, "next")
    assert found is None or f"<{found}" in header.replace("< ", "<").replace("<\t", "<") or found in header


def after(kind: dict[str, Any], state: Any, data: Any, keys: str, hidden: str | None = None, **headers: str) -> Turn:
    page: Any = TypeAdapter(Paginator).validate_python(kind)
    return turn(page, state, Seen(Answer(200, headers, b"", "https://a.example/v1/x?p=1"), data, list(keys)), hidden)


@pytest.mark.parametrize(
    ("kind", "state", "data", "keys", "following"),
    [
        ({"kind": "none"}, None, {}, "abc", None),
        ({"kind": "number"}, None, {}, "abc", 2),
        ({"kind": "number", "first": 0}, None, {}, "abc", 1),
        ({"kind": "number"}, 7, {}, "", None),
        ({"kind": "number", "size": 4}, 7, {}, "abc", None),
        ({"kind": "number", "pages": "total"}, 7, {"total": 7}, "abc", None),
        ({"kind": "number", "pages": "total"}, 6, {"total": "7"}, "abc", 7),
        ({"kind": "number", "more": "more"}, 6, {"more": False}, "abc", None),
        ({"kind": "cursor", "next": "n"}, None, {"n": "x"}, "abc", "x"),
        ({"kind": "cursor", "next": "n"}, "x", {"n": None}, "abc", None),
        ({"kind": "cursor", "next": "n"}, "x", {"n": ""}, "abc", None),
        ({"kind": "cursor", "next": "n", "more": "m"}, None, {"n": "x", "m": False}, "abc", None),
        ({"kind": "next", "next": "n"}, None, {"n": "/v1/x?p=2"}, "abc", "/v1/x?p=2"),
        ({"kind": "next", "next": "n"}, None, {"n": "https://a.example/v1/x?p=2"}, "abc", "/v1/x?p=2"),
        ({"kind": "offset", "back": 1}, None, {"t": 3}, "", None),
        ({"kind": "offset", "total": "t"}, None, {"t": 3}, "abc", None),
    ],
)
def test_the_next_page_is_where_the_source_says(
    kind: dict[str, Any], state: Any, data: Any, keys: str, following: Any
) -> None:
    assert after(kind, state, data, keys).state == following


@pytest.mark.parametrize(
    ("kind", "state", "data", "keys", "said"),
    [
        ({"kind": "number", "more": "more"}, 6, {"more": True}, "", "empty page"),
        ({"kind": "number", "pages": "t"}, 2, {"t": 7}, "", "empty page"),
        ({"kind": "cursor", "next": "n"}, "x", {"n": "y"}, "", "empty page"),
        ({"kind": "offset", "more": "more"}, None, {"more": True}, "", "empty page"),
        ({"kind": "cursor", "next": "n"}, "x", {"n": "x"}, "abc", "leads to itself"),
        ({"kind": "next", "next": "n"}, "/v1/x", {"n": "/v1/x"}, "abc", "leads to itself"),
        ({"kind": "next", "next": "n"}, None, {"n": "https://b.example/x"}, "abc", "another host"),
        ({"kind": "next", "next": "n"}, None, {"n": "http://a.example/x"}, "abc", "another host"),
        ({"kind": "next", "next": "n"}, None, {"n": "//a.example@b.example/x"}, "abc", "another host"),
        ({"kind": "cursor", "next": "n"}, None, {"n": "x" * 3000}, "abc", "longer than"),
    ],
)
def test_a_source_that_contradicts_itself_is_refused(
    kind: dict[str, Any], state: Any, data: Any, keys: str, said: str
) -> None:
    with pytest.raises(SourceUnavailable, match=said):
        after(kind, state, data, keys)


def test_a_secret_in_the_next_address_is_not_kept() -> None:
    found = after({"kind": "next", "next": "n"}, None, {"n": "?key=s3cret&p=2"}, "abc", hidden="key")
    assert found.state == "/v1/x?p=2"


def test_an_offset_goes_on_a_little_early_and_back_when_the_list_moved_up() -> None:
    kind = {"kind": "offset", "back": 1}
    first = after(kind, None, {}, "abcd")
    assert first.state[0] == 3
    assert after(kind, first.state, {}, "defg").state[0] == 6
    moved = after(kind, first.state, {}, "efgh")
    assert moved.back
    assert moved.state[0] == 0
    assert after(kind, first.state, {}, "d").state is None


@pytest.mark.parametrize(
    ("item", "path"),
    [
        ({"id": 7}, "/orders/7"),
        ({"id": "a/b?c"}, "/orders/a%2Fb%3Fc"),
        ({"id": ".."}, None),
        ({"id": None}, None),
        ({"id": True}, None),
        ({}, None),
        ("text", None),
    ],
)
def test_a_details_path_stays_below_its_own(item: Any, path: str | None) -> None:
    assert rows.detail_path("/orders/{id}", ["id"], item) == path


def test_time_units_are_what_a_form_can_write() -> None:
    assert times.unit("epoch_ms") == timedelta(milliseconds=1)
    assert times.unit("%Y-%m-%d %H:%M:%S") == timedelta(seconds=1)

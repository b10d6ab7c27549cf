"""Records and their digests: equal content of equal age is equal, anything else is not (belongs to cxcore.sdk.page)."""

import json
import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.sdk.page import Record

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = st.text(alphabet=st.characters(codec=None), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


def digest(record: Record) -> bytes:
    return record.digest(record.body())


@given(JSON)
def test_json_is_landed_whole_without_nul(payload: Any) -> None:
    body = Record("s", "k", payload).body()
    assert json.loads(body) == payload
    assert b"\x00" not in body


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf, 2**64, -(2**63) - 1, "\ud800", {"\udfff": 1}])
def test_what_is_not_quite_json_is_landed_too(odd: Any) -> None:
    read = json.loads(Record("s", "k", {"a": [None, odd]}).body())["a"][1]
    assert read == odd or (math.isnan(odd) and math.isnan(read))


@given(st.dictionaries(TEXT, JSON, max_size=6), st.randoms())
def test_the_order_of_keys_does_not_count(payload: dict[str, Any], rng: Any) -> None:
    keys = list(payload)
    rng.shuffle(keys)
    assert digest(Record("s", "k", payload)) == digest(Record("s", "k", {k: payload[k] for k in keys}))


@given(JSON, JSON)
def test_other_content_is_another_version(one: Any, other: Any) -> None:
    a, b = Record("s", "k", one), Record("s", "k", other)
    assert (digest(a) == digest(b)) == (a.body() == b.body())


@given(st.binary())
def test_bytes_are_landed_as_they_are(payload: bytes) -> None:
    assert Record("s", "k", payload, media_type="message/rfc822").body() == payload


@pytest.mark.parametrize(
    "other",
    [
        Record("s", "k", {"a": 2}, changed_at=AT),
        Record("s", "k", {"a": 1}, changed_at=AT + timedelta(seconds=1)),
        Record("s", "k", {"a": 1}),
        Record("s", "k", {"a": 1}, changed_at=AT, deleted=True),
        Record("s", "k", b'{"a":1}', changed_at=AT, media_type="text/x"),
    ],
)
def test_content_kind_and_age_tell_versions_apart(other: Record) -> None:
    assert digest(Record("s", "k", {"a": 1}, changed_at=AT)) != digest(other)


def test_where_it_was_found_and_in_which_zone_its_time_is_told_does_not_count() -> None:
    helsinki = AT.astimezone(timezone(timedelta(hours=2)))
    one = Record("s", "k", {"a": 1}, changed_at=AT, origin="a.csv row 7")
    assert digest(one) == digest(Record("s", "k", {"a": 1}, changed_at=helsinki, origin="b.csv row 1"))


def test_a_digest_is_32_bytes() -> None:
    assert len(digest(Record("s", "k", None))) == 32

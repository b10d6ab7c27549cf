"""Walks through a source that changes meanwhile: nothing that was there before is missed."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxconnectors.http_json import paginate, rows, walk
from cxconnectors.http_json.config import HttpJsonConfig
from cxconnectors.http_json.language import RowPlan
from cxconnectors.http_json.stream_config import StreamEntry
from cxcore.sdk import SourceUnavailable
from cxcore.sdk.http import Answer
from cxcore.sdk.testing.driving import saved

T0 = datetime(2026, 3, 1, tzinfo=UTC)
SIZE = 3
MAPPING = {"version": 1, "key": "id", "changed_at": "changed", "profile": [{"name": "id"}]}


def entry(**settings: Any) -> StreamEntry:
    return StreamEntry.model_validate({"name": "things", "path": "/things", "mapping": MAPPING, **settings})


class Things:
    """A source in memory, whose clock goes on with each request and each change; ``ticks`` of them are a second."""

    def __init__(self, count: int, *, order: str, ticks: int = 1) -> None:
        self.order, self.ticks = order, ticks
        self.tick = 0
        self.things = {}
        for number in range(count):
            self.change(number)

    def change(self, number: int) -> None:
        self.tick += 1
        self.things[number] = self.now

    @property
    def now(self) -> datetime:
        return T0 + timedelta(seconds=self.tick // self.ticks)

    def delete(self, number: int) -> None:
        self.things.pop(number, None)

    def listed(self, since: datetime | None) -> list[dict[str, Any]]:
        found = [(at, number) for number, at in self.things.items() if since is None or at >= since]
        if self.order == "id":
            found.sort(key=lambda each: each[1])
        else:
            found.sort(reverse=self.order == "desc")
        return [{"id": str(number), "changed": at.isoformat()} for at, number in found]

    def page(self, at: int, since: datetime | None) -> tuple[list[dict[str, Any]], Answer]:
        self.tick += 1
        date = self.now.strftime("%a, %d %b %Y %H:%M:%S GMT")
        return self.listed(since)[at : at + SIZE], Answer(200, {"date": date}, b"", "https://things.example/things")


Change = tuple[str, int]
CHANGES = st.lists(
    st.lists(st.tuples(st.sampled_from(["change", "delete", "add"]), st.integers(0, 14)), max_size=3), max_size=30
)


def pull(
    stream: StreamEntry, source: Things, cursor: Any, changes: list[list[Change]], got: set[tuple[str, str]]
) -> Any:
    """A pull as `reading` does it, with changes between the pages; each cursor goes through JSON."""
    plan, at = RowPlan(stream.mapping, None), walk.resumed(stream, cursor)
    for _ in range(300):
        values = paginate.values(stream.page, at.page)
        start = int(values["page"]) * SIZE - SIZE if "page" in values else int(values["offset"])
        data, answer = source.page(start, at.at if "since" in stream.places else None)
        found = rows.rows(data, "@", plan)
        got |= {(str(row.key), str(row.changed_at)) for row in found}
        try:
            turn = paginate.turn(stream.page, at.page, paginate.Seen(answer, data, [row.mark for row in found]), None)
        except SourceUnavailable:  # the list moves as fast as the walk: the engine tries again from the cursor
            changes.clear()
            at = walk.resumed(stream, cursor)
            continue
        changed = [row.changed_at for row in found if row.changed_at]
        step = walk.step(stream, at, turn=turn, changed=changed, digest=rows.page_digest(found), now=answer.date)
        cursor = saved(walk.saved(stream, step.walk))
        at = walk.resumed(stream, cursor)
        if step.ended:
            return cursor
        for kind, number in changes.pop() if changes else []:
            if kind == "delete":
                source.delete(number)
            else:
                source.change(number if kind == "change" else number + 100)
    raise AssertionError("the walk does not end")


NUMBER_SINCE = {"parameters": {"page": "{page}", "since": "{since}"}, "page": {"kind": "number"}}
OFFSET = {"parameters": {"skip": "{offset}"}, "page": {"kind": "offset", "back": 2}}


@settings(max_examples=120, deadline=None)
@given(count=st.integers(0, 15), changes=CHANGES, ticks=st.integers(1, 9))
def test_sorted_upwards_nothing_is_missed_whatever_changes(count: int, changes: list[list[Change]], ticks: int) -> None:
    """``ticks``: so many share their time, more than a page holds."""
    stream, source = entry(**NUMBER_SINCE, since={"order": "asc"}), Things(count, order="asc", ticks=ticks)
    got: set[tuple[str, str]] = set()
    cursor = pull(stream, source, None, changes, got)
    pull(stream, source, cursor, [], got)
    assert {(str(number), str(at)) for number, at in source.things.items()} <= got


@settings(max_examples=120, deadline=None)
@given(count=st.integers(0, 15), changes=CHANGES)
def test_by_offset_what_was_there_before_is_not_missed(count: int, changes: list[list[Change]]) -> None:
    stream, source = entry(**OFFSET), Things(count, order="id")
    deleted = {number for step in changes for kind, number in step if kind == "delete"}
    got: set[tuple[str, str]] = set()
    pull(stream, source, None, changes, got)
    assert {str(number) for number in set(range(count)) - deleted} <= {key for key, _ in got}


@settings(max_examples=120, deadline=None)
@given(count=st.integers(0, 15), changes=CHANGES)
def test_unsorted_what_changes_during_the_walk_comes_with_the_next(count: int, changes: list[list[Change]]) -> None:
    places = {"parameters": {"skip": "{offset}", "since": "{since}"}, "page": {"kind": "offset", "back": 2}}
    stream, source = entry(**places, since={"overlap": 0}), Things(count, order="id")
    got: set[tuple[str, str]] = set()
    cursor = pull(stream, source, None, changes, got)
    pull(stream, source, cursor, [], got)
    assert {(str(number), str(at)) for number, at in source.things.items()} <= got


@settings(max_examples=120, deadline=None)
@given(count=st.integers(0, 15), changes=CHANGES)
def test_newest_first_nothing_is_missed_while_nothing_is_deleted(count: int, changes: list[list[Change]]) -> None:
    stream = entry(parameters={"page": "{page}"}, page={"kind": "number"}, since={"order": "desc"})
    source = Things(count, order="desc")
    got: set[tuple[str, str]] = set()
    kept = [[change for change in step if change[0] != "delete"] for step in changes]
    cursor = pull(stream, source, None, kept, got)
    pull(stream, source, cursor, [], got)
    assert {(str(number), str(at)) for number, at in source.things.items()} <= got


def test_many_of_one_time_are_walked_by_pages() -> None:
    stream, source = entry(**NUMBER_SINCE, since={"order": "asc"}), Things(0, order="asc")
    source.things = dict.fromkeys(range(20), T0)
    got: set[tuple[str, str]] = set()
    pull(stream, source, None, [], got)
    assert len(got) == 20


def test_a_date_in_the_sources_future_does_not_move_the_cursor_beyond_its_clock() -> None:
    stream, source = entry(**NUMBER_SINCE, since={"order": "asc"}), Things(5, order="asc")
    source.things[99] = T0 + timedelta(days=30_000)
    cursor = pull(stream, source, None, [], set())
    assert datetime.fromisoformat(cursor["since"]) <= T0 + timedelta(seconds=source.tick)


def test_the_year_1_that_means_never_stops_nothing() -> None:
    stream = entry(**NUMBER_SINCE, since={"order": "asc", "overlap": 600, "inclusive": False})
    never = datetime(1, 1, 1, tzinfo=UTC)
    here = walk.begin(stream, None)
    step = walk.step(stream, here, turn=paginate.Turn(None), changed=[never], digest="", now=None)
    assert (step.walk.since, step.walk.at) == (never, never)
    assert stream.lower(never) == never


def test_windows_follow_each_other_without_a_gap() -> None:
    stream = entry(
        parameters={"since": "{since}", "until": "{until}"},
        since={"start": T0.isoformat(), "window": 3600, "overlap": 60},
    )
    now, here, asked = T0 + timedelta(hours=3, minutes=30), walk.resumed(stream, None), []
    while True:
        asked.append((here.at, here.to))
        step = walk.step(stream, here, turn=paginate.Turn(None), changed=[], digest="", now=now)
        here = walk.resumed(stream, saved(walk.saved(stream, step.walk)))
        if step.ended:
            break
    hour = timedelta(hours=1)
    assert asked[0] == (T0, T0 + hour)
    assert all(later[0] <= earlier[1] for earlier, later in pairwise(asked))
    assert asked[-1][1] > now - timedelta(minutes=1)
    assert here.since is not None
    assert now - hour <= here.since < now, "the window that is still open is not counted as handed over"


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_a_page_that_is_not_sorted_as_said_is_refused(order: str) -> None:
    stream = entry(**NUMBER_SINCE, since={"order": order})
    changed = [T0, T0 + timedelta(hours=1), T0 + timedelta(minutes=1)]
    with pytest.raises(Exception, match="not sorted"):
        walk.step(stream, walk.begin(stream, None), turn=paginate.Turn(2), digest="", changed=changed, now=None)


def test_a_source_that_ignores_since_is_found_out() -> None:
    stream = entry(**NUMBER_SINCE, since={"order": "asc"})
    with pytest.raises(Exception, match="older than asked for"):
        walk.step(
            stream, walk.begin(stream, T0), turn=paginate.Turn(2), digest="", changed=[T0 - timedelta(days=1)], now=None
        )


def test_a_changed_way_of_reading_begins_anew_and_a_changed_meaning_does_not() -> None:
    stream = entry(**NUMBER_SINCE, since={"order": "asc"})
    cursor = walk.saved(stream, walk.begin(stream, T0))
    other_meaning = entry(**NUMBER_SINCE, since={"order": "asc"}, mapping={**MAPPING, "profile": [{"name": "name"}]})
    other_path = entry(**NUMBER_SINCE, since={"order": "asc"}, path="/others")
    assert walk.resumed(other_meaning, cursor).since == T0
    assert walk.resumed(other_path, cursor).since is None


def config(**changes: Any) -> dict[str, Any]:
    stream = {"name": "things", "path": "/things", "mapping": MAPPING, **changes.pop("stream", {})}
    return {"base_url": "https://things.example/v1", "stream": [stream], **changes}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"base_url": "things.example"}, "whole address"),
        ({"base_url": "https://u:p@things.example"}, "leave out user"),
        ({"base_url": "https://things.example/?key=1"}, "leave out user"),
        ({"auth": {"kind": "bearer"}}, "belong together"),
        ({"auth": {"kind": "query", "parameter": "key"}, "secret": "s"}, "insist = true"),
        ({"timezone": "Helsinki"}, "time zone"),
        ({"rate": {"calls": 1, "per": 61}}, "less than a call a minute"),
        ({"stream": {"page": {"kind": "number"}}}, r"where \{page\} goes"),
        ({"stream": {"parameters": {"after": "{cursor}"}}}, r"nothing fills \{cursor\}"),
        ({"stream": {"since": {}}}, r"where \{since\} goes"),
        ({"stream": {"since": {"window": 3600}}}, "needs a start"),
        ({"stream": {"since": {"format": "rfc"}}}, "write iso"),
        (
            {"stream": {"since": {"start": "2026-01-01T00:00:00Z", "window": 60, "overlap": 60}}},
            "longer than the overlap",
        ),
        ({"stream": {"body": {"q": 1}}}, "method = POST"),
        ({"stream": {"path": "https://evil.example/"}}, "pattern"),
        ({"stream": {"path": "/things?x=1"}}, "pattern"),
        ({"stream": {"records": "items["}}, "is not JMESPath"),
        ({"stream": {"detail": {"path": "/things"}}}, "names no field"),
    ],
)
def test_a_file_that_cannot_work_is_refused_with_what_to_do(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        HttpJsonConfig.model_validate(config(**changes))


def test_a_secret_in_the_address_is_taken_if_insisted_on() -> None:
    auth = {"kind": "query", "parameter": "key", "insist": True}
    assert HttpJsonConfig.model_validate(config(auth=auth, secret="s")).auth is not None

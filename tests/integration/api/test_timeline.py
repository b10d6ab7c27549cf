"""Timeline: one stream over all channels, page by page, whatever arrives in between."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from cxcore.timeline import cursor
from cxcore.timeline.query import Position
from support.calling import CURSOR_KEY, Api, pointers, problem
from support.parley import T0, Parley
from support.story import ANNA, tell, who


@pytest.fixture
async def path(api: Api, parley: type[Parley]) -> str:
    """Anna's timeline."""
    await tell(api.database)
    return f"/v1/customers/{await who(api.database, ANNA)}/timeline"


async def texts(api: Api, path: str) -> list[str]:
    return [e["text"] for e in await api.everything(path)]


async def test_everything_stands_in_one_stream_newest_first(api: Api, path: str) -> None:
    answer = await api.get(path)
    assert [(e["text"], e["channel"]) for e in answer.json()["entries"]] == [
        ("message 5", "email"),
        ("message 4", "purchase"),
        ("message 3", "phone"),
        ("message 2", "chat"),
        ("message 1", "email"),
    ]
    assert answer.json()["next"] is None
    assert "link" not in answer.headers


async def test_an_entry_tells_all_that_is_known_of_it(api: Api, path: str) -> None:
    entries = (await api.get(path)).json()["entries"]
    order, mail, call = entries[1], entries[4], entries[2]
    assert order["attributes"] == {"total": 99.5, "items": ["bed", "breakfast"]}
    assert (mail["subject"], mail["quoted"], mail["direction"], mail["kind"]) == (
        "Room",
        "> Hello",
        "inbound",
        "message",
    )
    assert (call["kind"], call["duration"], call["role"]) == ("call", 125, "sender")
    assert call["participants"] == [{"role": "agent", "name": "Agent", "address": None}]
    assert datetime.fromisoformat(call["occurred_at"]) == T0 + timedelta(seconds=3)
    assert {e["source"] for e in entries} == {"parley1"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("channel=email", [5, 1]),
        ("channel=email&channel=phone", [5, 3, 1]),
        ("channel=visit", []),
        ("direction=outbound", [5]),
        ("direction=inbound&direction=outbound", [5, 4, 3, 2, 1]),
        ("kind=call", [3]),
        ("kind=order&kind=call", [4, 3]),
        ("channel=email&direction=inbound", [1]),
        ("channel=email&direction=inbound&kind=call", []),
        ("since=2026-03-01T12:00:03Z", [5, 4, 3]),
        ("until=2026-03-01T12:00:03Z", [2, 1]),
        ("since=2026-03-01T12:00:02Z&until=2026-03-01T12:00:04Z", [3, 2]),
        ("since=2026-03-01T14:00:03%2B02:00", [5, 4, 3]),
        ("since=2026-03-01T12:00:04Z&until=2026-03-01T12:00:02Z", []),
        ("since=2026-03-01T12:00:03Z&channel=purchase", [4]),
        ("since=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59Z", [5, 4, 3, 2, 1]),
    ],
)
async def test_a_filter_shows_what_it_says(api: Api, path: str, query: str, found: list[int]) -> None:
    assert await texts(api, f"{path}?{query}") == [f"message {n}" for n in found]
    assert await texts(api, f"{path}?{query}&limit=1") == [f"message {n}" for n in found]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("channel=fax", "channel"),
        ("channel=", "channel"),
        ("direction=up", "direction"),
        ("kind=x", "kind"),
        ("since=yesterday", "since"),
        ("since=2026-03-01T12:00:00", "since"),  # no zone
        ("until=2026-13-01T12:00:00Z", "until"),
        (f"cursor={'a' * 201}", "cursor"),
        ("&".join(["channel=email"] * 11), "channel"),
    ],
)
async def test_a_filter_that_does_not_fit_is_refused_by_its_name(api: Api, path: str, query: str, pointer: str) -> None:
    assert pointer in pointers(problem(await api.get(f"{path}?{query}"), 422, "invalid_input"))


@pytest.mark.parametrize("edge", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z"])
@pytest.mark.parametrize("name", ["since", "until"])
async def test_a_time_at_the_edge_of_the_calendar_breaks_nothing(api: Api, path: str, name: str, edge: str) -> None:
    answer = await api.get(f"{path}?{name}={quote(edge)}")
    assert answer.status_code in {200, 422}, answer.text


async def test_what_is_dated_at_the_end_of_time_is_shown(api: Api, path: str) -> None:
    """9999-12-31 is how many systems write "open"."""
    last = int((datetime(9999, 12, 31, 23, 59, tzinfo=UTC) - T0).total_seconds())
    await tell(api.database, [{"id": 40, "at": last, "emails": [ANNA], "text": "open"}])
    assert (await texts(api, path))[0] == "open"
    assert (await texts(api, f"{path}?limit=1"))[0] == "open"


# pages


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 6, 100])
async def test_pages_of_any_size_hold_everything_once(api: Api, path: str, limit: int) -> None:
    assert await texts(api, f"{path}?limit={limit}") == [f"message {n}" for n in (5, 4, 3, 2, 1)]


async def test_the_link_and_the_body_name_the_same_next_page_and_keep_the_filter(api: Api, path: str) -> None:
    answer = await api.get(f"{path}?limit=1&channel=email&direction=inbound&direction=outbound")
    following = answer.links["next"]["url"]
    assert following.startswith(f"{path}?limit=1&channel=email&direction=inbound&direction=outbound&cursor=")
    assert following.endswith(answer.json()["next"])
    assert [e["text"] for e in (await api.get(following)).json()["entries"]] == ["message 1"]


async def test_a_walk_misses_nothing_and_repeats_nothing_while_more_arrives(api: Api, path: str) -> None:
    """Old ones, edits, later ones and earlier ones land between the pages."""
    rng = random.Random(3)
    first = [{"id": 100 + n, "at": 1000 + rng.randrange(60), "emails": [ANNA]} for n in range(120)]
    await tell(api.database, first)
    before = {e["id"]: e["text"] for e in await api.everything(path)}
    assert len(before) == 125
    walked: list[dict[str, Any]] = []
    following, step = f"{path}?limit=7", 0
    while following:
        answer = await api.get(following)
        walked += answer.json()["entries"]
        following = answer.links.get("next", {}).get("url", "")
        if step < 12:
            await tell(
                api.database,
                [{"id": 1000 + step * 10 + n, "at": rng.randrange(2000), "emails": [ANNA]} for n in range(5)]
                + [first[rng.randrange(120)] | {"text": f"edited {step}"}],
            )
        step += 1
    seen = [e["id"] for e in walked]
    assert len(seen) == len(set(seen))
    assert before.keys() <= set(seen)
    times = [e["occurred_at"] for e in walked]
    assert times == sorted(times, reverse=True)


async def test_interactions_of_one_moment_are_all_walked(api: Api, path: str) -> None:
    await tell(api.database, [{"id": 200 + n, "at": 500, "emails": [ANNA]} for n in range(23)])
    assert len(set(await texts(api, f"{path}?limit=5"))) == 28


async def test_a_position_is_not_a_promise_that_it_still_exists(api: Api, path: str) -> None:
    following = (await api.get(f"{path}?limit=2")).json()["next"]
    await tell(
        api.database, [{"id": 4, "emails": [ANNA], "deleted": True}, {"id": 3, "phones": ["040"], "deleted": True}]
    )
    assert [e["text"] for e in (await api.get(f"{path}?cursor={following}")).json()["entries"]] == [
        "message 2",
        "message 1",
    ]


@pytest.mark.parametrize("change", ["first", "last", "short", "long", "empty", "other key", "plain", "nul", "umlaut"])
async def test_a_cursor_that_is_not_ours_is_refused(api: Api, path: str, change: str) -> None:
    ours = (await api.get(f"{path}?limit=1")).json()["next"]
    other = cursor.encode(Position(T0, UUID(int=1)), key=CURSOR_KEY[::-1])
    theirs = {
        "first": ("A" if ours[0] != "A" else "B") + ours[1:],
        "last": ours[:-2] + ("AA" if ours[-2:] != "AA" else "BA"),
        "short": ours[:-4],
        "long": ours + "AAAA",
        "empty": "",
        "other key": other,
        "plain": "2026-03-01T12:00:00Z",
        "nul": "%00",
        "umlaut": "%C3%A4",
    }[change]
    body = problem(await api.get(f"{path}?cursor={theirs}"), 422, "invalid_input")
    assert body["detail"] == "The cursor is not one of ours. Take it from the page before, unchanged."


async def test_many_walk_at_once(api: Api, path: str) -> None:
    walks = await asyncio.gather(*(texts(api, f"{path}?limit=2") for _ in range(20)))
    assert {tuple(w) for w in walks} == {tuple(f"message {n}" for n in (5, 4, 3, 2, 1))}

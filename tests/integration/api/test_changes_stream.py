"""GET /v1/changes/stream over real sockets: cut anywhere and gone on with, nothing is missed and nothing told twice."""

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import text

from cxcore.api import event_stream
from cxcore.api.app import create
from cxcore.api.envelope import Envelope
from cxcore.auth import keys
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.events import feed
from cxcore.events.outbox import DomainEvent, EventType, publish
from cxcore.worker import following
from support.calling import CURSOR_KEY, new_key, problem
from support.listening import listening


class Served:
    """The API at an address, with a key that may follow."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.key = f"{url}/v1/changes/stream", key

    @contextlib.asynccontextmanager
    async def opened(self, *, query: str = "", **headers: str) -> AsyncIterator[AsyncIterator[str]]:
        """The lines of a stream as they come."""
        headers["Authorization"] = f"Bearer {self.key}"
        async with (
            httpx2.AsyncClient(timeout=30, trust_env=False) as client,
            client.stream("GET", self.url + query, headers=headers) as answer,
        ):
            assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
            assert answer.headers["cache-control"] == "no-store"
            yield answer.aiter_lines()


@pytest.fixture
async def served(database: Database) -> AsyncIterator[Served]:
    app = create(database, cursor_key=CURSOR_KEY)
    async with listening(Envelope(app), close_streams=app.state.pulse.close) as url:
        yield Served(url, await new_key(database, Scope.READ_CHANGES))


async def tell(database: Database, *numbers: int, kind: EventType = EventType.DECISION_MADE) -> None:
    async with database.unit() as session:
        await publish(session, [DomainEvent(kind, UUID(int=1), {"number": n}) for n in numbers])


async def numbers(lines: AsyncIterator[str], *, most: int) -> tuple[list[int], str]:
    """The events that come, ``most`` at most, and the last id that was told."""
    seen: list[int] = []
    at = ""
    async with asyncio.timeout(20):
        async for line in lines:
            if line.startswith("id: "):
                at = line[4:]
            elif line.startswith("data: "):
                seen.append(json.loads(line[6:])["data"]["number"])
            elif not line and len(seen) == most:
                break
    return seen, at


async def test_cut_after_cut_nothing_is_missed_and_nothing_told_twice(served: Served, database: Database) -> None:
    chance, told, seen, at = random.Random(11), 0, [], "0"
    while len(seen) < 300:
        if told < 300:
            for _ in range(chance.randint(1, 3)):
                count = chance.randint(1, 20)
                await tell(database, *range(told, told + count))
                told += count
        most = chance.randint(1, min(40, told - len(seen)))
        async with served.opened(**{"Last-Event-ID": at}) as lines:
            found, at = await numbers(lines, most=most)
        seen += found
    assert seen == list(range(len(seen)))


CUTS = (timedelta(seconds=1), timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30))


async def pass_time(database: Database, by: timedelta) -> None:
    """Time goes by for the feed: what was told is older, and what is too old is forgotten."""
    async with database.unit() as session:
        await session.execute(text("update outbox set occurred_at = occurred_at - cast(:by as interval)"), {"by": by})
    await following.forget(database)


async def go_on_telling(database: Database, told: list[int]) -> None:
    """Tell of number after number, until cancelled; ``told`` are those that are committed."""
    while True:
        following_ones = range(len(told), len(told) + 3)
        await asyncio.shield(tell(database, *following_ones))
        told.extend(following_ones)
        await asyncio.sleep(0.01)


async def test_cuts_of_a_second_to_half_an_hour_lose_nothing_and_double_nothing(
    served: Served, database: Database
) -> None:
    """Events go on while the reader is away, and what it has read is forgotten meanwhile."""
    chance = random.Random(3)
    told = list(range(20))
    await tell(database, *told)
    async with served.opened(query="?after=0") as lines:
        seen, at = await numbers(lines, most=20)
    await pass_time(database, feed.KEPT - timedelta(minutes=40))
    telling = asyncio.create_task(go_on_telling(database, told))
    for cut in chance.sample(CUTS * 3, 12):
        await pass_time(database, cut / 2)
        await asyncio.sleep(0.02)
        await pass_time(database, cut / 2)
        async with served.opened(**{"Last-Event-ID": at}) as lines:
            found, at = await numbers(lines, most=chance.randint(1, 12))
        assert found, "events went on while it was away"
        seen += found
    telling.cancel()
    await asyncio.wait({telling})
    last = 10_000_000
    await tell(database, last)
    async with served.opened(**{"Last-Event-ID": at}) as lines:
        while last not in seen:
            seen += (await numbers(lines, most=1))[0]
    assert seen[:-1] == list(range(len(seen) - 1))
    assert set(told) <= set(seen)
    async with database.unit() as session:
        assert (await feed.ends(session)).forgotten >= 20


async def test_who_was_away_for_longer_than_events_are_kept_is_told_so(served: Served, database: Database) -> None:
    """By a status other than 200, after which browsers do not try again (WHATWG HTML, section 9.2.3)."""
    await tell(database, *range(4))
    async with served.opened(query="?after=0") as lines:
        _, at = await numbers(lines, most=2)
    await pass_time(database, feed.KEPT + timedelta(minutes=1))
    await tell(database, 4)
    await feed.advance(database)
    async with httpx2.AsyncClient(trust_env=False) as client:
        headers = {"Authorization": f"Bearer {served.key}", "Last-Event-ID": at, "Accept": "text/event-stream"}
        answer = await client.get(served.url, headers=headers)
    assert "30 days" in problem(answer, 410, "position_gone")["detail"]
    async with served.opened() as lines:
        assert await anext(lines) == "retry: 1000"
        await tell(database, 5)
        assert await numbers(lines, most=1) == ([5], "6")


async def test_a_stream_begins_with_what_comes_unless_told_where(served: Served, database: Database) -> None:
    await tell(database, 0, 1)
    async with served.opened() as new, served.opened(query="?after=1") as behind:
        assert await anext(new) == "retry: 1000"
        await tell(database, 2)
        assert await numbers(new, most=1) == ([2], "3")
        assert await numbers(behind, most=2) == ([1, 2], "3")


async def test_a_quiet_stream_shows_that_it_lives_and_moves_on(
    served: Served, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "HEARTBEAT", 0.3)
    async with served.opened(query=f"?type={EventType.DECISION_REVOKED}&after=0") as lines, asyncio.timeout(20):
        await tell(database, *range(4))
        async for line in lines:
            assert not line.startswith("data")
            if line == "id: 4":
                break
    async with database.unit() as session:
        await session.execute(text("update feed set forgotten = 4"))
    async with served.opened(**{"Last-Event-ID": "4"}) as lines:
        await tell(database, 9)
        assert await numbers(lines, most=1) == ([9], "5")


async def test_a_stream_ends_when_its_key_is_revoked(served: Served, database: Database) -> None:
    async with served.opened() as lines, asyncio.timeout(20):
        await anext(lines)
        async with database.unit() as session:
            await keys.revoke(session, key_id=served.key.split("_")[1])
        async for line in lines:
            assert not line.startswith("data")


async def test_streams_end_when_the_process_stops(database: Database) -> None:
    app = create(database, cursor_key=CURSOR_KEY)
    key = await new_key(database, Scope.READ_CHANGES)
    async with contextlib.AsyncExitStack() as held:
        async with asyncio.timeout(20), listening(Envelope(app), close_streams=app.state.pulse.close) as url:
            streams = [await held.enter_async_context(Served(url, key).opened()) for _ in range(3)]
            for lines in streams:
                await anext(lines)
        for lines in streams:
            assert [line async for line in lines] == [""]


async def test_who_takes_nothing_is_let_go_and_holds_one_page(
    served: Served, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest stays in the database: the sender waits for the socket, which takes some hundred kB."""
    monkeypatch.setattr(event_stream, "PATIENCE", 0.5)
    for _ in range(40):
        async with database.unit() as session:
            wide = {"number": 0, "because": "x" * 10_000}
            await publish(session, [DomainEvent(EventType.DECISION_MADE, UUID(int=1), wide)] * 100)
    host, port = served.url.removeprefix("http://").split("/")[0].split(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=1024)
    request = f"GET /v1/changes/stream?after=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {served.key}\r\n\r\n"
    writer.write(request.encode())
    await writer.drain()
    await asyncio.sleep(2.5)
    taken = 0
    async with asyncio.timeout(20):
        while part := await reader.read(65536):
            taken += len(part)
    writer.close()
    assert 0 < taken < 20_000_000, "40 MB were there"

"""Watching: a source that says it has news is pulled at once; one that cannot be watched is pulled in its time."""

import asyncio
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from sqlalchemy import text

from cxcore import pipeline
from cxcore.db.session import Database
from cxcore.pull import schedule, sources
from cxcore.pull.sources import Configured
from cxcore.sdk import Cursor, SourceUnavailable, Stream
from cxcore.worker import main as worker
from cxcore.worker import watching
from support.parley import Parley, configured
from support.working import at_work, eventually


class Told(Parley):
    """Parley that tells of messages behind the cursor."""

    manifest = Parley.manifest.model_copy(update={"streams": (Stream(name="messages", watched=True),)})
    fails: ClassVar[list[Exception]] = []
    begun: ClassVar[int] = 0

    async def watch(self, stream: str, cursor: Cursor) -> None:
        type(self).begun += 1
        if self.fails:
            raise self.fails.pop()
        while len(self.messages) <= int(str(cursor["at"])):  # noqa: ASYNC110 - a system of a test
            await asyncio.sleep(0.02)


@pytest.fixture
def told(parley: type[Parley], connectors: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Told]]:
    connectors["parley"] = Told
    monkeypatch.setattr(worker, "IDLE", 0.05)
    for name in ("REFRESH", "WHILE_PULLED", "AFTER_FAILURE"):
        monkeypatch.setattr(watching, name, 0.05)
    Told.messages, Told.fails, Told.begun = [message(n) for n in range(5)], [], 0
    yield Told
    Told.messages = []


def message(number: int) -> dict[str, Any]:
    return {"id": number, "emails": [f"p{number}@x.example"]}


async def holds(database: Database, number: int) -> bool:
    async with database.unit() as session:
        return bool((await session.execute(text("select count(*) from interaction"))).scalar_one() == number)


async def wait(database: Database, source: Configured) -> float:
    """Seconds until the source is due."""
    async with database.unit() as session:
        found = await session.execute(
            text("select extract(epoch from next_pull_at - now())::float from source where id = :i"), {"i": source.id}
        )
        return float(found.scalar_one())


async def test_news_are_pulled_long_before_their_time(database: Database, told: type[Told]) -> None:
    await configured(database)
    async with at_work(database, every=3600):
        for number in range(5, 8):
            await eventually(lambda n=number: holds(database, n))
            told.messages.append(message(number))
        await eventually(lambda: holds(database, 8))


async def test_a_watch_that_fails_is_begun_again_and_stops_nothing(database: Database, told: type[Told]) -> None:
    told.fails = [SourceUnavailable("down"), KeyError("somebody@example.org")]
    source = await configured(database)
    async with at_work(database, every=3600):
        await eventually(lambda: holds(database, 5))
        told.messages.append(message(5))
        await eventually(lambda: holds(database, 6))
    assert told.begun >= 3
    async with database.unit() as session:
        assert (await sources.find(session, source.key)).state == "active"


async def test_what_is_paused_is_watched_no_more(database: Database, told: type[Told]) -> None:
    source = await configured(database)
    async with at_work(database, every=3600):
        await eventually(lambda: holds(database, 5))
        await eventually(lambda: _true(told.begun > 0))
        async with database.unit() as session:
            await sources.set_state(session, key=source.key, state="paused")
        before = 0
        while before != told.begun:  # until the watch has been let go
            before = told.begun
            await asyncio.sleep(0.3)
        told.messages.append(message(5))
        await asyncio.sleep(0.3)
    assert told.begun == before
    assert await holds(database, 5)


async def _true(value: bool) -> bool:
    return value


async def test_news_wake_a_source_that_waits_for_its_time(database: Database, told: type[Told]) -> None:
    source = await configured(database)

    async def wake() -> bool:
        async with database.unit() as session:
            return await schedule.wake(session, source_id=source.id)

    async def again(failures: int = 0) -> None:
        async with database.unit() as session:
            rest = None if failures else 0.0
            await schedule.again(session, source_id=source.id, seconds=600, failures=failures, rest=rest)

    assert not await wake()  # it is due already
    await again(failures=1)
    assert not await wake()  # it backs off
    assert await wait(database, source) > 500
    await again()  # what came meanwhile is heeded now
    assert await wait(database, source) <= 0
    await again()
    assert await wake()
    assert await wait(database, source) <= 0
    async with database.unit() as session:
        assert await schedule.claim_due(session) is not None
    assert not await wake()  # it is being pulled, and is pulled once more after
    assert await wait(database, source) > 100
    await again()
    assert await wait(database, source) <= 0
    await again()
    async with database.unit() as session:
        await sources.set_state(session, key=source.key, state="paused")
    assert not await wake()
    assert await wait(database, source) > 500


async def test_nothing_is_watched_that_was_never_pulled(database: Database, told: type[Told]) -> None:
    source = await configured(database)
    watches = asyncio.create_task(watching.run(database))
    await asyncio.sleep(0.5)
    assert told.begun == 0
    await pipeline.pull(database, source)
    await eventually(lambda: _true(told.begun > 0))
    watches.cancel()
    await asyncio.wait({watches})
    assert watches.cancelled()

"""The worker: what it does when a source fails, when others work beside it, when it is told to stop, when all goes down."""

import asyncio
import math
from typing import Any

import pytest
from sqlalchemy import text

from cxcore import pipeline
from cxcore.db import migrate
from cxcore.db.session import Database
from cxcore.pull import schedule, sources
from cxcore.pull.sources import Configured
from cxcore.sdk import AuthFailed, CursorExpired, RateLimited, SourceUnavailable
from cxcore.timeline import coverage
from cxcore.worker import main as worker
from support.parley import Parley, configured
from support.private import private_server
from support.state import state
from support.working import at_work, eventually


async def row(database: Database, source: Configured) -> Any:
    """A source as it stands, ``wait`` being the seconds until it is due."""
    async with database.unit() as session:
        found = await session.execute(
            text(
                "select state, problem, failures, extract(epoch from next_pull_at - now())::float as wait"
                " from source where id = :i"
            ),
            {"i": source.id},
        )
        return found.one()


async def due(database: Database) -> None:
    """Let the time pass until every source is due."""
    async with database.unit() as session:
        await session.execute(text("update source set next_pull_at = now()"))


async def count(database: Database, table: str = "interaction") -> int:
    async with database.unit() as session:
        return int((await session.execute(text(f"select count(*) from {table}"))).scalar_one())  # noqa: S608


@pytest.fixture
async def source(database: Database, parley: type[Parley], monkeypatch: pytest.MonkeyPatch) -> Configured:
    monkeypatch.setattr(worker, "IDLE", 0.05)
    parley.messages = [{"id": i, "emails": [f"p{i}@x.example"]} for i in range(25)]
    return await configured(database)


# one source


async def test_what_is_due_is_pulled_digested_and_due_again(database: Database, source: Configured) -> None:
    assert await worker.step(database, every=600)
    assert await count(database) == 25
    found = await row(database, source)
    assert (found.state, found.failures) == ("active", 0)
    assert 500 < found.wait <= 600
    assert not await worker.step(database, every=600)


async def test_a_source_that_fails_backs_off_further_each_time_and_recovers(
    database: Database, source: Configured, parley: type[Parley]
) -> None:
    parley.fail = SourceUnavailable("parley is down")
    for failures in range(1, 6):
        await worker.step(database, every=600)
        found = await row(database, source)
        assert (found.state, found.problem, found.failures) == ("active", None, failures)
        assert 0 < found.wait <= 5 * 2**failures
        assert await worker.step(database, every=600) is False
        await due(database)
    async with database.unit() as session:
        [shown] = await coverage.coverage(session)
    assert shown.last_error == "parley is down"
    parley.fail = None
    await worker.step(database, every=600)
    assert (await row(database, source)).failures == 0
    assert await count(database) == 25


async def test_refused_credentials_stop_the_source_and_say_why(
    database: Database, source: Configured, parley: type[Parley]
) -> None:
    parley.fail = AuthFailed("The token is refused.", hint="Make a new one.")
    await worker.step(database, every=600)
    found = await row(database, source)
    assert (found.state, found.problem) == ("stopped", "The token is refused.")
    async with database.unit() as session:
        [shown] = await coverage.coverage(session)
    assert (shown.state, shown.problem) == ("stopped", "The token is refused.")
    await due(database)
    parley.fail = None
    assert await worker.step(database, every=600) is False
    async with database.unit() as session:
        await sources.set_state(session, key=source.key, state="active")
    await worker.step(database, every=600)
    assert await count(database) == 25


@pytest.mark.parametrize(
    ("asked", "waits"),
    [(120.0, 120.0), (0.0, 1.0), (-5.0, 1.0), (1e12, 86400.0), (math.inf, 86400.0), (math.nan, 86400.0)],
)
async def test_a_source_that_asks_for_patience_gets_it_without_alarm(
    database: Database, source: Configured, parley: type[Parley], asked: float, waits: float
) -> None:
    parley.fail = RateLimited(retry_after=asked)
    await worker.step(database, every=600)
    found = await row(database, source)
    assert (found.state, found.problem, found.failures) == ("active", None, 0)
    assert waits - 30 < found.wait <= waits


async def test_what_came_before_a_failure_is_digested(
    database: Database, source: Configured, parley: type[Parley]
) -> None:
    parley.fail, parley.fail_after = SourceUnavailable("down"), 1
    await worker.step(database, every=600)
    assert await count(database) == 10


async def test_a_bug_in_a_connector_stops_its_source_alone(
    database: Database, source: Configured, parley: type[Parley], connectors: dict[str, object]
) -> None:
    class Buggy(Parley):
        fail = ValueError("somebody@example.org")
        manifest = Parley.manifest.model_copy(update={"key": "buggy"})

    connectors["buggy"] = Buggy
    async with database.unit() as session:
        buggy = await sources.add(session, key="buggy", connector="buggy", config={}, name=None)
    while await worker.step(database, every=600):
        pass
    found = await row(database, buggy)
    assert (found.state, found.problem) == ("stopped", "The connector buggy stopped on ValueError.")
    assert await count(database) == 25


async def test_a_missing_secret_stops_the_source_and_names_the_variable(
    database: Database, parley: type[Parley]
) -> None:
    source = await configured(database, token="env:NO_SUCH_VARIABLE")
    await worker.step(database, every=600)
    found = await row(database, source)
    assert found.state == "stopped"
    assert found.problem == "The environment variable NO_SUCH_VARIABLE is not set. Set it where cxcore runs."


async def test_a_connector_that_is_gone_stops_nobody_else(
    database: Database, source: Configured, connectors: dict[str, object]
) -> None:
    """Its landed records wait; those of others are digested."""
    other = type("Other", (Parley,), {"manifest": Parley.manifest.model_copy(update={"key": "other"})})
    connectors["other"] = other
    async with database.unit() as session:
        gone = await sources.add(session, key="a_first", connector="other", config={}, name=None)
    await pipeline.pull(database, gone)
    del connectors["other"]
    async with at_work(database):
        await eventually(lambda: _equals(database, 25))
    assert (await row(database, gone)).state == "stopped"
    assert await count(database, "source_record") == 50


async def _equals(database: Database, number: int) -> bool:
    return await count(database) == number


async def test_a_paused_source_is_left_alone(database: Database, source: Configured) -> None:
    async with database.unit() as session:
        await sources.set_state(session, key=source.key, state="paused")
    assert await worker.step(database, every=600) is False
    assert await count(database, "source_record") == 0


async def test_an_expired_cursor_is_no_failure(
    database: Database, source: Configured, parley: type[Parley], monkeypatch: pytest.MonkeyPatch
) -> None:
    await worker.step(database, every=600)
    original = parley.pull

    async def forgetful(self: Parley, stream: str, cursor: Any) -> Any:
        if cursor is not None:
            raise CursorExpired("forgotten")
        async for page in original(self, stream, None):
            yield page

    monkeypatch.setattr(parley, "pull", forgetful)
    await due(database)
    await worker.step(database, every=600)
    found = await row(database, source)
    assert (found.state, found.failures) == ("active", 0)
    assert await count(database, "source_record") == 25


# several workers


async def test_each_source_is_claimed_by_one_worker(database: Database, parley: type[Parley]) -> None:
    for n in range(5):
        await configured(database, key=f"parley{n}")

    async def claim() -> str | None:
        async with database.unit() as session:
            found = await schedule.claim_due(session)
            return found and found.key

    claimed = await asyncio.gather(*(claim() for _ in range(9)))
    assert sorted(c for c in claimed if c) == [f"parley{n}" for n in range(5)]


async def test_a_claim_that_nobody_renews_is_free_again(database: Database, source: Configured) -> None:
    async with database.unit() as session:
        assert await schedule.claim_due(session) is not None
        assert await schedule.claim_due(session) is None
    found = await row(database, source)
    assert 0 < found.wait <= schedule.LEASE
    await due(database)
    async with database.unit() as session:
        assert await schedule.claim_due(session) is not None


async def test_two_workers_never_digest_the_same_batch(
    database: Database, database_url: str, parley: type[Parley], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "BATCH", 10)
    parley.messages = [{"id": i, "name": f"P {i % 7}", "emails": [f"p{i % 20}@x.example"]} for i in range(200)]
    for n in range(3):
        await pipeline.pull(database, await configured(database, key=f"parley{n}", page=100))
    other = Database(database_url, pool_size=4)
    done = await asyncio.gather(*(pipeline.digest(d) for d in (database, other, database, other)))
    await other.close()
    assert sum(d.normalised for d in done) == 600
    assert await count(database) == 600


async def test_two_workers_end_in_the_state_that_one_does(
    database: Database, database_url: str, parley: type[Parley], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "BATCH", 7)
    parley.messages = [
        {
            "id": i,
            "name": f"{('Anna', 'Pekka', 'Liisa', 'Otto', 'Sofia')[i % 5]} {('Salo', 'Berg', 'Mäki')[i % 3]}",
            "emails": [f"{'abcdefghijk'[i % 11] * 5}@x.example"],
            "phones": [f"04011122{i % 13:02}"] if i % 3 else [],
            "thread": f"t{i % 4}",
        }
        for i in range(120)
    ]
    for n in range(3):
        await configured(database, key=f"parley{n}", page=9)
    other = Database(database_url, pool_size=4)
    monkeypatch.setattr(worker, "IDLE", 0.05)
    async with at_work(database), at_work(other):
        await eventually(lambda: _equals(database, 360))
    await other.close()
    found = await state(database)
    tables = "interaction, participant, conversation, observation, identifier, search_term, profile, judgement, link, customer"
    async with database.unit() as session:
        await session.execute(text(f"truncate {tables} cascade"))
        await session.execute(text("update normalisation set sequence = 0, reached = 0"))
    await pipeline.digest(database)
    assert await state(database) == found


# stopping


async def test_a_worker_stops_when_there_is_nothing_to_do(database: Database, source: Configured) -> None:
    async with at_work(database):
        await eventually(lambda: _equals(database, 25))


async def test_a_pull_without_end_is_broken_off_and_its_source_due_again(
    database: Database, source: Configured, parley: type[Parley], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was landed stays, and the next worker goes on at once."""
    original, reached = parley.pull, asyncio.Event()

    async def endless(self: Parley, stream: str, cursor: Any) -> Any:
        handed = 0
        async for page in original(self, stream, cursor):
            yield page
            handed += 1
            if handed == 2:
                reached.set()
                await asyncio.Event().wait()

    monkeypatch.setattr(parley, "pull", endless)
    monkeypatch.setattr(worker, "GRACE", 0.05)
    async with at_work(database):
        await reached.wait()
    assert await count(database, "source_record") == 20
    assert (await row(database, source)).wait <= 0
    monkeypatch.setattr(parley, "pull", original)
    await worker.step(database, every=600)
    assert await count(database) == 25
    async with database.unit() as session:
        states = (await session.execute(text("select state from run order by id"))).scalars().all()
    assert states == ["interrupted", "done"]


async def test_what_nobody_foresaw_does_not_end_the_work(
    database: Database, source: Configured, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, broken = pipeline.digest, [RuntimeError("somebody@example.org"), KeyError("x")]

    async def digest(*args: Any, **kwargs: Any) -> Any:
        if broken:
            raise broken.pop()
        return await original(*args, **kwargs)

    monkeypatch.setattr(pipeline, "digest", digest)
    async with at_work(database):
        await eventually(lambda: _equals(database, 25))


# all goes down


async def test_a_database_that_is_restarted_under_the_work_loses_and_doubles_nothing(
    parley: type[Parley], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "IDLE", 0.05)
    monkeypatch.setattr(schedule, "LEASE", 0.5)
    monkeypatch.setattr(pipeline, "BATCH", 20)
    parley.messages = [{"id": i, "name": f"P {i % 9}", "emails": [f"p{i % 30}@x.example"]} for i in range(600)]
    with private_server() as server:
        database = Database(server.url(), pool_size=5)
        await migrate.migrate(database)
        await configured(database, page=20)
        stop = asyncio.Event()
        workers = [asyncio.create_task(worker.run(database, every=3600, stop=stop)) for _ in range(2)]
        landed = -1
        for _ in range(3):

            async def progressed(than: int = landed) -> bool:
                return await count(database, "source_record") + await count(database) > than

            await eventually(progressed)
            landed = await count(database, "source_record") + await count(database)
            await asyncio.to_thread(server.stop, "immediate")
            await asyncio.sleep(0.2)
            assert not any(w.done() for w in workers)
            await asyncio.to_thread(server.start)
        await eventually(lambda: _equals(database, 600))
        stop.set()
        await asyncio.gather(*workers)
        assert await count(database, "source_record") == 600
        found = await state(database)
        async with database.unit() as session:
            await session.execute(text("update normalisation set sequence = 0"))
        await pipeline.digest(database)
        assert await state(database) == found
        await database.close()

"""The life of a source: read in turns, asked before it is pulled again, read anew, taken away."""

import pytest
from sqlalchemy import text

from cxcore import pipeline, removal
from cxcore.db.session import Database
from cxcore.errors import Conflict, NotFound
from cxcore.pull import cursors, reader, schedule, sources
from cxcore.pull.sources import Configured
from cxcore.sdk import SourceUnavailable
from cxcore.worker import main as worker
from support.parley import Parley, configured
from support.state import state


@pytest.fixture
async def source(database: Database, parley: type[Parley]) -> Configured:
    parley.messages = [{"id": i, "emails": [f"p{i % 7}@x.example"], "name": f"Name {i % 7}"} for i in range(95)]
    return await configured(database, page=10)


async def counted(database: Database, table: str) -> int:
    async with database.unit() as session:
        return int((await session.execute(text(f"select count(*) from {table}"))).scalar_one())  # noqa: S608


# read in turns


async def test_a_long_pull_is_left_and_gone_on_with(
    database: Database, source: Configured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "TURN", -1.0)
    for turn in range(1, 10):
        async with database.unit() as session:
            claimed = await schedule.claim_due(session)
        assert claimed is not None, "what was left is due at once"
        await worker.pull_one(database, claimed, every=3600)
        assert await counted(database, "source_record") == turn * 10
    async with database.unit() as session:
        assert {r.state for r in await cursors.runs(session, source_id=source.id)} == {"left"}
    monkeypatch.setattr(worker, "TURN", 60.0)
    async with database.unit() as session:
        await schedule.claim_due(session)
    await worker.pull_one(database, source, every=3600)
    assert await counted(database, "source_record") == 95
    async with database.unit() as session:
        assert (await cursors.runs(session, source_id=source.id))[0].state == "done"
        assert await schedule.claim_due(session) is None, "read to the end it is due as set"


async def test_a_source_may_have_a_time_of_its_own(database: Database, source: Configured) -> None:
    async with database.unit() as session:
        own = await schedule.set_every(session, key=source.key, seconds=86_400)
    await worker.pull_one(database, own, every=1)
    async with database.unit() as session:
        wait = await session.execute(text("select extract(epoch from next_pull_at - now()) from source"))
        assert 86_000 < wait.scalar_one() <= 86_400


# a source that fails


async def test_one_that_failed_often_is_asked_before_it_is_pulled(
    database: Database, source: Configured, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def check(self: Parley) -> str:
        asked.append("who are you")
        raise SourceUnavailable("The source does not answer.")

    async with database.unit() as session:
        await schedule.again(session, source_id=source.id, seconds=0, failures=worker.BROKEN)
        broken = await sources.find(session, source.key)
    with monkeypatch.context() as patched:
        patched.setattr(Parley, "check", check)
        await worker.pull_one(database, broken, every=60)
    assert asked
    assert await counted(database, "run") == 0, "it was not pulled"
    await worker.pull_one(database, broken, every=60)
    async with database.unit() as session:
        assert (await sources.find(session, source.key)).failures == 0
    assert await counted(database, "source_record") == 95


async def test_asked_for_while_it_is_pulled_it_is_pulled_once_more_and_not_twice_at_once(
    database: Database, source: Configured
) -> None:
    async with database.unit() as session:
        assert await schedule.claim_due(session) is not None
        run = await cursors.begin(session, source_id=source.id, stream="messages")
        await schedule.due_now(session, key=source.key)
        assert await schedule.claim_due(session) is None, "another worker would pull it, too"
        await cursors.end(session, run_id=run)
        await schedule.again(session, source_id=source.id, seconds=3600, rest=5)
        wait = await session.execute(text("select extract(epoch from next_pull_at - now()) from source"))
        assert wait.scalar_one() <= 5


# read anew


async def test_read_anew_nothing_is_doubled(database: Database, source: Configured) -> None:
    await pipeline.pull(database, source)
    await pipeline.digest(database)
    before = await state(database)
    async with database.unit() as session:
        await cursors.reset(session, source_id=source.id)
    again = await pipeline.pull(database, source)
    await pipeline.digest(database)
    assert (again.records, again.landed) == (95, 0)
    assert await state(database) == before


# taken away


async def test_taken_away_customers_are_what_they_are_without_it(
    database: Database, source: Configured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "BATCH", 3)
    await pipeline.pull(database, source)
    await pipeline.digest(database)
    alone = await state(database)
    Parley.messages = [{"id": i, "emails": [f"p{i % 5}@x.example"], "name": f"Name {i % 5}"} for i in range(20)]
    second = await configured(database, key="parley2")
    await pipeline.pull(database, second)
    await pipeline.digest(database)
    assert await state(database) != alone
    assert await removal.remove(database, second) > 0
    assert await state(database) == alone
    async with database.unit() as session:
        with pytest.raises(NotFound):
            await sources.find(session, "parley2")
    for table in ("source_record", "profile", "interaction", "member", "link", "cursor", "run", "landing"):
        assert await of(database, table, second) == 0, table


async def of(database: Database, table: str, source: Configured) -> int:
    """Rows that are the source's, or whose profile is nobody's."""
    own = "source_id = :i" if table not in {"member", "link"} else "profile_id not in (select id from profile)"
    async with database.unit() as session:
        found = await session.execute(text(f"select count(*) from {table} where {own}"), {"i": source.id})  # noqa: S608
        return int(found.scalar_one())


async def test_cut_short_its_removal_is_gone_on_with_by_the_worker(
    database: Database, source: Configured, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pipeline.pull(database, source)
    await pipeline.digest(database)
    monkeypatch.setattr(pipeline, "BATCH", 2)

    def cut(count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await removal.remove(database, source, watch=cut)
    async with database.unit() as session:
        assert (await sources.find(session, source.key)).state == "leaving"
        with pytest.raises(Conflict):
            await sources.set_state(session, key=source.key, state="active")
    await worker.step(database, every=60)
    for table in ("source", "source_record", "profile", "interaction", "participant", "search_term", "node"):
        assert await counted(database, table) == 0, table


async def test_what_waits_of_a_source_that_leaves_is_not_made_anything_of(
    database: Database, source: Configured
) -> None:
    await pipeline.pull(database, source)
    async with database.unit() as session:
        await sources.set_state(session, key=source.key, state="leaving")
    assert (await pipeline.digest(database)).normalised == 0
    assert await counted(database, "profile") == 0


async def test_what_is_being_pulled_of_a_source_that_leaves_does_not_land(
    database: Database, source: Configured
) -> None:
    began: list[int] = []

    async def pull() -> None:
        pulling = reader.pages(source, "messages", None)
        async for page in pulling:
            await pipeline.land(database, source, "messages", page, run=0)
            began.append(len(page.records))
            async with database.unit() as session:
                await sources.set_state(session, key=source.key, state="leaving")

    with pytest.raises(Conflict, match="being removed"):
        await pull()
    assert began == [10]
    assert await counted(database, "source_record") == 10


async def test_a_failure_of_a_source_that_leaves_does_not_keep_it(database: Database, source: Configured) -> None:
    async with database.unit() as session:
        await sources.set_state(session, key=source.key, state="leaving")
        await sources.stop(session, source_id=source.id, problem="The password is refused.")
        assert (await sources.find(session, source.key)).state == "leaving"


async def test_a_leaving_source_is_not_pulled(database: Database, source: Configured) -> None:
    async with database.unit() as session:
        await sources.set_state(session, key=source.key, state="leaving")
        assert await schedule.claim_due(session) is None
        with pytest.raises(Conflict):
            await schedule.due_now(session, key=source.key)

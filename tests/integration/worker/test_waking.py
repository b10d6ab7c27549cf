"""What a delivery may ask of the worker: a pull soon after the last one that went well, none after one that failed."""

import pytest
from sqlalchemy import text

from cxcore import pipeline
from cxcore.db.session import Database
from cxcore.pull import schedule
from cxcore.pull.sources import Configured
from cxcore.sdk import Proof, RateLimited, Received, SourceUnavailable, Trust
from cxcore.worker.main import REST, pull_one, step
from support.parley import Parley, configured

EVERY = 60
WAKE = Received(Proof(Trust.NONE), wake=True)


async def claimed(database: Database) -> Configured:
    async with database.unit() as session:
        await session.execute(text("update source set next_pull_at = now()"))
        found = await schedule.claim_due(session)
    assert found is not None
    return found


async def due(database: Database) -> float:
    """Seconds until the one source is due."""
    async with database.unit() as session:
        found = await session.execute(text("select extract(epoch from next_pull_at - now()) from source"))
        return float(found.scalar_one())


async def test_after_a_pull_that_went_well_it_rests_and_then_is_due(database: Database, parley: type[Parley]) -> None:
    await configured(database)
    source = await claimed(database)
    await pull_one(database, source, every=EVERY)
    assert await due(database) > EVERY - 5
    assert await pipeline.receive(database, source, WAKE)
    assert 0 < await due(database) <= REST


@pytest.mark.parametrize("failure", [SourceUnavailable("down"), RateLimited(retry_after=600)])
async def test_after_one_that_failed_it_goes_on_waiting(
    database: Database, parley: type[Parley], monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    await configured(database)
    source = await claimed(database)
    monkeypatch.setattr(parley, "fail", failure)
    await pull_one(database, source, every=EVERY)
    before = await due(database)
    await pipeline.receive(database, source, WAKE)
    assert await due(database) == pytest.approx(before, abs=5)
    await claimed(database)
    monkeypatch.setattr(parley, "fail", None)
    await pull_one(database, source, every=EVERY)
    assert await due(database) > EVERY - 5, "a sign of before the pull is answered by it"


async def test_a_source_that_is_woken_is_pulled_by_the_next_step(database: Database, parley: type[Parley]) -> None:
    source = await configured(database)
    async with database.unit() as session:
        await schedule.again(session, source_id=source.id, seconds=600.0, rest=0.0)
    parley.messages.append({"id": 1, "text": "Hei", "emails": ["anna@x.example"]})
    assert not await step(database, every=EVERY)
    await pipeline.receive(database, source, WAKE)
    assert await step(database, every=EVERY)
    async with database.unit() as session:
        assert (await session.execute(text("select count(*) from interaction"))).scalar_one() == 1

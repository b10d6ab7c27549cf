"""What the data's way tells: who is new, what has just come in, and a source that stopped; and nothing of a person."""

from typing import Any

from sqlalchemy import text

from cxcore import clock, pipeline
from cxcore.db.session import Database
from cxcore.pull import sources
from support.parley import T0, Parley, configured

DAY = 24 * 3600


async def run(database: Database, *messages: dict[str, Any]) -> None:
    Parley.messages += messages
    async with database.unit() as session:
        known = [s for s in await sources.everything(session) if s.key == "parley1"]
    source = known[0] if known else await configured(database)
    await pipeline.pull(database, source)
    await pipeline.digest(database)


async def told(database: Database, kind: str) -> list[Any]:
    async with database.unit() as session:
        found = await session.execute(
            text("select subject, data from outbox where type = :t order by position"), {"t": f"cxcore.{kind}"}
        )
        return list(found)


async def one(database: Database, sql: str) -> str:
    async with database.unit() as session:
        return str((await session.execute(text(sql))).scalar_one())


def message(number: int, *, days_ago: float, **more: Any) -> dict[str, Any]:
    ago = (clock.now() - T0).total_seconds() - days_ago * DAY
    return {"id": number, "emails": ["anna@kotiposti.example"], "name": "Anna Mäkinen", "at": ago, **more}


async def test_what_has_just_happened_is_told_and_history_is_not(database: Database, parley: type[Parley]) -> None:
    await run(database, message(1, days_ago=0.9, direction="outbound"), message(2, days_ago=1.1))
    (event,) = await told(database, "interaction.received")
    assert event.subject == await one(database, "select id from interaction where direction = 1")
    assert event.data == {
        "customers": [await one(database, "select id from customer")],
        "channel": "chat",
        "direction": "outbound",
        "kind": "message",
        "source": "parley1",
    }


async def test_another_version_of_it_is_not_told_again(database: Database, parley: type[Parley]) -> None:
    await run(database, message(1, days_ago=0, text="frist"))
    await run(database, message(1, days_ago=0, text="first"), message(2, days_ago=0))
    assert len(await told(database, "interaction.received")) == 2
    assert await one(database, "select count(*) from interaction") == "2"


async def test_a_new_customer_is_told_of_once(database: Database, parley: type[Parley]) -> None:
    await run(database, message(1, days_ago=9), message(2, days_ago=8))
    await run(database, message(3, days_ago=7))
    (event,) = await told(database, "customer.created")
    assert (event.subject, event.data) == (await one(database, "select id from customer"), {"cause": "rule"})


async def test_a_source_that_stops_is_told_of_once(database: Database, parley: type[Parley]) -> None:
    source = await configured(database)
    for _ in range(2):
        async with database.unit() as session:
            await sources.stop(session, source_id=source.id, problem="The token is refused.")
    assert [(e.subject, e.data) for e in await told(database, "source.stopped")] == [("parley1", {})]


async def test_no_event_holds_anything_of_a_person(database: Database, parley: type[Parley]) -> None:
    await run(database, message(1, days_ago=0, phones=["+358401234567"], subject="Sauna", text="Kiitos"))
    async with database.unit() as session:
        everything = (await session.execute(text("select string_agg(o::text, ' ') from outbox o"))).scalar_one()
    assert "interaction.received" in everything
    for value in ("anna", "kinen", "kotiposti", "401234567", "Sauna", "Kiitos"):
        assert value.lower() not in everything.lower()

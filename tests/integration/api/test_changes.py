"""GET /v1/changes: the feed page by page, at once or as soon as there is something."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import text

from cxcore.db.session import Database
from cxcore.events import feed
from cxcore.events.outbox import DomainEvent, EventType, publish
from support.calling import CURSOR_KEY, Api, calling, new_key, problem

SOMEBODY = UUID(int=7)
MADE, REVOKED = EventType.DECISION_MADE, EventType.DECISION_REVOKED


async def tell(database: Database, *types: EventType) -> None:
    async with database.unit() as session:
        await publish(session, [DomainEvent(t, SOMEBODY, {"by": "key:1"}) for t in types])


async def test_an_event_is_a_cloud_event(api: Api, database: Database) -> None:
    await tell(database, MADE)
    (event,) = (await api.get("/v1/changes")).json()["events"]
    async with database.unit() as session:
        kept = (await session.execute(text("select id, occurred_at from outbox"))).one()
    assert event == {
        "specversion": "1.0",
        "id": str(kept.id),
        "source": "/cxcore",
        "type": "cxcore.decision.made",
        "subject": str(SOMEBODY),
        "time": kept.occurred_at.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "dataschema": "https://cxcore.example/events/cxcore.decision.made/1",
        "sequence": "00000000000000000001",
        "data": {"by": "key:1"},
    }


async def test_pages_lead_from_the_oldest_to_the_end(api: Api, database: Database) -> None:
    await tell(database, *[MADE] * 5)
    pages, path = [], "/v1/changes?limit=2"
    while True:
        body = (await api.get(path)).json()
        pages.append([int(e["sequence"]) for e in body["events"]])
        path = f"/v1/changes?limit=2&after={body['next']}"
        if not body["more"]:
            break
    assert pages == [[1, 2], [3, 4], [5]]
    assert (await api.get(path)).json() == {"events": [], "next": 5, "more": False}


async def test_types_can_be_chosen(api: Api, database: Database) -> None:
    await tell(database, MADE, REVOKED, MADE)
    body = (await api.get(f"/v1/changes?type={REVOKED}&type={EventType.CUSTOMER_SPLIT}")).json()
    assert [e["type"] for e in body["events"]] == [REVOKED]
    assert body["next"] == 3
    problem(await api.get("/v1/changes?type=cxcore.no.such"), 422, "invalid_input")


@pytest.mark.parametrize("query", ["after=-1", f"after={2**63}", "limit=0", "limit=1001", "wait=31", "wait=nan"])
async def test_what_cannot_be_is_refused(api: Api, query: str) -> None:
    problem(await api.get(f"/v1/changes?{query}"), 422, "invalid_input")


async def test_a_position_that_is_not_kept_is_gone(api: Api, database: Database) -> None:
    await tell(database, MADE, MADE)
    assert (await api.get("/v1/changes")).json()["next"] == 2
    async with database.unit() as session:
        await session.execute(text("update outbox set occurred_at = now() - interval '31 days' where sequence = 1"))
        await session.execute(text("update feed set forgotten = 1"))
        await session.execute(text("delete from outbox where sequence = 1"))
    assert [e["sequence"][-1] for e in (await api.get("/v1/changes")).json()["events"]] == ["2"]
    assert "30 days" in problem(await api.get("/v1/changes?after=0"), 410, "position_gone")["detail"]
    assert "backup" in problem(await api.get("/v1/changes?after=3"), 410, "position_gone")["detail"]
    problem(await api.get("/v1/changes/stream?after=3"), 410, "position_gone")


async def test_who_waits_is_answered_when_something_happens(api: Api, database: Database) -> None:
    waiting = asyncio.create_task(api.get(f"/v1/changes?wait=30&type={REVOKED}"))
    await tell(database, MADE)
    assert (await api.get("/v1/changes")).json()["next"] == 1
    done, _ = await asyncio.wait({waiting}, timeout=0.6)
    assert not done
    await tell(database, REVOKED)
    async with asyncio.timeout(15):
        body = (await waiting).json()
    assert ([e["type"] for e in body["events"]], body["next"]) == ([REVOKED], 2)


async def test_who_waits_in_vain_is_told_so(api: Api) -> None:
    assert (await api.get("/v1/changes?wait=0.3")).json() == {"events": [], "next": 0, "more": False}


async def test_those_who_wait_hold_no_connection(database: Database) -> None:
    from cxcore.api.app import application

    narrow = Database(database.url.render_as_string(hide_password=False), pool_size=1)
    key = await new_key(database)
    try:
        async with calling(application(narrow, cursor_key=CURSOR_KEY)) as client:
            api = Api(client, narrow, key)
            waiting = [asyncio.create_task(api.get("/v1/changes?wait=30")) for _ in range(25)]
            async with asyncio.timeout(15):
                assert (await api.get("/v1/changes")).status_code == 200
                await tell(database, MADE)
                answers = await asyncio.gather(*waiting)
        assert [a.json()["next"] for a in answers] == [1] * 25
    finally:
        await narrow.close()


async def test_a_process_that_stops_lets_those_who_wait_go(database: Database) -> None:
    from cxcore.api.app import create

    app = create(database, cursor_key=CURSOR_KEY)
    async with calling(app) as client:
        waiting = asyncio.create_task(Api(client, database, await new_key(database)).get("/v1/changes?wait=30"))
        await asyncio.wait({waiting}, timeout=0.3)
        assert not waiting.done()
        app.state.pulse.close()
        async with asyncio.timeout(10):
            assert (await waiting).json()["events"] == []


async def test_no_look_at_the_database_is_made_when_nobody_waits(
    api: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await api.get("/v1/changes?wait=0.1")).status_code == 200
    await asyncio.sleep(0.6)  # two beats: the last look has ended
    looks: list[Database] = []
    monkeypatch.setattr(feed, "advance", looks.append)
    await asyncio.sleep(0.6)
    assert looks == []

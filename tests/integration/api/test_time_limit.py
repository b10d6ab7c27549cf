"""Time limits: what takes too long is ended with all that it had begun, and may be sent again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy import text

from cxcore.api.access import Unit
from cxcore.api.app import create
from cxcore.api.envelope import Envelope
from cxcore.db.session import Database
from cxcore.errors import DatabaseUnavailable, TimedOut
from support.calling import CURSOR_KEY, Api, calling, new_key, problem

LIMIT = 0.3
SOURCE = {"key": "shop", "connector": "api", "config": {}}
AT_WORK = """
select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
"""
THERE = "select count(*) from pg_stat_activity where pid = :process"
SLOW_COMMIT = """
create function pg_temp.slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.5); return null; end $$;
create temp table slow (a int);
create constraint trigger slow after insert on slow deferrable initially deferred for each row execute function pg_temp.slow();
insert into slow values (1);
"""


@asynccontextmanager
async def hurried(database: Database, app: FastAPI | None = None) -> AsyncIterator[Api]:
    app = app or create(database, cursor_key=CURSOR_KEY, request_seconds=LIMIT)
    async with calling(Envelope(app)) as client:
        yield Api(client, database, await new_key(database))


async def test_a_request_that_waits_too_long_is_ended_writes_nothing_and_may_be_sent_again(database: Database) -> None:
    sent = {"headers": {"Idempotency-Key": "shop-1"}}
    async with hurried(database) as api:
        async with database.unit() as holding:
            await holding.execute(text("lock table source in share mode"))
            answer = await api.post("/v1/sources", SOURCE, **sent)
            problem(answer, 503, "timed_out")
            assert answer.headers["retry-after"] == "1"
            assert answer.headers["request-id"]
            async with database.unit() as session:
                assert (await session.execute(text(AT_WORK))).scalar_one() == 1, "only the one that holds the lock"
        assert (await api.get("/v1/sources")).json()["sources"] == []
        made = await api.post("/v1/sources", SOURCE, **sent)
        assert made.status_code == 201, made.text
        assert (await api.post("/v1/sources", SOURCE, **sent)).headers["idempotency-replayed"] == "true"


async def test_a_commit_that_has_begun_is_waited_for(database: Database) -> None:
    app = create(database, cursor_key=CURSOR_KEY, request_seconds=LIMIT)

    @app.post("/v1/slow")
    async def slow(session: Unit) -> None:
        raw = (await (await session.connection()).get_raw_connection()).driver_connection
        assert raw is not None
        await session.execute(text("select 1"))
        await raw.execute(SLOW_COMMIT)

    async with hurried(database, app) as api:
        assert (await api.post("/v1/slow")).status_code == 200


async def test_an_answer_that_has_begun_is_not_cut_off(database: Database) -> None:
    app = create(database, cursor_key=CURSOR_KEY, request_seconds=LIMIT)

    async def parts() -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.sleep(LIMIT * 1.5)
        yield b"b"

    @app.get("/v1/parts", response_class=StreamingResponse)
    async def stream() -> Any:
        return StreamingResponse(parts())

    async with hurried(database, app) as api:
        assert (await api.get("/v1/parts")).content == b"ab"


async def test_who_waits_for_changes_has_longer(database: Database) -> None:
    async with hurried(database) as api:
        answer = await api.get(f"/v1/changes?wait={LIMIT * 2}")
        assert (answer.status_code, answer.json()["events"]) == (200, [])


async def test_a_body_that_does_not_come_is_not_waited_for(database: Database) -> None:
    async def stalled() -> AsyncIterator[bytes]:
        yield b'{"query": '
        await asyncio.Event().wait()

    async with hurried(database) as api:
        problem(await api.post("/v1/customers:search", content=stalled()), 408, "timed_out")


async def left_alone(patient: Database, database: Database) -> None:
    """Leave a transaction alone until the server has ended it, then go on in it."""
    async with patient.unit() as session:
        process = (await session.execute(text("select pg_backend_pid()"))).scalar_one()
        there = 1
        while there:
            await asyncio.sleep(0.02)
            async with database.unit() as looking:
                there = (await looking.execute(text(THERE), {"process": process})).scalar_one()
        await session.execute(text("select 1"))


async def test_the_databases_server_is_the_second_line(database: Database) -> None:
    patient = database.patient(seconds=0.2)
    try:
        with pytest.raises(TimedOut):
            async with patient.unit() as session:
                await session.execute(text("select pg_sleep(30)"))
        with pytest.raises(DatabaseUnavailable):
            await left_alone(patient, database)
    finally:
        await patient.close()


async def test_the_service_serves_on_connections_that_the_server_watches(database: Database) -> None:
    from cxcore.cli.serving import Front
    from cxcore.settings import Settings

    front = Front(database, Settings(secret_key="a key of at least 32 characters!", request_seconds=7))  # type: ignore[arg-type]  # pydantic's
    try:
        async with front._database.unit() as session:
            assert (await session.execute(text("show statement_timeout"))).scalar_one() == "122s"
    finally:
        await front.close()

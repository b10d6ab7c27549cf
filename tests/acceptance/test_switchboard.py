"""Asterisk's own table in a real PostgreSQL: calls are there once, as they ended, however often the pull is killed."""

import asyncio
import os
import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cxcore import pipeline
from cxcore.db.session import Database
from cxcore.pull import credentials
from cxcore.pull.sources import Configured
from cxcore.pull.vault import Vault
from cxcore.sdk import AuthFailed, SourceUnavailable
from support import server as servers
from support import switchboard as switchboards
from support.forker import pull_and_digest
from support.killing import final_state, forker, run_once
from support.switchboard import READER, Switchboard

pytestmark = pytest.mark.shared_data
VAULT = Vault.of(["v" * 40])
KILLS = 30


@pytest.fixture
def switchboard(server_url: str, worker_id: str, shared_data: Path) -> Iterator[Switchboard]:
    name = f"cxcore_switchboard_{worker_id}"
    board = Switchboard(servers.fresh_database(server_url, name, migrated=False))
    board.open()
    yield board
    servers.drop_database(server_url, name)


async def added(database: Database, url: str) -> Configured:
    async with database.unit() as session:
        return await credentials.add(
            session, VAULT, key="phones", connector="asterisk_cdr", config={"url": url}, name=None, actor="tests"
        )


async def read(database: Database, source: Configured) -> dict[str, int]:
    """Pull and digest; of each call that is shown the legs that it is made of."""
    await pipeline.pull(database, source, vault=VAULT)
    assert (await pipeline.digest(database)).quarantined == 0
    return await shown(database)


def call(linkedid: str, began: datetime, seconds: int) -> tuple[Any, ...]:
    """A row of a call of one leg."""
    row = dict.fromkeys(switchboards.COLUMNS, "") | {"src": "0401234999", "dst": "0942123", "disposition": "ANSWERED"}
    numbers = {"duration": seconds, "billsec": seconds, "amaflags": 3, "sequence": 1}
    return tuple((row | numbers | {"calldate": began, "uniqueid": linkedid, "linkedid": linkedid}).values())


async def shown(database: Database) -> dict[str, int]:
    async with database.unit() as session:
        found = await session.execute(
            text(
                "select r.key, json_array_length(convert_from(r.body, 'utf8')::json -> 'legs') as legs"
                " from interaction i join source_record r using (source_id, sequence)"
            )
        )
        return {row.key: row.legs for row in found}


async def test_every_call_is_there_with_all_its_legs_when_they_have_ended(
    database: Database, switchboard: Switchboard
) -> None:
    source = await added(database, switchboard.readers_url)
    for _ in range(4):
        await switchboard.pass_time(90)
        assert await read(database, source) == switchboard.written
    assert max(switchboard.written.values()) == 3
    calm = await shown(database)
    assert await read(database, source) == calm, "an idle pull changes nothing"


async def test_a_call_of_hours_comes_when_it_is_over_and_one_from_the_future_hides_none(
    database: Database, switchboard: Switchboard
) -> None:
    source = await added(database, switchboard.readers_url)
    await switchboard.pass_time(60)
    await switchboards.insert(switchboard.url, [call("2145916800.9", datetime(2038, 1, 1), 60)])  # noqa: DTZ001 - naive
    before = await read(database, source)
    assert before == switchboard.written | {"2145916800.9": 1}
    await switchboards.insert(switchboard.url, [call("1772424000.7", switchboard.now - timedelta(hours=5), 17990)])
    assert await read(database, source) == before | {"1772424000.7": 1}


async def test_a_backfill_in_many_turns_comes_to_its_end_and_misses_no_call_that_ends_meanwhile(
    database: Database, switchboard: Switchboard
) -> None:
    await switchboard.pass_time(3000)
    source = await added(database, switchboard.readers_url)
    for _ in range(20):
        progress = await pipeline.pull(database, source, vault=VAULT, until=lambda: True)
        await switchboard.pass_time(30)
        if progress.ended:
            break
    assert await read(database, source) == switchboard.written


async def test_a_table_that_goes_away_and_rights_that_are_taken_are_got_over(
    database: Database, switchboard: Switchboard
) -> None:
    await switchboard.pass_time(90)
    source = await added(database, switchboard.readers_url)
    await asyncio.to_thread(switchboard.run, "alter table cdr rename to elsewhere")
    with pytest.raises(SourceUnavailable):
        await pipeline.pull(database, source, vault=VAULT)
    await asyncio.to_thread(switchboard.run, "alter table elsewhere rename to cdr")
    await asyncio.to_thread(switchboard.run, f"revoke all on cdr from {READER}")
    with pytest.raises(AuthFailed):
        await pipeline.pull(database, source, vault=VAULT)
    await asyncio.to_thread(switchboard.run, f"grant select on cdr to {READER}")
    assert await read(database, source) == switchboard.written


async def test_killed_again_and_again_it_loses_and_doubles_nothing(
    server_url: str, worker_id: str, switchboard: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDR_URL", switchboard.readers_url)
    names = [f"cxcore_switchboard_{kind}_{worker_id}" for kind in ("killed", "calm")]
    killed_url, calm_url = [await asyncio.to_thread(servers.fresh_database, server_url, name) for name in names]
    for url in (killed_url, calm_url):
        database = Database(url)
        await added(database, "env:CDR_URL")
        await database.close()
    rng, kills = random.Random(7), 0
    with forker(killed_url) as process:
        while kills < KILLS:
            await switchboard.pass_time(120)
            began = time.monotonic()
            await pull_and_digest(calm_url)
            takes = time.monotonic() - began
            for _ in range(10):
                ended = await asyncio.to_thread(run_once, process, kill_after=rng.uniform(0.0, 0.4) * takes)
                kills += os.WIFSIGNALED(ended)
            assert await asyncio.to_thread(run_once, process, kill_after=None) == 0
    killed, calm = await final_state(killed_url), await final_state(calm_url)
    assert killed == calm
    database = Database(killed_url)
    assert await shown(database) == switchboard.written
    await database.close()
    for name in names:
        await asyncio.to_thread(servers.drop_database, server_url, name)

"""Synapse pushes to us as to an application service: what a guest writes is there before anybody pulls."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cxcore import pipeline
from cxcore.api.app import create
from cxcore.db.session import Database
from cxcore.pull import credentials
from cxcore.pull.sources import Configured
from cxcore.pull.vault import Vault
from support import synapse
from support.calling import CURSOR_KEY
from support.listening import listening
from support.synapse import HS_TOKEN, Homeserver, Person
from support.working import eventually

VAULT = Vault.of(["v" * 40])
PATIENCE = 240.0
"""Seconds; Synapse tries again after two, four, eight and so on."""


@asynccontextmanager
async def pushing(folder: Path, port: int) -> AsyncIterator[Homeserver]:
    """A homeserver that pushes to the source desk of the API on this port."""
    if synapse.python() is None:
        pytest.skip(synapse.MISSING)
    started = synapse.homeserver(folder, pushes_to=f"http://127.0.0.1:{port}/v1/deliveries/desk")
    server = await asyncio.to_thread(started.__enter__)
    try:
        yield server
    finally:
        await asyncio.to_thread(started.__exit__, None, None, None)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


async def configured(database: Database, server: Homeserver, bot: Person) -> Configured:
    config = {"url": server.url, "token": bot.token, "hs_token": HS_TOKEN, "own_users": [bot.id]}
    async with database.unit() as session:
        return await credentials.add(
            session, VAULT, key="desk", connector="matrix", config=config, name=None, actor="tests"
        )


async def landed(database: Database) -> dict[str, int]:
    """The events that have landed, each with the number of its versions."""
    async with database.unit() as session:
        found = await session.execute(text("select key, count(*) as n from source_record group by 1"))
        return {row.key: row.n for row in found}


async def due(database: Database) -> bool:
    async with database.unit() as session:
        found = await session.execute(text("select next_pull_at <= now() + interval '6 seconds' from source"))
        return bool(found.scalar_one())


async def test_what_is_pushed_is_what_a_pull_would_bring_and_nothing_is_lost_while_we_are_away(
    database: Database, tmp_path: Path
) -> None:
    port = free_port()
    app = create(database, cursor_key=CURSOR_KEY, vault=VAULT)
    async with AsyncExitStack() as here, pushing(tmp_path, port) as server:
        await here.enter_async_context(listening(app, port=port))
        bot, anna = [await asyncio.to_thread(server.person, name) for name in ("desk", "anna")]
        source = await configured(database, server, bot)
        room = await asyncio.to_thread(bot.room, anna)
        await pipeline.pull(database, source, vault=VAULT)

        def say(who: Person, words: str) -> Any:
            return asyncio.to_thread(who.say, room, words)

        pushed = {await say(anna, f"message {n}") for n in range(5)}
        await eventually(lambda: holds(database, pushed))
        async with database.unit() as session:
            await session.execute(text("update source set next_pull_at = now() + interval '1 hour', wake_from = now()"))
        answer = await say(bot, "we are on our way")
        await eventually(lambda: due(database))
        assert answer not in await landed(database), "whom it was said to only the room tells: it is pulled"
        missed = await pipeline.pull(database, source, vault=VAULT)
        assert missed.landed == 1, "of what was pushed a pull brings nothing anew"
        assert answer in await landed(database)
        await here.aclose()
        away = {await say(anna, f"while you were away {n}") for n in range(5)}  # nobody takes these
        async with listening(app, port=port):
            await eventually(lambda: holds(database, away), seconds=PATIENCE)
        await asyncio.to_thread(anna.edit, room, min(away), "as I said")
        await pipeline.pull(database, source, vault=VAULT)
        await pipeline.digest(database)
        counts = await landed(database)
        assert {event: counts[event] for event in pushed | away} == dict.fromkeys(pushed | away, 1) | {min(away): 2}
    async with database.unit() as session:
        said = (await session.execute(text("select text from interaction"))).scalars().all()
    assert len(said) == 11
    assert {"as I said", "we are on our way"} <= set(said)


async def holds(database: Database, events: set[str]) -> bool:
    return events <= (await landed(database)).keys()

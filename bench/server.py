"""The PostgreSQL that is measured: an embedded one in a folder that vanishes, or the one that is named."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
from sqlalchemy import text
from sqlalchemy.engine import make_url

from cxcore.db import embedded, migrate
from cxcore.db.base import Base
from cxcore.db.session import Database


@contextmanager
def fresh_server(url: str | None) -> Iterator[str]:
    """The URL of a server on which databases may be made."""
    if url is not None:
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="cxbench-", ignore_cleanup_errors=True) as folder:
        running = embedded.acquire(Path(folder) / "postgres")
        try:
            yield running.url
        finally:
            embedded.release(running)


@asynccontextmanager
async def fresh_database(url: str, name: str, *, pool_size: int = 4) -> AsyncIterator[Database]:
    """An empty database with the present schema, dropped afterwards."""
    name = f"cxbench_{name}_{os.getpid()}"
    await _run(url, f'drop database if exists "{name}" with (force)', f'create database "{name}"')
    database = Database(make_url(url).set(database=name).render_as_string(hide_password=False), pool_size=pool_size)
    try:
        await migrate.migrate(database)
        yield database
    finally:
        await database.close()
        await _run(url, f'drop database if exists "{name}" with (force)')


async def connect(database: Database) -> asyncpg.Connection:
    """A connection of the driver's own, with nothing of ours around it."""
    return await asyncpg.connect(_plain(database.url.render_as_string(hide_password=False)))


async def empty(database: Database) -> None:
    """Take all rows out, and let the server write what it has put off, so that no round pays for another's."""
    tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    async with database.unit() as session:
        await session.execute(text(f"truncate {tables} restart identity cascade"))
    await settle(database)


async def settle(database: Database) -> None:
    """Let the server write what it has put off."""
    connection = await connect(database)
    try:
        await connection.execute("checkpoint")
    finally:
        await connection.close()


async def _run(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(_plain(url))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)

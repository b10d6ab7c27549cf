"""The PostgreSQL that tests run on: CX_TEST_DATABASE_URL, else a container where Docker answers, else the embedded one."""

import asyncio
import contextlib
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from cxcore.db import embedded, migrate
from cxcore.db.session import Database

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
"""Vendors' samples, which are not part of the repository."""
_EASY = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The URL of a server on which databases can be made."""
    given = os.environ.get("CX_TEST_DATABASE_URL")
    if given:
        yield given
    elif _docker_answers():
        from testcontainers.postgres import PostgresContainer

        with PostgresContainer("postgres:18", driver=None) as container:
            yield container.get_connection_url()
    else:
        with tempfile.TemporaryDirectory(prefix="cxcore-tests-", ignore_cleanup_errors=True) as folder:
            running = embedded.acquire(Path(folder) / "postgres")
            try:
                asyncio.run(_run(running.url, *(f"alter system set {e}" for e in _EASY), "select pg_reload_conf()"))
                yield running.url
            finally:
                embedded.release(running)


def _docker_answers() -> bool:
    path = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix("unix://")
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
        probe.connect(path)
        return True
    return False


def named(url: str, database: str) -> str:
    """The same server, another database."""
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def fresh_database(url: str, name: str, *, migrated: bool = True) -> str:
    """Make an empty database, drop one of that name before, and bring it to the present schema."""
    asyncio.run(_run(url, f'drop database if exists "{name}" with (force)', f'create database "{name}"'))
    target = named(url, name)
    if migrated:
        asyncio.run(_migrate(target))
    return target


def drop_database(url: str, name: str) -> None:
    asyncio.run(_run(url, f'drop database if exists "{name}" with (force)'))


async def _run(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(_plain(url))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


async def _migrate(url: str) -> None:
    database = Database(url)
    try:
        await migrate.migrate(database)
    finally:
        await database.close()

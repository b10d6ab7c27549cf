"""The pool: a connection that died while nobody used it is replaced, and one that dies in use is told and not used again."""

import pytest
from sqlalchemy import text

from cxcore.db import session as sessions
from cxcore.db.session import Database
from cxcore.errors import DatabaseUnavailable

_MINE = text("select pg_backend_pid()")


async def _pid(database: Database) -> int:
    async with database.unit() as session:
        pid: int = (await session.execute(_MINE)).scalar_one()
        return pid


async def _kill(database: Database, pid: int) -> None:
    async with database.unit() as session:
        await session.execute(text("select pg_terminate_backend(:pid, 2000)"), {"pid": pid})


@pytest.fixture
async def lone(database: Database) -> "Database":
    return Database(database.url.render_as_string(hide_password=False), pool_size=1)


async def test_one_that_died_while_idle_is_replaced(
    database: Database, lone: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "_IDLE", 0.0)
    first = await _pid(lone)
    await _kill(database, first)
    assert await _pid(lone) != first
    await lone.close()


async def test_one_that_died_just_now_is_told_once(database: Database, lone: Database) -> None:
    first = await _pid(lone)
    await _kill(database, first)
    with pytest.raises(DatabaseUnavailable):
        await _pid(lone)
    assert await _pid(lone) != first
    await lone.close()

"""Databases for migrations: empty ones, each of its own, gone after the test."""

import os
from collections.abc import AsyncIterator, Iterator
from itertools import count

import pytest

from cxcore.db.session import Database
from support import server as servers

_numbers = count()


@pytest.fixture
def empty_url(server_url: str, worker_id: str) -> Iterator[str]:
    """The URL of a database without any schema."""
    name = f"cxcore_migrations_{worker_id}_{os.getpid()}_{next(_numbers)}"
    yield servers.fresh_database(server_url, name, migrated=False)
    servers.drop_database(server_url, name)


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[Database]:
    """A database without any schema."""
    opened = Database(empty_url, pool_size=4)
    yield opened
    await opened.close()

"""The pages on a real database, and a browser that is signed in."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from cxcore.db.session import Database
from cxcore.web.app import create
from support.calling import CURSOR_KEY, calling, new_key


@pytest.fixture
async def outside(database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser that nobody signed in with."""
    app = create(database, cursor_key=CURSOR_KEY, timezone="Europe/Helsinki", secure=False)
    async with calling(app) as client:
        yield client


@pytest.fixture
async def browser(database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser that is signed in with every right."""
    app = create(database, cursor_key=CURSOR_KEY, timezone="Europe/Helsinki", secure=False)
    async with calling(app) as client:
        answer = await client.post("/sign-in", data={"key": await new_key(database)})
        assert answer.status_code == 303, answer.text
        yield client

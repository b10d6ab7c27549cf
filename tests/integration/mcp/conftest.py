"""The API in this process, for what assistants cannot do themselves."""

from collections.abc import AsyncIterator

import pytest

from cxcore.api.app import application
from cxcore.db.session import Database
from support.calling import CURSOR_KEY, Api, calling, new_key


@pytest.fixture
async def api(database: Database) -> AsyncIterator[Api]:
    async with calling(application(database, cursor_key=CURSOR_KEY)) as client:
        yield Api(client, database, await new_key(database))

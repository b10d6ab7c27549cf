"""The API in this process, for what assistants cannot do themselves."""

from collections.abc import AsyncIterator

import pytest

from cxcore.db.session import Database
from support.calling import Api, api_on, calling, new_key


@pytest.fixture
async def api(database: Database) -> AsyncIterator[Api]:
    async with calling(api_on(database)) as client:
        yield Api(client, database, await new_key(database))

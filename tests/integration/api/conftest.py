"""The API on a real database, with a key that may do everything."""

from collections.abc import AsyncIterator

import pytest

from cxcore.db.session import Database
from cxcore.pull.vault import Vault
from support.calling import Api, api_on, calling, new_key
from support.parley import Parley
from support.story import ANNA, LIISA, PEKKA, tell, who


@pytest.fixture
async def api(database: Database) -> AsyncIterator[Api]:
    async with calling(api_on(database, vault=Vault.of(["a vault key of at least 32 characters"]))) as client:
        yield Api(client, database, await new_key(database))


@pytest.fixture
async def people(api: Api, parley: type[Parley]) -> dict[str, str]:
    """The customers of the story, by their addresses."""
    await tell(api.database)
    return {name: str(await who(api.database, name)) for name in (ANNA, PEKKA, LIISA)}

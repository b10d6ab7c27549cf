"""What a command runs in: settings read, logs set up, the database opened and closed."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from cxcore import log, settings
from cxcore.cli import loop
from cxcore.db import migrate
from cxcore.db.connect import connected
from cxcore.db.session import Database
from cxcore.settings import Settings

ResultT = TypeVar("ResultT")
Work = Callable[[Settings, Database], Awaitable[ResultT]]


def run(work: Work[ResultT], *, migrated: bool = True) -> ResultT:
    """Open the database, bring its schema up to date where ``migrated``, run the work, and close it again.

    Raises:
        CxError: what the work or the database could not do.
    """
    read = settings.load()
    log.configure(read.log_level)
    with connected(read) as database:
        return loop.run(_run(work, read, database, migrated=migrated))


async def _run(work: Work[ResultT], read: Settings, database: Database, *, migrated: bool) -> ResultT:
    try:
        if migrated and (read.database_url is None or await migrate.is_empty(database)):
            await migrate.migrate(database)
        return await work(read, database)
    finally:
        await database.close()

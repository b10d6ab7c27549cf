"""Watching: sources that can say when something is new are pulled at once, not when their time comes."""

import asyncio
import contextlib

import structlog

from cxcore.db.session import Database
from cxcore.errors import CxError
from cxcore.model.ids import SourceId
from cxcore.pull import credentials, cursors, reader, schedule, sources
from cxcore.pull.sources import Configured
from cxcore.pull.vault import Vault

REFRESH = 5.0
"""Seconds between two looks at which sources there are to be watched."""
WHILE_PULLED = 5.0
"""Seconds after news, in which they are pulled."""
AFTER_FAILURE = 60.0
_log = structlog.get_logger(__name__)

Watched = tuple[SourceId, str]
"""A source and one of its streams."""
Watches = dict[Watched, tuple[Configured, asyncio.Task[None]]]
"""What is watched, as the source was configured then."""


async def run(database: Database, *, vault: Vault | None = None) -> None:
    """Watch all active sources that can be watched, until cancelled. A stream that is no longer to be watched, or that
    is configured otherwise now, is let go."""
    watches: Watches = {}
    try:
        while True:
            with contextlib.suppress(CxError):
                await _renew(database, watches, vault)
            await asyncio.sleep(REFRESH)
    finally:
        for _, task in watches.values():
            await _end(task)


async def _renew(database: Database, watches: Watches, vault: Vault | None) -> None:
    wanted = await _wanted(database)
    for key, (source, task) in [*watches.items()]:
        if key not in wanted or wanted[key].config != source.config:
            await _end(task)
            del watches[key]
    for key, source in wanted.items():
        if key not in watches:
            watches[key] = source, asyncio.create_task(_watch(database, source, key[1], vault))


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})


async def _wanted(database: Database) -> dict[Watched, Configured]:
    async with database.unit() as session:
        found = await sources.everything(session)
    return {(s.id, stream): s for s in found if s.state == "active" for stream in s.watched_streams}


async def _watch(database: Database, source: Configured, stream: str, vault: Vault | None) -> None:
    """Wait for news of a stream, again and again, and let its source be pulled; a failure is left to the pull to tell."""
    while True:
        try:
            await _hear(database, source, stream, vault)
            seconds = WHILE_PULLED
        except CxError as exc:
            seconds = AFTER_FAILURE
            _log.warning("not watched", source=source.key, code=exc.code, seconds=round(seconds))
        except Exception as exc:  # noqa: BLE001 - what nobody foresaw must not end the watching
            seconds = AFTER_FAILURE
            _log.error("watch failed", source=source.key, error=type(exc).__name__)
        await asyncio.sleep(seconds)


async def _hear(database: Database, source: Configured, stream: str, vault: Vault | None) -> None:
    async with database.unit() as session:
        cursor = await cursors.read(session, source_id=source.id, stream=stream)
        if cursor is None:  # not pulled yet
            return
        secrets = await credentials.reveal(session, vault or Vault(), source)
    await reader.watch(source, stream, cursor, secrets=secrets)
    async with database.unit() as session:
        hastened = await schedule.wake(session, source_id=source.id)
    if hastened:
        _log.info("news", source=source.key)

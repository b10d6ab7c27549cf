"""Following along: the worker's part is to send webhooks and to forget old events."""

import asyncio

import structlog

from cxcore import clock
from cxcore.db.session import Database
from cxcore.errors import CxError
from cxcore.events import feed
from cxcore.pull.vault import Vault
from cxcore.webhooks.dispatch import Dispatcher
from cxcore.webhooks.sender import Sender

FORGET_EVERY = 600.0
"""Seconds between two looks for events that are too old."""
_log = structlog.get_logger(__name__)


async def run(database: Database, *, stop: asyncio.Event, vault: Vault | None, private_network: bool) -> None:
    """Send webhooks, and forget events that are too old, until ``stop`` is set."""
    forgetting = asyncio.create_task(_forget(database))
    try:
        async with Sender(private_network=private_network) as sender:
            await Dispatcher(database, vault or Vault(), sender).run(stop)
    finally:
        forgetting.cancel()
        await asyncio.wait({forgetting})


async def _forget(database: Database) -> None:
    while True:
        try:
            await forget(database)
        except CxError as exc:
            _log.warning("events not forgotten", code=exc.code)
        await asyncio.sleep(FORGET_EVERY)


async def forget(database: Database) -> int:
    """Remove all events that are too old, with what was sent of them, in steps; answers how many."""
    count = 0
    while True:
        async with database.unit() as session:
            gone = await feed.forget(session, before=clock.now() - feed.KEPT)
        count += gone
        if gone < feed.FORGOTTEN:
            return count

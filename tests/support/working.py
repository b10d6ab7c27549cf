"""A worker at work beside a test."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from cxcore.db.session import Database
from cxcore.worker import main as worker


async def eventually(true: Callable[[], Any], *, seconds: float = 60) -> None:
    """Wait until a condition holds; a minute is more than nearly anything here takes."""
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110 - the condition is in a database
            await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def at_work(database: Database, *, every: int = 3600) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    working = asyncio.create_task(worker.run(database, every=every, stop=stop))
    try:
        yield stop
    finally:
        stop.set()
        async with asyncio.timeout(60):
            await working

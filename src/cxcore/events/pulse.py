"""The pulse: all who wait for news of the feed in a process share one look at the database, and hold no connection."""

import asyncio
import contextlib

from cxcore.db.session import Database
from cxcore.errors import CxError
from cxcore.events import feed

BEAT = 0.25
"""Seconds between two looks, while somebody waits."""


class Pulse:
    """Looks whether the feed has grown while somebody waits, and tells all at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last = 0
        self._waiting = 0
        self._beats = asyncio.Condition()
        self._looking: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    @property
    def closed(self) -> bool:
        """Whether the process is about to stop, so that nobody is to wait any more."""
        return self._closing.is_set()

    def close(self) -> None:
        """Let all who wait go, now and from now on."""
        self._closing.set()

    async def closing(self) -> None:
        """Wait until ``close``."""
        await self._closing.wait()

    async def beyond(self, position: int, *, seconds: float) -> bool:
        """Wait until the feed has gone beyond a position, at most so long; answers whether it has."""
        if self.closed:
            return False
        self._waiting += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        grown = asyncio.create_task(self._grown(position))
        closing = asyncio.create_task(self.closing())
        try:
            await asyncio.wait({grown, closing}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            return grown.done()
        finally:
            self._waiting -= 1
            grown.cancel()
            closing.cancel()
            await asyncio.wait({grown, closing})

    async def _grown(self, position: int) -> None:
        async with self._beats:
            await self._beats.wait_for(lambda: self._last > position)

    async def _look(self) -> None:
        """A database that does not answer is asked again; who waits learns of it with its own next question."""
        while self._waiting and not self.closed:
            with contextlib.suppress(CxError):
                last = await feed.advance(self._database)
                if last != self._last:
                    async with self._beats:
                        self._last = last
                        self._beats.notify_all()
            await asyncio.sleep(BEAT)

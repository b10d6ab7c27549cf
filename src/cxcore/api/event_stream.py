"""Server-sent events (WHATWG HTML, section 9.2): the feed as a response that ends with its reader, its key or the process."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Collection
from types import MappingProxyType

from fastapi import Request
from starlette.responses import Response
from starlette.types import Receive, Send
from starlette.types import Scope as Connection

from cxcore.api.access import KeyRing
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.errors import CxError
from cxcore.events import cloud, feed
from cxcore.events.feed import Event
from cxcore.events.pulse import Pulse

HEARTBEAT = 15.0
"""Seconds without anything, after which a sign of life is sent."""
CHECKED = 2.0
"""Seconds between two looks at whether the key still holds."""
PATIENCE = 30.0
"""Seconds in which a reader must take what it is sent."""
FAREWELL = 1.0
"""Seconds for the end of the answer, so that a reader who takes nothing does not keep a process from stopping."""
PAGE = 100
"""Events that are held at once for a reader."""

SENT = MappingProxyType({
    "type": "object",
    "properties": {
        "id": {"type": "string", "pattern": "^[0-9]+$", "description": "The position, to go on from."},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "description": "The event, as a page of changes has it; missing where only the position moves on.",
        },
        "retry": {"type": "integer", "minimum": 0, "description": "Milliseconds after which to reconnect."},
    },
})  # fmt: skip
"""Each event of the stream, as `itemSchema` describes it (OpenAPI 3.2; before, readers pass over it)."""


class EventStream(Response):
    """The feed from a position on. A reader that is slow is waited for, with one page in memory; one that takes nothing
    for ``PATIENCE`` seconds is let go, and finds its place again by ``Last-Event-ID``."""

    media_type = "text/event-stream"

    def __init__(
        self,
        request: Request,
        database: Database,
        pulse: Pulse,
        *,
        after: int,
        types: Collection[str] | None,
    ) -> None:
        super().__init__()
        del self.headers["content-length"]
        self._request, self._database, self._pulse = request, database, pulse
        self._at, self._types = after, types

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        sending, leaving = asyncio.create_task(self._send(send)), asyncio.create_task(_left(receive))
        closing = asyncio.create_task(self._pulse.closing())
        tasks = {sending, leaving, closing}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        if not leaving.done() or leaving.cancelled():
            await _within(send({"type": "http.response.body", "body": b"", "more_body": False}), seconds=FAREWELL)

    async def _send(self, send: Send) -> None:
        async for part in self._parts():
            if not await _within(
                send({"type": "http.response.body", "body": part, "more_body": True}), seconds=PATIENCE
            ):
                return

    async def _parts(self) -> AsyncIterator[bytes]:
        """An empty event with an id moves the place at which a reader would go on, and tells it nothing."""
        yield b"retry: 1000\n\n"
        beat = time.monotonic()
        while await self._allowed():
            try:
                async with self._database.unit() as session:
                    found = await feed.page(session, after=self._at, limit=PAGE, types=self._types)
            except CxError:  # the database is away, or the reader fell behind what is kept: reconnecting tells
                return
            self._at = found.reached
            if found.events:
                yield b"".join(_event(e) for e in found.events)
            elif time.monotonic() - beat >= HEARTBEAT:
                yield f": heartbeat\nid: {self._at}\n\n".encode()
            else:
                await self._pulse.beyond(self._at, seconds=min(CHECKED, HEARTBEAT))
                continue
            beat = time.monotonic()

    async def _allowed(self) -> bool:
        """Whether the key still holds; the ring remembers it for three seconds."""
        ring: KeyRing = self._request.app.state.keys
        key = self._request.headers.get("authorization", "").partition(" ")[2]
        try:
            principal = await ring.authenticate(self._database, key)
            principal.require(Scope.READ_CHANGES)
        except CxError:
            return False
        return True


def _event(event: Event) -> bytes:
    return b"id: %d\ndata: %s\n\n" % (event.sequence, cloud.encoded(event))


async def _left(receive: Receive) -> None:
    """Ends when the reader is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _within(sent: Awaitable[None], *, seconds: float) -> bool:
    """Whether the reader took it in time."""
    try:
        async with asyncio.timeout(seconds):
            await sent
    except TimeoutError:
        return False
    return True

"""The dispatcher: sends what is due, many at once and few to each webhook, until it is told to stop."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime

import structlog

from cxcore import clock
from cxcore.db.session import Database
from cxcore.errors import CxError, DatabaseUnavailable
from cxcore.events import feed
from cxcore.pull.vault import Vault
from cxcore.webhooks import queue, secrets
from cxcore.webhooks.queue import Claimed, Outcome
from cxcore.webhooks.sender import CONNECTIONS, PATIENCE, Answer, Message, Sender

BEAT = 0.25
"""Seconds between two looks at the feed and the queue, when nothing is under way."""
_log = structlog.get_logger(__name__)


class Dispatcher:
    """Sends for one process. What it has not noted when it is killed is sent again by another, under the same id."""

    def __init__(
        self, database: Database, vault: Vault, sender: Sender, *, now: Callable[[], datetime] = clock.now
    ) -> None:
        self._database, self._vault, self._sender, self._now = database, vault, sender, now
        self._sending: dict[asyncio.Task[Outcome], Claimed] = {}
        self._looked = float("-inf")

    async def run(self, stop: asyncio.Event) -> None:
        """Send until ``stop`` is set; what is under way then is waited for and noted."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                try:
                    await self.turn()
                except DatabaseUnavailable as exc:
                    _log.warning("database unavailable", code=exc.code)
                except Exception as exc:  # noqa: BLE001 - what nobody foresaw must not end the sending
                    _log.error("webhooks failed", error=type(exc).__name__)
                await asyncio.wait({stopping, *self._sending}, timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            await self._end()

    async def turn(self) -> int:
        """Note what has been answered, queue what is new and take up what is due; answers how many are under way."""
        if time.monotonic() - self._looked >= BEAT:
            self._looked = time.monotonic()
            await self.fill()
        await self._note()
        if (free := CONNECTIONS - len(self._sending)) > 0:
            await self._take_up(free)
        return len(self._sending)

    async def fill(self) -> None:
        """Queue what has happened."""
        await feed.advance(self._database)
        more = True
        while more:
            async with self._database.unit() as session:
                more = await queue.fill(session, at=self._now())

    async def _note(self) -> None:
        done = [task for task in self._sending if task.done()]
        if not done:
            return
        async with self._database.unit() as session:
            paused = await queue.settle(session, [task.result() for task in done])
        for webhook, reason in paused.items():
            _log.warning("webhook paused", webhook=str(webhook), reason=reason.value)
        for task in done:
            del self._sending[task]

    async def _take_up(self, free: int) -> None:
        busy = Counter(claimed.webhook_id for claimed in self._sending.values())
        async with self._database.unit() as session:
            taken = await queue.claim(session, at=self._now(), most=free, busy=busy)
            if not taken:
                return
            signing = await secrets.live(session, self._vault, {c.webhook_id for c in taken}, at=self._now())
        for claimed in taken:
            message = Message(claimed.event_id, claimed.url, claimed.body, signing.get(claimed.webhook_id, ()))
            self._sending[asyncio.create_task(self._send(claimed, message))] = claimed

    async def _send(self, claimed: Claimed, message: Message) -> Outcome:
        at = self._now()
        if not message.secrets:
            return Outcome(claimed, at, Answer(None, "its secret does not open: give CX_VAULT_KEY, or rotate it", 0.0))
        return Outcome(claimed, at, await self._sender.send(message, at=int(at.timestamp())))

    async def _end(self) -> None:
        if self._sending:
            await asyncio.wait(self._sending, timeout=PATIENCE + 1)
        with contextlib.suppress(CxError):
            await self._note()
        for task in self._sending:
            task.cancel()
        if self._sending:
            await asyncio.wait(self._sending)

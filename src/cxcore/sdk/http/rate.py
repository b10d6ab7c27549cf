"""Bucket: calls spaced so that a source's limit is kept."""

import asyncio

from cxcore.sdk.errors import RateLimited
from cxcore.sdk.http.patience import PATIENCE
from cxcore.sdk.manifest import Rate


class Bucket:
    """A leaky bucket: ``calls`` evenly spread over ``per``. For one event loop."""

    def __init__(self, rate: Rate | None) -> None:
        self._gap = rate.per.total_seconds() / rate.calls if rate else 0.0
        self._next = 0.0

    def delay(self, now: float) -> float:
        """Seconds to wait at ``now`` (any steady clock) before the next call; takes the place of that call."""
        at = max(now, self._next)
        self._next = at + self._gap
        return at - now

    async def wait(self) -> None:
        """Wait for the place of the next call.

        Raises:
            RateLimited: it is further away than a pull may wait.
        """
        if not self._gap:
            return
        before = self._next
        delay = self.delay(asyncio.get_running_loop().time())
        if delay > PATIENCE:
            self._next = before  # the call is not made
            raise RateLimited("The source's rate allows no call now.", retry_after=delay)
        await asyncio.sleep(delay)

"""Bucket: calls spaced so that a source's limit is kept."""

import asyncio
import time
from functools import lru_cache

from cxcore.sdk.errors import RateLimited
from cxcore.sdk.http.redirects import Origin
from cxcore.sdk.manifest import Rate

MOST = 60.0
"""Seconds that a call may wait for its place."""


class Bucket:
    """A leaky bucket: ``calls`` evenly spread over ``per``."""

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
            RateLimited: it is further away than ``MOST``.
        """
        if not self._gap:
            return
        before = self._next
        delay = self.delay(time.monotonic())
        if delay > MOST:
            self._next = before  # the call is not made
            raise RateLimited("The source's rate allows no call now.", retry_after=delay)
        await asyncio.sleep(delay)


@lru_cache(maxsize=1024)
def shared(homes: frozenset[Origin], rate: Rate) -> Bucket:  # noqa: ARG001 - the homes are the key
    """The bucket of a source in this process: its streams, and its next pull, keep the rate together."""
    return Bucket(rate)

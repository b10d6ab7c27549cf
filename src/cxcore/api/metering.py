"""Rate limits: a bucket a caller, shared by all workers through the database.

A worker takes a few tokens at a time and spends them from memory, so that not each request writes. Headers are those of
draft-ietf-httpapi-ratelimit-headers-10.
"""

import math
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from sqlalchemy import text

from cxcore.db.session import Database, commit_soon
from cxcore.errors import CxError

PER_SECONDS = 60
_TAKEN_AT_ONCE = 1 / 400
"""The part of a limit that a worker takes at a time."""
_MOST = 10_000
"""Callers that a worker remembers."""
_ASKED_AGAIN = 0.25
"""Seconds for which a worker knows by itself that a bucket is empty."""
_FILL = """
insert into rate_bucket as b (actor, "left", at) values (:actor, :most, clock_timestamp())
on conflict (actor) do update set at = clock_timestamp(),
    "left" = least(:most, b."left" + :rate * extract(epoch from clock_timestamp() - b.at))
returning "left"
"""
_TAKE = """update rate_bucket set "left" = "left" - :taken where actor = :actor"""


class RateLimited(CxError):
    """More requests than the limit allows; `Retry-After` says when to go on."""

    code = "rate_limited"
    status = 429

    def __init__(self, seconds: int, headers: dict[str, str]) -> None:
        super().__init__("This key has asked too often.", hint=f"Go on in {seconds} s; see the RateLimit headers.")
        self.headers = {**headers, "Retry-After": str(seconds)}


@dataclass(slots=True)
class _Purse:
    """What a worker may spend for a caller. ``left``: what the bucket held ``at`` that time, without these."""

    tokens: int = 0
    left: float = 0.0
    at: float = -math.inf


@dataclass(slots=True)
class Meter:
    """Counts requests. ``limit``: how many a caller may send in a minute, at once or spread; 0: as many as they like."""

    database: Database
    limit: int
    _purses: OrderedDict[str, _Purse] = field(default_factory=OrderedDict)

    async def spend(self, actor: str) -> dict[str, str]:
        """Count a request; answers the headers that tell how many are left.

        Raises:
            RateLimited: the bucket is empty.
        """
        if not self.limit:
            return {}
        purse = self._purses.setdefault(actor, _Purse())
        self._purses.move_to_end(actor)
        if len(self._purses) > _MOST:
            self._purses.popitem(last=False)
        if not purse.tokens and time.monotonic() - purse.at > _ASKED_AGAIN * (purse.left < 1):
            await self._fill(actor, purse)
        if not purse.tokens:
            wait = max(1, math.ceil((1 - self._left(purse)) * PER_SECONDS / self.limit))
            raise RateLimited(wait, self._headers(0))
        purse.tokens -= 1
        return self._headers(int(self._left(purse)) + purse.tokens)

    async def _fill(self, actor: str, purse: _Purse) -> None:
        async with self.database.unit() as session:
            await commit_soon(session)
            given = {"actor": actor, "most": float(self.limit), "rate": self.limit / PER_SECONDS}
            left: float = (await session.execute(text(_FILL), given)).scalar_one()
            taken = min(max(1, int(self.limit * _TAKEN_AT_ONCE)), int(left))
            if taken:
                await session.execute(text(_TAKE), {"actor": actor, "taken": taken})
        purse.tokens += taken
        purse.left, purse.at = left - taken, time.monotonic()

    def _left(self, purse: _Purse) -> float:
        return min(self.limit - purse.tokens, purse.left + (time.monotonic() - purse.at) * self.limit / PER_SECONDS)

    def _headers(self, left: int) -> dict[str, str]:
        full = math.ceil((self.limit - left) * PER_SECONDS / self.limit)
        return {
            "RateLimit-Policy": f'"requests";q={self.limit};w={PER_SECONDS}',
            "RateLimit": f'"requests";r={left};t={full}',
        }

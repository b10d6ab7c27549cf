"""Rate limits: a bucket a caller, shared by all processes through the database.

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
    """More was asked than the limit allows; `Retry-After` says when to go on."""

    code = "rate_limited"
    status = 429

    def __init__(self, seconds: int, headers: dict[str, str]) -> None:
        super().__init__(
            "More was asked than the limit allows.", hint=f"Go on in {seconds} s; see the RateLimit headers."
        )
        self.headers = {**headers, "Retry-After": str(seconds)}


@dataclass(slots=True)
class _Purse:
    """What a worker may spend for a caller. ``left``: what the bucket held ``at`` that time, without these."""

    tokens: int = 0
    left: float = 0.0
    at: float = -math.inf


@dataclass(slots=True)
class Meter:
    """Counts what requests cost. ``limit``: how much a caller may ask for in a minute, at once or spread, where most requests
    cost 1; 0: as much as they like."""

    database: Database
    limit: int
    _purses: OrderedDict[str, _Purse] = field(default_factory=OrderedDict)

    async def spend(self, actor: str, cost: int = 1) -> dict[str, str]:
        """Count a request, or a part of one; answers the headers that tell how much is left. What costs more than the
        whole limit costs the limit.

        Raises:
            RateLimited: the bucket holds less.
        """
        if not self.limit:
            return {}
        cost = min(cost, self.limit)
        purse = self._purses.setdefault(actor, _Purse())
        self._purses.move_to_end(actor)
        if len(self._purses) > _MOST:
            self._purses.popitem(last=False)
        missing = cost - purse.tokens
        if missing > 0 and time.monotonic() - purse.at > _ASKED_AGAIN * (purse.left < missing):
            await self._fill(actor, purse, missing)
            missing = cost - purse.tokens
        if missing > 0:
            wait = max(1, math.ceil((missing - self._left(purse)) * PER_SECONDS / self.limit))
            raise RateLimited(wait, self._headers(int(self._left(purse)) + purse.tokens))
        purse.tokens -= cost
        return self._headers(int(self._left(purse)) + purse.tokens)

    async def _fill(self, actor: str, purse: _Purse, missing: int) -> None:
        """Take what is missing and some more, or nothing where there is not as much."""
        async with self.database.unit() as session:
            await commit_soon(session)
            given = {"actor": actor, "most": float(self.limit), "rate": self.limit / PER_SECONDS}
            left: float = (await session.execute(text(_FILL), given)).scalar_one()
            taken = min(max(missing, int(self.limit * _TAKEN_AT_ONCE)), int(left)) if left >= missing else 0
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

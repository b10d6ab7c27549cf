"""Following what happens, page by page, for as long as one wants to."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from typing import Any

import httpx

from cxcore_client.calling import result
from cxcore_client.errors import Failed, PositionGone
from cxcore_client.v1.api.changes import list_changes
from cxcore_client.v1.client import AuthenticatedClient
from cxcore_client.v1.models.changes_out import ChangesOut
from cxcore_client.v1.models.event_type import EventType

_TOO_MANY = 429
_SERVER = 500
_FIRST, _MOST = 1.0, 30.0
_log = logging.getLogger("cxcore_client")


def follow(
    client: AuthenticatedClient,
    *,
    after: int | None = None,
    types: Collection[EventType] | None = None,
    limit: int = 100,
    wait: float = 20.0,
    sleep: Callable[[float], object] = time.sleep,
) -> Iterator[ChangesOut]:
    """Page after page of what happened behind a position, and then of what happens, without end.

    Work through ``page.events``, then keep ``page.next_``, in one transaction with your own work where you can: from there
    on you go on after a stop, by ``after``. Without ``after`` it begins with the oldest that is kept. A page is empty when
    nothing of ``types`` happened for ``wait`` seconds (less than the client's timeout); keep its ``next_``, too, so that
    your place does not grow old.

    What passes (no answer, 429, 500 and above) is waited out, as long as ``Retry-After`` asks for or up to 30 seconds,
    with a warning in the log ``cxcore_client``, for as long as it takes; the same is asked again, so nothing is missed.

    Raises:
        PositionGone: what follows ``after`` is no longer kept; read anew what you follow.
        Failed: the key is refused, or may not follow.
    """
    walk = _Walk(after, types, limit, wait)
    while True:
        try:
            page = result(list_changes.sync(client=client, **walk.asked()))
        except (Failed, httpx.TransportError) as exc:
            sleep(walk.pause(exc))
            continue
        walk.reached(page.next_)
        yield page


async def follow_async(
    client: AuthenticatedClient,
    *,
    after: int | None = None,
    types: Collection[EventType] | None = None,
    limit: int = 100,
    wait: float = 20.0,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> AsyncIterator[ChangesOut]:
    """The same under asyncio."""
    walk = _Walk(after, types, limit, wait)
    while True:
        try:
            page = result(await list_changes.asyncio(client=client, **walk.asked()))
        except (Failed, httpx.TransportError) as exc:
            await sleep(walk.pause(exc))
            continue
        walk.reached(page.next_)
        yield page


class _Walk:
    """Where a follower stands, and how often in a row it was not answered."""

    def __init__(self, after: int | None, types: Collection[EventType] | None, limit: int, wait: float) -> None:
        self._after, self._failures = after, 0
        self._named: dict[str, Any] = {"limit": limit, "wait": wait}
        if types is not None:
            self._named["type_"] = list(types)

    def asked(self) -> dict[str, Any]:
        return self._named if self._after is None else {**self._named, "after": self._after}

    def reached(self, position: int) -> None:
        self._after, self._failures = position, 0

    def pause(self, exc: Failed | httpx.TransportError) -> float:
        """Seconds until the next attempt; what does not pass is raised."""
        asked = None
        if isinstance(exc, Failed):
            if exc.code == "position_gone":
                raise PositionGone(exc, self._after) from exc
            if exc.status != _TOO_MANY and exc.status < _SERVER:
                raise exc
            asked = exc.retry_after
        self._failures += 1
        _log.warning("Changes are asked for again, failures in a row: %d (%s)", self._failures, exc)
        return asked if asked is not None else random.uniform(0.5, 1) * min(_MOST, _FIRST * 2 ** min(self._failures, 5))  # noqa: S311 - no secret

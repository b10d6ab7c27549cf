"""A list read backwards: from its newest item down to where the last walk began, a day of overlap included.

Bluesky's cursors lead backwards in time only, so what is newest is remembered when a walk begins and believed when it
has ended; until then the cursor holds where the walk is. A kill costs the page at work.

Deleted items are those that are missing between two that are there. They are told at the end of a walk that was not
interrupted, and only of the time in which the account has muted and blocked the same people: those leave the list, too.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from cxconnectors.bluesky.client import Refused
from cxconnectors.bluesky.listing import OVERLAP, Item, Listing
from cxcore.sdk import Cursor, Gone, Page, Record, SourceUnavailable

TOGETHER = 5000
"""How many ranges of empty places a page tells at most."""


@dataclass(frozen=True, slots=True)
class Way:
    """A walk under way, from ``top`` down to ``until``, both numbers; ``at`` is the service's cursor. ``began`` is the
    service's time then, in s since 1970; ``hidden`` whom the account hid then, where that was asked."""

    until: int
    began: int
    hidden: str | None = None
    at: str | None = None
    top: int = 0


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a stream stands. ``seen``: the newest item of the last whole walk. ``checked``: when deleted items were last
    looked for, in s since 1970. ``hidden``: whom the account hid then, and since ``same`` (a number) no others."""

    seen: int | None = None
    checked: int = 0
    hidden: str | None = None
    same: int = 0
    way: Way | None = None

    @classmethod
    def read(cls, cursor: Cursor | None) -> "Reached":
        """Where a cursor stands; at the start if it is none of ours."""
        if cursor is None or cursor.get("v") != 1:
            return cls()
        saved: Mapping[str, Any] = cursor
        way = saved["way"]
        return cls(saved["seen"], saved["checked"], saved["hidden"], saved["same"], Way(**way) if way else None)

    def as_json(self) -> dict[str, Any]:
        return {"v": 1, **asdict(self)}


class Walk:
    """One pull of a list, at ``now`` by the service's clock."""

    def __init__(self, listing: Listing, cursor: Cursor | None, *, now: datetime, recheck_seconds: int) -> None:
        self._listing, self._now, self._recheck_seconds = listing, now, recheck_seconds
        self._reached = Reached.read(cursor)

    async def pages(self) -> AsyncGenerator[Page]:
        """What is new, and what has gone."""
        way = self._reached.way
        try:
            async for page in self._walked(way or await self._begun(), whole=way is None):
                yield page
        except Refused:
            if way is None:
                raise
            self._reached = replace(self._reached, way=None)  # the service does not know its cursor any more
            async for page in self._walked(await self._begun(), whole=True):
                yield page

    async def _begun(self) -> Way:
        """The walk that is due now."""
        now, seen = int(self._now.timestamp()), self._reached.seen
        if seen is None:
            return Way(0, now, await self._listing.hidden())
        until = self._listing.number_at(self._listing.time_of(seen) - OVERLAP)
        if now - self._reached.checked < self._recheck_seconds:
            return Way(until, now)
        return Way(min(until, self._listing.rechecked_from(self._now)), now, await self._listing.hidden())

    async def _walked(self, way: Way, *, whole: bool) -> AsyncGenerator[Page]:
        there: set[int] = set()
        done = 0
        while True:
            items, following = await self._listing.page(way.at)
            if following is not None and following == way.at:
                raise SourceUnavailable("The service's list goes in circles.", hint="It is tried again by itself.")
            inside = [item for item in items if item.number >= way.until]
            there.update(item.number for item in inside)
            way = replace(way, at=following, top=max([way.top, *(item.number for item in inside)]))
            done += len(inside)
            if following is None or len(inside) < len(items):
                break
            self._reached = replace(self._reached, way=way)
            yield Page(_records(inside), self._reached.as_json(), done=done)
        gone = await self._ended(way, sorted(there), whole=whole)
        for at in range(TOGETHER, len(gone), TOGETHER):
            yield Page((), self._reached.as_json(), gone=gone[at - TOGETHER : at])
        rest = gone[(len(gone) - 1) // TOGETHER * TOGETHER :] if gone else []
        complete_to = datetime.fromtimestamp(way.began, UTC) if way.began else None
        yield Page(_records(inside), self._reached.as_json(), complete_to, done=done, gone=rest)

    async def _ended(self, way: Way, there: list[int], *, whole: bool) -> list[Gone]:
        """Remember that the walk has ended; answers which places it has found empty."""
        reached, now = self._reached, self._listing.number_at(datetime.fromtimestamp(way.began + 1, UTC))
        gone: list[Gone] = []
        if reached.seen is None:
            reached = replace(reached, checked=way.began, hidden=way.hidden)
        elif way.hidden is not None and whole:
            if way.hidden == reached.hidden == await self._listing.hidden():
                gone = _empty(
                    self._listing.stream, there, max(way.until, reached.same), max(way.top, now, reached.seen)
                )
            else:
                reached = replace(reached, same=now)
            reached = replace(reached, checked=way.began, hidden=way.hidden)
        # a key from a clock that goes ahead must not hide what comes until then
        self._reached = replace(reached, seen=max(min(way.top, now), reached.seen or 0), way=None)
        return gone


def _records(items: list[Item]) -> list[Record]:
    """What the items bring, each record once."""
    return list({(record.key, record.place): record for item in items for record in item.records}.values())


def _empty(scope: str, there: list[int], first: int, last: int) -> list[Gone]:
    """The ranges from ``first`` to ``last`` without the numbers that are there."""
    gone = []
    for number in there:
        if number >= first:
            if number > first:
                gone.append(Gone(scope, 0, first, number - 1))
            first = number + 1
    return [*gone, Gone(scope, 0, first, last)] if first <= last else gone

"""From legs in the order they were written to pages of whole calls, with a cursor that passes no open call."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Any

from cxconnectors.asterisk_cdr.legs import Call, call_key, ended, record
from cxcore.sdk import Cursor, Page, Record

PAGE = 500


class Gatherer:
    """Keeps calls open until nothing more of them can come: ``longest`` after their last leg ended.

    ``horizon``: the source's time, which no leg can have ended after, whatever its row says.
    """

    def __init__(self, longest: timedelta, horizon: datetime | None = None) -> None:
        self._longest, self._horizon = longest, horizon
        self._open: dict[str, Call] = {}
        self._latest = datetime.min  # noqa: DTZ901 - compared with times as written, which are naive

    def add(self, leg: dict[str, str], place: Any, origin: str) -> bool:
        """Take a leg; False when it has neither an id nor a time, so belongs to no call."""
        key, end = call_key(leg), ended(leg)
        if key is None or end is None:
            return False
        call = self._open.setdefault(key, Call(key, place, end, origin=origin))
        if leg not in call.legs:
            call.legs.append(leg)
        call.ended = max(call.ended, end)
        self._latest = max(self._latest, end if self._horizon is None else min(end, self._horizon))
        return True

    def closed(self) -> list[Record]:
        """Take out the calls that are over."""
        bound = self._latest - self._longest if self._open else self._latest
        over = [key for key, call in self._open.items() if call.ended < bound]
        return [record(self._open.pop(key)) for key in over]

    def rest(self) -> list[Record]:
        """The calls that may still grow, as they are now. They stay open."""
        return [record(call) for call in self._open.values()]

    def place(self, here: Any) -> Any:
        """Where reading must begin again to see all legs of the open calls."""
        return min((call.place for call in self._open.values()), default=here)

    @property
    def latest(self) -> datetime | None:
        """When the last leg ended, as written; None before the first."""
        return self._latest if self._latest.year > 1 else None


async def pages(
    legs: AsyncGenerator[tuple[dict[str, str] | Record, Any, str]],
    gatherer: Gatherer,
    cursor: Callable[[Any], Cursor],
) -> AsyncGenerator[Page]:
    """Pages of calls; what is no leg (a record made of a broken row) goes with them. The last page has the open calls."""
    ready: list[Record] = []
    count = 0
    here: Any = None
    async with aclosing(legs):
        async for found, place, origin in legs:
            here = place
            if isinstance(found, Record):
                ready.append(found)
            else:
                gatherer.add(found, place, origin)
            count += 1
            if count % PAGE == 0:
                ready += gatherer.closed()
            if len(ready) >= PAGE:
                yield Page(tuple(ready), cursor(gatherer.place(here)))
                ready = []
    ready += gatherer.closed() + gatherer.rest()
    yield Page(tuple(ready), cursor(gatherer.place(here)))

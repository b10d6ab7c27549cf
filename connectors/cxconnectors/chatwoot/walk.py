"""Where a walk through a list stands that moves while it is read: newest activity first, by page number. Pure.

Whatever happens to an item moves it to the front, past the walk, which may not have read it yet. So a walk has as many
passes as it takes: each goes back to where the one before began, and the one that finds all that on the first page is the
last. A deletion moves the other items forward: the list's length tells of it, and the walk goes back as many pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any, Self

from pydantic import JsonValue

OVERLAP = timedelta(minutes=10)
_CLOCKS = timedelta(minutes=1)
"""By how much a time of activity may differ from the time at which others see it."""
_UNCOMMITTED = 100
"""Ids before a mark that may show up after it: a transaction takes its ids before others see what it wrote."""
_PASSES = 10
"""After so many the walk ends all the same; the next one then reads from where this one did."""
_MARKS = 12
"""So many marks, at least, are kept of the time that is read again."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What had been said up to ``id`` had been read when it was ``at``."""

    at: datetime
    id: int

    def json(self) -> list[JsonValue]:
        return [self.at.timestamp(), self.id]


@dataclass(frozen=True, slots=True)
class Walk:
    """A place in a walk.

    ``begun``, ``high``: when the pass began, by the source's clock, and the highest id then. ``floor``: the time of
    activity, in seconds since 1970, below which the pass ends; None for the end of the list. ``low``: the id up to which
    everything was read before. ``deep``: when the last walk began that read again all that is to be. ``page``, ``count``:
    the page being read, and the length of the list when it was. ``done``: what has been read of the page. ``after``: an
    item that is being read, and the id to go on from.
    """

    begun: datetime
    deep: datetime
    floor: float | None = None
    low: int = 0
    high: int = 0
    marks: tuple[Mark, ...] = ()
    passes: int = 1
    page: int = 1
    count: int = 0
    done: tuple[int, ...] = ()
    after: tuple[int, int] | None = None

    def reaches(self, activity: float) -> bool:
        """Whether the pass goes back to an item with this time of activity."""
        return self.floor is None or activity >= self.floor

    def lowest(self) -> int:
        """The id above which an item is read."""
        return max(0, self.low - _UNCOMMITTED)

    def seen(self, *, count: int, size: int, now: datetime, high: int) -> Self:
        """The place once its page is there: that of a pass that begins, or pages back where the list became shorter."""
        if self.page == 1:
            fresh = not self.done and self.after is None
            return replace(self, count=count, begun=now, high=high) if fresh else replace(self, count=count)
        lost = self.count - count
        if lost <= 0:
            return replace(self, count=count)
        return replace(self, count=count, page=max(1, self.page - ceil(lost / max(1, size))), done=(), after=None)

    def read(self, item: int) -> Self:
        """The place after an item of the page."""
        return replace(self, done=(*self.done, item), after=None)

    def turned(self) -> Self:
        """The next page."""
        return replace(self, page=self.page + 1, done=(), after=None)

    def again(self) -> Self | None:
        """The next pass; None where nothing can have moved past this one, or it was the last."""
        if self.page == 1 or self.passes >= _PASSES:
            return None
        floor = (self.begun - _CLOCKS).timestamp()
        return replace(self, floor=floor, passes=self.passes + 1, page=1, count=0, done=(), after=None)

    def cursor(self) -> dict[str, JsonValue]:
        return {
            "begun": self.begun.timestamp(),
            "deep": self.deep.timestamp(),
            "floor": self.floor,
            "low": self.low,
            "high": self.high,
            "marks": [mark.json() for mark in self.marks],
            "passes": self.passes,
            "page": self.page,
            "count": self.count,
            "done": list(self.done),
            "after": list(self.after) if self.after else None,
        }

    def ended(self, *, reread: timedelta) -> dict[str, JsonValue]:
        """The cursor when the walk has come to its end; the newest of its marks that is ``reread`` old is the first."""
        marks = [*self.marks, Mark(self.begun, self.high if self.page == 1 else self.low)]
        if len(marks) > 2 and marks[-1].at - marks[-3].at < reread / _MARKS:  # noqa: PLR2004 - the last but one goes
            del marks[-2]
        while len(marks) > 1 and marks[1].at <= self.begun - reread:
            del marks[0]
        return {"marks": [mark.json() for mark in marks], "deep": self.deep.timestamp()}


def begin(cursor: Mapping[str, Any] | None, *, now: datetime, every: timedelta, reread: timedelta | None) -> Walk:
    """The walk to go on with, or a new one: back to the last mark, and every so often as far as ``reread``.

    Without ``reread`` that is to the end of the list; while no mark is that old, items are read from their beginning.
    """
    if not cursor:
        return Walk(begun=now, deep=now)
    marks, deep = tuple(Mark(_time(at), int(number)) for at, number in cursor["marks"]), _time(cursor["deep"])
    if "page" in cursor:
        return Walk(
            begun=_time(cursor["begun"]),
            deep=deep,
            marks=marks,
            done=tuple(cursor["done"]),
            after=(cursor["after"][0], cursor["after"][1]) if cursor["after"] else None,
            **{name: cursor[name] for name in ("floor", "low", "high", "passes", "page", "count")},
        )
    if now - deep < every:
        return Walk(now, deep, (marks[-1].at - OVERLAP).timestamp(), marks[-1].id, marks=marks)
    if reread is None:
        return Walk(now, now, marks=marks)
    old = [mark.id for mark in marks if mark.at <= now - reread]
    return Walk(now, now, (now - reread - OVERLAP).timestamp(), old[-1] if old else 0, marks=marks)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

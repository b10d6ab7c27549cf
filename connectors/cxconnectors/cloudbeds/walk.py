"""Where a walk through modifications stands, and what comes next. Pure.

Lists are read in windows of the time of modification, oldest first. A window that holds much is made narrower before it is
read. What is modified meanwhile leaves a window that is closed: the list becomes shorter, and the walk goes some pages
back. The last window is open and fits on a page, unless an hour brings more than a page. Times of modification
are those on the property's wall, as if it were in UTC: they are compared with each other only, so the zone does not matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import Any, Self

from pydantic import JsonValue

OVERLAP = timedelta(minutes=90)
"""More than the hour that a wall goes back in autumn."""
_EVERY = timedelta(hours=1)
_LONGEST, _SHORTEST = timedelta(days=366), timedelta(hours=1)
_AHEAD = timedelta(days=1)
"""No wall is further ahead of UTC."""
_PAGES = 10
"""Of a closed window."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A place in a walk.

    ``at``, ``step``: the window. ``part``: which of the stream's lists is read in it. ``page``, ``total``: the page, and
    the length of the list when the page before was read. ``newest``: the newest time of modification seen. ``now``: when
    the walk began, by the source's clock. ``deep``: when the last one began that read again all that is to be.
    """

    at: datetime
    step: timedelta
    newest: datetime
    now: datetime
    deep: datetime
    part: int = 0
    page: int = 1
    total: int = 0

    @property
    def until(self) -> datetime | None:
        """The end of the window, which the next one begins with; None where it is open."""
        end = self.at + self.step
        return end if end <= self.now + _AHEAD else None

    def settled(self, total: int, size: int) -> Self:
        """The place once the list's length is known: of a narrower window, pages back, or the same."""
        if self.page == 1:
            most = size * (_PAGES if self.until else 1)
            if total > most and self.part == 0 and self.step > _SHORTEST:
                return replace(self, step=max(_SHORTEST, self.step / 4))
            return replace(self, total=total)
        lost = self.total - total
        return replace(self, total=total, page=max(1, self.page - ceil(lost / size)) if lost > 0 else self.page)

    def following(self, newest: datetime, *, size: int, parts: int) -> Self | None:
        """The place after a page; None at the end of the walk."""
        here = replace(self, newest=max(newest, self.newest))
        if self.page * size < self.total:
            return replace(here, page=self.page + 1)
        if self.part + 1 < parts:
            return replace(here, part=self.part + 1, page=1, total=0)
        if self.until is None:
            return None
        return replace(here, at=self.until, step=min(_LONGEST, self.step * 2), part=0, page=1, total=0)

    def cursor(self) -> dict[str, JsonValue]:
        times = {name: getattr(self, name).isoformat() for name in ("at", "newest", "now", "deep")}
        return {**times, "step": self.step.total_seconds(), "part": self.part, "page": self.page, "total": self.total}

    def ended(self, newest: datetime) -> dict[str, JsonValue]:
        """The cursor when all windows have been read."""
        return {"read": max(newest, self.newest).isoformat(), "deep": self.deep.isoformat()}


def begin(cursor: Mapping[str, Any] | None, *, now: datetime, since: date, reread: timedelta) -> Walk:
    """The walk to go on with: from the newest modification known, less the overlap, and once an hour some days more."""
    start = datetime.combine(since, time(), UTC)
    if not cursor:
        return Walk(start, _LONGEST, start, now, now)
    deep = datetime.fromisoformat(cursor["deep"])
    if "read" in cursor:
        read, whole = datetime.fromisoformat(cursor["read"]), now - deep >= _EVERY
        at = max(start, read - (reread if whole else OVERLAP))
        return Walk(at, _LONGEST, read, now, now if whole else deep)
    return Walk(
        at=datetime.fromisoformat(cursor["at"]),
        step=timedelta(seconds=cursor["step"]),
        newest=datetime.fromisoformat(cursor["newest"]),
        now=datetime.fromisoformat(cursor["now"]),
        deep=deep,
        part=cursor["part"],
        page=cursor["page"],
        total=cursor["total"],
    )

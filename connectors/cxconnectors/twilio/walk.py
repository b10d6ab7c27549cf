"""Where a walk through the days of a list stands, and what comes next. Pure.

Twilio has no filter by time of change, and its filters by date know whole days (UTC). So a list is read in windows of
days: first all there are, then with each pull yesterday and today, and once an hour the last few days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

from pydantic import JsonValue

_EVERY = timedelta(hours=1)
_LONGEST, _AGAIN = 366, 32
_MANY = 4
"""Pages beyond the first one of each list, after which a shorter window follows."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A place in a walk.

    ``at``, ``days``: the window. ``account``: whose list is being read in it; None stands for the first. ``next``: the path
    of the list's next page; None stands for its first. ``pages``: how many of the window have been read. ``begun``: when
    the walk began. ``deep``: when the last one began that read again all the days that are to be.
    """

    at: date
    days: int
    begun: datetime
    deep: datetime
    account: str | None = None
    next: str | None = None
    pages: int = 0

    @property
    def until(self) -> date | None:
        """The day before which the window ends; None where it is the last one.

        The documents differ on whether a filter ``<`` holds its own day, so the next window begins with it.
        """
        end = self.at + timedelta(days=self.days)
        return end if end <= self.begun.date() else None

    def among(self, accounts: Sequence[str]) -> Self:
        """The same place, or the one after it where its account is gone. ``accounts`` are sorted."""
        account = next((each for each in accounts if each >= (self.account or "")), accounts[-1])
        return self if account == self.account else replace(self, account=account, next=None)

    def following(self, path: str | None, accounts: Sequence[str]) -> Self | None:
        """The place after a page that leads to ``path``; None at the end of the walk."""
        pages = self.pages + 1
        if path is not None:
            return replace(self, next=path, pages=pages)
        later = [each for each in accounts if each > (self.account or accounts[0])]
        if later:
            return replace(self, account=later[0], next=None, pages=pages)
        if self.until is None:
            return None
        further = pages - len(accounts)
        days = (
            min(_LONGEST, self.days * 2) if further <= 0 else max(1, self.days // 2) if further > _MANY else self.days
        )
        return replace(self, at=self.until, days=days, account=None, next=None, pages=0)

    def cursor(self) -> dict[str, JsonValue]:
        return {
            "at": self.at.isoformat(),
            "days": self.days,
            "begun": self.begun.isoformat(),
            "deep": self.deep.isoformat(),
            "account": self.account,
            "next": self.next,
            "pages": self.pages,
        }

    def ended(self) -> dict[str, JsonValue]:
        """The cursor when all windows have been read."""
        return {"read": self.begun.isoformat(), "deep": self.deep.isoformat()}


def begin(cursor: Mapping[str, Any] | None, *, now: datetime, since: date, reread: int) -> Walk:
    """The walk to go on with; ``now`` by the source's clock, ``reread`` in days.

    One that was broken off on an earlier day goes on some days before where it stood, since what those days hold may
    have changed.
    """
    now = now.astimezone(UTC)
    if not cursor:
        return Walk(at=min(since, now.date()), days=1, begun=now, deep=now)
    deep = datetime.fromisoformat(cursor["deep"])
    if "read" in cursor:
        whole = now - deep >= _EVERY
        at = datetime.fromisoformat(cursor["read"]).date() - timedelta(days=reread if whole else 1)
        return Walk(at=max(since, at), days=_AGAIN, begun=now, deep=now if whole else deep)
    at, begun = date.fromisoformat(cursor["at"]), datetime.fromisoformat(cursor["begun"])
    if begun.date() != now.date():
        return Walk(at=max(since, at - timedelta(days=reread)), days=int(cursor["days"]), begun=now, deep=now)
    return Walk(at, int(cursor["days"]), begun, deep, cursor["account"], cursor["next"], int(cursor["pages"]))

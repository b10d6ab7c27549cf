"""Reading the SQL table: no serial and no time of writing, so the longest call's time is read again each pull.

A row is written when its leg ends, while ``calldate``, the only order there is, is when it began. A walk through the table
is one order of its own; the next walk begins the longest call's time before the newest row that this one could see.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cxconnectors.asterisk_cdr.legs import call_key, ended, leg
from cxcore.sdk import Cursor, Record, SourceUnavailable
from cxcore.sdk.sql import Table


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a walk through the table begins, and the next one after it: times as written, None for the table's start."""

    begin: datetime | None
    following: datetime | None

    @classmethod
    def of(cls, cursor: Cursor | None, newest: datetime | None, longest: timedelta) -> "Walk":
        """The walk that a cursor tells to go on with, or a new one; ``newest``: the last start in the table."""
        since, walked = (_moment(cursor.get(name)) if cursor else None for name in ("since", "walked"))
        if walked is not None:
            return cls(walked, since)
        bound = newest - longest if newest else None
        return cls(since, bound if since is None or bound is None else max(since, bound))

    def under_way(self, place: datetime | None) -> Cursor:
        """The cursor while it lasts: ``place`` is the first row that must be read again."""
        return {"since": _text(self.following), "walked": _text(place or self.begin)}

    def ended(self, open_since: datetime | None) -> Cursor:
        """The cursor at its end; ``open_since``: the first row of a call that may still get legs."""
        begins = [each for each in (self.following, open_since) if each is not None]
        return {"since": _text(min(begins, default=None)), "walked": None}


def _moment(value: Any) -> datetime | None:
    return None if value is None else datetime.fromisoformat(str(value))


def _text(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()


async def bounds(table: Table, name: str, zone: ZoneInfo) -> tuple[datetime | None, datetime]:
    """The last start in the table, none later than now; and now, by the database's clock. Both as Asterisk writes them."""
    now = (await table.clock()).astimezone(zone).replace(tzinfo=None)
    statement = f"select max(calldate) as newest from {table.quote(name)} where calldate <= :now"  # noqa: S608 - quoted
    async with aclosing(table.rows(statement, now=now)) as rows:
        found = [row["newest"] async for row in rows]
    newest = found[0]
    return newest.replace(tzinfo=None) if isinstance(newest, datetime) else None, now


async def legs(
    table: Table, name: str, since: datetime | None
) -> AsyncGenerator[tuple[dict[str, str] | Record, datetime, str]]:
    """Legs in order of their start, from ``since`` (naive, as written) on. A row without id or time comes as a record."""
    quoted = table.quote(name)
    condition = "where calldate >= :since" if since is not None else ""
    values = {} if since is None else {"since": since}
    statement = f"select * from {quoted} {condition} order by calldate"  # noqa: S608 - quoted
    async with aclosing(table.rows(statement, **values)) as rows:
        async for row in rows:
            start = row.get("calldate")
            if not isinstance(start, datetime):
                raise SourceUnavailable(f"The table {name} has no calldate.", hint="Is it Asterisk's cdr table?")
            place = start.replace(tzinfo=None)
            found = leg(row)
            origin = f"{name} {place.isoformat(sep=' ')}"
            if call_key(found) is None and ended(found) is not None:
                ends = "|".join(found.get(f, "") for f in ("start", "src", "dst", "channel", "dstchannel"))
                found["uniqueid"] = f"row-{ends}"[:140]
            yield found, place, origin

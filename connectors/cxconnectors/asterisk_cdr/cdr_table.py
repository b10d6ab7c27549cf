"""Reading the SQL table: no serial and no time of writing, so the longest call's time is read again each pull."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime

from cxconnectors.asterisk_cdr.legs import call_key, ended, leg
from cxcore.sdk import Record, SourceUnavailable
from cxcore.sdk.sql import Table


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

"""The feed: committed events in one order that never changes, numbered without gaps, each seen once by who follows.

A position of the outbox is given before its transaction commits, so whoever read by it would pass a row that commits
later. So committed events are numbered in a transaction of their own, one at a time (docs/decisions/0019).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import Database, driver
from cxcore.errors import CxError

NUMBERED = 5000
"""Events that one transaction numbers."""
KEPT = timedelta(days=30)
"""For how long an event can be read."""
FORGOTTEN = 5000
"""Events that one transaction forgets."""

_UNNUMBERED = "select exists (select from outbox where sequence is null)"
_FOUND = "insert into feed (id, last, forgotten) values (1, 0, 0) on conflict do nothing"
_HOLD = "select last from feed where id = 1 for update"
_NUMBER = """
with waiting as (
    select position, row_number() over (order by position) as n
    from (select position from outbox where sequence is null order by position limit $2) w
), numbered as (
    update outbox o set sequence = $1 + w.n from waiting w where o.position = w.position returning o.sequence
)
update feed set last = coalesce((select max(sequence) from numbered), last) where id = 1 returning last
"""
_ENDS = "select last, forgotten from feed where id = 1"
_PAGE = """
select sequence, id, type, subject, data, occurred_at from outbox
where sequence > $1 and sequence <= $2 and ($3::text[] is null or type = any($3)) order by sequence limit $4
"""
_FORGET = """
with oldest as (
    select sequence, occurred_at from outbox where sequence > $1 order by sequence limit $3
), last as (
    select coalesce(min(sequence) filter (where occurred_at >= $2) - 1, max(sequence)) as sequence from oldest
), gone as (
    delete from outbox o using last l where o.sequence > $1 and o.sequence <= l.sequence returning o.sequence
)
update feed set forgotten = (select max(sequence) from gone) where id = 1 and exists (select from gone)
returning (select count(*) from gone)
"""


class PositionGone(CxError):
    """The position is no longer in the feed: older than what is kept, or of a database since restored."""

    code = "position_gone"
    status = 410


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the feed; ``sequence`` is its position."""

    sequence: int
    id: UUID
    type: str
    subject: str
    data: dict[str, Any]
    occurred_at: datetime

    @classmethod
    def of(cls, row: Any) -> "Event":
        """The event that a row with its columns tells of."""
        return cls(row["sequence"], row["id"], row["type"], row["subject"], row["data"], row["occurred_at"])


@dataclass(frozen=True, slots=True)
class Ends:
    """The last position given, and the last that is no longer kept."""

    last: int
    forgotten: int


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of the feed; ``reached`` is where the next begins, events left out by type being behind it."""

    events: list[Event]
    reached: int
    more: bool


async def advance(database: Database) -> int:
    """Number what has been committed, up to ``NUMBERED`` events, and answer the last position.

    Killed before its commit it has done nothing; others wait for their turn meanwhile.
    """
    async with database.unit() as session:
        connection = await driver(session)
        if await connection.fetchval(_UNNUMBERED):
            await connection.execute(_FOUND)
            return await _number(session)
        return (await ends(session)).last


async def _number(session: AsyncSession) -> int:
    """The lock comes in a statement of its own, so that the next one sees all that others numbered before."""
    connection = await driver(session)
    last = await connection.fetchval(_HOLD)
    reached: int = await connection.fetchval(_NUMBER, last, NUMBERED)
    return reached


async def ends(session: AsyncSession) -> Ends:
    """How far the feed goes."""
    row = await (await driver(session)).fetchrow(_ENDS)
    return Ends(row["last"], row["forgotten"]) if row else Ends(0, 0)


async def page(
    session: AsyncSession, *, after: int, limit: int, types: Collection[str] | None = None, held: Ends | None = None
) -> Changes:
    """Events behind a position in their order, of all types or of ``types``.

    Raises:
        PositionGone: ``after`` is not a position of what is kept.
    """
    known = held or await ends(session)
    if after < known.forgotten:
        raise PositionGone(
            f"Events are kept for {KEPT.days} days, and some behind this position are gone.",
            hint="Read anew what you follow, then go on from now.",
        )
    if after > known.last:
        raise PositionGone(
            "The feed does not reach to this position: the database was restored from a backup.",
            hint="Read anew what you follow, then go on from now.",
        )
    connection = await driver(session)
    rows = await connection.fetch(_PAGE, after, known.last, list(types) if types is not None else None, limit)
    events = [Event.of(row) for row in rows]
    reached = events[-1].sequence if len(events) == limit else known.last
    return Changes(events, reached, reached < known.last)


async def forget(session: AsyncSession, *, before: datetime) -> int:
    """Remove the oldest events up to the first that is not older than ``before``, ``FORGOTTEN`` at most; answers how many.

    Numbering waits meanwhile; who reads sees the whole or the shortened feed, never a feed with a hole.
    """
    connection = await driver(session)
    if await connection.fetchval(_HOLD) is None:
        return 0
    held = await ends(session)
    return await connection.fetchval(_FORGET, held.forgotten, before, FORGOTTEN) or 0

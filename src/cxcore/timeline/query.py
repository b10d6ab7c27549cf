"""One customer's interactions, newest first, a page at a time: the cost grows with the page, not with the history."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.model.interaction import Channel, Direction, Kind
from cxcore.normalise.codes import CHANNELS, DIRECTIONS, KINDS, ROLES
from cxcore.timeline.entry import Entry, Other

MOST = 200
_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
_LATEST = (datetime.max.replace(tzinfo=UTC), UUID(int=2**128 - 1))

SHOWN = """
i.id, i.profile_id, i.occurred_at, i.received_at, (select json_object_agg(s.id, s.key) from source s) ->> i.source_id::text,
       i.channel, i.direction, i.kind, i.role,
       coalesce((select c.root_id from conversation c where c.id = i.conversation_id and c.root_id <> c.id),
                i.conversation_id),
       i.subject, i.text, i.quoted, i.duration, i.attributes,
       (select json_agg(json_build_array(p.role, p.name, p.address) order by p.position)::text from participant p
        where p.profile_id = i.profile_id and p.interaction_id = i.id)
"""
"""What an entry shows of `interaction i`, in the order in which `entry` takes it."""
_PAGE = """
with share as materialized (
    select l.share, row_number() over (partition by l.profile_id order by t.occurred_at desc, t.id desc) as nth, t.*
    from (
        select profile_id, least($4::int, 2 * $4::int / count(*) over () + 5) as share from link where customer_id = $1
    ) l
    cross join lateral (
        select i.profile_id, i.occurred_at, i.id from interaction i
        where i.profile_id = l.profile_id and (i.occurred_at, i.id) < ($2, $3) {filters}
        order by i.occurred_at desc, i.id desc limit l.share
    ) t
),
oldest as materialized (
    select distinct occurred_at, id from share order by occurred_at desc, id desc offset $4::int - 1 limit 1
),
more as (
    select t.* from share s cross join lateral (
        select i.profile_id, i.occurred_at, i.id from interaction i
        where i.profile_id = s.profile_id and (i.occurred_at, i.id) < (s.occurred_at, s.id) {filters}
        order by i.occurred_at desc, i.id desc limit $4::int
    ) t
    where s.nth = s.share and s.share < $4::int
      and s.occurred_at >= coalesce((select occurred_at from oldest), '-infinity')
),
k as materialized (
    select distinct on (t.occurred_at, t.id) t.profile_id, t.occurred_at, t.id
    from (select profile_id, occurred_at, id from share union all select profile_id, occurred_at, id from more) t
    order by t.occurred_at desc, t.id desc, t.profile_id limit $4::int
)
select {shown}
from k
join interaction i on i.profile_id = k.profile_id and i.occurred_at = k.occurred_at and i.id = k.id
order by i.occurred_at desc, i.id desc
"""
"""Of each profile its share of the page is read, twice the mean and a few; where a whole share is newer than the oldest
entry the page can need, more of that profile. A customer of many profiles costs so little more than one of few. What
else an entry shows is looked up for the page's entries alone, as subqueries: joined, the planner reads it first."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ended; the next one begins behind it."""

    occurred_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show; an empty set shows all. ``since`` is inclusive, ``until`` is not."""

    channels: Collection[Channel] = ()
    directions: Collection[Direction] = ()
    kinds: Collection[Kind] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Entries, newest first, and where to go on; ``next`` is None at the end."""

    entries: list[Entry] = field(default_factory=list)
    next: Position | None = None


def statement(chosen: Filter) -> tuple[str, list[Any]]:
    """The page's SQL and the arguments behind the first four (customer, time, id, limit)."""
    conditions: list[str] = []
    arguments: list[Any] = []
    for column, codes in (
        ("channel", [CHANNELS.code(c) for c in chosen.channels]),
        ("direction", [DIRECTIONS.code(d) for d in chosen.directions]),
        ("kind", [KINDS.code(k) for k in chosen.kinds]),
    ):
        if codes:
            arguments.append(sorted(codes))
            conditions.append(f"and i.{column} = any(${len(arguments) + 4}::smallint[])")
    for operator, time in ((">=", chosen.since), ("<", chosen.until)):
        if time is not None:
            arguments.append(_utc(time))
            conditions.append(f"and i.occurred_at {operator} ${len(arguments) + 4}")
    return _PAGE.format(filters=" ".join(conditions), shown=SHOWN), arguments


def _utc(time: datetime) -> datetime:
    """The time in UTC; one whose zone would carry it off the calendar stays at the calendar's edge."""
    try:
        return time.astimezone(UTC)
    except OverflowError:
        return _LATEST[0] if time.year > _EARLIEST.year else _EARLIEST


async def page(
    session: AsyncSession,
    customer: UUID,
    *,
    behind: Position | None = None,
    limit: int = 50,
    chosen: Filter | None = None,
) -> TimelinePage:
    """A page of a customer's timeline. An interaction that two of the customer's profiles share is shown once."""
    connection = await driver(session)
    return await read(connection, customer, behind=behind, limit=limit, chosen=chosen or Filter())


async def read(
    connection: asyncpg.Connection, customer: UUID, *, behind: Position | None, limit: int, chosen: Filter
) -> TimelinePage:
    """The same on a driver's connection."""
    sql, arguments = statement(chosen)
    limit = min(limit, MOST)
    at, identity = (behind.occurred_at, behind.id) if behind else _LATEST
    rows = await connection.fetch(sql, customer, at, identity, limit + 1, *arguments)
    entries = [entry(*row) for row in rows[:limit]]
    more = len(rows) > limit
    return TimelinePage(entries, Position(entries[-1].occurred_at, entries[-1].id) if more and entries else None)


def entry(  # noqa: PLR0917 - the columns of SHOWN, in their order
    id_: UUID,
    profile_id: UUID,
    occurred_at: datetime,
    received_at: datetime,
    source: str,
    channel: int,
    direction: int,
    kind: int,
    role: int,
    conversation_id: UUID | None,
    subject: str | None,
    text: str | None,
    quoted: str | None,
    duration: int | None,
    attributes: dict[str, Any],
    participants: str | None,
) -> Entry:
    """A row to an entry."""
    return Entry(
        id_,
        profile_id,
        occurred_at,
        received_at,
        source,
        CHANNELS.word(channel),
        DIRECTIONS.word(direction),
        KINDS.word(kind),
        ROLES.word(role),
        conversation_id,
        subject,
        text,
        quoted,
        duration,
        attributes,
        _others(participants) if participants else (),
    )


def _others(participants: str) -> tuple[Other, ...]:
    """From JSON, which is read in half the time of an array of records."""
    return tuple(Other(ROLES.word(role), name, address) for role, name, address in json.loads(participants))

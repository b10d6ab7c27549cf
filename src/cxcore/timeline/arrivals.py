"""Arrivals: interactions that have just happened are told of, with the customers they are of; what a first load brings is not."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.events.outbox import DomainEvent, EventType, publish
from cxcore.model.ids import MAX_INTERACTIONS, RecordId
from cxcore.normalise.codes import CHANNELS, DIRECTIONS, KINDS

NEWS = timedelta(days=1)
"""How long ago an interaction may have happened to be told of. An older one is history that a source brings."""
_CUSTOMERS = "select profile_id, customer_id from link where profile_id = any($1::uuid[])"


async def tell(
    session: AsyncSession,
    interactions: Iterable[tuple[Any, ...]],
    *,
    source: str,
    known: Collection[RecordId],
    at: datetime,
) -> None:
    """Publish an event for each interaction that is news. ``interactions`` are rows as ``normalise.store`` writes them, one
    for each profile of an interaction; those of ``known`` records were there before, in another version."""
    since, before = at - NEWS, {record.int for record in known}
    news: dict[UUID, list[tuple[Any, ...]]] = {}
    for row in interactions:
        if row[1] >= since and row[2].int & ~(MAX_INTERACTIONS - 1) not in before:
            news.setdefault(row[2], []).append(row)
    if not news:
        return
    profiles = {row[0] for rows in news.values() for row in rows}
    found = await (await driver(session)).fetch(_CUSTOMERS, list(profiles))
    customers = {r["profile_id"]: str(r["customer_id"]) for r in found}
    await publish(session, [_event(i, rows, customers, source) for i, rows in news.items()])


def _event(interaction: UUID, rows: list[tuple[Any, ...]], customers: dict[UUID, str], source: str) -> DomainEvent:
    _, _, _, _, channel, direction, kind, *_ = rows[0]
    data = {
        "customers": sorted({customers[row[0]] for row in rows if row[0] in customers}),
        "channel": CHANNELS.word(channel).value,
        "direction": DIRECTIONS.word(direction).value,
        "kind": KINDS.word(kind).value,
        "source": source,
    }
    return DomainEvent(EventType.INTERACTION_RECEIVED, interaction, data)

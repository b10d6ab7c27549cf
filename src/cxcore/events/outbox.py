"""The outbox: events ride in the transaction of what they tell of."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver


class EventType(StrEnum):
    """What can happen. Each is documented in docs/events.md."""

    CUSTOMER_CREATED = "cxcore.customer.created"
    CUSTOMER_CHANGED = "cxcore.customer.changed"
    CUSTOMERS_CHANGED = "cxcore.customers.changed"
    CUSTOMER_MERGED = "cxcore.customer.merged"
    CUSTOMER_SPLIT = "cxcore.customer.split"
    INTERACTION_RECEIVED = "cxcore.interaction.received"
    DECISION_MADE = "cxcore.decision.made"
    DECISION_REVOKED = "cxcore.decision.revoked"
    CORRECTION_MADE = "cxcore.correction.made"
    CORRECTION_REVOKED = "cxcore.correction.revoked"
    SURVIVORSHIP_CHANGED = "cxcore.survivorship.changed"
    MODEL_ACTIVATED = "cxcore.model.activated"
    SOURCE_STOPPED = "cxcore.source.stopped"
    WEBHOOK_PAUSED = "cxcore.webhook.paused"
    WEBHOOK_TESTED = "cxcore.webhook.tested"


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """One thing that happened; ``subject`` is the id of what it happened to, ``data`` holds ids and reasons only."""

    type: EventType
    subject: UUID | str
    data: dict[str, Any]


_PUBLISH = """
insert into outbox (id, type, subject, data)
select e.id, e.type, e.subject, e.data
from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[]) with ordinality as e(id, type, subject, data, n) order by n
"""
_WITHHELD = "cxcore.events.withheld"


@contextmanager
def withheld(session: AsyncSession) -> Iterator[None]:
    """Publish nothing within: for what is tried and rolled back, which would give no position of the outbox back."""
    session.info[_WITHHELD] = True
    try:
        yield
    finally:
        del session.info[_WITHHELD]


def is_withheld(session: AsyncSession) -> bool:
    """Whether nothing is published now."""
    return _WITHHELD in session.info


async def publish(session: AsyncSession, events: list[DomainEvent]) -> None:
    """Add events to the outbox in their order."""
    if events and not is_withheld(session):
        rows = [(uuid4(), e.type.value, str(e.subject), json.dumps(e.data)) for e in events]
        await (await driver(session)).execute(_PUBLISH, *map(list, zip(*rows, strict=True)))

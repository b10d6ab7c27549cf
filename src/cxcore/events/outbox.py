"""The outbox: events ride in the transaction of what they tell of."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.events.tables import Outbox


class EventType(StrEnum):
    """What can happen. Each is documented in docs/events.md."""

    CUSTOMER_MERGED = "cxcore.customer.merged"
    CUSTOMER_SPLIT = "cxcore.customer.split"
    DECISION_MADE = "cxcore.decision.made"
    DECISION_REVOKED = "cxcore.decision.revoked"
    CORRECTION_MADE = "cxcore.correction.made"
    CORRECTION_REVOKED = "cxcore.correction.revoked"
    MODEL_ACTIVATED = "cxcore.model.activated"


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """One thing that happened; ``subject`` is the id of what it happened to, ``data`` holds ids and reasons only."""

    type: EventType
    subject: UUID
    data: dict[str, Any]


_WITHHELD = "cxcore.events.withheld"


@contextmanager
def withheld(session: AsyncSession) -> Iterator[None]:
    """Publish nothing within: for what is tried and rolled back, which would give no position of the outbox back."""
    session.info[_WITHHELD] = True
    try:
        yield
    finally:
        del session.info[_WITHHELD]


async def publish(session: AsyncSession, events: list[DomainEvent]) -> None:
    """Add events to the outbox in their order."""
    if events and _WITHHELD not in session.info:
        await session.execute(
            insert(Outbox),
            [{"id": uuid4(), "type": e.type.value, "subject": str(e.subject), "data": e.data} for e in events],
        )

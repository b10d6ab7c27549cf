"""The audit: who did what, of whom, when and why. It holds ids and words of ours, and no value of a customer's."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.auth.policy import AccessRole, Principal
from cxcore.auth.tables import Audit


class Act(StrEnum):
    """What is kept in the audit."""

    READ = "customer.read"
    REVEALED = "customer.revealed"
    SIGNED_IN = "staff.signed_in"
    SIGNED_IN_BY_PASSWORD = "staff.signed_in_by_password"  # noqa: S105 - an act, not a password
    LOCKED = "staff.locked"
    STAFF_ADDED = "staff.added"
    STAFF_CHANGED = "staff.changed"
    PASSWORD_SET = "staff.password_set"  # noqa: S105 - the same
    KEY_MADE = "key.made"
    KEY_ROTATED = "key.rotated"
    KEY_REVOKED = "key.revoked"


async def note(
    session: AsyncSession,
    act: Act,
    *,
    actor: str,
    customer: UUID | None = None,
    about: str | None = None,
    reason: str | None = None,
) -> None:
    """Keep what was done, in the transaction that does it: without the row nothing is done."""
    await session.execute(
        insert(Audit).values(actor=actor, act=act.value, customer_id=customer, about=about, reason=reason)
    )


def is_of_note(reader: Principal) -> bool:
    """Whether it is kept that they read a customer."""
    return reader.role is not AccessRole.SERVICE


async def of_read(session: AsyncSession, reader: Principal, customer: UUID, *, what: str) -> None:
    """Keep that somebody of the staff, or a key made for a role of theirs, read a customer. Services read without: they
    are programs, and whoever they read for is known to them."""
    if is_of_note(reader):
        await note(session, Act.READ, actor=reader.actor, customer=customer, about=what)


async def page(
    session: AsyncSession, *, customer: UUID | None = None, before: int | None = None, limit: int = 50
) -> Sequence[Audit]:
    """Rows newest first; of one customer, or of all; ``before``: the id that the page before ended with."""
    asked = select(Audit).order_by(Audit.id.desc()).limit(limit)
    if customer is not None:
        asked = asked.where(Audit.customer_id == customer)
    if before is not None:
        asked = asked.where(Audit.id < before)
    return (await session.execute(asked)).scalars().all()

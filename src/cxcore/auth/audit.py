"""The audit: who did what, of whom, when and why. It holds ids and words of ours, and no value of a customer's."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.auth.policy import AccessRole, Principal
from cxcore.auth.tables import Audit

_READ = """
insert into audit (actor, act, customer_id, about)
select :actor, :act, customer_id, :about from unnest(cast(:customers as uuid[])) customer_id
"""


class Act(StrEnum):
    """What is kept in the audit."""

    READ = "customer.read"
    REVEALED = "customer.revealed"
    SIGNED_IN = "staff.signed_in"
    SIGNED_IN_BY_PASSWORD = "staff.signed_in_by_password"  # noqa: S105 - an act, not a password
    SIGNED_OUT_BY_PROVIDER = "staff.signed_out_by_provider"
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
    return reader.audited or reader.role is not AccessRole.SERVICE


async def of_read(session: AsyncSession, reader: Principal, *customers: UUID, what: str) -> None:
    """Keep that somebody of the staff, or a key made for a role of theirs, was shown these customers: a row for each, in
    one statement. Services read without, unless the place keeps theirs, too (CX_AUDIT_SERVICES): they are programs, and
    whoever they read for is known to them."""
    if customers and is_of_note(reader):
        each = list(dict.fromkeys(customers))
        shown = {"actor": reader.actor, "act": Act.READ.value, "about": what, "customers": each}
        await session.execute(text(_READ), shown)


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

"""Corrections: a person's word on a value comes before all sources'. Revoked, never deleted; they join nobody."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import func

from cxcore import clock
from cxcore.errors import Conflict, InvalidInput, NotFound
from cxcore.events.outbox import DomainEvent, EventType, publish
from cxcore.normalise.texts import clean
from cxcore.resolve import fields, linked, shown
from cxcore.resolve.customers import find_living, founder, profiles_of
from cxcore.resolve.fields import Field
from cxcore.resolve.shown import Part
from cxcore.resolve.tables import Correction, Link

MOST_REASON = 500


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction, and the living customer whose value it concerns; None where the profile it sits on is gone."""

    correction: linked.Correction
    customer: UUID | None


async def correct(
    session: AsyncSession, *, customer: UUID, field: Field, value: str, region: str, actor: str, reason: str
) -> Corrected:
    """Put a value above what all sources say, until it is revoked.

    It sits on the profile that the id named began with, so it goes where that profile goes: with a merge, and back when
    the merge is undone. ``region`` is the country whose national telephone numbers are meant.

    Raises:
        InvalidInput: the value is none of that field, or no reason is given.
        NotFound: no such customer.
        Conflict: the customer has lost all its profiles.
    """
    kept = fields.read(field, value, region=region, today=clock.now().date())
    why = " ".join(clean(reason).split())
    if not why or len(why) > MOST_REASON:
        raise InvalidInput(
            "A correction needs a reason.", hint=f"Say in 1 to {MOST_REASON} characters how it is known."
        )
    living = await find_living(session, customer)
    profiles = await profiles_of(session, living.id)
    if not profiles:
        raise Conflict("A customer without profiles cannot be corrected.", hint="What its sources said is gone.")
    begun_with = await founder(session, customer)
    made = (
        await session.execute(
            insert(Correction)
            .values(
                id=uuid4(),
                profile_id=begun_with if begun_with in profiles else min(profiles),
                field=field.value,
                value=kept,
                actor=actor,
                reason=why,
            )
            .returning(Correction)
        )
    ).scalar_one()
    data = {"customer": str(living.id), "field": field.value, "by": actor}
    await publish(session, [DomainEvent(EventType.CORRECTION_MADE, made.id, data)])
    shown.changed(session, Part.VALUES, profiles=[made.profile_id])
    return Corrected(_plain(made), living.id)


async def revoke(session: AsyncSession, *, correction: UUID, actor: str) -> Corrected:
    """Take a correction back: what is shown is what it would be without it.

    Raises:
        NotFound: no such correction.
        Conflict: it has been revoked already.
    """
    taken = (
        await session.execute(
            update(Correction)
            .where(Correction.id == correction, Correction.revoked_at.is_(None))
            .values(revoked_at=func.now(), revoked_by=actor)
            .returning(Correction)
        )
    ).scalar_one_or_none()
    if taken is None:
        if await session.get(Correction, correction) is None:
            raise NotFound(f"There is no correction {correction}.")
        raise Conflict(f"The correction {correction} has been revoked already.")
    found = await session.execute(select(Link.customer_id).where(Link.profile_id == taken.profile_id))
    customer = found.scalar_one_or_none()
    data = {"customer": str(customer) if customer else None, "field": taken.field, "by": actor}
    await publish(session, [DomainEvent(EventType.CORRECTION_REVOKED, taken.id, data)])
    shown.changed(session, Part.VALUES, profiles=[taken.profile_id])
    return Corrected(_plain(taken), customer)


def _plain(row: Correction) -> linked.Correction:
    return linked.Correction(row.id, row.profile_id, Field(row.field), row.value, row.actor, row.reason, row.made_at)

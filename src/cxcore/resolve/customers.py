"""Reading customers: by any id they ever had, with their profiles and the reasons that tie them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.errors import NotFound
from cxcore.normalise.codes import SCHEMES
from cxcore.normalise.tables import Identifier, Profile
from cxcore.pull.tables import Source
from cxcore.resolve.linked import LinkedProfile, Living, Reason, ShownIdentifier
from cxcore.resolve.tables import Judgement, Link

_LIVING = """
select l.id, l.version, l.created_at from customer c join customer l on l.id = coalesce(c.merged_into, c.id)
where c.id = $1
"""


async def find_living(session: AsyncSession, customer: UUID) -> Living:
    """The living customer that an id, present or past, stands for.

    Raises:
        NotFound: no customer ever had that id.
    """
    row = await (await driver(session)).fetchrow(_LIVING, customer)
    if row is None:
        raise NotFound("There is no such customer.")
    return Living(row["id"], row["version"], row["created_at"], customer if row["id"] != customer else None)


async def founder(session: AsyncSession, customer: UUID) -> UUID:
    """The profile that a customer id, present or past, began with; the id must exist."""
    found: UUID = await (await driver(session)).fetchval("select founder_id from customer where id = $1", customer)
    return found


async def profiles_of(session: AsyncSession, customer: UUID) -> set[UUID]:
    """The ids of a customer's profiles."""
    found = await (await driver(session)).fetch("select profile_id from link where customer_id = $1", customer)
    return {r["profile_id"] for r in found}


async def linked_profiles(session: AsyncSession, customers: Collection[UUID]) -> dict[UUID, list[LinkedProfile]]:
    """The profiles of each customer, newest seen first, with all they show."""
    rows = (
        await session.execute(
            select(Profile, Link.customer_id, Link.since, Source.key, Source.name)
            .join(Link, Link.profile_id == Profile.id)
            .join(Source, Source.id == Profile.source_id)
            .where(Link.customer_id.in_(customers))
        )
    ).all()
    shown: dict[UUID, list[ShownIdentifier]] = {}
    found = await session.execute(
        select(Identifier)
        .join(Link, Link.profile_id == Identifier.profile_id)
        .where(Link.customer_id.in_(customers))
        .order_by(Identifier.scheme, Identifier.value)
    )
    for i in found.scalars():
        shown.setdefault(i.profile_id, []).append(
            ShownIdentifier(SCHEMES.word(i.scheme), i.issuer, i.value, i.raw, i.verified)
        )
    result: dict[UUID, list[LinkedProfile]] = {c: [] for c in customers}
    for p, customer, since, source, source_name in rows:
        result[customer].append(
            LinkedProfile(
                id=p.id,
                source=source,
                source_name=source_name,
                name=p.name,
                given_name=p.given_name,
                family_name=p.family_name,
                birth_date=p.birth_date,
                language=p.language,
                address=p.address,
                observed_at=p.observed_at,
                received_at=p.received_at,
                since=since,
                identifiers=tuple(shown.get(p.id, ())),
            )
        )
    for profiles in result.values():
        profiles.sort(key=lambda p: (p.observed_at, p.id), reverse=True)
    return result


async def reasons(
    session: AsyncSession, profiles: Collection[UUID], *, others: Collection[UUID] | None = None
) -> list[Reason]:
    """The live judgements on these profiles, or between them and ``others``; people's first, then newest first."""
    left, right = Judgement.left_id, Judgement.right_id
    on = or_(left.in_(profiles), right.in_(profiles))
    if others is not None:
        on = or_(and_(left.in_(profiles), right.in_(others)), and_(left.in_(others), right.in_(profiles)))
    found = await session.execute(
        select(Judgement)
        .where(Judgement.revoked_at.is_(None), on)
        .order_by(Judgement.origin, Judgement.decided_at.desc(), Judgement.id)
    )
    return [
        Reason(
            id=j.id,
            left=j.left_id,
            right=j.right_id,
            verdict=j.verdict,
            origin=j.origin,
            rule=j.rule,
            score=j.score,
            evidence=j.evidence,
            model_version=j.model_version,
            decision_id=j.decision_id,
            actor=j.actor,
            reason=j.reason,
            decided_at=j.decided_at,
        )
        for j in found.scalars()
    ]

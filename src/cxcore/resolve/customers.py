"""Reading customers: by any id they ever had, with their profiles and the reasons that tie them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.errors import NotFound
from cxcore.normalise.codes import SCHEMES
from cxcore.normalise.store import is_derived_key
from cxcore.resolve.fields import Field
from cxcore.resolve.linked import Correction, LinkedProfile, Living, Reason, ShownIdentifier

_LIVING = """
select l.id, l.version, l.created_at from customer c join customer l on l.id = coalesce(c.merged_into, c.id)
where c.id = $1
"""
_PROFILES = """
select l.customer_id, l.since, s.key as source, s.name as source_name, p.id, p.key, p.name, p.given_name, p.family_name,
       p.birth_date, p.language, p.address, p.observed_at, p.received_at
from link l join profile p on p.id = l.profile_id join source s on s.id = p.source_id
where l.customer_id = any($1::uuid[])
"""
_IDENTIFIERS = """
select i.profile_id, i.scheme, i.issuer, i.value, i.raw, i.verified
from link l join identifier i on i.profile_id = l.profile_id
where l.customer_id = any($1::uuid[]) order by i.scheme, i.value
"""
_CORRECTIONS = """
select c.id, c.profile_id, c.field, c.value, c.actor, c.reason, c.made_at
from link l join correction c on c.profile_id = l.profile_id
where l.customer_id = any($1::uuid[]) and c.revoked_at is null
"""
_JUDGEMENTS = "select * from judgement where revoked_at is null"
_NEWEST = "order by origin, decided_at desc, id"
_REASONS = f"{_JUDGEMENTS} and (left_id = any($1::uuid[]) or right_id = any($1::uuid[])) {_NEWEST}"
_REASONS_BETWEEN = f"""
{_JUDGEMENTS} and (left_id = any($1::uuid[]) and right_id = any($2::uuid[])
    or left_id = any($2::uuid[]) and right_id = any($1::uuid[])) {_NEWEST}
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
    """The profiles of each customer, newest seen first, with all they show and what people put right on them."""
    connection, wanted = await driver(session), list(customers)
    shown: dict[UUID, list[ShownIdentifier]] = {}
    for i in await connection.fetch(_IDENTIFIERS, wanted):
        shown.setdefault(i["profile_id"], []).append(
            ShownIdentifier(SCHEMES.word(i["scheme"]), i["issuer"], i["value"], i["raw"], i["verified"])
        )
    corrected: dict[UUID, list[Correction]] = {}
    for c in await connection.fetch(_CORRECTIONS, wanted):
        corrected.setdefault(c["profile_id"], []).append(
            Correction(c["id"], c["profile_id"], Field(c["field"]), c["value"], c["actor"], c["reason"], c["made_at"])
        )
    result: dict[UUID, list[LinkedProfile]] = {c: [] for c in customers}
    for p in await connection.fetch(_PROFILES, wanted):
        result[p["customer_id"]].append(
            LinkedProfile(
                id=p["id"],
                source=p["source"],
                source_name=p["source_name"],
                name=p["name"],
                given_name=p["given_name"],
                family_name=p["family_name"],
                birth_date=p["birth_date"],
                language=p["language"],
                address=p["address"],
                observed_at=p["observed_at"],
                received_at=p["received_at"],
                since=p["since"],
                identifiers=tuple(shown.get(p["id"], ())),
                keyed=not is_derived_key(p["key"]),
                corrections=tuple(corrected.get(p["id"], ())),
            )
        )
    for profiles in result.values():
        profiles.sort(key=lambda p: (p.observed_at, p.id), reverse=True)
    return result


async def reasons(
    session: AsyncSession, profiles: Collection[UUID], *, others: Collection[UUID] | None = None
) -> list[Reason]:
    """The live judgements on these profiles, or between them and ``others``; people's first, then newest first."""
    connection = await driver(session)
    found = (
        await connection.fetch(_REASONS, list(profiles))
        if others is None
        else await connection.fetch(_REASONS_BETWEEN, list(profiles), list(others))
    )
    return [
        Reason(
            id=j["id"],
            left=j["left_id"],
            right=j["right_id"],
            verdict=j["verdict"],
            origin=j["origin"],
            rule=j["rule"],
            score=j["score"],
            evidence=j["evidence"],
            model_version=j["model_version"],
            decision_id=j["decision_id"],
            actor=j["actor"],
            reason=j["reason"],
            decided_at=j["decided_at"],
        )
        for j in found
    ]

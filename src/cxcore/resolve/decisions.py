"""Decisions of people: these are one, these are not, and taking that back. They outrank every rule."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.errors import Conflict, InvalidInput, NotFound
from cxcore.events.outbox import DomainEvent, EventType, publish
from cxcore.resolve import lock, matcher, shown
from cxcore.resolve.customers import find_living, founder, profiles_of
from cxcore.resolve.matcher import Resolved
from cxcore.resolve.shown import Part

MERGE, SEPARATE, SKIP = "merge", "separate", "skip"
_VERDICTS = {MERGE: "positive", SEPARATE: "negative", SKIP: "unsure"}
_PAIRS_LIMIT = 2000
_OPPOSED = """
select decision_id from judgement
where revoked_at is null and origin = 'person' and verdict = 'negative'
  and left_id = any($1::uuid[]) and right_id = any($1::uuid[])
limit 1
"""
_ASKED = """
select left_id, right_id from judgement
where revoked_at is null and origin = 'rule' and verdict = 'unsure'
  and (left_id = any($1::uuid[]) and right_id = any($2::uuid[]) or left_id = any($2::uuid[]) and right_id = any($1::uuid[]))
"""
_WRITE = """
insert into judgement (id, left_id, right_id, verdict, origin, rule, basis, evidence, model_version, decision_id, actor, reason)
select j.id, j.left_id, j.right_id, $4, 'person', $5, 'person:' || $6::uuid, '{}', 'person', $6, $7, $8
from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as j(id, left_id, right_id)
"""
_REVOKE = "update judgement set revoked_at = now(), revoked_by = $2 where decision_id = $1"
_HOLDERS = "select profile_id, customer_id from link where profile_id = any($1::uuid[])"


class Verdict(StrEnum):
    """What a person says of two customers: the same, never the same, or nothing now."""

    SAME = "same"
    NEVER = "never"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided, the customers that hold the profiles concerned now, and all that changed with it."""

    id: UUID
    customers: tuple[UUID, ...]
    changed: Resolved


async def merge(session: AsyncSession, *, customers: Collection[UUID], actor: str, reason: str) -> Decision:
    """Decide that customers are one and the same.

    The profiles that the named ids began with are tied: so the decision holds whatever the rules find later, can be
    revoked exactly, and outlives the revocation of an earlier merge by which a named id leads elsewhere.

    Raises:
        InvalidInput: fewer than two different customers.
        NotFound: one of them does not exist.
        Conflict: a person decided that some of their profiles are not the same.
    """
    connection = await driver(session)
    await lock.hold(connection)
    begun_with: dict[UUID, UUID] = {}
    for customer in customers:
        living = await find_living(session, customer)
        begun_with.setdefault(living.id, await founder(session, customer))
    if len(begun_with) < 2:  # noqa: PLR2004 - a pair
        raise InvalidInput("A merge needs two different customers.", hint="These are one already.")
    members = [await profiles_of(session, c) for c in begun_with]
    if any(not profiles for profiles in members):
        raise Conflict("A customer without profiles cannot be merged.")
    everyone = [p for profiles in members for p in profiles]
    standing = await connection.fetchval(_OPPOSED, everyone)
    if standing is not None:
        raise Conflict(
            f"A person decided that these are not the same (decision {standing}).", hint="Revoke that decision first."
        )
    first, *others = (f if f in ps else min(ps) for f, ps in zip(begun_with.values(), members, strict=True))
    pairs = [(first, other) for other in others]
    return await _decide(session, pairs, rule=MERGE, actor=actor, reason=reason)


async def separate(
    session: AsyncSession, *, customer: UUID, profiles: Collection[UUID], actor: str, reason: str
) -> Decision:
    """Decide that some profiles of a customer are someone else, never again to be joined with the others.

    Raises:
        NotFound: no such customer, or a profile that is not the customer's.
        InvalidInput: none or all of the profiles are named, or too many at once.
    """
    await lock.hold(await driver(session))
    living = await find_living(session, customer)
    members = await profiles_of(session, living.id)
    parting = set(profiles)
    if parting - members:
        raise NotFound("A profile named is not one of this customer's.")
    staying = members - parting
    if not parting or not staying:
        raise InvalidInput("Some, but not all, of the customer's profiles must be named.")
    if len(parting) * len(staying) > _PAIRS_LIMIT:
        raise InvalidInput("That is too much for one decision.", hint="Separate fewer profiles at a time.")
    pairs = [(a, b) for a in sorted(parting) for b in sorted(staying)]
    return await _decide(session, pairs, rule=SEPARATE, actor=actor, reason=reason)


async def never(session: AsyncSession, *, customers: tuple[UUID, UUID], actor: str, reason: str) -> Decision:
    """Decide that two customers are not the same, whatever the model finds.

    Raises:
        InvalidInput: they are one already, or have too many profiles for one decision.
        NotFound: one of them does not exist.
    """
    await lock.hold(await driver(session))
    left, right = [(await find_living(session, c)).id for c in customers]
    if left == right:
        raise InvalidInput("These are one customer.", hint="Separate some of its profiles instead.")
    ones, others = await profiles_of(session, left), await profiles_of(session, right)
    if len(ones) * len(others) > _PAIRS_LIMIT:
        raise InvalidInput("These have too many profiles for one decision.")
    pairs = [(a, b) for a in sorted(ones) for b in sorted(others)]
    return await _decide(session, pairs, rule=SEPARATE, actor=actor, reason=reason)


async def skip(session: AsyncSession, *, customers: tuple[UUID, UUID], actor: str, reason: str) -> Decision:
    """Put a review aside: nobody is asked again about what speaks for these two now. The model may still join them if
    more comes to light, and asks again if something else does.

    Raises:
        InvalidInput: these two are one, or no review of them waits.
        NotFound: one of them does not exist.
    """
    connection = await driver(session)
    await lock.hold(connection)
    left, right = [await profiles_of(session, (await find_living(session, c)).id) for c in customers]
    pairs = [(r["left_id"], r["right_id"]) for r in await connection.fetch(_ASKED, list(left), list(right))]
    if not pairs or left == right:
        raise InvalidInput("No review of these two waits.", hint="`cxcore identity review` lists those that do.")
    return await _decide(session, pairs, rule=SKIP, actor=actor, reason=reason)


async def decide(
    session: AsyncSession, verdict: Verdict, *, customers: tuple[UUID, UUID], actor: str, reason: str
) -> Decision:
    """Decide a review.

    Raises:
        InvalidInput, NotFound, Conflict: as ``merge``, ``never`` and ``skip`` do.
    """
    if verdict is Verdict.SAME:
        return await merge(session, customers=customers, actor=actor, reason=reason)
    chosen = never if verdict is Verdict.NEVER else skip
    return await chosen(session, customers=customers, actor=actor, reason=reason)


async def revoke(session: AsyncSession, *, decision: UUID, actor: str) -> Decision:
    """Take a decision back: the customers become what they are without it, under their own ids.

    Raises:
        NotFound: no such decision.
        Conflict: it has been revoked already.
    """
    connection = await driver(session)
    await lock.hold(connection)
    rows = await connection.fetch(
        "select left_id, right_id, revoked_at from judgement where decision_id = $1", decision
    )
    if not rows:
        raise NotFound(f"There is no decision {decision}.")
    if rows[0]["revoked_at"] is not None:
        raise Conflict(f"The decision {decision} has been revoked already.")
    await connection.execute(_REVOKE, decision, actor)
    await publish(session, [DomainEvent(EventType.DECISION_REVOKED, decision, {"by": actor})])
    return await _derive(session, decision, {p for r in rows for p in (r["left_id"], r["right_id"])}, undone=True)


async def _decide(
    session: AsyncSession, pairs: list[tuple[UUID, UUID]], *, rule: str, actor: str, reason: str
) -> Decision:
    decision, connection = uuid4(), await driver(session)
    ids, lower, upper = [uuid4() for _ in pairs], [min(p) for p in pairs], [max(p) for p in pairs]
    await connection.execute(_WRITE, ids, lower, upper, _VERDICTS[rule], rule, decision, actor, reason)
    await publish(session, [DomainEvent(EventType.DECISION_MADE, decision, {"rule": rule, "by": actor})])
    return await _derive(session, decision, {p for pair in pairs for p in pair})


async def _derive(session: AsyncSession, decision: UUID, profiles: set[UUID], *, undone: bool = False) -> Decision:
    connection = await driver(session)
    shown.changed(session, Part.REASONS, profiles=profiles)
    present = {r["profile_id"] for r in await connection.fetch(_HOLDERS, list(profiles))}
    changed = await matcher.decide(session, present, cause=f"decision:{decision}", undone=undone)
    found = {r["customer_id"] for r in await connection.fetch(_HOLDERS, list(profiles))}
    return Decision(decision, tuple(sorted(found)), changed)

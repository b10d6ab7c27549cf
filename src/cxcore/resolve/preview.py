"""What a decision would change, told exactly: it is made, looked at and rolled back."""

from collections.abc import Awaitable, Callable, Collection
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.errors import Conflict
from cxcore.events.outbox import withheld
from cxcore.model.interaction import Channel, Kind
from cxcore.normalise.codes import CHANNELS, KINDS
from cxcore.resolve import chains, decisions
from cxcore.resolve.customers import linked_profiles
from cxcore.resolve.decisions import Decision, Verdict
from cxcore.resolve.effects import Effects, Held, Judged, Pair, State, effects

_ACTOR = "preview"
_PATIENCE = "2s"
_HELD = """
select l.customer_id, i.channel, i.kind, count(distinct i.id) as n,
       count(distinct coalesce(c.root_id, i.conversation_id)) as conversations
from link l join interaction i on i.profile_id = l.profile_id left join conversation c on c.id = i.conversation_id
where l.customer_id = any($1::uuid[])
group by grouping sets ((l.customer_id), (l.customer_id, i.channel), (l.customer_id, i.kind))
order by n desc, i.channel, i.kind
"""
_ASKED = """
select j.left_id, j.right_id, a.customer_id as l, b.customer_id as r
from judgement j join link a on a.profile_id = j.left_id join link b on b.profile_id = j.right_id
where j.revoked_at is null and j.origin = 'rule' and j.rule in ('suggestion', 'conflict') and a.customer_id <> b.customer_id
  and (j.left_id = any($1::uuid[]) or j.right_id = any($1::uuid[]))
"""
_SIBLINGS = """
select profile_id from link where customer_id in (select customer_id from link where profile_id = any($1::uuid[]))
"""
_HOLDERS = "select distinct customer_id from link where profile_id = any($1::uuid[])"
_DECIDED = """
select distinct l.customer_id from judgement j join link l on l.profile_id in (j.left_id, j.right_id)
where j.decision_id = $1
"""
_LEADS = "select id, merged_into from customer where id = any($1::uuid[])"


async def merge(session: AsyncSession, *, customers: Collection[UUID]) -> Effects:
    """What deciding that customers are one would change.

    Raises:
        InvalidInput, NotFound, Conflict: as ``decisions.merge`` does; Conflict also while others keep deciding.
    """
    return await _tried(
        session, lambda: decisions.merge(session, customers=customers, actor=_ACTOR, reason=_ACTOR), customers
    )


async def decide(session: AsyncSession, verdict: Verdict, *, customers: tuple[UUID, UUID]) -> Effects:
    """What an answer to a review would change.

    Raises:
        InvalidInput, NotFound, Conflict: as ``decisions.decide`` does; Conflict also while others keep deciding.
    """
    return await _tried(
        session,
        lambda: decisions.decide(session, verdict, customers=customers, actor=_ACTOR, reason=_ACTOR),
        customers,
    )


async def separate(session: AsyncSession, *, customer: UUID, profiles: Collection[UUID]) -> Effects:
    """What parting profiles from a customer would change.

    Raises:
        InvalidInput, NotFound: as ``decisions.separate`` does.
        Conflict: others keep deciding.
    """
    return await _tried(
        session,
        lambda: decisions.separate(session, customer=customer, profiles=profiles, actor=_ACTOR, reason=_ACTOR),
        [customer],
    )


async def revoke(session: AsyncSession, *, decision: UUID) -> Effects:
    """What taking a decision back would change. The customers of the profiles it was made on count as named.

    Raises:
        NotFound: as ``decisions.revoke`` does.
        Conflict: so does this; also while others keep deciding.
    """
    found = await (await driver(session)).fetch(_DECIDED, decision)
    named = [r["customer_id"] for r in found]
    return await _tried(session, lambda: decisions.revoke(session, decision=decision, actor=_ACTOR), named)


async def _tried(session: AsyncSession, act: Callable[[], Awaitable[Decision]], named: Collection[UUID]) -> Effects:
    """Make the decision behind a savepoint, look, and roll back: rows, events and the writers' lock are as they were."""
    connection = await driver(session)
    nested = await session.begin_nested()
    try:
        await session.execute(text(f"set local lock_timeout = '{_PATIENCE}'"))
        with withheld(session):
            made = await act()
        touched = {*made.customers, *made.changed.customers}
        pairs = {p for w in made.changed.made for p in (w.left, w.right)}
        pairs |= {p for left, right, _ in made.changed.gone for p in (left, right)}
        judged = [r["profile_id"] for r in await connection.fetch(_SIBLINGS, list(pairs))]
        new = await _state(session, connection, touched, judged)
        leads = await _leads(connection, touched)
    except (asyncpg.LockNotAvailableError, DBAPIError) as exc:
        if not _waited(exc):
            raise
        raise Conflict("Others are deciding at this moment.", hint="Ask again in a moment.") from exc
    finally:
        await nested.rollback()
    everyone = [p.id for profiles in new.profiles.values() for p in profiles]
    holders = {r["customer_id"] for r in await connection.fetch(_HOLDERS, everyone)}
    old = await _state(session, connection, holders, judged)
    return effects(
        old,
        new,
        await chains.current(session),
        leads=leads,
        known={*await _leads(connection, touched)},
        named={into or c for c, into in (await _leads(connection, named)).items()},
        judged=[
            *(Judged(w.left, w.right, w.rule, made=True, score=w.score) for w in made.changed.made),
            *(Judged(left, right, rule, made=False, score=None) for left, right, rule in sorted(made.changed.gone)),
        ],
    )


def _waited(exc: BaseException) -> bool:
    """Whether the error is that a lock could not be had in time (SQLSTATE 55P03)."""
    return isinstance(exc, asyncpg.LockNotAvailableError) or (
        isinstance(exc, DBAPIError) and getattr(exc.orig, "sqlstate", None) == asyncpg.LockNotAvailableError.sqlstate
    )


async def _state(
    session: AsyncSession, connection: asyncpg.Connection, customers: Collection[UUID], judged: Collection[UUID]
) -> State:
    """The customers as they are now, and the reviews of them and of the profiles judged."""
    profiles = await linked_profiles(session, customers)
    those = [*{p.id for held in profiles.values() for p in held} | {*judged}]
    asked: set[Pair] = {(min(r["l"], r["r"]), max(r["l"], r["r"])) for r in await connection.fetch(_ASKED, those)}
    return State(profiles, await _held(connection, customers), asked)


async def _held(connection: asyncpg.Connection, customers: Collection[UUID]) -> dict[UUID, Held]:
    whole: dict[UUID, tuple[int, int]] = {}
    channels: dict[UUID, list[tuple[Channel, int]]] = {}
    kinds: dict[UUID, list[tuple[Kind, int]]] = {}
    for r in await connection.fetch(_HELD, list(customers)):
        if r["channel"] is not None:
            channels.setdefault(r["customer_id"], []).append((CHANNELS.word(r["channel"]), r["n"]))
        elif r["kind"] is not None:
            kinds.setdefault(r["customer_id"], []).append((KINDS.word(r["kind"]), r["n"]))
        else:
            whole[r["customer_id"]] = (r["n"], r["conversations"])
    return {c: Held(*both, tuple(channels.get(c, ())), tuple(kinds.get(c, ()))) for c, both in whole.items()}


async def _leads(connection: asyncpg.Connection, customers: Collection[UUID]) -> dict[UUID, UUID | None]:
    """Where the ids that exist lead; None for a customer that lives."""
    return {r["id"]: r["merged_into"] for r in await connection.fetch(_LEADS, list(customers))}

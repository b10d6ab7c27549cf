"""Two ids held against each other: why they are one customer, or why they are not. From stored rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.errors import InvalidInput, NotFound
from cxcore.resolve import customers, users, versions
from cxcore.resolve.base import weigher
from cxcore.resolve.component import CANDIDATE, REVIEWED, explain
from cxcore.resolve.linkage import between
from cxcore.resolve.linked import Reason
from cxcore.resolve.model import BITS
from cxcore.resolve.payload import Payload, from_json
from cxcore.resolve.score import Scorer

_MOST = 12
"""Nodes of each side that are compared, those that share an edge first: 144 pairs take some 5 ms."""
_NODES = """
select n.id, n.payload, min(m.profile_id::text)::uuid as profile_id
from member m join node n on n.id = m.node_id where m.profile_id = any($1::uuid[]) group by n.id, n.payload
"""
_ACROSS = """
select left_id, right_id from edge where left_id = any($1::bigint[]) and right_id = any($2::bigint[])
union all
select left_id, right_id from edge where left_id = any($2::bigint[]) and right_id = any($1::bigint[])
"""
_LINKED = "select customer_id from link where profile_id = $1"


class Outcome(StrEnum):
    """How two ids stand: one customer; kept apart by a person; waiting for one; put aside by one; one of them shows
    nothing of its own, and could be the other; too unlike to ask."""

    ONE = "one"
    KEPT_APART = "kept_apart"
    IN_REVIEW = "in_review"
    SKIPPED = "skipped"
    CANDIDATE = "candidate"
    UNLIKE = "unlike"


@dataclass(frozen=True, slots=True)
class Compared:
    """``customers``: the living ones of both ids. ``because``: the judgements that lead from one to the other, or those
    between the two. Of two customers also ``score`` in bits, the ``profiles`` that speak loudest for one person, and what
    the score rests on; ``joined_from`` and ``asked_from`` are the model's thresholds, in bits."""

    customers: tuple[UUID, UUID]
    outcome: Outcome
    because: tuple[Reason, ...]
    score: float | None
    profiles: tuple[UUID, UUID] | None
    evidence: dict[str, Any]
    joined_from: float
    asked_from: float
    model_version: str


async def compare(session: AsyncSession, left: UUID, right: UUID) -> Compared:
    """Hold two customers or profiles against each other.

    Raises:
        NotFound: an id is neither a customer's, present or past, nor a profile's.
        InvalidInput: both are the same.
    """
    connection = await driver(session)
    (a, one), (b, other) = await _named(session, left), await _named(session, right)
    scorer = await versions.active(connection)
    model = scorer.model
    if a == b:
        if one == other:
            raise InvalidInput("These are the same.", hint="Name two profiles, or two ids that became one customer.")
        everyone = await customers.profiles_of(session, a)
        because = _chain(await customers.reasons(session, everyone), one, other)
        return Compared(
            (a, b), Outcome.ONE, tuple(because), None, None, {}, model.automatic, model.suggested, model.version
        )
    ones, others = await customers.profiles_of(session, a), await customers.profiles_of(session, b)
    across = await customers.reasons(session, ones, others=others)
    asked = [r for r in across if r.origin == "rule" and r.verdict == "unsure" and r.score is not None]
    if asked:
        loudest = max(asked, key=lambda r: (r.score or 0.0, r.id))
        score, profiles, evidence = loudest.score, (loudest.left, loudest.right), loudest.evidence
    elif ones and others:
        score, profiles, evidence = await _weighed(connection, scorer, ones, others)
    else:  # one has lost all its profiles
        score, profiles, evidence = None, None, {}
    return Compared(
        (a, b),
        _outcome(across),
        tuple(across),
        score,
        profiles,
        evidence,
        model.automatic,
        model.suggested,
        model.version,
    )


async def _named(session: AsyncSession, identity: UUID) -> tuple[UUID, UUID]:
    """The living customer that an id stands for, and the profile it means: itself, or the one it began with."""
    connection = await driver(session)
    linked: UUID | None = await connection.fetchval(_LINKED, identity)
    if linked is not None:
        return linked, identity
    try:
        living = await customers.find_living(session, identity)
    except NotFound as exc:
        raise NotFound("One of the ids is neither a customer's, present or past, nor a profile's.") from exc
    return living.id, await customers.founder(session, identity)


def _outcome(across: Collection[Reason]) -> Outcome:
    found = {(r.origin, r.verdict) for r in across}
    rules = {r.rule for r in across}
    if ("person", "negative") in found:
        return Outcome.KEPT_APART
    if REVIEWED & rules:
        return Outcome.IN_REVIEW
    if ("person", "unsure") in found:
        return Outcome.SKIPPED
    return Outcome.CANDIDATE if CANDIDATE in rules else Outcome.UNLIKE


def _chain(reasons: Sequence[Reason], start: UUID, end: UUID) -> list[Reason]:
    """The shortest way from one profile to the other by judgements that hold; empty where a person's decision lies between
    that names none of them."""
    came: dict[UUID, tuple[UUID, Reason]] = {}
    frontier = [start]
    while frontier and end not in came:
        found: list[UUID] = []
        for here in frontier:
            for r in reasons:
                if r.verdict != "positive" or here not in {r.left, r.right}:
                    continue
                there = r.right if r.left == here else r.left
                if there != start and there not in came:
                    came[there] = (here, r)
                    found.append(there)
        frontier = found
    chain: list[Reason] = []
    while end in came:
        end, r = came[end]
        chain.append(r)
    return chain[::-1]


async def _weighed(
    connection: asyncpg.Connection, scorer: Scorer, ones: Collection[UUID], others: Collection[UUID]
) -> tuple[float, tuple[UUID, UUID], dict[str, Any]]:
    """Score, loudest pair and evidence, as clustering would see the two customers if each were one already."""
    sides = [await connection.fetch(_NODES, list(side)) for side in (ones, others)]
    across = await connection.fetch(_ACROSS, *([r["id"] for r in side] for side in sides))
    tied = {n for r in across for n in (r["left_id"], r["right_id"])}
    rows = [sorted(side, key=lambda r: (r["id"] not in tied, r["id"]))[:_MOST] for side in sides]
    payloads: list[Payload] = [from_json(r["payload"]) for side in rows for r in side]
    profiles: list[UUID] = [r["profile_id"] for side in rows for r in side]
    owners = await users.owners_of(connection, payloads)
    cut = len(rows[0])
    step = between(range(cut), range(cut, len(payloads)), weigher(payloads, scorer, owners), scorer)
    x, y = step.decisive
    evidence = explain(step, payloads[x], payloads[y], scorer, owners)
    return step.score / BITS, (profiles[x], profiles[y]), evidence

"""A shadow run: the customers that another model would make of the base as it stands, without changing anything.

It reads one snapshot and keeps no writer waiting. What it finds is exactly what a switch gives: the same edges, the same
components, the same decisions of people, the same clustering.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.resolve import base, cluster, edges, matcher, nodes, retie, versions
from cxcore.resolve.component import REVIEWED, explain, judge
from cxcore.resolve.difference import Cell, Difference, Kind, Transfer, Weight, changed, differ
from cxcore.resolve.linkage import between
from cxcore.resolve.model import BITS, Model
from cxcore.resolve.payload import Payload
from cxcore.resolve.score import Owners, Scorer

OPEN_DAYS = 30
"""Nothing says yet which matters are open: interactions of so many days stand for them."""
_BATCH = 5000
_MOST = 12
"""Nodes of each side that an explanation compares, as ``why`` does."""
_SNAPSHOT = "set transaction isolation level repeatable read, read only"
_STAY = "lock table node, member, node_key, value_name, edge in access share mode"
"""A rebuild empties these, which no snapshot survives: it waits instead."""
_DECIDED = """
select left_id, right_id, verdict, rule from judgement where revoked_at is null and origin = 'person' order by verdict desc
"""
_FOUNDERS = (
    "select id, founder_id, extract(epoch from created_at)::float8 as age from customer where id = any($1::uuid[])"
)
_WEIGHTS = """
select profile_id, count(*) as records, count(*) filter (where occurred_at > now() - make_interval(days => $1)) as matters
from interaction group by profile_id
"""
_ASKED = """
select count(distinct (least(a.customer_id, b.customer_id), greatest(a.customer_id, b.customer_id)))
from judgement j join link a on a.profile_id = j.left_id
join link b on b.profile_id = j.right_id and b.customer_id <> a.customer_id
where j.revoked_at is null and j.origin = 'rule' and j.rule in ('suggestion', 'conflict')
"""

Watch = Callable[[str, int, int], None]


@dataclass(slots=True)
class Snapshot:
    """The base as a model sees it: nodes, their profiles, and how many people use each value."""

    payloads: dict[int, Payload] = field(default_factory=dict)
    members: dict[int, list[UUID]] = field(default_factory=dict)
    owners: Owners = field(default_factory=dict)
    anew: bool = False
    """Whether its nodes are not those of the database."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A change with its reason: what the candidate finds between the two sides, and, where both compare the same
    attributes, what the active model scores, in bits."""

    transfer: Transfer
    score: float
    active_score: float | None
    evidence: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shadow:
    """The outcome. ``cells``: the profiles of each customer that would be; ``reviews``: pairs of customers that a person
    is asked about, before and after."""

    active: str
    version: str
    cells: list[Cell]
    difference: Difference
    reviews: tuple[int, int]
    samples: list[Sample]


async def run(session: AsyncSession, candidate: Model, *, samples: int = 5, watch: Watch | None = None) -> Shadow:
    """Try a model on a snapshot of the base. The session's transaction must be new; it becomes read-only."""
    await session.execute(text(_SNAPSHOT))
    connection = await driver(session)
    await connection.execute(_STAY)
    active, scorer = await versions.active(connection), Scorer(candidate)
    live = {r[0]: r[1] async for r in connection.cursor("select profile_id, customer_id from link", prefetch=_BATCH)}
    snapshot = await _read(connection, active.model, candidate, live, watch)
    cells, asked = await _cells(connection, snapshot, active=active.model, scorer=scorer, profiles=live, watch=watch)
    _, customers = changed(live, cells)
    founders = {r["id"]: (r["founder_id"], r["age"]) for r in await connection.fetch(_FOUNDERS, list(customers))}
    weights = {
        r["profile_id"]: Weight(r["records"], r["matters"])
        async for r in connection.cursor(_WEIGHTS, OPEN_DAYS, prefetch=_BATCH)
    }
    found = differ(live, cells, founders, weights)
    heaviest = [t for kind in Kind for t in found.transfers[kind][:samples]]
    now = active if candidate.traits == active.model.traits else None
    return Shadow(
        active.model.version,
        candidate.version,
        cells,
        found,
        (await connection.fetchval(_ASKED), asked),
        _samples(heaviest, snapshot, scorer, now),
    )


async def _read(
    connection: asyncpg.Connection, active: Model, candidate: Model, live: Collection[UUID], watch: Watch | None
) -> Snapshot:
    result = Snapshot(anew=active.traits != candidate.traits)
    if result.anew:
        number: dict[bytes, int] = {}
        everyone = sorted(live)
        for start in range(0, len(everyone), _BATCH):
            found = await nodes.shown(connection, everyone[start : start + _BATCH], candidate.traits)
            for profile, (signature, payload) in found.items():
                node = number.setdefault(signature, len(number))
                result.payloads.setdefault(node, payload)
                result.members.setdefault(node, []).append(profile)
            if watch is not None:
                watch("profiles read", start + len(found), len(everyone))
    else:
        result.payloads = await retie.payloads_of(connection)
        async for r in connection.cursor("select node_id, profile_id from member", prefetch=_BATCH):
            result.members.setdefault(r["node_id"], []).append(r["profile_id"])
    result.owners = base.owners_of(result.payloads.values())
    return result


async def _cells(
    connection: asyncpg.Connection,
    snapshot: Snapshot,
    *,
    active: Model,
    scorer: Scorer,
    profiles: Collection[UUID],
    watch: Watch | None,
) -> tuple[list[Cell], int]:
    """The profiles of each customer by this model, and how many pairs of them would wait for a person."""
    payloads, owners, low = snapshot.payloads, snapshot.owners, round(scorer.model.suggested * BITS)
    same = retie.same_keys(active, scorer.model)
    groups = await retie.standing(connection) if same else retie.fresh(payloads, scorer.model.keys)
    scored: dict[tuple[int, int], int] = {}
    stored = None if snapshot.anew else connection
    async for found in retie.weighed(scorer, payloads, groups, stored=stored, watch=watch):
        for a, b, codes, _ in found:
            if codes is not None:
                score = scorer.total(scorer.weights(codes, payloads[a], payloads[b], owners))
                score = edges.strength(score, payloads[a], payloads[b], owners)
                if score.value >= low and score.shown:
                    scored[a, b] = score.value
    del groups
    rows = await connection.fetch(_DECIDED)
    verdicts = {(r["left_id"], r["right_id"]): r["verdict"] for r in rows}
    parts = matcher.apart(
        set(snapshot.members),
        snapshot.members,
        scored=scored,
        verdicts=verdicts,
        payloads=payloads,
        owners=owners,
        low=low,
    )
    ties = [
        cluster.Edge(r["left_id"], r["right_id"], r["verdict"] == "positive", by_person=True, rule=r["rule"])
        for r in rows
        if r["verdict"] != "unsure"
    ]
    asked: list[tuple[UUID, UUID]] = []
    for n, component in enumerate(parts):
        for w in judge(component, scorer):
            if w.verdict == "positive":
                ties.append(cluster.Edge(w.left, w.right, positive=True, by_person=False, rule=w.rule))
            elif w.rule in REVIEWED:
                asked.append((w.left, w.right))
        if watch is not None and n % _BATCH == 0:
            watch("components clustered", n, len(parts))
    cells = cluster.partition(profiles, ties)
    cell_of = {p: n for n, cell in enumerate(cells) for p in cell}
    pairs = {tuple(sorted((cell_of[a], cell_of[b]))) for a, b in asked if cell_of[a] != cell_of[b]}
    return cells, len(pairs)


def _samples(transfers: Sequence[Transfer], snapshot: Snapshot, scorer: Scorer, active: Scorer | None) -> list[Sample]:
    wanted = {p for t in transfers for p in (*t.profiles, *t.others)}
    node_of = {p: n for n, profiles in snapshot.members.items() for p in profiles if p in wanted}
    return [_sample(t, node_of, snapshot, scorer, active) for t in transfers]


def _sample(
    transfer: Transfer, node_of: Mapping[UUID, int], snapshot: Snapshot, scorer: Scorer, active: Scorer | None
) -> Sample:
    """The two sides as clustering would see them if each were one already."""
    left, right = (
        sorted({node_of[p] for p in side if p in node_of})[:_MOST] for side in (transfer.profiles, transfer.others)
    )
    payloads = [snapshot.payloads[n] for n in (*left, *right)]
    sides = range(len(left)), range(len(left), len(payloads))
    step = between(*sides, base.weigher(payloads, scorer, snapshot.owners), scorer)
    x, y = step.decisive
    before = None
    if active is not None:
        before = between(*sides, base.weigher(payloads, active, snapshot.owners), active).score / BITS
    evidence = explain(step, payloads[x], payloads[y], scorer, snapshot.owners)
    return Sample(transfer, step.score / BITS, before, evidence)

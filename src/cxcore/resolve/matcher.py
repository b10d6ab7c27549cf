"""Matching: profiles that changed are put on their nodes, and the components they touch are judged and derived anew."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.resolve import around, links, lock, nodes, shown, standing, users, versions
from cxcore.resolve.component import Component, Decided, Wanted, judge
from cxcore.resolve.edges import strength
from cxcore.resolve.exclusivity import Value
from cxcore.resolve.linkage import Edge, components
from cxcore.resolve.model import BITS
from cxcore.resolve.payload import Payload
from cxcore.resolve.score import Scorer
from cxcore.resolve.shown import Part

_MEMBERS = "select node_id, profile_id from member where node_id = any($1::bigint[])"
_NODE_OF = "select profile_id, node_id from member where profile_id = any($1::uuid[])"
_WRITE = """
insert into judgement (id, left_id, right_id, verdict, origin, rule, basis, score, evidence, model_version)
select j.id, j.left_id, j.right_id, j.verdict, 'rule', j.rule, j.rule, j.score, j.evidence, $8
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::double precision[], $7::jsonb[])
    as j(id, left_id, right_id, verdict, rule, score, evidence)
"""
_REVOKE = "update judgement set revoked_at = now(), revoked_by = $2 where id = any($1::uuid[])"


@dataclass(slots=True)
class Resolved:
    """What matching changed. ``made`` and ``gone``: the rules' judgements that are new, and those that hold no more (pair
    and rule)."""

    customers: set[UUID] = field(default_factory=set)
    judged: int = 0
    revoked: int = 0
    made: list[Wanted] = field(default_factory=list)
    gone: list[tuple[UUID, UUID, str]] = field(default_factory=list)
    nodes: set[int] = field(default_factory=set)
    """All of the components derived."""


async def resolve(
    session: AsyncSession,
    *,
    changed: Collection[UUID],
    removed: Mapping[UUID, UUID | None] = MappingProxyType({}),
) -> Resolved:
    """Judge the changed profiles and derive the customers they touch, in the caller's transaction.

    Afterwards every profile has exactly one link. ``removed`` profiles are gone, each with the profile that took its
    place, if one did: what rested on them is revoked, and those who shared something with them are judged again.
    """
    if not changed and not removed:
        return Resolved()
    connection = await driver(session)
    await lock.hold(connection)
    scorer = await versions.active(connection)
    placed = await nodes.place(connection, scorer, changed=changed, removed=removed)
    return await derive(session, scorer, placed.dirty, placed.payloads, changed=changed, removed=removed, cause="rule")


async def decide(session: AsyncSession, profiles: Collection[UUID], *, cause: str, undone: bool = False) -> Resolved:
    """Derive the customers of profiles anew after a decision of a person on them, or after it was ``undone``; the caller
    holds the lock."""
    connection = await driver(session)
    scorer = await versions.active(connection)
    found = {r["node_id"] for r in await connection.fetch(_NODE_OF, list(profiles))}
    return await derive(session, scorer, found, {}, changed=profiles, removed={}, cause=cause, undone=undone)


async def derive(
    session: AsyncSession,
    scorer: Scorer,
    dirty: Collection[int],
    payloads: dict[int, Payload],
    *,
    changed: Collection[UUID],
    removed: Mapping[UUID, UUID | None],
    cause: str,
    renew: bool = False,
    undone: bool = False,
) -> Resolved:
    """Judge the components around nodes anew, write what is different, and derive their customers; the caller holds the
    lock. With ``renew`` also what stays is written anew where another model said it."""
    connection = await driver(session)
    shown.locked(session)
    wanted: dict[tuple[UUID, UUID, str], Wanted] = {}
    found, profiles, nodes_known = await _components(connection, scorer, dirty, payloads)
    for component in found:
        for w in judge(component, scorer):
            wanted[w.left, w.right, w.rule] = w
    known = await standing.read(connection, [*profiles, *removed])
    live = {key: j.id for key, j in known.rules.items()}
    version = scorer.model.version
    gone = [key for key in live if key not in wanted]
    made = [w for key, w in sorted(wanted.items()) if key not in live]
    again = [k for k, j in known.rules.items() if renew and j.model_version != version and k in wanted]
    if gone or again:
        await connection.execute(_REVOKE, [live[key] for key in [*gone, *again]], f"model:{version}")
    if made or again:
        await _write(connection, [*made, *(wanted[key] for key in again)], version)
    judged = {p for left, right, _ in (*gone, *again) for p in (left, right)}
    judged |= {p for w in made for p in (w.left, w.right)}
    shown.changed(session, Part.REASONS, profiles=judged)
    present = profiles | set(changed)
    seeds = set(changed) | {p for key in gone for p in key[:2] if p in present}
    seeds |= {p for w in made if w.verdict == "positive" for p in (w.left, w.right)}
    customers = await links.regroup(
        session,
        seeds=seeds - set(removed),
        known=known.after(gone, made) if not removed else None,
        removed=removed,
        cause=cause,
        undone=undone,
        ended=[live[key] for key in gone],
    )
    return Resolved(customers, len(made), len(gone), made, gone, nodes_known)


async def _components(
    connection: asyncpg.Connection, scorer: Scorer, dirty: Collection[int], payloads: dict[int, Payload]
) -> tuple[list[Component], set[UUID], set[int]]:
    """The components that hold the dirty nodes, whole: by edges that count, and by what people decided. A profile that
    stands alone makes none; the profiles and nodes of all are given too."""
    low = round(scorer.model.suggested * BITS)
    members: dict[int, list[UUID]] = {}
    edges: dict[tuple[int, int], int] = {}
    codes: dict[tuple[int, int], bytes] = {}
    loose: set[tuple[int, int]] = set()
    decided: dict[tuple[UUID, UUID], str] = {}
    owners: dict[Value, int] = {}
    known: set[int] = set()
    weighed: set[int] = set()
    frontier = set(dirty)
    while frontier:
        known |= frontier
        there = await around.read(connection, frontier, payloads)
        members |= there.members
        reached = there.tied
        found = [pair for pair in there.edges if pair not in codes]
        codes |= there.edges
        ends = {n for pair in found for n in pair} - weighed
        weighed |= ends
        owners |= await users.owners_of(connection, [payloads[n] for n in ends])
        for a, b in found:
            score = scorer.total(scorer.weights(codes[a, b], payloads[a], payloads[b], owners))
            score = strength(score, payloads[a], payloads[b], owners)
            edges[a, b] = score.value if score.shown else low - 1
            if score.value >= low:
                if score.shown:
                    reached |= {a, b}
                else:
                    loose.add((a, b))
        decided |= there.decided
        frontier = reached - known
    people = {p for pair in decided for p in pair}
    tied = {n for n in known for p in members.get(n, ()) if p in people} - weighed
    await nodes.read(connection, tied, payloads)
    owners |= await users.owners_of(connection, [payloads[n] for n in tied])
    near = {n for pair in loose for n in pair} - known
    if near:
        for r in await connection.fetch(_MEMBERS, list(near)):
            members.setdefault(r["node_id"], []).append(r["profile_id"])
    inside = known & members.keys()
    found_parts = apart(
        inside,
        members,
        scored=edges,
        verdicts=decided,
        payloads=payloads,
        owners=owners,
        low=low,
        loose=loose,
        codes=codes,
    )
    return found_parts, {p for n in inside for p in members[n]}, known


def apart(
    known: set[int],
    members: Mapping[int, list[UUID]],
    *,
    scored: Mapping[tuple[int, int], int],
    verdicts: Mapping[tuple[UUID, UUID], str],
    payloads: Mapping[int, Payload],
    owners: Mapping[Value, int],
    low: int,
    loose: Collection[tuple[int, int]] = (),
    codes: Mapping[tuple[int, int], bytes] = MappingProxyType({}),
) -> list[Component]:
    """Part what was read into its components. ``loose``: pairs that show nothing of one's own, of any nodes with members;
    ``codes``: of pairs, where they are known."""
    node_of = {p: n for n in known for p in members[n]}
    edges: list[Edge] = [
        (score, a, b) for (a, b), score in sorted(scored.items()) if score >= low and a in known and b in known
    ]
    must = [
        (node_of[a], node_of[b])
        for (a, b), verdict in sorted(verdicts.items())
        if verdict == "positive" and a in node_of and b in node_of
    ]
    parts = components(sorted(known), edges, [p for p in must if p[0] != p[1]])
    part_of = {n: number for number, (part, _) in enumerate(parts) for n in part}
    decided: list[list[Decided]] = [[] for _ in parts]
    skipped: list[set[tuple[UUID, UUID]]] = [set() for _ in parts]
    pending: list[list[tuple[int, int]]] = [[] for _ in parts]
    for pair in sorted(loose):
        for n in {part_of[x] for x in pair if x in part_of}:
            if pair[0] in members and pair[1] in members:
                pending[n].append(pair)
    for (a, b), verdict in sorted(verdicts.items()):
        for n in {part_of[node_of[p]] for p in (a, b) if p in node_of}:
            if verdict == "unsure":
                skipped[n].add((a, b))
            else:
                decided[n].append(Decided(a, b, verdict == "positive"))
    return [
        Component(
            payloads={n: payloads[n] for n in (*part, *(x for pair in pending[k] for x in pair)) if n in payloads},
            members={n: members[n] for n in part},
            edges=inside,
            decided=decided[k],
            owners=owners,
            skipped=skipped[k],
            loose=pending[k],
            near={n: members[n] for pair in pending[k] for n in pair},
            codes={(a, b): codes[a, b] for _, a, b in inside if (a, b) in codes},
        )
        for k, (part, inside) in enumerate(parts)
        if len(part) > 1 or len(members[part[0]]) > 1 or pending[k]
    ]


async def _write(connection: asyncpg.Connection, wanted: Iterable[Wanted], version: str) -> None:
    rows = list(wanted)
    await connection.execute(
        _WRITE,
        [uuid4() for _ in rows],
        [w.left for w in rows],
        [w.right for w in rows],
        [w.verdict for w in rows],
        [w.rule for w in rows],
        [w.score for w in rows],
        [json.dumps(w.evidence) for w in rows],
        version,
    )

"""Nodes, their keys and edges as they stand in the database: placing profiles, and keeping the posting lists true.

What stands here is a function of the payloads alone: a key is retired while more than `blocking.LIMIT` nodes have it,
an edge stands while two nodes share a key that is not, and could be one person if nobody else used their identifiers.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any
from uuid import UUID

import asyncpg

from cxcore.db.session import copy_rows
from cxcore.normalise.codes import SCHEMES
from cxcore.resolve import blocking, edges, users
from cxcore.resolve.blocking import LIMIT
from cxcore.resolve.payload import Payload, from_json, payload, signature
from cxcore.resolve.score import Scorer

_PROFILES = """
select p.id, p.name, p.given_name, p.family_name, p.birth_date, p.address, case when $2 then p.attributes end,
       (select array_agg(i.scheme || case when i.verified then '!:' else ':' end || i.issuer || E'\\x1f' || i.value)
        from identifier i where i.profile_id = p.id)
from profile p where p.id = any($1::uuid[])
"""
_NEW = "insert into node (digest, payload) select * from unnest($1::bytea[], $2::text[]) returning id, digest"
_PLACE = """
update member m set node_id = p.node_id from unnest($1::uuid[], $2::bigint[]) as p(profile_id, node_id)
where m.profile_id = p.profile_id
"""
_EMPTY = """
select n.id, n.payload from node n
where n.id = any($1::bigint[]) and not exists (select from member m where m.node_id = n.id)
"""
_UNTIE = """
with gone as (delete from edge where left_id = any($1::bigint[]) returning left_id, right_id),
     too as (delete from edge where right_id = any($1::bigint[]) and left_id <> all($1::bigint[]) returning left_id, right_id)
select left_id, right_id from gone union all select left_id, right_id from too
"""
_HOLDERS = """
select k.key, h.node_id from unnest($1::bigint[]) as k(key)
cross join lateral (select node_id from node_key where key = k.key limit $2) h
"""
_TIE = """
insert into edge (left_id, right_id, codes) select * from unnest($1::bigint[], $2::bigint[], $3::bytea[])
on conflict do nothing
"""
_AMONG = "select left_id, right_id from edge where left_id = any($1::bigint[]) and right_id = any($1::bigint[])"


@dataclass(slots=True)
class Placed:
    """What placing changed: nodes whose customers must be derived anew, and the payloads read on the way."""

    dirty: set[int] = field(default_factory=set)
    payloads: dict[int, Payload] = field(default_factory=dict)


@dataclass(slots=True)
class _Change:
    """Nodes that came and went, with their payloads."""

    made: dict[int, Payload] = field(default_factory=dict)
    gone: dict[int, Payload] = field(default_factory=dict)
    keys: dict[int, list[int]] = field(default_factory=dict)


async def place(
    connection: asyncpg.Connection,
    scorer: Scorer,
    *,
    changed: Collection[UUID],
    removed: Collection[UUID],
    tie: bool = True,
) -> Placed:
    """Put profiles on the nodes of their payloads, and bring keys, counts and edges up to date. The caller holds the lock,
    and without ``tie`` writes keys and edges itself."""
    placed, change = Placed(), _Change()
    shown = await _payloads(connection, changed, scorer.model.traits)
    texts = {p: made.as_json() for p, made in shown.items()}
    digests = {p: _signature(made, p, texts[p]) for p, made in shown.items()}
    held = {
        r["profile_id"]: r["node_id"]
        for r in await connection.fetch(
            "select profile_id, node_id from member where profile_id = any($1::uuid[])", [*changed, *removed]
        )
    }
    nodes = {
        r["digest"]: r["id"]
        for r in await connection.fetch(
            "select id, digest from node where digest = any($1::bytea[])", sorted(set(digests.values()))
        )
    }
    fresh = {digests[p]: p for p in shown if digests[p] not in nodes}
    if fresh:
        order = sorted(fresh)
        for r in await connection.fetch(_NEW, order, [texts[fresh[d]] for d in order]):
            nodes[r["digest"]] = r["id"]
            change.made[r["id"]] = shown[fresh[r["digest"]]]
    moved = {p: nodes[d] for p, d in digests.items() if held.get(p) != nodes[d]}
    await copy_rows(connection, "member", ("profile_id", "node_id"), [m for m in moved.items() if m[0] not in held])
    if again := {p: n for p, n in moved.items() if p in held}:
        await connection.execute(_PLACE, list(again), list(again.values()))
    if removed:
        await connection.execute("delete from member where profile_id = any($1::uuid[])", list(removed))
    left = {held[p] for p in {*moved, *removed} if p in held}
    placed.dirty |= set(moved.values()) | left | {held[p] for p in digests if p in held}
    if left:
        for r in await connection.fetch(_EMPTY, list(left)):
            change.gone[r["id"]] = from_json(r["payload"])
    if change.gone:
        for r in await connection.fetch(_UNTIE, list(change.gone)):
            placed.dirty |= {r["left_id"], r["right_id"]}
        await connection.execute("delete from node where id = any($1::bigint[])", list(change.gone))
    if change.made or change.gone:
        placed.dirty |= await users.count(connection, change.made.values(), change.gone.values())
        if tie:
            placed.dirty |= await _tie(connection, scorer, change, placed.payloads)
    placed.dirty -= change.gone.keys()
    placed.payloads |= change.made
    return placed


async def _payloads(
    connection: asyncpg.Connection, profiles: Collection[UUID], traits: tuple[str, ...]
) -> dict[UUID, Payload]:
    found = {}
    for r in await connection.fetch(_PROFILES, list(profiles), bool(traits)):
        identifiers, verified = [], []
        for text in r[7] or ():
            code, _, rest = text.partition(":")
            issuer, _, value = rest.partition("\x1f")
            identifiers.append((SCHEMES.word(int(code.removesuffix("!"))), issuer, value))
            if code.endswith("!"):
                verified.append(identifiers[-1])
        attributes: dict[str, Any] = r[6] or {}
        found[r["id"]] = payload(
            name=r["name"],
            given_name=r["given_name"],
            family_name=r["family_name"],
            birth_date=r["birth_date"],
            address=r["address"],
            identifiers=identifiers,
            verified=verified,
            traits={t: str(attributes[t]) for t in traits if t in attributes},
        )
    return found


def _signature(made: Payload, profile: UUID, text: str) -> bytes:
    """The node's signature; that of a payload that identifies nobody is never shared."""
    found = signature(text)
    return found if made.identifying else hashlib.sha256(found + profile.bytes).digest()[:16]


async def shown(
    connection: asyncpg.Connection, profiles: Collection[UUID], traits: tuple[str, ...]
) -> dict[UUID, tuple[bytes, Payload]]:
    """The signature and payload that profiles would have by a model of these traits; nothing is placed."""
    found = await _payloads(connection, profiles, traits)
    return {p: (_signature(made, p, made.as_json()), made) for p, made in found.items()}


async def _tie(
    connection: asyncpg.Connection, scorer: Scorer, change: _Change, payloads: dict[int, Payload]
) -> set[int]:
    """Write the keys of new nodes, take away those of gone ones, and make and withdraw edges; answers the nodes at either
    end of an edge that was withdrawn or came back."""
    recipes = scorer.model.keys
    own = {n: blocking.keys(p, recipes) for n, p in change.made.items()}
    came, went = _by_key(own), _by_key({n: blocking.keys(p, recipes) for n, p in change.gone.items()})
    if change.gone:
        await connection.execute("delete from node_key where node_id = any($1::bigint[])", list(change.gone))
    touched = sorted({*came, *went})
    holders: dict[int, list[int]] = {key: [] for key in touched}
    for r in await connection.fetch(_HOLDERS, touched, LIMIT + 1):
        holders[r["key"]].append(r["node_id"])
    await copy_rows(connection, "node_key", ("key", "node_id"), ((key, n) for n, keys in own.items() for key in keys))
    pairs: set[tuple[int, int]] = set()
    revived: set[tuple[int, int]] = set()
    withdrawn: list[list[int]] = []
    for key, others in holders.items():
        new = came.get(key, set())
        before, now = len(others) + len(went.get(key, ())), len(others) + len(new)
        if now <= LIMIT:
            if before > LIMIT:
                revived |= {_pair(a, b) for a, b in combinations([*others, *new], 2)}
            else:
                pairs |= {_pair(a, b) for a in new for b in others}
                pairs |= {_pair(a, b) for a, b in combinations(new, 2)}
        elif before <= LIMIT:
            withdrawn.append(others)
    payloads |= change.made
    dirty = await _withdraw(connection, withdrawn) if withdrawn else set()
    made = await _compare(connection, scorer, pairs | revived, payloads)
    return dirty | {n for pair in made & revived for n in pair}


def _by_key(keys: Mapping[int, Iterable[int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for node, own in keys.items():
        for key in own:
            found[key].add(node)
    return found


def _pair(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


async def _withdraw(connection: asyncpg.Connection, groups: list[list[int]]) -> set[int]:
    """Take away the edges that stood on a key now retired and share no other that is live; answers their ends."""
    found: set[tuple[int, int]] = set()
    for nodes in groups:
        found |= {(r["left_id"], r["right_id"]) for r in await connection.fetch(_AMONG, nodes)}
    if not found:
        return set()
    keys: dict[int, set[int]] = defaultdict(set)
    rows = await connection.fetch(
        "select node_id, key from node_key where node_id = any($1::bigint[])",
        sorted({n for pair in found for n in pair}),
    )
    for r in rows:
        keys[r["node_id"]].add(r["key"])
    shared = sorted({key for a, b in found for key in keys[a] & keys[b]})
    counted: dict[int, int] = defaultdict(int)
    for r in await connection.fetch(_HOLDERS, shared, LIMIT + 1):
        counted[r["key"]] += 1
    gone = [(a, b) for a, b in found if not any(counted[key] <= LIMIT for key in keys[a] & keys[b])]
    await connection.execute(
        "delete from edge e using unnest($1::bigint[], $2::bigint[]) as g(a, b) where e.left_id = g.a and e.right_id = g.b",
        [a for a, _ in gone],
        [b for _, b in gone],
    )
    return {n for pair in gone for n in pair}


async def _compare(
    connection: asyncpg.Connection, scorer: Scorer, pairs: set[tuple[int, int]], payloads: dict[int, Payload]
) -> set[tuple[int, int]]:
    """Write the edges among candidates that could be one person; answers them."""
    await read(connection, {n for pair in pairs for n in pair}, payloads)
    rows = []
    for a, b in sorted(pairs):
        codes = edges.codes(scorer, payloads[a], payloads[b])
        if codes is not None:
            rows.append((a, b, codes))
    if rows:
        await connection.execute(_TIE, [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])
    return {(a, b) for a, b, _ in rows}


async def read(connection: asyncpg.Connection, nodes: Collection[int], payloads: dict[int, Payload]) -> None:
    """Read the payloads of nodes that are not there yet."""
    missing = [n for n in nodes if n not in payloads]
    if missing:
        for r in await connection.fetch("select id, payload from node where id = any($1::bigint[])", missing):
            payloads[r["id"]] = from_json(r["payload"])

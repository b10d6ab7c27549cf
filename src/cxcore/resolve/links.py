"""Links: which profiles make a customer, derived from the live judgements, with ids that survive."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import copy_rows, driver
from cxcore.events.outbox import publish
from cxcore.resolve import causes, shown
from cxcore.resolve.change import Change, plan
from cxcore.resolve.cluster import Edge, Living, Retired, assign, partition
from cxcore.resolve.shown import Part
from cxcore.resolve.standing import Standing

_SIBLINGS = """
select profile_id, customer_id from link
where customer_id in (select customer_id from link where profile_id = any($1::uuid[]))
"""
_EDGES = """
select left_id, right_id, verdict = 'positive', origin = 'person', rule from judgement
where revoked_at is null and verdict <> 'unsure' and left_id = any($1::uuid[])
union
select left_id, right_id, verdict = 'positive', origin = 'person', rule from judgement
where revoked_at is null and verdict <> 'unsure' and right_id = any($1::uuid[])
"""
_LIVING = """
select id, founder_id, extract(epoch from created_at)::float8 as age from customer where id = any($1::uuid[])
"""
_FOUNDED = "select founder_id, count(*) as n from customer where founder_id = any($1::uuid[]) group by 1"
_RETIRED = """
select id, founder_id, extract(epoch from retired_at)::float8 as retired_at from customer
where founder_id = any($1::uuid[]) and merged_into is not null
"""
_REVIVE = """
update customer set merged_into = null, retired_at = null, version = version + 1 where id = any($1::uuid[])
"""
_RETIRE = """
update customer c set merged_into = r.successor, retired_at = clock_timestamp(), version = version + 1
from unnest($1::uuid[], $2::uuid[]) as r(id, successor) where c.id = r.id
"""
_COMPRESS = """
update customer c set merged_into = r.successor
from unnest($1::uuid[], $2::uuid[]) as r(id, successor) where c.merged_into = r.id
"""
_FOLLOW = """
update customer c set merged_into = l.customer_id from link l
where c.merged_into is not null and l.profile_id = c.founder_id and c.merged_into <> l.customer_id
  and (c.merged_into = any($1::uuid[]) or c.founder_id = any($2::uuid[]))
"""
_LINK = """
update link l set customer_id = m.customer_id, since = now()
from unnest($1::uuid[], $2::uuid[]) as m(profile_id, customer_id)
where l.profile_id = m.profile_id and l.customer_id <> m.customer_id
"""
_HEIRS = """
select h.id, l.customer_id as successor from unnest($1::uuid[], $2::uuid[]) as h(id, profile_id)
join link l on l.profile_id = h.profile_id
where l.customer_id <> h.id and not exists (select 1 from link x where x.customer_id = h.id)
"""
_TOUCH = "update customer set version = version + 1 where id = any($1::uuid[])"
_UNLINK = "delete from link where profile_id = any($1::uuid[]) returning profile_id, customer_id"


async def regroup(
    session: AsyncSession,
    *,
    seeds: Collection[UUID],
    removed: Mapping[UUID, UUID | None],
    cause: str,
    undone: bool = False,
    ended: Collection[UUID] = (),
    known: Standing | None = None,
) -> set[UUID]:
    """Derive the customers around ``seeds`` anew and write what changed; answers the customers touched.

    ``removed`` profiles are gone, each with the profile that took its place, if one did. The caller holds the matcher's
    lock. A merged customer's id leads to the customer that now holds the profile it began with, always in one hop; a
    customer left without profiles leads to where most of them went. ``undone``: a decision was taken back, so ids go home.
    ``ended``: the rules' judgements that hold no more, for the events to tell. ``known``: what was read of some profiles.
    """
    connection = await driver(session)
    left_behind: dict[UUID, UUID] = {}
    if removed:
        left_behind = {r["profile_id"]: r["customer_id"] for r in await connection.fetch(_UNLINK, list(removed))}
    customer_of, edges = await _component(connection, set(seeds), set(left_behind.values()), known or Standing(set()))
    profiles = set(customer_of)
    before: dict[UUID, set[UUID]] = {}
    for profile, customer in customer_of.items():
        if customer is not None:
            before.setdefault(customer, set()).add(profile)
    clusters = partition(profiles, edges)
    given = await _assigned(connection, clusters, before, undone=undone)
    founders = [min(c) if len(c) > 1 else next(iter(c)) for c, identity in given.items() if identity is None]
    founded = {r["founder_id"]: r["n"] for r in await connection.fetch(_FOUNDED, founders)} if founders else {}
    change = plan(given, customer_of, founded)
    await _apply(session, connection, change, customer_of, cause=cause, ended=ended)
    shown.changed(session, Part.PROFILES, customers={*change.changed, *change.moved.values(), *left_behind.values()})
    shown.told(session, {*change.created, *change.split})
    if left_behind:
        await _bequeath(session, left_behind, removed, cause=cause)
    return set(change.moved.values()) | change.changed


async def _assigned(
    connection: asyncpg.Connection,
    clusters: Sequence[frozenset[UUID]],
    before: Mapping[UUID, set[UUID]],
    *,
    undone: bool,
) -> dict[frozenset[UUID], UUID | None]:
    """Which customer id each cluster carries on; one customer whose profiles stay together, the most of them, asks nothing."""
    if not before:
        return assign(clusters, [], [])
    if len(before) == len(clusters) == 1:
        return {clusters[0]: next(iter(before))}
    alive = {r["id"]: r for r in await connection.fetch(_LIVING, list(before))}
    living = [Living(c, frozenset(ps), alive[c]["founder_id"], (alive[c]["age"], c)) for c, ps in before.items()]
    everyone = [p for cluster in clusters for p in cluster]
    retired = [Retired(r["id"], r["founder_id"], r["retired_at"]) for r in await connection.fetch(_RETIRED, everyone)]
    return assign(clusters, living, retired, undone=undone)


async def _component(
    connection: asyncpg.Connection, seeds: set[UUID], customers: set[UUID], known: Standing
) -> tuple[dict[UUID, UUID | None], set[Edge]]:
    """All profiles that a change around the seeds can reach, with their present customers, and the edges among them."""
    customer_of: dict[UUID, UUID | None] = {}
    edges: set[Edge] = set()
    frontier = set(seeds)
    if customers:
        found = await connection.fetch(
            "select profile_id from link where customer_id = any($1::uuid[])", list(customers)
        )
        frontier |= {r["profile_id"] for r in found}
    while frontier:
        customer_of |= dict.fromkeys(frontier)
        siblings = known.siblings(frontier & known.profiles)
        if unknown := frontier - known.profiles:
            siblings += await connection.fetch(_SIBLINGS, list(unknown))
        news = frontier | {profile for profile, _ in siblings if profile not in customer_of}
        customer_of |= dict(siblings)
        found = {e for p in news & known.profiles for e in known.ties.get(p, ())}
        if unknown := news - known.profiles:
            found |= {Edge(*r) for r in await connection.fetch(_EDGES, list(unknown))}
        edges |= found
        frontier = {p for e in found for p in (e.left, e.right) if p not in customer_of}
        frontier = await _existing(connection, frontier) if frontier else frontier
    return customer_of, edges


async def _existing(connection: asyncpg.Connection, profiles: set[UUID]) -> set[UUID]:
    """Those that are linked: a judgement outlives a profile that was removed."""
    found = await connection.fetch("select profile_id from link where profile_id = any($1::uuid[])", list(profiles))
    return {r["profile_id"] for r in found}


async def _apply(
    session: AsyncSession,
    connection: asyncpg.Connection,
    change: Change,
    customer_of: Mapping[UUID, UUID | None],
    *,
    cause: str,
    ended: Collection[UUID],
) -> None:
    await copy_rows(connection, "customer", ("id", "founder_id"), list(change.created.items()))
    if change.revived:
        await connection.execute(_REVIVE, change.revived)
    if change.moved:
        news = [m for m in change.moved.items() if customer_of[m[0]] is None]
        await copy_rows(connection, "link", ("profile_id", "customer_id"), news)
        if moved := {p: c for p, c in change.moved.items() if customer_of[p] is not None}:
            await connection.execute(_LINK, list(moved), list(moved.values()))
    if change.ended:
        await retire(connection, change.ended)
    if change.changed:
        await connection.execute(_FOLLOW, list(change.changed), list(change.moved))
        touched = (change.changed | set(change.moved.values())) - change.ended.keys() - change.created.keys()
        await connection.execute(_TOUCH, list(touched))
    await publish(session, await causes.events(connection, change, customer_of, cause=cause, ended=ended))


async def retire(connection: asyncpg.Connection, successors: Mapping[UUID, UUID]) -> None:
    """Let customer ids, and all that led to them, lead to their successors."""
    await connection.execute(_RETIRE, list(successors), list(successors.values()))
    await connection.execute(_COMPRESS, list(successors), list(successors.values()))


async def _bequeath(
    session: AsyncSession, left_behind: Mapping[UUID, UUID], removed: Mapping[UUID, UUID | None], *, cause: str
) -> None:
    """A customer that lost its last profile leads to the customer of the profile that took that one's place."""
    connection = await driver(session)
    heirs = {customer: heir for profile, customer in left_behind.items() if (heir := removed[profile]) is not None}
    found = {r["id"]: r["successor"] for r in await connection.fetch(_HEIRS, list(heirs), list(heirs.values()))}
    if found:
        await retire(connection, found)
        await publish(session, causes.bequeathed(found, cause=cause))

"""Deriving who is who anew for a whole base: after an upgrade, or to make another model the active one."""

import asyncio
from collections.abc import Callable
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import copy_rows, driver
from cxcore.events.outbox import DomainEvent, EventType, publish
from cxcore.resolve import lock, matcher, nodes, shown, versions
from cxcore.resolve.model import Model
from cxcore.resolve.score import Scorer
from cxcore.resolve.spark import Spark

_BATCH = 5000
_NEXT = "select id from profile where id > $1 order by id limit $2"
_NODES = "select id, payload from node order by id"
_PARTS = "select node_id from member where node_id > $1 group by node_id order by node_id limit $2"


Watch = Callable[[str, int, int], None]


async def rebuild(
    session: AsyncSession,
    *,
    chosen: Model | None = None,
    by: str = "cxcore",
    spark: Spark | None = None,
    watch: Watch | None = None,
) -> int:
    """Compare all profiles anew and derive all customers, in the caller's transaction: readers see the old ones until
    it commits. ``chosen`` becomes the active model, and an unfinished switch of models is finished by it. With ``spark``
    keys and edges are made there, all at once. People's decisions and customers' ids stay. Answers how many profiles
    there are.
    """
    connection = await driver(session)
    await lock.hold(connection)
    await versions.settle(connection)
    if chosen is not None and (before := await versions.activate(connection, chosen, by=by)) is not None:
        data = {"version": chosen.version, "previous": before, "by": by}
        await publish(session, [DomainEvent(EventType.MODEL_ACTIVATED, uuid4(), data)])
    scorer = await versions.active(connection)
    done = await place(connection, scorer, spark=spark, watch=watch)
    await connection.execute("analyze node, member, node_key, value_name, edge, judgement, link")
    derived, node = 0, 0
    if watch is not None:
        watch("profiles derived", 0, done)
    while parts := await connection.fetch(_PARTS, node, _BATCH):
        dirty = {r["node_id"] for r in parts}
        node = parts[-1]["node_id"]
        own = await connection.fetch("select profile_id from member where node_id = any($1::bigint[])", list(dirty))
        changed = [r["profile_id"] for r in own]
        await matcher.derive(session, scorer, dirty, {}, changed=changed, removed={}, cause="rebuild", renew=True)
        await shown.tell(session)
        derived += len(own)
        if watch is not None:
            watch("profiles derived", derived, done)
    return done


async def place(
    connection: asyncpg.Connection, scorer: Scorer, *, spark: Spark | None = None, watch: Watch | None = None
) -> int:
    """Make nodes, keys and edges of all profiles anew; the caller holds the lock. Answers how many profiles there are."""
    await connection.execute("truncate node, member, node_key, value_name, edge")
    total = await connection.fetchval("select count(*) from profile")
    done, last = 0, UUID(int=0)
    while rows := await connection.fetch(_NEXT, last, _BATCH):
        profiles = [r["id"] for r in rows]
        await nodes.place(connection, scorer, changed=profiles, removed=(), tie=spark is None)
        done, last = done + len(profiles), profiles[-1]
        if watch is not None:
            watch("profiles compared" if spark is None else "profiles placed", done, total)
        if done <= 2 * _BATCH:
            await connection.execute("analyze node, member, node_key, value_name, edge")
    if spark is not None:
        await _tie(connection, scorer.model, spark, watch)
    return done


async def _tie(connection: asyncpg.Connection, model: Model, spark: Spark, watch: Watch | None) -> None:
    """Write the keys and edges of all nodes as Spark makes them: those that the online path makes one by one."""
    held = [(r["id"], r["payload"]) async for r in connection.cursor(_NODES, prefetch=10_000)]
    pairs = await asyncio.to_thread(spark.pairs, held, model, watch)
    await copy_rows(connection, "node_key", ("key", "node_id"), pairs.keys())
    await copy_rows(connection, "edge", ("left_id", "right_id", "codes"), pairs.edges())

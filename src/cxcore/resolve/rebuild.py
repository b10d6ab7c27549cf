"""Deriving who is who anew for a whole base: after an upgrade, or to make another model the active one."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.resolve import lock, matcher, nodes, versions
from cxcore.resolve.model import Model

_BATCH = 5000
_NEXT = "select id from profile where id > $1 order by id limit $2"
_PARTS = "select node_id from member where node_id > $1 group by node_id order by node_id limit $2"


async def rebuild(
    session: AsyncSession, *, chosen: Model | None = None, watch: Callable[[str, int, int], None] | None = None
) -> int:
    """Compare all profiles anew and derive all customers, in the caller's transaction: readers see the old ones until
    it commits. ``chosen`` becomes the active model. People's decisions and customers' ids stay. Answers how many
    profiles there are.
    """
    connection = await driver(session)
    await lock.hold(connection)
    if chosen is not None:
        await versions.activate(connection, chosen)
    scorer = await versions.active(connection)
    await connection.execute("truncate node, member, node_key, value_name, edge")
    total = await connection.fetchval("select count(*) from profile")
    done, last = 0, UUID(int=0)
    while rows := await connection.fetch(_NEXT, last, _BATCH):
        profiles = [r["id"] for r in rows]
        await nodes.place(connection, scorer, changed=profiles, removed=())
        done, last = done + len(profiles), profiles[-1]
        if watch is not None:
            watch("compared", done, total)
        if done <= 2 * _BATCH:
            await connection.execute("analyze node, member, node_key, value_name, edge")
    await connection.execute("analyze node, member, node_key, value_name, edge, judgement, link")
    derived, node = 0, 0
    while parts := await connection.fetch(_PARTS, node, _BATCH):
        dirty = {r["node_id"] for r in parts}
        node = parts[-1]["node_id"]
        own = await connection.fetch("select profile_id from member where node_id = any($1::bigint[])", list(dirty))
        await matcher.derive(
            session, scorer, dirty, {}, changed=[r["profile_id"] for r in own], removed={}, cause="rebuild"
        )
        derived += len(own)
        if watch is not None:
            watch("derived", derived, total)
    return done

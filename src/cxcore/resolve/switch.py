"""Another model made the active one while the base is in use, and taken back.

First one transaction makes it active and brings keys and edges to it; then components are derived in batches, each a
transaction that holds the writers' lock for itself alone, so arrivals go on between, by the new model. How far it has
come is stored with each batch: a switch that was killed goes on where it stood.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import Database, driver
from cxcore.errors import Conflict
from cxcore.events.outbox import DomainEvent, EventType, publish
from cxcore.resolve import lock, matcher, restore, retie, versions
from cxcore.resolve.model import Model

BATCH = 200
"""Nodes whose components are derived in one transaction: some 50 ms, which arrivals wait at most. One component each
would spend most of the time on commits."""
_OPEN = "select id, version, previous, undoes, actor, node_id from model_switch where open"
_WRITE = """
insert into model_switch (id, version, previous, undoes, actor, reason, open) values ($1, $2, $3, $4, $5, $6, true)
"""
_LAST = """
select m.previous, s.id from identity_model m
left join model_switch s on s.version = m.version and s.started_at = m.activated_at
where m.active
"""
_NEXT = "select id from node where id > $1 order by id limit $2"
_ADVANCE = "update model_switch set node_id = $2 where id = $1"
_FINISH = "update model_switch set open = false, finished_at = now() where id = $1"

Watch = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Switch:
    """A change of models on its way: components up to ``node`` are derived."""

    id: UUID
    version: str
    previous: str
    undoes: UUID | None
    actor: str
    node: int


async def unfinished(connection: asyncpg.Connection) -> Switch | None:
    """The switch that has not come to its end."""
    row = await connection.fetchrow(_OPEN)
    return None if row is None else Switch(*row)


async def begin(
    session: AsyncSession,
    chosen: Model,
    *,
    actor: str,
    reason: str,
    undoes: UUID | None = None,
    watch: Watch | None = None,
) -> Switch:
    """Make a model the active one and bring keys and edges to it, in the caller's transaction; `go_on` derives.

    Raises:
        Conflict: it is the active one already, or another switch has not come to its end.
    """
    connection = await driver(session)
    await lock.hold(connection)
    if (other := await unfinished(connection)) is not None:
        raise Conflict(
            f"The switch to {other.version} is not finished.", hint="Run `cxcore identity switch --resume` first."
        )
    before = (await versions.active(connection)).model
    if before.version == chosen.version:
        raise Conflict(f"{chosen.version} is the active model already.")
    begun = Switch(uuid4(), chosen.version, before.version, undoes, actor, 0)
    await versions.activate(connection, chosen, by=actor)
    await restore.keep(connection, begun.id, beside=undoes)
    await connection.execute(_WRITE, begun.id, begun.version, begun.previous, undoes, actor, reason)
    await retie.retie(connection, await versions.active(connection), before=before, watch=watch)
    data = {"version": begun.version, "previous": begun.previous, "by": actor}
    await publish(session, [DomainEvent(EventType.MODEL_ACTIVATED, begun.id, data)])
    return begun


async def back(session: AsyncSession, *, actor: str, reason: str, watch: Watch | None = None) -> Switch:
    """Begin to switch to the model that was active before; a switch to the present one that is unfinished ends where it
    stands. When it is finished, customers have the ids that they had.

    Raises:
        Conflict: none was active before.
    """
    connection = await driver(session)
    await lock.hold(connection)
    await versions.active(connection)
    row = await connection.fetchrow(_LAST)
    if row is None or row["previous"] is None:
        raise Conflict("No other model was active before this one.")
    await versions.settle(connection)
    chosen = await versions.named(connection, row["previous"])
    return await begin(session, chosen, actor=actor, reason=reason, undoes=row["id"], watch=watch)


async def go_on(database: Database, switch: Switch, *, watch: Watch | None = None) -> None:
    """Derive the components that are left, batch by batch, each in a transaction of its own.

    Raises:
        Conflict: the switch was ended by another one, or by a rebuild.
    """
    derived: set[int] = set()
    while True:
        async with database.unit() as session:
            connection = await driver(session)
            await lock.hold(connection)
            now = await unfinished(connection)
            if now is None or now.id != switch.id:
                raise Conflict(f"The switch to {switch.version} was ended by another one.")
            last = await _batch(session, connection, now, derived)
            if last is None:
                await _finish(session, connection, now)
                return
            if watch is not None:
                first, end = await connection.fetchrow("select min(id), max(id) + 1 from node")
                watch("nodes derived", last + 1 - first, end - first)


async def _batch(
    session: AsyncSession, connection: asyncpg.Connection, switch: Switch, derived: set[int]
) -> int | None:
    """Derive the components of the next nodes, except those ``derived`` with others; answers the last node."""
    rows = await connection.fetch(_NEXT, switch.node, BATCH)
    if not rows:
        return None
    if dirty := {r["id"] for r in rows} - derived:
        scorer, cause = await versions.active(connection), f"model:{switch.version}"
        done = await matcher.derive(session, scorer, dirty, {}, changed=(), removed={}, cause=cause, renew=True)
        derived |= done.nodes
    last: int = rows[-1]["id"]
    await connection.execute(_ADVANCE, switch.id, last)
    return last


async def _finish(session: AsyncSession, connection: asyncpg.Connection, switch: Switch) -> None:
    if switch.undoes is not None:
        await restore.restore(session, switch.undoes, cause=f"model:{switch.version}")
    await connection.execute(_FINISH, switch.id)

"""Customers' ids as they were before a switch of models: given back to who they stood for, when it is taken back.

Deriving gives an id to the customer that holds most of its profiles, or what it began with; where a switch went through
ties it need not find the same ids on the way back. So the links of before are kept, and settle it.
"""

from collections.abc import Mapping
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.events.outbox import publish
from cxcore.resolve import causes, links, shown
from cxcore.resolve.shown import Part

_DIFFERENT = """
with pair as (
    select distinct f.customer_id as former, l.customer_id as current
    from former_link f join link l on l.profile_id = f.profile_id where f.switch_id = $1
), whole as (select former from pair group by former having count(*) = 1),
   sole as (select current from pair group by current having count(*) = 1)
select former, current from pair join whole using (former) join sole using (current) where former <> current
"""
_LIVING = "select id from customer where id = any($1::uuid[]) and merged_into is null"
_KNOWN = "select id from customer where id = any($1::uuid[])"
_REVIVE = """
update customer set merged_into = null, retired_at = null, version = version + 1 where id = any($1::uuid[])
"""
_FORWARD = """
update customer c set merged_into = m.former from unnest($1::uuid[], $2::uuid[]) as m(current, former)
where c.merged_into = m.current
"""
_LINK = """
update link l set customer_id = m.former, since = now() from unnest($1::uuid[], $2::uuid[]) as m(current, former)
where l.customer_id = m.current
"""


async def keep(connection: asyncpg.Connection, switch: UUID, *, beside: UUID | None) -> None:
    """Remember the links as they stand, and forget those of other switches but ``beside``."""
    await connection.execute("delete from former_link where switch_id is distinct from $1", beside)
    await connection.execute(
        "insert into former_link (switch_id, profile_id, customer_id) select $1, profile_id, customer_id from link",
        switch,
    )


async def restore(session: AsyncSession, switch: UUID, *, cause: str) -> None:
    """Give customers who hold the profiles of one before the switch, and of no other, that one's id; the caller holds the
    lock. What arrived since stays with them. Ids that go lead to those that came back."""
    connection = await driver(session)
    wanted = {r["current"]: r["former"] for r in await connection.fetch(_DIFFERENT, switch)}
    wanted = await _free(connection, wanted)
    if wanted:
        currents, formers = list(wanted), list(wanted.values())
        await connection.execute(_REVIVE, formers)
        await connection.execute(_FORWARD, currents, formers)
        await connection.execute(_LINK, currents, formers)
        ended = {c: f for c, f in wanted.items() if c not in set(formers)}
        await links.retire(connection, ended)
        await publish(session, causes.bequeathed(ended, cause=cause))
        shown.changed(session, Part.PROFILES, customers=formers)
    await connection.execute("delete from former_link where switch_id = $1", switch)


async def _free(connection: asyncpg.Connection, wanted: Mapping[UUID, UUID]) -> dict[UUID, UUID]:
    """Without the ids that someone bears who keeps them."""
    formers = list(wanted.values())
    living = {r["id"] for r in await connection.fetch(_LIVING, formers)}
    known = {r["id"] for r in await connection.fetch(_KNOWN, formers)}
    kept = {c: f for c, f in wanted.items() if f in known}
    while taken := {c for c, f in kept.items() if f in living and f not in kept}:
        for c in taken:
            del kept[c]
    return kept

"""Places: where the copies of landed objects lie, so that an object is deleted when its last copy is."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from cxcore.model.ids import RecordId, SourceId
from cxcore.sdk.place import Gone, Place, Renumbered

_REPLACED = """
select p.record_id from place p
join unnest($2::text[], $3::bigint[], $4::bigint[], $5::uuid[]) as n(scope, epoch, number, record_id)
  on p.source_id = $1 and p.scope = n.scope and p.epoch = n.epoch and p.number = n.number
where p.record_id <> n.record_id
"""
_NOTE = """
insert into place (source_id, scope, epoch, number, record_id)
select $1, * from unnest($2::text[], $3::bigint[], $4::bigint[], $5::uuid[])
on conflict (source_id, scope, epoch, number) do update set record_id = excluded.record_id
where place.record_id <> excluded.record_id
"""
_EMPTY = """
delete from place p using unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) as g(scope, epoch, first, last)
where p.source_id = $1 and p.scope = g.scope and p.epoch = g.epoch and p.number between g.first and g.last
returning p.record_id
"""
_RENUMBERED = """
delete from place p using unnest($2::text[], $3::bigint[]) as g(scope, epoch)
where p.source_id = $1 and p.scope = g.scope and p.epoch <> g.epoch
returning p.record_id
"""
_WITHOUT = """
select distinct c.id from unnest($2::uuid[]) as c(id)
where not exists (select 1 from place p where p.source_id = $1 and p.record_id = c.id) order by 1
"""


async def move(
    connection: asyncpg.Connection,
    *,
    source_id: SourceId,
    held: Mapping[Place, RecordId],
    gone: Sequence[Gone | Renumbered],
) -> list[UUID]:
    """Note what places hold, then empty those that are gone; answers the objects that lost their last place by it.

    The caller holds the source's landing lock.
    """
    left: list[UUID] = []
    if held:
        rows = ([p.scope for p in held], [p.epoch for p in held], [p.number for p in held], list(held.values()))
        left += [row["record_id"] for row in await connection.fetch(_REPLACED, source_id, *rows)]
        await connection.execute(_NOTE, source_id, *rows)
    if empty := [g for g in gone if isinstance(g, Gone)]:
        columns = (
            [g.scope for g in empty],
            [g.epoch for g in empty],
            [g.first for g in empty],
            [g.last for g in empty],
        )
        left += [row["record_id"] for row in await connection.fetch(_EMPTY, source_id, *columns)]
    if anew := [g for g in gone if isinstance(g, Renumbered)]:
        found = await connection.fetch(_RENUMBERED, source_id, [g.scope for g in anew], [g.epoch for g in anew])
        left += [row["record_id"] for row in found]
    if not left:
        return []
    return [row["id"] for row in await connection.fetch(_WITHOUT, source_id, left)]

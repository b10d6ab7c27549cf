"""Taking away what a source's records became, batch by batch."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.model.ids import SourceId

_NEXT = "select id from profile where source_id = $1 and id > $2 order by id limit $3"
_START = UUID(int=0)


async def profiles(session: AsyncSession, *, source_id: SourceId, after: UUID | None, limit: int) -> list[UUID]:
    """Delete the next profiles of a source, in the order of their ids, with their interactions; answers which. Whoever
    linked them must be told in the same transaction (`matcher.resolve`)."""
    connection = await driver(session)
    gone = [r["id"] for r in await connection.fetch(_NEXT, source_id, after or _START, limit)]
    for table in ("participant", "interaction"):
        await connection.execute(f"delete from {table} where profile_id = any($1::uuid[])", gone)  # noqa: S608 - ours
    await connection.execute("delete from profile where id = any($1::uuid[])", gone)
    return gone


async def rest(session: AsyncSession, *, source_id: SourceId) -> None:
    """Delete what is left of a source without profiles: its conversations, and how far it was normalised."""
    connection = await driver(session)
    await connection.execute("delete from conversation where source_id = $1", source_id)
    await connection.execute("delete from normalisation where source_id = $1", source_id)

"""Taking away what a source brought, batch by batch."""

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.model.ids import SourceId

_SET_ASIDE = "delete from quarantine where source_id = $1 and sequence <= $2"
_RECORDS = "delete from source_record where source_id = $1 and sequence <= $2"
_UP_TO = """
select max(sequence) from (select sequence from source_record where source_id = $1 order by sequence limit $2) r
"""


async def records(session: AsyncSession, *, source_id: SourceId, limit: int) -> bool:
    """Delete the first landed records of a source, and that they were set aside; answers whether there were any."""
    connection = await driver(session)
    last = await connection.fetchval(_UP_TO, source_id, limit)
    if last is not None:
        await connection.execute(_SET_ASIDE, source_id, last)
        await connection.execute(_RECORDS, source_id, last)
    return last is not None


async def rest(session: AsyncSession, *, source_id: SourceId) -> None:
    """Delete how far the source was landed, and where its copies lay; its records must be gone."""
    connection = await driver(session)
    await connection.execute("delete from place where source_id = $1", source_id)
    await connection.execute("delete from landing where source_id = $1", source_id)

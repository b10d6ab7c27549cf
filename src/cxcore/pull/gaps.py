"""Gaps: times of a stream that a source cannot give any more, kept so that nobody takes them for silence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.model.ids import SourceId
from cxcore.pull import tables
from cxcore.sdk.page import Gap


@dataclass(frozen=True, slots=True)
class Noticed:
    """A gap of a source's stream."""

    source_id: SourceId
    stream: str
    since: datetime
    until: datetime
    reason: str


async def note(session: AsyncSession, *, source_id: SourceId, stream: str, found: Iterable[Gap]) -> None:
    """Keep the gaps that a page tells of; told again, the longer one counts."""
    for gap in found:
        row = insert(tables.Gap).values(
            source_id=source_id, stream=stream, since=gap.since, until=gap.until, reason=gap.reason
        )
        await session.execute(
            row.on_conflict_do_update(
                index_elements=["source_id", "stream", "since"],
                set_={"until": row.excluded.until, "reason": row.excluded.reason},
                where=tables.Gap.until < row.excluded.until,
            )
        )


async def forget(session: AsyncSession, *, source_id: SourceId, stream: str) -> None:
    """Forget the gaps of a stream that is read from the start: what is still missing will be told again."""
    await session.execute(delete(tables.Gap).where(tables.Gap.source_id == source_id, tables.Gap.stream == stream))


async def everything(session: AsyncSession) -> list[Noticed]:
    """All gaps, by source and time."""
    wanted = select(tables.Gap).order_by(tables.Gap.source_id, tables.Gap.since, tables.Gap.stream)
    return [
        Noticed(SourceId(g.source_id), g.stream, g.since, g.until, g.reason)
        for g in (await session.execute(wanted)).scalars()
    ]

"""Quarantine: records that could not be understood, kept with the reason until they can."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.land.store import Landed
from cxcore.land.tables import Quarantine
from cxcore.model.ids import RecordId, SourceId


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a landed record was set aside. The reason is free of personal data."""

    sequence: int
    code: str
    reason: str
    origin: str | None


async def set_aside(session: AsyncSession, *, source_id: SourceId, rejections: Iterable[Rejection]) -> None:
    """Put records into quarantine, or renew the reason of those already there."""
    rows = [
        {"source_id": source_id, "sequence": r.sequence, "code": r.code, "reason": r.reason, "origin": r.origin}
        for r in rejections
    ]
    if not rows:
        return
    statement = insert(Quarantine).values(rows)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["source_id", "sequence"],
            set_={
                "code": statement.excluded.code,
                "reason": statement.excluded.reason,
                "attempts": Quarantine.attempts + 1,
                "last_attempt_at": func.now(),
            },
        )
    )


async def release(session: AsyncSession, *, source_id: SourceId, records: Sequence[Landed]) -> None:
    """Take records out of quarantine that were understood now, or whose newer version was."""
    if records:
        newest: dict[RecordId, int] = {}
        for record in records:
            newest[record.id] = max(record.sequence, newest.get(record.id, 0))
        await session.execute(
            text("""
                delete from quarantine q
                using unnest(cast(:ids as uuid[]), cast(:upto as bigint[])) as u(id, upto)
                join source_record r on r.id = u.id and r.sequence <= u.upto
                where q.source_id = :source_id and r.source_id = q.source_id and r.sequence = q.sequence
            """),
            {"ids": list(newest), "upto": list(newest.values()), "source_id": source_id},
        )


async def waiting(session: AsyncSession, *, source_id: SourceId, after: int = 0, limit: int = 500) -> list[Quarantine]:
    """Quarantined records of a source in order of landing, behind a sequence."""
    found = await session.execute(
        select(Quarantine)
        .where(Quarantine.source_id == source_id, Quarantine.sequence > after)
        .order_by(Quarantine.sequence)
        .limit(limit)
    )
    return list(found.scalars())


async def counts(session: AsyncSession) -> dict[int, int]:
    """How many records stand in quarantine, per source id."""
    found = await session.execute(select(Quarantine.source_id, func.count()).group_by(Quarantine.source_id))
    return {source: n for source, n in found}  # noqa: C416 - rows are not tuples to the type checker

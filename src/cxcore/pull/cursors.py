"""Cursors and runs: where each stream stands, and what each pull brought."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.errors import OperatorError
from cxcore.model.ids import SourceId
from cxcore.pull.tables import Cursor, Run
from cxcore.sdk.page import Page

LIMIT = 4096


async def read(session: AsyncSession, *, source_id: SourceId, stream: str) -> Mapping[str, Any] | None:
    """The cursor of a stream, None at its start."""
    found = await session.execute(select(Cursor.value).where(Cursor.source_id == source_id, Cursor.stream == stream))
    return found.scalar_one_or_none()


async def save(
    session: AsyncSession, *, source_id: SourceId, stream: str, value: Mapping[str, Any], complete_to: datetime | None
) -> None:
    """Save a cursor in the transaction that lands its page."""
    statement = insert(Cursor).values(
        source_id=source_id, stream=stream, value=dict(value), complete_to=complete_to, updated_at=func.now()
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["source_id", "stream"],
            set_={
                "value": statement.excluded.value,
                "complete_to": func.coalesce(statement.excluded.complete_to, Cursor.complete_to),
                "updated_at": func.now(),
            },
        )
    )


async def reset(session: AsyncSession, *, source_id: SourceId, stream: str | None = None) -> None:
    """Forget a cursor, so that the next pull begins at the start; landing absorbs the repeat."""
    statement = delete(Cursor).where(Cursor.source_id == source_id)
    await session.execute(statement if stream is None else statement.where(Cursor.stream == stream))


async def begin(session: AsyncSession, *, source_id: SourceId, stream: str) -> int:
    """Open a run; a run of the same stream that was left open by a killed process is closed as interrupted."""
    await session.execute(
        update(Run)
        .where(Run.source_id == source_id, Run.stream == stream, Run.state == "running")
        .values(state="interrupted", ended_at=func.now())
    )
    run = Run(source_id=source_id, stream=stream)
    session.add(run)
    await session.flush()
    return run.id


async def advance(session: AsyncSession, *, run_id: int, page: Page, landed: int) -> None:
    """Count a page, and keep how far it says that the source is read."""
    told = {"done": page.done, "total": page.total} if page.done is not None else {}
    await session.execute(
        update(Run)
        .where(Run.id == run_id)
        .values(pages=Run.pages + 1, records=Run.records + len(page.records), landed=Run.landed + landed, **told)
    )


async def end(
    session: AsyncSession, *, run_id: int, left: bool = False, error_code: str | None = None, error: str | None = None
) -> None:
    """Close a run: as done, as failed with its reason, or as ``left`` where it stands, to be gone on with.

    Of idle pulls in a row only the last is kept.
    """
    state = "failed" if error_code else "left" if left else "done"
    ended = await session.execute(
        update(Run)
        .where(Run.id == run_id)
        .values(state=state, error_code=error_code, error=error, ended_at=func.now())
        .returning(Run.source_id, Run.stream)
    )
    if state == "done":
        source_id, stream = ended.one()
        before = select(func.max(Run.id)).where(Run.source_id == source_id, Run.stream == stream, Run.id < run_id)
        await session.execute(
            delete(Run).where(Run.id == before.scalar_subquery(), Run.state == "done", Run.landed == 0)
        )


@dataclass(frozen=True, slots=True)
class Pulled:
    """One pull of one stream. ``done`` of ``total``: how far the source was read, in the connector's unit."""

    id: int
    stream: str
    state: str
    pages: int
    records: int
    landed: int
    done: int | None
    total: int | None
    error_code: str | None
    error: str | None
    started_at: datetime
    ended_at: datetime | None


async def runs(
    session: AsyncSession, *, source_id: SourceId, before: int | None = None, limit: int = 20
) -> list[Pulled]:
    """The pulls of a source, the newest first; ``before`` the number of the last one shown."""
    wanted = select(Run).where(Run.source_id == source_id).order_by(Run.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(Run.id < before)
    return [
        Pulled(
            r.id,
            r.stream,
            r.state,
            r.pages,
            r.records,
            r.landed,
            r.done,
            r.total,
            r.error_code,
            r.error,
            r.started_at,
            r.ended_at,
        )
        for r in (await session.execute(wanted)).scalars()
    ]


def check_size(value: Mapping[str, Any]) -> None:
    """Refuse a cursor that breaks the contract.

    Raises:
        OperatorError: it is larger than 4 KB, which is a bug of the connector.
    """
    size = len(json.dumps(dict(value)))
    if size > LIMIT:
        raise OperatorError(f"The connector made a cursor of {size} bytes; {LIMIT} is the limit.")

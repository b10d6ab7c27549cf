"""The data's way, the only place that knows its order: pull > land > normalise > resolve > timeline."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore import clock
from cxcore.db.session import Database, Unwritable, by_index, commit_soon, unwritable
from cxcore.errors import CxError
from cxcore.land import quarantine, store
from cxcore.land.quarantine import Rejection
from cxcore.land.store import Landed
from cxcore.model.ids import RecordId, SourceId
from cxcore.normalise import mapper
from cxcore.normalise import store as derived
from cxcore.normalise.ahead import Batches
from cxcore.normalise.mapper import Outcome
from cxcore.pull import credentials, cursors, deliveries, gaps, reader, schedule, sources
from cxcore.pull.deliveries import Repeated
from cxcore.pull.sources import Configured
from cxcore.pull.vault import Vault
from cxcore.resolve import matcher, shown
from cxcore.resolve.shown import Part
from cxcore.sdk.connector import Connector
from cxcore.sdk.delivery import Received
from cxcore.sdk.errors import CursorExpired
from cxcore.sdk.page import Page, Record
from cxcore.timeline import arrivals, search

BATCH = 2000
"""Records that are normalised in one transaction."""
LOOKED_UP = (
    "source_record",
    "place",
    "profile",
    "identifier",
    "interaction",
    "conversation",
    "link",
    "judgement",
    "search_term",
    "node",
    "member",
    "node_key",
    "value_name",
    "edge",
)
"""Tables in which a batch looks things up."""


@dataclass(slots=True)
class Progress:
    """Counts of a run: handed over by the connector, of these landed as new, of these understood or set aside."""

    records: int = 0
    landed: int = 0
    normalised: int = 0
    quarantined: int = 0
    interactions: int = 0
    ended: bool = True
    """Whether all streams were read to their ends."""


Watch = Callable[[Page, int], None]
Until = Callable[[], bool]


async def pull(
    database: Database,
    source: Configured,
    *,
    vault: Vault | None = None,
    watch: Watch | None = None,
    until: Until | None = None,
) -> Progress:
    """Pull all streams of a source to their ends and land what they bring. ``until`` is asked after each page whether to
    leave the rest, which the cursors remember, to another time; ``Progress.ended`` says whether it did.

    Raises:
        ConnectorFailure: the source could not be read on; what was landed before stays, with its cursor.
        OperatorError: something the operator can put right.
    """
    progress = Progress()
    async with database.unit() as session:
        secrets = await credentials.reveal(session, vault or Vault(), source)
    for stream in source.streams:
        pulling = _Pulling(source, stream, secrets, watch, until)
        try:
            await _pull_stream(database, pulling, progress)
        except CursorExpired:
            async with database.unit() as session:
                await cursors.reset(session, source_id=source.id, stream=stream)
            await _pull_stream(database, pulling, progress)
    return progress


@dataclass(frozen=True, slots=True)
class _Pulling:
    """A stream to pull, and what goes with it."""

    source: Configured
    stream: str
    secrets: Mapping[str, str]
    watch: Watch | None
    until: Until | None


async def _pull_stream(database: Database, pulling: _Pulling, progress: Progress) -> None:
    source, stream, left = pulling.source, pulling.stream, False
    async with database.unit() as session:
        run = await cursors.begin(session, source_id=source.id, stream=stream)
        cursor = await cursors.read(session, source_id=source.id, stream=stream)
        if cursor is None:
            await gaps.forget(session, source_id=source.id, stream=stream)
    try:
        async with aclosing(reader.pages(source, stream, cursor, secrets=pulling.secrets)) as pages:
            async for page in pages:
                landed = await land(database, source, stream, page, run=run)
                progress.records += len(page.records)
                progress.landed += landed
                if pulling.watch is not None:
                    pulling.watch(page, landed)
                if left := pulling.until is not None and pulling.until():
                    progress.ended = False
                    break
    except CxError as exc:
        async with database.unit() as session:
            await cursors.end(session, run_id=run, error_code=exc.code, error=exc.message)
        raise
    async with database.unit() as session:
        await cursors.end(session, run_id=run, left=left)


async def land(database: Database, source: Configured, stream: str, page: Page, *, run: int) -> int:
    """Land a page and save its cursor, in one transaction; answers how many records were new or changed."""
    async with database.unit() as session:
        await by_index(session)
        await commit_soon(session)  # the page and its cursor are lost together or not at all; a disk flush costs 5 ms
        landed = await store.land(
            session, source_id=source.id, namespace=source.namespace, records=page.records, gone=page.gone
        )
        await cursors.save(session, source_id=source.id, stream=stream, value=page.cursor, complete_to=page.complete_to)
        await gaps.note(session, source_id=source.id, stream=stream, found=page.gaps)
        await cursors.advance(session, run_id=run, page=page, landed=landed)
        await schedule.renew(session, source)
    return landed


async def receive(database: Database, source: Configured, received: Received) -> bool:
    """Land what a delivery brought and remember it, in one transaction that is on disk when this returns.

    Answers whether the delivery was new; a repeat lands nothing.

    Raises:
        Refused: the source has been removed.
    """
    try:
        async with database.unit() as session:
            await by_index(session)
            await deliveries.remember(session, source_id=source.id, proof=received.proof)
            if received.records:
                await store.land(session, source_id=source.id, namespace=source.namespace, records=received.records)
            if received.wake:
                await schedule.wake(session, source_id=source.id)
    except Repeated:
        return False
    return True


async def take(session: AsyncSession, source: Configured, records: Sequence[Record]) -> set[RecordId]:
    """Land what a service sends, in the session's transaction; answers which records were new or changed.

    Raises:
        NotFound: the source is being removed.
    """
    appended: set[RecordId] = set()
    await by_index(session)
    await sources.stay(session, source_id=source.id)
    await store.land(session, source_id=source.id, namespace=source.namespace, records=records, appended=appended)
    return appended


async def digest(
    database: Database, *, source: Configured | None = None, watch: Callable[[Progress], None] | None = None
) -> Progress:
    """Normalise and resolve what has landed, batch by batch, until nothing waits or others have it.

    A batch that cannot be written is taken again in smaller ones, until the record at fault stands alone and is set
    aside. A source whose connector cannot be used is stopped, and the others go on.

    Raises:
        OperatorError: the one ``source`` asked for has a connector that cannot be used.
    """
    progress = Progress()
    unusable: set[SourceId] = set()
    size = BATCH
    batches = Batches()
    try:
        while True:
            try:
                more = await _digest_batch(
                    database,
                    batches,
                    source_id=source.id if source else None,
                    passing_over=unusable,
                    limit=size,
                    progress=progress,
                )
            except Unwritable as exc:
                batches.drop()
                if size == 1:
                    await _set_aside(database, source.id if source else None, unusable, exc)
                    progress.quarantined += 1
                size = max(1, size // 8)
                continue
            except Unusable as exc:
                if source is not None:
                    raise exc.cause from exc
                unusable.add(exc.source.id)
                async with database.unit() as session:
                    await sources.stop(session, source_id=exc.source.id, problem=str(exc.cause))
                continue
            if not more:
                return progress
            size = min(BATCH, size * 4)
            if watch is not None:
                watch(progress)
    finally:
        batches.drop()


class Unusable(Exception):
    """A source's connector cannot be loaded or configured."""

    def __init__(self, source: Configured, cause: CxError) -> None:
        super().__init__(source.key)
        self.source, self.cause = source, cause


async def _digest_batch(
    database: Database,
    batches: Batches,
    *,
    source_id: SourceId | None,
    passing_over: Collection[SourceId],
    limit: int,
    progress: Progress,
) -> bool:
    async with unwritable(), database.unit() as session:
        held = await mapper.claim(session, source_id=source_id, passing_over=passing_over)
        if held is None:
            return False
        source = await sources.by_id(session, held.source_id)
        connector = _connector(source)
        await by_index(session)
        records, outcome = await batches.take(session, source, connector, after=held.sequence, limit=limit)
        last = records[-1].sequence
        await batches.prepare(session, source, connector, after=last, limit=min(BATCH, limit * 4))
        await _write(database, session, source, records, outcome, reached=held.reached, progress=progress)
        await mapper.advance(session, held=held, sequence=last)
    return True


async def _set_aside(
    database: Database, source_id: SourceId | None, passing_over: Collection[SourceId], exc: Unwritable
) -> None:
    """Set the next record aside, which alone cannot be written, and go on behind it."""
    async with database.unit() as session:
        held = await mapper.claim(session, source_id=source_id, passing_over=passing_over)
        if held is not None:
            (record,) = await store.batch(session, source_id=held.source_id, after=held.sequence, limit=1)
            rejection = Rejection(record.sequence, "unwritable", exc.reason, record.origin)
            await quarantine.set_aside(session, source_id=held.source_id, rejections=[rejection])
            await mapper.advance(session, held=held, sequence=record.sequence)


def _connector(source: Configured) -> Connector[Any]:
    """The source's connector, enough to map."""
    try:
        return source.mapper()
    except CxError as exc:
        raise Unusable(source, exc) from exc


async def _write(
    database: Database,
    session: AsyncSession,
    source: Configured,
    records: Sequence[Landed],
    outcome: Outcome,
    *,
    reached: int,
    progress: Progress,
) -> None:
    """Mapped records to profiles and interactions, profiles to customers, and all of it findable: one transaction."""
    stale = [r.id for r in records if r.current and (not r.first or r.sequence <= reached)]
    written = await derived.replace(session, source_id=source.id, rows=outcome.rows, stale=stale)
    await database.statistics.note(session, len(written.profiles) + written.interactions, tables=LOOKED_UP)
    await quarantine.set_aside(session, source_id=source.id, rejections=outcome.rejected)
    if stale:
        again = set(outcome.understood)
        await quarantine.release(session, source_id=source.id, records=[r for r in records if r.sequence in again])
    shown.changed(session, Part.VALUES, profiles={*written.profiles, *written.dated})
    shown.changed(session, Part.TIMELINE, profiles=written.timelines)
    await matcher.resolve(session, changed=written.profiles, removed=written.removed)
    await search.index(session, written.profiles, made=written.made)
    await arrivals.tell(session, outcome.rows.interactions, source=source.key, known=stale, at=clock.now())
    progress.normalised += len(outcome.understood)
    progress.quarantined += len(outcome.rejected)
    progress.interactions += written.interactions


async def replay(database: Database, source: Configured) -> Progress:
    """Try the quarantined records of a source again, as after a better mapping."""
    progress = Progress()
    after = 0
    while True:
        async with database.unit() as session:
            await mapper.hold(session, source_id=source.id)
            waiting = await quarantine.waiting(session, source_id=source.id, after=after, limit=BATCH)
            if not waiting:
                return progress
            after = waiting[-1].sequence
            records = await store.chosen(session, source_id=source.id, sequences=[q.sequence for q in waiting])
            await by_index(session)
            outcome = mapper.run(source, _connector(source), records)
            await _write(database, session, source, records, outcome, reached=after, progress=progress)


async def normalise_again(database: Database, source: Configured) -> Progress:
    """Derive everything of a source again from its landed records, as after a better mapping or normaliser."""
    async with database.unit() as session:
        await mapper.rewind(session, source_id=source.id)
    return await digest(database, source=source)

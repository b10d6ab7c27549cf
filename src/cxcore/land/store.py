"""Landing: append what is new, drop what is already there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import copy_rows, driver
from cxcore.land import places
from cxcore.land.tables import Landing, Place, SourceRecord
from cxcore.model.ids import RecordId, SourceId, record_id
from cxcore.sdk.page import Record
from cxcore.sdk.place import Gone, Renumbered

_COLUMNS = (
    "source_id",
    "sequence",
    "id",
    "stream",
    "key",
    "digest",
    "changed_at",
    "deleted",
    "media_type",
    "origin",
    "body",
)
_BEGUN = "insert into landing (source_id) values ($1) on conflict do nothing"
_LAST = "select sequence from landing where source_id = $1 for update"
_REACHED = "update landing set sequence = $2 where source_id = $1"
_FOUND = "select id, digest, deleted from source_record where id = any($1::uuid[]) order by sequence"
_STANDING = """
select id, stream, key from (
    select distinct on (id) id, stream, key, deleted from source_record where id = any($1::uuid[]) order by id, sequence desc
) newest where not deleted order by id
"""
_NEWEST = """
select distinct on (id) id, changed_at, deleted from source_record where id = any($1::uuid[])
order by id, changed_at is null, changed_at desc, case when changed_at is not null then digest end desc, sequence desc
"""
"""In the order of ``_age``."""
_MANY = "select id from source_record where id = any($1::uuid[]) group by id having count(*) > 1"
_VERSIONS = """
select id, sequence, changed_at, digest from source_record where id = any($1::uuid[])
"""
_BATCH = """
select sequence, id, stream, key, changed_at, deleted, media_type, origin, body, received_at
from (
    select *, sum(octet_length(body)) over (order by sequence) - octet_length(body) as before
    from (select * from source_record where source_id = $1 and sequence > $2 order by sequence limit $3) r
) sized
where before < $4 order by sequence
"""
BATCH_BYTES = 32 * 1024 * 1024


@dataclass(slots=True)  # not frozen: 3 us less a record
class Landed:
    """A landed version of a record, as normalise reads it back."""

    sequence: int
    id: RecordId
    stream: str
    key: str
    changed_at: datetime | None
    deleted: bool
    media_type: str
    origin: str | None
    body: bytes
    received_at: datetime
    current: bool
    first: bool


async def land(
    session: AsyncSession,
    *,
    source_id: SourceId,
    namespace: UUID,
    records: Sequence[Record],
    gone: Sequence[Gone | Renumbered] = (),
    appended: set[RecordId] | None = None,
) -> int:
    """Append the records that are new or changed, in their order, then empty the places that are gone; answers how
    many versions were appended. ``appended`` takes the ids of
    these records.

    A record is dropped when the newest version of its object has the same content, or, where the source dates its
    versions, when any version has; one with a place when its object is there already. An object that loses its last
    place is appended as deleted. Concurrent landings of one source wait for each other.
    """
    connection = await driver(session)
    await connection.execute(_BEGUN, source_id)
    begun: int = await connection.fetchval(_LAST, source_id)
    if not records and not gone:
        return 0
    ids = [record_id(namespace, r.stream, r.key) for r in records]
    known: dict[UUID, list[bytes]] = {}
    there: dict[UUID, bool] = {}
    for found in await connection.fetch(_FOUND, ids):
        known.setdefault(found["id"], []).append(found["digest"])
        there[found["id"]] = not found["deleted"]
    last = begun

    def fresh() -> Iterator[tuple[Any, ...]]:
        nonlocal last
        for record, identity in zip(records, ids, strict=True):
            if record.place is not None and there.get(identity):
                continue
            body = record.body()
            digest = record.digest(body)
            versions = known.setdefault(identity, [])
            if versions and (versions[-1] == digest or (record.changed_at is not None and digest in versions)):
                continue
            if appended is not None:
                appended.add(identity)
            versions.append(digest)
            there[identity] = not record.deleted
            last += 1
            yield _version(source_id, last, identity, record, digest=digest, body=body)

    await copy_rows(connection, "source_record", _COLUMNS, fresh())
    held = {r.place: identity for r, identity in zip(records, ids, strict=True) if r.place is not None}
    if held or gone:
        left = await places.move(connection, source_id=source_id, held=held, gone=gone)
        withdrawn = []
        for row in await connection.fetch(_STANDING, left) if left else ():
            record = Record(row["stream"], row["key"], None, deleted=True)
            body = record.body()
            last += 1
            withdrawn.append(_version(source_id, last, row["id"], record, digest=record.digest(body), body=body))
        await copy_rows(connection, "source_record", _COLUMNS, withdrawn)
    if last > begun:
        await connection.execute(_REACHED, source_id, last)
    return last - begun


def _version(
    source_id: SourceId, sequence: int, identity: UUID, record: Record, *, digest: bytes, body: bytes
) -> tuple[Any, ...]:
    """A row in the order of ``_COLUMNS``."""
    return (
        source_id,
        sequence,
        identity,
        record.stream,
        record.key,
        digest,
        record.changed_at,
        record.deleted,
        record.media_type,
        record.origin,
        body,
    )


async def standing(session: AsyncSession, ids: Sequence[RecordId]) -> dict[RecordId, datetime | None]:
    """Which of these objects are there and not deleted, each with the date of its newest version."""
    rows = await (await driver(session)).fetch(_NEWEST, list(ids))
    return {row["id"]: row["changed_at"] for row in rows if not row["deleted"]}


async def batch(session: AsyncSession, *, source_id: SourceId, after: int, limit: int) -> list[Landed]:
    """The next landed records of a source behind a sequence, at most ``limit`` and about 32 MB of them."""
    connection = await driver(session)
    return await _with_versions(session, await connection.fetch(_BATCH, source_id, after, limit, BATCH_BYTES))


async def chosen(session: AsyncSession, *, source_id: SourceId, sequences: Sequence[int]) -> list[Landed]:
    """The landed records with these sequences, in order."""
    connection = await driver(session)
    rows = await connection.fetch(
        "select sequence, id, stream, key, changed_at, deleted, media_type, origin, body, received_at"
        " from source_record where source_id = $1 and sequence = any($2::bigint[]) order by sequence",
        source_id,
        list(sequences),
    )
    return await _with_versions(session, rows)


async def _with_versions(session: AsyncSession, rows: Iterable[Any]) -> list[Landed]:
    """Say of each record whether it is the current version of its object, and whether it is the only one."""
    rows = list(rows)
    if not rows:
        return []
    connection = await driver(session)
    many = [found["id"] for found in await connection.fetch(_MANY, list({row["id"] for row in rows}))]
    newest: dict[UUID, tuple[Any, ...]] = {}
    if many:
        for v in await connection.fetch(_VERSIONS, many):
            age = _age(v["changed_at"], v["sequence"], v["digest"])
            if v["id"] not in newest or age > newest[v["id"]][0]:
                newest[v["id"]] = (age, v["sequence"])
    return [
        Landed(
            *(
                *row,  # current and first follow
                row["id"] not in newest or newest[row["id"]][1] == row["sequence"],
                row["id"] not in newest,
            )
        )
        for row in rows
    ]


def _age(changed_at: datetime | None, sequence: int, digest: bytes) -> tuple[Any, ...]:
    """Orders the versions of an object: dated ones by date and then content, whatever order they landed in."""
    if changed_at is None:
        return (0, sequence)
    return (1, changed_at, digest)


async def forget(session: AsyncSession, *, source_id: SourceId) -> None:
    """Delete all landed records of a source, when the source itself is removed."""
    await session.execute(delete(Place).where(Place.source_id == source_id))
    await session.execute(delete(SourceRecord).where(SourceRecord.source_id == source_id))
    await session.execute(delete(Landing).where(Landing.source_id == source_id))

"""Mapping a batch of landed records: what is understood is written, what is not goes to quarantine with a reason."""

import asyncio
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue, ValidationError
from pydantic_core import from_json
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.land.quarantine import Rejection
from cxcore.land.store import Landed
from cxcore.land.tables import Landing
from cxcore.model.ids import SourceId
from cxcore.normalise.derive import Context, Derived, derive
from cxcore.normalise.person import Person, Shown
from cxcore.normalise.tables import Normalisation
from cxcore.pull.sources import Configured
from cxcore.pull.tables import Source
from cxcore.sdk.connector import Connector
from cxcore.sdk.errors import RecordRejected
from cxcore.sdk.page import JSON, Record


@dataclass(frozen=True, slots=True)
class Claim:
    """A source whose landed records wait; held by this transaction alone."""

    source_id: SourceId
    sequence: int
    reached: int


@dataclass(slots=True)
class Outcome:
    """What became of a batch: rows to write, and records to set aside."""

    rows: Derived
    rejected: list[Rejection]
    understood: list[int]


async def claim(
    session: AsyncSession, *, source_id: SourceId | None = None, passing_over: Collection[SourceId] = ()
) -> Claim | None:
    """Claim a source with landed records that are not normalised yet; None when there is none or others have it."""
    await session.execute(
        insert(Normalisation).from_select(["source_id"], select(Landing.source_id)).on_conflict_do_nothing()
    )
    wanted = (
        select(Normalisation)
        .join(Landing, Landing.source_id == Normalisation.source_id)
        .join(Source, Source.id == Normalisation.source_id)
        .where(Normalisation.sequence < Landing.sequence, Source.state != "leaving")
        .order_by(Normalisation.source_id)
        .limit(1)
        .with_for_update(of=Normalisation, skip_locked=True)
    )
    if source_id is not None:
        wanted = wanted.where(Normalisation.source_id == source_id)
    if passing_over:
        wanted = wanted.where(Normalisation.source_id.not_in(passing_over))
    row = (await session.execute(wanted)).scalar_one_or_none()
    return None if row is None else Claim(SourceId(row.source_id), row.sequence, row.reached)


async def advance(session: AsyncSession, *, held: Claim, sequence: int) -> None:
    """Say how far the source is normalised, in the transaction that wrote it."""
    await session.execute(
        update(Normalisation)
        .where(Normalisation.source_id == held.source_id)
        .values(sequence=sequence, reached=max(held.reached, sequence))
    )


async def hold(session: AsyncSession, *, source_id: SourceId) -> None:
    """Wait until nobody else normalises the source, and keep others from it until the transaction ends."""
    await session.execute(select(Normalisation.sequence).where(Normalisation.source_id == source_id).with_for_update())


async def rewind(session: AsyncSession, *, source_id: SourceId) -> None:
    """Have all landed records of a source normalised again."""
    await session.execute(update(Normalisation).where(Normalisation.source_id == source_id).values(sequence=0))


def run(source: Configured, connector: Connector[Any], records: Sequence[Landed]) -> Outcome:
    """Map records. Pure; nothing a record holds can stop the others.

    A ``RecordRejected`` sets one record aside with its reason; any other exception is a bug of the connector and sets
    it aside by the exception's name, since its text may hold personal data.
    """
    outcome = Outcome(Derived(), [], [])
    _run(source, connector, records, outcome, {})
    return outcome


TURN = 20
"""Records that are mapped before others have their turn: about two milliseconds."""


async def run_by_turns(source: Configured, connector: Connector[Any], records: Sequence[Landed]) -> Outcome:
    """The same, letting what waits for the database go on, and requests be answered, every few records."""
    outcome = Outcome(Derived(), [], [])
    known: dict[Shown, Person] = {}
    for start in range(0, len(records), TURN):
        _run(source, connector, records[start : start + TURN], outcome, known)
        await asyncio.sleep(0)
    return outcome


def _run(
    source: Configured,
    connector: Connector[Any],
    records: Sequence[Landed],
    outcome: Outcome,
    known: dict[Shown, Person],
) -> None:
    namespace = source.namespace
    for landed in records:
        context = Context(
            source_id=source.id,
            namespace=namespace,
            region=source.region,
            record=landed.id,
            name=f"{landed.stream}/{landed.key}",
            sequence=landed.sequence,
            received_at=landed.received_at,
            current=landed.current,
            known=known,
        )
        try:
            rows = Derived() if landed.deleted else derive(connector.map(as_record(landed)), context)
        except RecordRejected as exc:
            code, reason = exc.code, exc.message
        except ValidationError as exc:
            fields = sorted({".".join(str(part) for part in e["loc"]) for e in exc.errors(include_input=False)})
            code, reason = "invalid_value", f"not acceptable: {', '.join(fields)}"
        except Exception as exc:  # noqa: BLE001 - one record's surprise must not stop the others; it stays, with a name
            code, reason = "mapping_bug", f"the connector's map stopped on {type(exc).__name__}"
        else:
            outcome.rows.extend(rows)
            outcome.understood.append(landed.sequence)
            continue
        outcome.rejected.append(Rejection(landed.sequence, code, reason[:500], landed.origin))


def as_record(landed: Landed) -> Record:
    """The record as the connector made it."""
    return Record(
        stream=landed.stream,
        key=landed.key,
        payload=_payload(landed.body) if landed.media_type == JSON else landed.body,
        changed_at=landed.changed_at,
        deleted=landed.deleted,
        media_type=landed.media_type,
        origin=landed.origin,
    )


def _payload(body: bytes) -> JsonValue:
    """What ``json.loads`` gives. pydantic's parser takes half the time, but refuses lone surrogates and deep nesting."""
    try:
        found: JsonValue = from_json(body)
    except ValueError:
        found = json.loads(body)
    return found

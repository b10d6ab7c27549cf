"""Rehearsing a source: pull and map a little of it, write nothing, and say what would become of it."""

from dataclasses import dataclass, field

from cxcore.clock import now
from cxcore.land.quarantine import Rejection
from cxcore.land.store import Landed
from cxcore.model.ids import record_id
from cxcore.normalise import mapper
from cxcore.pull import reader
from cxcore.pull.sources import Configured
from cxcore.sdk.page import Mapped, Record


@dataclass(slots=True)
class Rehearsal:
    """What was tried: how many records, what they would become, which would be set aside and why, and samples."""

    records: int = 0
    profiles: int = 0
    interactions: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    samples: list[tuple[Record, list[Mapped]]] = field(default_factory=list)


async def rehearse(source: Configured, *, limit: int, samples: int = 3) -> Rehearsal:
    """Pull at most ``limit`` records of a source and map them, without a database.

    Raises:
        ConnectorFailure: the source cannot be read.
    """
    result = Rehearsal()
    connector = source.mapper()
    for stream in source.streams:
        async for page in reader.pages(source, stream, None):
            for record in page.records[: limit - result.records]:
                result.records += 1
                outcome = mapper.run(source, connector, [_landed(source, record, result.records)])
                result.rejected += outcome.rejected
                result.profiles += len({p.id for p in outcome.rows.persons})
                result.interactions += len(outcome.rows.interactions)
                if outcome.understood and len(result.samples) < samples:
                    result.samples.append((record, list(connector.map(record))))
            if result.records >= limit:
                return result
    return result


def _landed(source: Configured, record: Record, sequence: int) -> Landed:
    return Landed(
        sequence=sequence,
        id=record_id(source.namespace, record.stream, record.key),
        stream=record.stream,
        key=record.key,
        changed_at=record.changed_at,
        deleted=record.deleted,
        media_type=record.media_type,
        origin=record.origin,
        body=record.body(),
        received_at=now(),
        current=True,
        first=True,
    )

"""Coverage: how complete the view is, per source and channel, so that nobody takes a gap for silence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.errors import CxError
from cxcore.model.interaction import Channel
from cxcore.normalise.codes import CHANNELS
from cxcore.pull import gaps, sources
from cxcore.pull.gaps import Noticed
from cxcore.pull.sources import Configured
from cxcore.sdk import registry

_SOURCES = """
select s.id, s.key, s.name, s.connector, s.state, s.problem,
       c.complete_to, r.ended_at as pulled_at, r.state as run_state, r.error,
       coalesce(l.sequence, 0) - coalesce(n.sequence, 0) as waiting,
       (select count(*) from quarantine q where q.source_id = s.id) as quarantined
from source s
left join lateral (select min(complete_to) as complete_to from cursor where source_id = s.id) c on true
left join lateral (select ended_at, state, error from run where source_id = s.id and ended_at is not null
                   order by id desc limit 1) r on true
left join landing l on l.source_id = s.id
left join normalisation n on n.source_id = s.id
order by s.key
"""
_COUNTS = """
select i.source_id, i.channel, count(*) as n, min(i.occurred_at) as first_at, max(i.occurred_at) as last_at
from link l join interaction i on i.profile_id = l.profile_id
where l.customer_id = :customer group by 1, 2
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a customer's timeline holds of a channel from a source."""

    channel: Channel
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ChannelCoverage:
    """How far a channel of a source has been read: the least of the streams that feed it, None while one of them has never
    been read to the end; and the gaps in it, by time."""

    channel: Channel
    complete_to: datetime | None
    gaps: tuple[Noticed, ...]


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """How far one source has been read. ``complete_to``: everything up to then, by the source's clock, is here;
    None when it has never been read to the end. ``waiting``: landed, not yet in the timeline."""

    source: str
    name: str
    connector: str
    channels: tuple[Channel, ...]
    state: str
    problem: str | None
    complete_to: datetime | None
    pulled_at: datetime | None
    last_error: str | None
    waiting: int
    quarantined: int
    seen: tuple[Seen, ...]
    by_channel: tuple[ChannelCoverage, ...] = ()

    @property
    def gaps(self) -> tuple[Noticed, ...]:
        """All its gaps, by time."""
        return tuple(sorted({g for c in self.by_channel for g in c.gaps}, key=lambda g: (g.since, g.stream)))


async def coverage(session: AsyncSession, customer: UUID | None = None) -> list[SourceCoverage]:
    """The coverage of every source, and what a customer's timeline holds of each."""
    seen: dict[int, list[Seen]] = {}
    if customer is not None:
        for row in (await session.execute(text(_COUNTS), {"customer": customer})).mappings():
            seen.setdefault(row["source_id"], []).append(
                Seen(CHANNELS.word(row["channel"]), row["n"], row["first_at"], row["last_at"])
            )
    reached = {
        (r["source_id"], r["stream"]): r["complete_to"]
        for r in (await session.execute(text("select source_id, stream, complete_to from cursor"))).mappings()
    }
    missing = await gaps.everything(session)
    configured = {s.id: s for s in await sources.everything(session)}
    return [
        SourceCoverage(
            by_channel=_by_channel(configured[row["id"]], reached, missing),
            source=row["key"],
            name=row["name"],
            connector=row["connector"],
            channels=channels_of(row["connector"]),
            state=row["state"],
            problem=row["problem"],
            complete_to=row["complete_to"],
            pulled_at=row["pulled_at"],
            last_error=row["error"] if row["run_state"] == "failed" else None,
            waiting=row["waiting"],
            quarantined=row["quarantined"],
            seen=tuple(sorted(seen.get(row["id"], ()), key=lambda s: s.channel)),
        )
        for row in (await session.execute(text(_SOURCES))).mappings()
    ]


def _by_channel(
    source: Configured,
    reached: Mapping[tuple[int, str], datetime | None],
    missing: Sequence[Noticed],
) -> tuple[ChannelCoverage, ...]:
    try:
        connector = source.mapper()
    except (CxError, ValidationError):  # of another version, or not installed any more
        return ()
    told = []
    for channel in sorted(connector.manifest.channels):
        feeding = {s.name for s in connector.streams if channel in (s.channels or connector.manifest.channels)}
        times = [reached.get((source.id, name)) for name in feeding]
        whole = [t for t in times if t is not None]
        complete_to = min(whole) if whole and len(whole) == len(times) else None
        own = tuple(g for g in missing if g.source_id == source.id and g.stream in feeding)
        told.append(ChannelCoverage(channel, complete_to, own))
    return tuple(told)


def channels_of(connector: str) -> tuple[Channel, ...]:
    """The channels that a connector can bring, sorted; none where it cannot be used."""
    found = registry.installed().get(connector)
    if found is None or isinstance(found, registry.Broken):
        return ()
    return tuple(sorted(found.manifest.channels))

"""Sources at a glance: state, last pull, what waits, what was set aside, and when each is due."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.model.interaction import Channel
from cxcore.pull import sources
from cxcore.pull.cursors import Pulled
from cxcore.pull.sources import Configured
from cxcore.timeline.coverage import channels_of

_STATES = """
select s.id, s.next_pull_at, c.complete_to, c.updated_at,
       coalesce(l.sequence, 0) as landed, coalesce(l.sequence, 0) - coalesce(n.sequence, 0) as waiting,
       (select count(*) from quarantine q where q.source_id = s.id) as quarantined,
       r.id as run, r.stream, r.state, r.pages, r.records, r.landed as new, r.done, r.total, r.error_code, r.error,
       r.started_at, r.ended_at
from source s
left join lateral (
    select min(complete_to) as complete_to, max(updated_at) as updated_at from cursor where source_id = s.id
) c on true
left join lateral (select * from run where source_id = s.id order by id desc limit 1) r on true
left join landing l on l.source_id = s.id
left join normalisation n on n.source_id = s.id
"""


@dataclass(frozen=True, slots=True)
class Overview:
    """A source as a person looks after it. ``complete_to``: everything up to then, by the source's clock, is here;
    ``read_at``: when its cursor last moved; ``landed``: versions of records; ``waiting``: of these not in the timeline yet."""

    source: Configured
    channels: tuple[Channel, ...]
    due_at: datetime
    complete_to: datetime | None
    read_at: datetime | None
    landed: int
    waiting: int
    quarantined: int
    last: Pulled | None

    @property
    def rate(self) -> float | None:
        """Records a second of the last pull; None where it brought none, or has not ended."""
        if self.last is None or self.last.ended_at is None or not self.last.records:
            return None
        return self.last.records / max((self.last.ended_at - self.last.started_at).total_seconds(), 0.001)


async def everything(session: AsyncSession) -> list[Overview]:
    """All sources, by key."""
    states = {r["id"]: r for r in await (await driver(session)).fetch(_STATES)}
    found = []
    for source in await sources.everything(session):
        r = states[source.id]
        last = None
        if r["run"] is not None:
            columns = ("run", "stream", "state", "pages", "records", "new", "done", "total", "error_code", "error")
            last = Pulled(*(r[c] for c in (*columns, "started_at", "ended_at")))
        found.append(
            Overview(
                source,
                channels_of(source.connector),
                r["next_pull_at"],
                r["complete_to"],
                r["updated_at"],
                r["landed"],
                r["waiting"],
                r["quarantined"],
                last,
            )
        )
    return found

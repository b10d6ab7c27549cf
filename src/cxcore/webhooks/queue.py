"""The queue: events become deliveries, deliveries are taken up by one process at a time, and what came of them is noted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.events import cloud
from cxcore.events.feed import Event
from cxcore.events.outbox import DomainEvent, EventType, publish
from cxcore.webhooks import patience
from cxcore.webhooks.sender import Answer

QUEUED = 2000
"""Events that one transaction queues for a webhook."""
EACH = 8
"""Deliveries to one webhook that a process has under way at once."""
LEASE = timedelta(seconds=60)
"""For how long a delivery is its process's alone; one whose process died is taken up again after it."""
GONE = 410

_BEHIND = """
select w.id from webhook w where w.state = 'active' and w.reached < (select last from feed where id = 1)
for update skip locked
"""
_QUEUE = """
with behind as (
    select o.sequence, o.type, o.subject from outbox o join webhook w on w.id = $1 and o.sequence > w.reached
    order by o.sequence limit $3
), queued as (
    insert into webhook_delivery (id, webhook_id, sequence, due_at)
    select gen_random_uuid(), w.id, b.sequence, $2 from behind b join webhook w on w.id = $1
    where case when b.type = $4 then b.subject = w.id::text else w.types is null or b.type = any(w.types) end
    on conflict (sequence, webhook_id) do nothing
)
update webhook set reached = (
    select case when count(*) < $3 then (select last from feed where id = 1) else max(sequence) end from behind
) where id = $1
"""
_CLAIM = f"""
with claimed as (
    select d.id from webhook w
    left join unnest($4::uuid[], $5::int[]) as busy(id, n) on busy.id = w.id
    cross join lateral (
        select d.id from webhook_delivery d
        where d.webhook_id = w.id and d.state = 'waiting' and d.due_at <= $1
        order by d.due_at, d.sequence
        limit greatest(0, case when w.failures >= {patience.DOUBT} then 1 else {EACH} end - coalesce(busy.n, 0))
        for update skip locked
    ) d
    where w.state = 'active' and (w.rests_until is null or w.rests_until <= $1)
    order by random() limit $3
), taken as (
    update webhook_delivery d set due_at = $2 from claimed c where d.id = c.id returning d.*
)
select t.id as delivery, t.webhook_id, t.attempts, w.url, o.*
from taken t join outbox o on o.sequence = t.sequence join webhook w on w.id = t.webhook_id
"""  # noqa: S608 - our own numbers
_LOG = """
insert into webhook_attempt (delivery_id, at, seconds, status, problem)
select a.* from unnest($1::uuid[], $2::timestamptz[], $3::float8[], $4::int2[], $5::text[]) as a(id, at, seconds, status, problem)
join webhook_delivery d on d.id = a.id
"""
_SETTLE = """
update webhook_delivery d set state = s.state, attempts = s.attempts, due_at = s.due_at
from unnest($1::uuid[], $2::text[], $3::int2[], $4::timestamptz[]) as s(id, state, attempts, due_at)
where d.id = s.id and d.state = 'waiting'
"""
_WELL = """
with before as (select id, rests_until from webhook where id = $1 and failures > 0 for update)
update webhook w set failures = 0, failing_since = null, rests_until = null from before b where w.id = b.id
returning b.rests_until is not null
"""
_HASTEN = """
update webhook_delivery set due_at = $2 where webhook_id = $1 and state = 'waiting' and due_at > $3
"""
_FAILING = """
update webhook set failures = least(failures + $2, 1000), failing_since = coalesce(failing_since, $3)
where id = $1 returning failures, failing_since, state
"""
_REST = "update webhook set rests_until = $2 where id = $1"
_PAUSE = "update webhook set state = 'paused', problem = $2 where id = $1 and state = 'active' returning id"


class Reason(StrEnum):
    """Why a webhook is paused by itself."""

    GONE = "gone"
    FAILING = "failing"


_PROBLEMS = {
    Reason.GONE: "It answered 410 Gone: it wants nothing more.",
    Reason.FAILING: f"Nothing was taken for {patience.PAUSED_AFTER.total_seconds() / 3600:.0f} hours.",
}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this process sends now; ``attempts`` were made before."""

    id: UUID
    webhook_id: UUID
    attempts: int
    url: str
    event_id: UUID
    body: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a delivery."""

    delivery: Claimed
    at: datetime
    answer: Answer


async def fill(session: AsyncSession, *, at: datetime) -> bool:
    """Queue the events of the feed for each webhook that wants them; answers whether there may be more."""
    connection = await driver(session)
    behind = await connection.fetch(_BEHIND)
    for row in behind:
        await connection.execute(_QUEUE, row["id"], at, QUEUED, EventType.WEBHOOK_TESTED.value)
    return bool(behind)


async def claim(session: AsyncSession, *, at: datetime, most: int, busy: Mapping[UUID, int]) -> list[Claimed]:
    """Deliveries that are due, at most ``most``, and of each webhook no more than it may have under way; ``busy`` tells how
    many it has in this process."""
    connection = await driver(session)
    rows = await connection.fetch(_CLAIM, at, at + LEASE, most, list(busy), list(busy.values()))
    return [
        Claimed(r["delivery"], r["webhook_id"], r["attempts"], r["url"], r["id"], cloud.encoded(Event.of(r)))
        for r in rows
    ]


async def settle(session: AsyncSession, outcomes: Collection[Outcome]) -> dict[UUID, Reason]:
    """Note what came of deliveries, and how their webhooks do; answers those that are paused by this, and why."""
    connection = await driver(session)
    logged = [(o.delivery.id, o.at, o.answer.seconds, o.answer.status, o.answer.problem) for o in outcomes]
    await connection.execute(_LOG, *map(list, zip(*logged, strict=True)))
    settled = [(o.delivery.id, *_settled(o)) for o in outcomes]
    await connection.execute(_SETTLE, *map(list, zip(*settled, strict=True)))
    paused = {}
    for webhook in sorted({o.delivery.webhook_id for o in outcomes}):
        reason = await _judge(session, webhook, [o for o in outcomes if o.delivery.webhook_id == webhook])
        if reason is not None and await _pause(session, webhook, reason):
            paused[webhook] = reason
    return paused


def _settled(outcome: Outcome) -> tuple[str, int, datetime]:
    attempts = outcome.delivery.attempts + 1
    if outcome.answer.taken:
        return "delivered", attempts, outcome.at
    wait = patience.again(attempts)
    return ("failed", attempts, outcome.at) if wait is None else ("waiting", attempts, outcome.at + wait)


async def _judge(session: AsyncSession, webhook: UUID, outcomes: Collection[Outcome]) -> Reason | None:
    """A webhook that takes anything does well, and one that has rested gets at once what waits for it, but not what
    may be under way; others rest longer and longer, until there is a reason to pause them."""
    connection = await driver(session)
    last = max(o.at for o in outcomes)
    if any(o.answer.taken for o in outcomes):
        if await connection.fetchval(_WELL, webhook):
            await connection.execute(_HASTEN, webhook, last, last + LEASE)
        return None
    row = await connection.fetchrow(_FAILING, webhook, len(outcomes), min(o.at for o in outcomes))
    if row is None or row["state"] != "active":
        return None
    if any(o.answer.status == GONE for o in outcomes):
        return Reason.GONE
    if last - row["failing_since"] >= patience.PAUSED_AFTER:
        return Reason.FAILING
    if rest := patience.rest(row["failures"]):
        await connection.execute(_REST, webhook, last + rest)
    return None


async def _pause(session: AsyncSession, webhook: UUID, reason: Reason) -> bool:
    """Whether it was active until now."""
    if not await (await driver(session)).fetchval(_PAUSE, webhook, _PROBLEMS[reason]):
        return False
    await publish(session, [DomainEvent(EventType.WEBHOOK_PAUSED, webhook, {"reason": reason.value})])
    return True

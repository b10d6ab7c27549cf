"""The log of deliveries, and sending them anew."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.errors import NotFound
from cxcore.events.outbox import EventType
from cxcore.webhooks import endpoints

_PAGE = """
select d.id, d.sequence, d.state, d.attempts, d.due_at, o.id as event, o.type, o.occurred_at
from webhook_delivery d join outbox o on o.sequence = d.sequence
where d.webhook_id = $1 and ($2::bigint is null or d.sequence < $2) and ($3::text is null or d.state = $3)
order by d.sequence desc limit $4
"""
_ATTEMPTS = """
select delivery_id, at, seconds, status, problem from webhook_attempt where delivery_id = any($1::uuid[]) order by id
"""
_RESEND = """
update webhook_delivery set state = 'waiting', attempts = 0, due_at = $3 where id = $1 and webhook_id = $2 returning sequence
"""
_REPLAY = """
insert into webhook_delivery (id, webhook_id, sequence, due_at)
select gen_random_uuid(), w.id, o.sequence, $3 from outbox o join webhook w on w.id = $1
where o.sequence is not null and o.occurred_at >= $2
  and case when o.type = $4 then o.subject = w.id::text else w.types is null or o.type = any(w.types) end
on conflict (sequence, webhook_id) do update set state = 'waiting', attempts = 0, due_at = excluded.due_at
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt; without a status ``problem`` says why."""

    at: datetime
    seconds: float
    status: int | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class Logged:
    """A delivery with its attempts, the oldest first."""

    id: UUID
    sequence: int
    state: str
    attempts: int
    due_at: datetime
    event: UUID
    type: str
    occurred_at: datetime
    log: tuple[Attempt, ...]


async def page(
    session: AsyncSession, webhook_id: UUID, *, before: int | None, state: str | None, limit: int
) -> list[Logged]:
    """Deliveries to a webhook, the newest event first; ``before``: only of events before this position.

    Raises:
        NotFound: there is no such webhook.
    """
    await endpoints.find(session, webhook_id)
    connection = await driver(session)
    rows = await connection.fetch(_PAGE, webhook_id, before, state, limit)
    log: dict[UUID, list[Attempt]] = {}
    for a in await connection.fetch(_ATTEMPTS, [r["id"] for r in rows]):
        log.setdefault(a["delivery_id"], []).append(Attempt(a["at"], a["seconds"], a["status"], a["problem"]))
    return [_logged(r, log.get(r["id"], [])) for r in rows]


def _logged(row: Any, log: list[Attempt]) -> Logged:
    return Logged(**dict(row), log=tuple(log))


async def resend(session: AsyncSession, webhook_id: UUID, delivery_id: UUID, *, at: datetime) -> None:
    """Send a delivery anew, with all its attempts, under the id it had.

    Raises:
        NotFound: there is no such delivery, or webhook.
    """
    if await (await driver(session)).fetchval(_RESEND, delivery_id, webhook_id, at) is None:
        raise NotFound(f"There is no delivery {delivery_id}.")


async def replay(session: AsyncSession, webhook_id: UUID, *, since: datetime, at: datetime) -> int:
    """Send all that has happened since a time anew, of the types that the webhook has now; answers how much it is.

    Raises:
        NotFound: there is no such webhook.
    """
    await endpoints.find(session, webhook_id, locked=True)
    status = await (await driver(session)).execute(_REPLAY, webhook_id, since, at, EventType.WEBHOOK_TESTED.value)
    return int(str(status).rpartition(" ")[2])

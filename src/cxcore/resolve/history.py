"""What people decided on who is who, revoked decisions among them: each act once, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver

_ACTS = """
with mine as (
    select distinct j.decision_id from judgement j join link l on l.profile_id in (j.left_id, j.right_id)
    where l.customer_id = $4 and j.decision_id is not null
), act as (
    select decision_id, min(rule) as rule, min(actor) as actor, min(reason) as reason, min(decided_at) as decided_at,
           max(revoked_at) as revoked_at, max(revoked_by) as revoked_by
    from judgement
    where decision_id is not null and ($4::uuid is null or decision_id in (select decision_id from mine))
    group by decision_id
    having ($1::timestamptz is null or (min(decided_at), decision_id) < ($1::timestamptz, $2::uuid))
    order by min(decided_at) desc, decision_id desc limit $3
)
select act.*, (
    select array_agg(distinct l.customer_id order by l.customer_id)
    from judgement j join link l on l.profile_id in (j.left_id, j.right_id) where j.decision_id = act.decision_id
) as customers
from act order by decided_at desc, decision_id desc
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended; the next one begins behind it."""

    decided_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a person. ``customers``: who holds the profiles concerned now. ``rule``: merge, separate or skip."""

    id: UUID
    rule: str
    actor: str | None
    reason: str | None
    decided_at: datetime
    revoked_at: datetime | None
    revoked_by: str | None
    customers: tuple[UUID, ...]

    @property
    def place(self) -> Place:
        return Place(self.decided_at, self.id)


async def acts(
    session: AsyncSession, *, customer: UUID | None = None, behind: Place | None = None, limit: int = 50
) -> list[Act]:
    """At most ``limit`` acts behind a place; with a living ``customer`` those that concern its profiles."""
    connection = await driver(session)
    rows = await connection.fetch(
        _ACTS, behind and behind.decided_at, behind.id if behind else UUID(int=0), limit, customer
    )
    return [
        Act(
            row["decision_id"],
            row["rule"],
            row["actor"],
            row["reason"],
            row["decided_at"],
            row["revoked_at"],
            row["revoked_by"],
            tuple(row["customers"] or ()),
        )
        for row in rows
    ]

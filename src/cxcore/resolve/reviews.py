"""What wants a person's eye: pairs of customers that may be one, the most valuable first."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver

_WAITING = """
with asked as (
    select distinct on (least(a.customer_id, b.customer_id), greatest(a.customer_id, b.customer_id))
           a.customer_id as l, b.customer_id as r, j.left_id, j.right_id, j.score, j.evidence, j.model_version
    from judgement j
    join link a on a.profile_id = j.left_id
    join link b on b.profile_id = j.right_id and b.customer_id <> a.customer_id
    where j.revoked_at is null and j.origin = 'rule' and j.rule = 'suggestion'
    order by least(a.customer_id, b.customer_id), greatest(a.customer_id, b.customer_id), j.score desc, j.id
), weighed as (
    select asked.*, (select count(*) from (
        select from link k join interaction i on i.profile_id = k.profile_id where k.customer_id in (l, r) limit 1000
    ) x) as records
    from asked
)
select l, r, left_id, right_id, score, evidence, model_version, records from weighed
order by records * (1.0 / (1.0 + abs(score))) desc, score desc, l, r
limit $1
"""


COUNTED = 1000
"""Interactions are counted so far."""


@dataclass(frozen=True, slots=True)
class Review:
    """Two customers that may be one: the pair of profiles that speaks loudest, the score in bits, what it rests on, and
    how many interactions a decision would move (counted to 1,000)."""

    left: UUID
    right: UUID
    profiles: tuple[UUID, UUID]
    score: float
    evidence: dict[str, Any]
    model_version: str
    records: int


async def waiting(session: AsyncSession, *, limit: int) -> list[Review]:
    """The reviews that wait: records affected times uncertainty, most first."""
    return [
        Review(
            r["l"],
            r["r"],
            (r["left_id"], r["right_id"]),
            r["score"],
            r["evidence"],
            r["model_version"],
            r["records"],
        )
        for r in await (await driver(session)).fetch(_WAITING, limit)
    ]

"""What wants a person's eye: pairs of customers that may be one, the most valuable first."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver

_WAITING = """
with asked as (
    select distinct on (least(a.customer_id, b.customer_id), greatest(a.customer_id, b.customer_id))
           a.customer_id as l, b.customer_id as r, j.left_id, j.right_id, j.rule, j.score, j.evidence, j.model_version
    from judgement j
    join link a on a.profile_id = j.left_id
    join link b on b.profile_id = j.right_id and b.customer_id <> a.customer_id
    where j.revoked_at is null and j.origin = 'rule' and j.rule in ('suggestion', 'conflict')
    order by least(a.customer_id, b.customer_id), greatest(a.customer_id, b.customer_id),
             j.rule = 'conflict' desc, j.score desc, j.id
), weighed as (
    select asked.*, (select count(*) from (
        select from link k join interaction i on i.profile_id = k.profile_id where k.customer_id in (l, r) limit 1000
    ) x) as records
    from asked
)
select l, r, left_id, right_id, rule, score, evidence, model_version, records from weighed
order by records * (1.0 / (1.0 + case when rule = 'conflict' then 0 else abs(score) end)) desc, score desc, l, r
limit $1
"""
"""A conflict is as uncertain as can be, whatever its score: that counts what speaks for two who contradict each other."""


COUNTED = 1000
"""Interactions are counted so far."""


@dataclass(frozen=True, slots=True)
class Review:
    """Two customers that may be one: the pair of profiles that speaks loudest, the score in bits, what it rests on, and
    how many interactions a decision would move (counted to 1,000). ``rule``: ``suggestion``, or ``conflict`` where what is
    verified contradicts what would join them."""

    left: UUID
    right: UUID
    profiles: tuple[UUID, UUID]
    rule: str
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
            r["rule"],
            r["score"],
            r["evidence"],
            r["model_version"],
            r["records"],
        )
        for r in await (await driver(session)).fetch(_WAITING, limit)
    ]

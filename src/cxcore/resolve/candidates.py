"""Who a contact that shows nothing of its own could be, and which such contacts could be a customer's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver

MOST = 5
_CANDIDATES = """
with other as (
    select case when a.customer_id = $1 then b.customer_id else a.customer_id end as customer_id, j.score, j.evidence, j.id
    from judgement j join link a on a.profile_id = j.left_id join link b on b.profile_id = j.right_id
    where j.revoked_at is null and j.origin = 'rule' and j.rule = 'candidate' and a.customer_id <> b.customer_id
      and (j.left_id = any(array(select profile_id from link where customer_id = $1))
        or j.right_id = any(array(select profile_id from link where customer_id = $1)))
), best as (
    select distinct on (customer_id) * from other order by customer_id, score desc, id
), ranked as (
    select customer_id, score, evidence, count(*) over () as total from best order by score desc, customer_id limit $2
)
select ranked.*, counted.records, counted.newest from ranked left join lateral (
    select count(*) as records, max(i.occurred_at) as newest
    from link l join interaction i on i.profile_id = l.profile_id where l.customer_id = ranked.customer_id
) counted on true
order by score desc, customer_id
"""
"""By the two indexes of live judgements and the primary keys; what a candidate's timeline holds is looked up for those
few that are shown."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer that could be the same, the score in bits and what it rests on; how many interactions it has, and when
    the newest was. ``total``: how many candidates there are."""

    customer: UUID
    score: float
    evidence: dict[str, Any]
    records: int
    newest: datetime | None
    total: int


async def candidates(session: AsyncSession, customer: UUID, *, limit: int = MOST) -> list[Candidate]:
    """The candidates of a living customer, the most likely first. Nobody is asked about them: they are no reviews."""
    return [
        Candidate(r["customer_id"], r["score"], r["evidence"], r["records"], r["newest"], r["total"])
        for r in await (await driver(session)).fetch(_CANDIDATES, customer, limit)
    ]

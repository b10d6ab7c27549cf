"""What stands around nodes: their edges with the payloads at either end, their profiles, and what people decided on these.
Read in one journey."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from cxcore.resolve.payload import Payload, from_json

_READ = """
with near as materialized (
    select left_id, right_id, codes from edge where left_id = any($1::bigint[])
    union
    select left_id, right_id, codes from edge where right_id = any($1::bigint[])
), own as materialized (
    select node_id, profile_id from member where node_id = any($1::bigint[])
)
select 'edge' as what, left_id as a, right_id as b, codes, null::text as told, null::uuid as p, null::uuid as q from near
union all
select 'member', node_id, null, null, null, profile_id, null from own
union all
select 'payload', e.id, null, null, n.payload, null, null
from (select left_id as id from near union select right_id from near) e
cross join lateral (select payload from node where id = e.id offset 0) n
union all
select 'decided', x.node_id, y.node_id, null, j.verdict, j.left_id, j.right_id
from own cross join lateral (
    select left_id, right_id, verdict from judgement
    where revoked_at is null and origin = 'person' and left_id = own.profile_id
    union all
    select left_id, right_id, verdict from judgement
    where revoked_at is null and origin = 'person' and right_id = own.profile_id
    offset 0
) j
left join lateral (select node_id from member where profile_id = j.left_id offset 0) x on true
left join lateral (select node_id from member where profile_id = j.right_id offset 0) y on true
"""


@dataclass(slots=True)
class Around:
    """``edges``: level codes by pair of nodes; ``members``: profiles by node; ``decided``: verdicts by pair of profiles;
    ``tied``: nodes that a person said to be one with others."""

    edges: dict[tuple[int, int], bytes] = field(default_factory=dict)
    members: dict[int, list[UUID]] = field(default_factory=dict)
    decided: dict[tuple[UUID, UUID], str] = field(default_factory=dict)
    tied: set[int] = field(default_factory=set)


async def read(connection: asyncpg.Connection, nodes: Collection[int], payloads: dict[int, Payload]) -> Around:
    """What stands around nodes; payloads that are not there yet are added."""
    found = Around()
    verdicts = []
    for what, a, b, codes, told, p, q in await connection.fetch(_READ, list(nodes)):
        if what == "edge":
            found.edges[a, b] = codes
        elif what == "member":
            found.members.setdefault(a, []).append(p)
        elif what == "payload":
            if a not in payloads:
                payloads[a] = from_json(told)
        else:
            verdicts.append((told, p, q))
            if told == "positive":
                found.tied |= {n for n in (a, b) if n is not None}
    # of several decisions on one pair the negative one counts, then the positive
    found.decided = {(p, q): verdict for verdict, p, q in sorted(verdicts, reverse=True)}
    return found

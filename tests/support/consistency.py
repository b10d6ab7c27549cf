"""Whether links, customers and judgements fit together: what must hold after whatever happened."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from cxcore.db.session import Database
from cxcore.resolve.cluster import Edge, partition


async def rows(database: Database, sql: str) -> list[Any]:
    async with database.unit() as session:
        return list((await session.execute(text(sql))).all())


async def assert_consistent(database: Database) -> None:
    """Every profile has one living customer, every id ever given leads there in one hop, and judgements explain it."""
    profiles = {r.id for r in await rows(database, "select id from profile")}
    links = {r.profile_id: r.customer_id for r in await rows(database, "select profile_id, customer_id from link")}
    customers = {r.id: r.merged_into for r in await rows(database, "select id, merged_into from customer")}
    assert links.keys() == profiles, "a profile without a customer, or a link without a profile"
    living = {c for c, into in customers.items() if into is None}
    assert set(links.values()) <= living, "a profile is held by a customer that is no more"
    for customer, into in customers.items():
        assert into is None or into in living, f"{customer} leads to {into}, which does not live"
    held: dict[UUID, set[UUID]] = {}
    for profile, customer in links.items():
        held.setdefault(customer, set()).add(profile)
    edges = [
        Edge(r.left_id, r.right_id, r.verdict == "positive", r.origin == "person", r.rule)
        for r in await rows(
            database,
            "select left_id, right_id, verdict, origin, rule from judgement where revoked_at is null and verdict <> 'unsure'",
        )
    ]
    assert {frozenset(p) for p in held.values()} == set(partition(profiles, edges)), "links are not what judgements say"

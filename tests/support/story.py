"""A small story: a handful of people over four channels, told through Parley."""

from typing import Any
from uuid import UUID

from cxcore import pipeline
from cxcore.db.session import Database
from cxcore.timeline import search
from support.parley import Parley, configured

ANNA = "anna@kotiposti.example"
PEKKA = "pekka@kotiposti.example"
LIISA = "liisa@kotiposti.example"

MESSAGES: list[dict[str, Any]] = [
    {"id": 1, "name": "Anna Mäkinen", "emails": [ANNA], "channel": "email", "subject": "Room", "quoted": "> Hello"},
    {"id": 2, "name": "Makinen Anna", "emails": ["Anna@Kotiposti.example"], "phones": ["040 123 4567"]},
    {"id": 3, "phones": ["+358401234567"], "channel": "phone", "kind": "call", "duration": 125},
    {"id": 4, "name": "ANNA MÄKINEN", "emails": [ANNA], "channel": "purchase", "kind": "order",
     "attributes": {"total": 99.5, "items": ["bed", "breakfast"]}},
    {"id": 5, "name": "Anna Mäkinen", "emails": [ANNA], "channel": "email", "direction": "outbound"},
    {"id": 6, "name": "Pekka Virta", "emails": [PEKKA], "phones": ["09 7654321"]},
    {"id": 7, "name": "Liisa Virta", "emails": [LIISA], "phones": ["09 7654321"]},
    {"id": 8, "channel": "phone", "kind": "call"},
]  # fmt: skip


async def tell(database: Database, messages: list[dict[str, Any]] | None = None) -> None:
    """Pull and digest messages; the first time, configure the source."""
    Parley.messages = Parley.messages + (MESSAGES if messages is None else messages)
    async with database.unit() as session:
        from cxcore.pull import sources

        known = await sources.everything(session)
    source = known[0] if known else await configured(database, page=50)
    await pipeline.pull(database, source)
    await pipeline.digest(database)


async def who(database: Database, query: str) -> UUID:
    """The one customer that a query finds."""
    async with database.unit() as session:
        hits = await search.search(session, query)
    assert len(hits) == 1, f"{len(hits)} found"
    return hits[0].customer_id

"""The baseline of ingest: raw COPY of the very rows that a path left, into the same tables of another database."""

import time

import asyncpg

from bench.server import connect
from cxcore.db.session import Database

TABLES = (
    "source_record",
    "profile",
    "observation",
    "identifier",
    "conversation",
    "interaction",
    "participant",
    "customer",
    "link",
    "judgement",
    "search_term",
    "node",
    "member",
    "node_key",
    "value_name",
    "edge",
)
"""What a path leaves behind, in the order that foreign keys ask for."""
_ROWS_AT_ONCE = 50_000


async def copy_all(left: Database, target: Database) -> tuple[dict[str, float], dict[str, int]]:
    """Seconds and rows of each table's COPY. Reading the rows, at most 50,000 at a time, is not counted."""
    here, there = await connect(left), await connect(target)
    seconds: dict[str, float] = {}
    rows: dict[str, int] = {}
    try:
        sources = await here.fetch("select id, key, connector, name, config from source")
        await there.executemany(
            "insert into source (id, key, connector, name, config) overriding system value values ($1, $2, $3, $4, $5)",
            [tuple(s) for s in sources],
        )
        for table in TABLES:
            seconds[table], rows[table] = await _copy(here, there, table)
    finally:
        await here.close()
        await there.close()
    return seconds, rows


async def _copy(here: asyncpg.Connection, there: asyncpg.Connection, table: str) -> tuple[float, int]:
    columns = [a.name for a in (await here.prepare(f"select * from {table}")).get_attributes()]  # noqa: S608 - our names
    spent, count = 0.0, 0
    async with here.transaction():
        cursor = await here.cursor(f"select * from {table}")  # noqa: S608 - our names
        while found := await cursor.fetch(_ROWS_AT_ONCE):
            rows = [tuple(row) for row in found]
            began = time.perf_counter()
            await there.copy_records_to_table(table, columns=columns, records=rows)
            spent += time.perf_counter() - began
            count += len(rows)
    return spent, count

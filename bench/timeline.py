"""The timeline page: by the product beside the bare SQL, for customers of every weight; and over HTTP beside Core."""

import argparse
import asyncio
import gc
import json
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from bench import world
from bench.report import Goal, Report, median, percentile
from bench.server import connect, fresh_database
from bench.serving import product
from cxcore.auth import keys
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database, driver
from cxcore.model.interaction import Channel
from cxcore.timeline import query
from cxcore.timeline.query import Filter, Position

HEAVY_GOAL, HTTP_GOAL = Goal(5, at_least=False), Goal(0.5)
_PAGE = 50
_LATEST = (datetime(9999, 12, 31, tzinfo=UTC), UUID(int=2**128 - 1))
_CHAT = Filter(channels=(Channel.CHAT,))

BARE = """
with k as materialized (
    select t.* from link l cross join lateral (
        select i.profile_id, i.occurred_at, i.id from interaction i
        where i.profile_id = l.profile_id and (i.occurred_at, i.id) < ($2, $3) {filters}
        order by i.occurred_at desc, i.id desc limit 50
    ) t where l.customer_id = $1 order by t.occurred_at desc, t.id desc limit 50
)
select i.* from k join interaction i using (profile_id, occurred_at, id) order by i.occurred_at desc, i.id desc
"""
"""The page of the engine study (b2): interactions alone, without participants, threads and the name of the source."""


async def run(url: str, asked: argparse.Namespace, report: Report) -> None:
    """Load the customers, then measure pages and requests."""
    async with fresh_database(url, "timeline", pool_size=2) as database:
        await report.machine(database)
        people = world.population(asked.interactions, asked.seed)
        counts = ", ".join(f"{len(c):,} {kind}" for kind, c in people.customers.items())
        report.line(
            f"{len(people.interactions):,} interactions, {people.profiles:,} profiles, customers: {counts}; "
            f"{asked.rounds} rounds, seed {asked.seed}"
        )
        began = time.perf_counter()
        customers = await _load(database, people, asked.seed)
        report.line(f"loaded, vacuumed and analysed in {time.perf_counter() - began:.0f} s")
        gc.freeze()  # the world's own objects must not slow the measured paths' collections
        await _pages(database, customers, asked, report)
        await _requests(database, customers["heavy"], asked, report)


async def _load(database: Database, people: world.Population, seed: int) -> dict[str, list[UUID]]:
    """COPY everything in; answers the customers' ids by class."""
    connection = await connect(database)
    source = await connection.fetchval(
        "insert into source (key, connector, name, config) values ('bench', 'files', 'Bench', '{}') returning id"
    )
    ids: dict[str, list[UUID]] = {}
    links: list[tuple[UUID, UUID]] = []
    for kind, found in people.customers.items():
        for own in found:
            customer = UUID(int=world.profile_uuid(own.start).int ^ 1)
            ids.setdefault(kind, []).append(customer)
            links += [(world.profile_uuid(p), customer) for p in own]

    def profiles() -> Iterator[tuple[Any, ...]]:
        for number in range(people.profiles):
            yield (
                world.profile_uuid(number),
                source,
                f"k{number}",
                f"Nimi {number}",
                "{}",
                f"nimi {number}",
                world.T0,
                b"",
            )

    def participants() -> Iterator[tuple[Any, ...]]:
        for number, profile in enumerate(people.interactions):
            yield (world.profile_uuid(profile), world.interaction_uuid(number), 0, 6, f"Agentti {number % 60}")

    threads = {world.conversation_uuid(p, n): n for n, p in enumerate(people.interactions)}
    copy = connection.copy_records_to_table
    await copy(
        "profile",
        columns=["id", "source_id", "key", "name", "attributes", "name_key", "observed_at", "revision"],
        records=profiles(),
    )
    await copy("customer", columns=["id", "founder_id"], records=[(c, p) for c, p in {c: p for p, c in links}.items()])
    await copy("link", columns=["profile_id", "customer_id"], records=links)
    await copy(
        "conversation",
        columns=["id", "root_id", "source_id", "started_at"],
        records=((t, t, source, world.T0) for t in threads),
    )
    await copy("interaction", columns=world.INTERACTION, records=world.interaction_rows(people, source, seed))
    await copy(
        "participant", columns=["profile_id", "interaction_id", "position", "role", "name"], records=participants()
    )
    await connection.execute("vacuum analyze")
    await connection.execute("checkpoint")
    await connection.close()
    return ids


async def _pages(
    database: Database, customers: dict[str, list[UUID]], asked: argparse.Namespace, report: Report
) -> None:
    """Each page by the product and bare, one after the other on one connection."""
    rng = random.Random(asked.seed)
    async with database.unit() as session:
        connection = await driver(session)
        cases = [
            ("light, first page", "light", Filter(), False),
            ("middling, first page", "middling", Filter(), False),
            ("busy, first page", "busy", Filter(), False),
            ("heavy, first page", "heavy", Filter(), False),
            ("heavy, half-way", "heavy", Filter(), True),
            ("heavy, one channel", "heavy", _CHAT, False),
        ]
        taken: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name, *_ in cases}
        for _ in range(asked.rounds):
            for name, kind, chosen, deep in cases:
                drawn = rng.choices(customers[kind], k=asked.samples)
                await _sample(connection, drawn, chosen, await _middle(connection, drawn, deep=deep), taken[name])
        if asked.explain:
            await _explain(connection, customers["heavy"][0], report)
    light = percentile(taken["light, first page"][0], 0.99)
    rows = []
    for name, (ours, bare) in taken.items():
        slow = percentile(ours, 0.99)
        verdict = (
            report.judged(slow / light, HEAVY_GOAL) if name.startswith("heavy") else (f"{slow / light:.2f}", "", "")
        )
        rows.append(
            (
                name,
                *(f"{percentile(values, share) * 1000:.2f}" for values in (ours, bare) for share in (0.5, 0.99)),
                f"{percentile(ours, 0.5) / percentile(bare, 0.5):.2f}",
                *verdict,
            )
        )
    report.table(
        f"page of {_PAGE}, ms, {asked.samples * asked.rounds:,} samples a class",
        ("", "p50", "p99", "bare p50", "bare p99", "p50 to bare", "p99 to light p99", "goal", ""),
        rows,
    )


async def _middle(connection: asyncpg.Connection, customers: list[UUID], *, deep: bool) -> dict[UUID, Position]:
    """Where the second half of each customer's interactions begins."""
    if not deep:
        return {}
    found = {}
    for customer in set(customers):
        row = await connection.fetchrow(
            "select i.occurred_at, i.id from link l join interaction i on i.profile_id = l.profile_id"
            " where l.customer_id = $1 order by 1 desc, 2 desc offset $2 limit 1",
            customer,
            world.HEAVY_PROFILES * world.HEAVY_ROWS // 2,
        )
        found[customer] = Position(row["occurred_at"], row["id"])
    return found


async def _sample(
    connection: asyncpg.Connection,
    customers: list[UUID],
    chosen: Filter,
    middle: dict[UUID, Position],
    taken: tuple[list[float], list[float]],
) -> None:
    filters = "and i.channel = 0" if chosen.channels else ""
    bare = BARE.format(filters=filters)
    for number, customer in enumerate(customers):
        behind = middle.get(customer)
        at, identity = (behind.occurred_at, behind.id) if behind else _LATEST

        async def ours(customer: UUID = customer, behind: Position | None = behind) -> int:
            page = await query.read(connection, customer, behind=behind, limit=_PAGE, chosen=chosen)
            return len(page.entries)

        async def plain(customer: UUID = customer, at: datetime = at, identity: UUID = identity) -> int:
            return len(await connection.fetch(bare, customer, at, identity))

        # by turns who comes first: the second finds the customer's pages in the cache
        for read, seconds in ((ours, taken[0]), (plain, taken[1]))[:: 1 if number % 2 else -1]:
            began = time.perf_counter()
            await read()
            seconds.append(time.perf_counter() - began)


async def _explain(connection: asyncpg.Connection, customer: UUID, report: Report) -> None:
    sql, arguments = query.statement(Filter())
    plan = await connection.fetch(f"explain (analyze, buffers) {sql}", customer, *_LATEST, _PAGE + 1, *arguments)
    report.line("")
    for row in plan:
        report.line(row[0])


async def _requests(database: Database, heavy: list[UUID], asked: argparse.Namespace, report: Report) -> None:
    """Requests a second of the heavy page by `cxcore serve`, by turns with the same page by Core without HTTP."""
    async with database.unit() as session:
        key = await keys.create(session, name="bench", scopes=[Scope.READ_CUSTOMERS])
    url = database.url.render_as_string(hide_password=False)
    common = {
        "customers": [str(c) for c in heavy],
        "concurrency": asked.concurrency,
        "seconds": asked.seconds,
        "database": url,
        "key": key,
    }
    rates: dict[str, list[float]] = {"core": [], "http": []}
    slow: dict[str, list[float]] = {"core": [], "http": []}
    size = 0
    async with product(url, pool_size=asked.concurrency) as port:
        for _ in range(asked.rounds):
            for by in ("core", "http"):
                counted = await load_from_outside({**common, "by": by, "host": "127.0.0.1", "port": port})
                rates[by].append(len(counted["latencies"]) / counted["seconds"])
                slow[by].append(percentile(counted["latencies"], 0.99) * 1000)
                if by == "http":
                    size = counted["sizes"] // max(1, len(counted["latencies"]))
    ratio = median([h / c for h, c in zip(rates["http"], rates["core"], strict=True)])
    report.table(
        f"heavy page of {_PAGE}, first, {asked.concurrency} at once, one process ({size:,} bytes a page)",
        ("", "pages/s", "p99 ms", "ratio", "goal", ""),
        [
            ("Core without HTTP", f"{median(rates['core']):,.0f}", f"{median(slow['core']):.1f}", "1.00", "", ""),
            (
                "GET /v1/customers/{id}/timeline",
                f"{median(rates['http']):,.0f}",
                f"{median(slow['http']):.1f}",
                *report.judged(ratio, HTTP_GOAL),
            ),
        ],
    )


async def load_from_outside(asked: dict[str, Any]) -> dict[str, Any]:
    """What readers in a process of their own counted (``bench.load``)."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.load", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate(json.dumps(asked).encode())
    if process.returncode:
        raise RuntimeError("the readers stopped on an error, which stands above")
    counted: dict[str, Any] = json.loads(out)
    return counted

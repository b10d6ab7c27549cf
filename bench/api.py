"""The API over HTTP: resolve, customer, timeline page and ingest, beside FastAPI alone and the same work without HTTP."""

import argparse
import hashlib
import json
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bench.report import Goal, Report, median, percentile
from bench.server import connect, fresh_database, settle
from bench.serving import plain, product
from bench.timeline import load_from_outside
from cxcore import pipeline
from cxcore.api.v1 import seen
from cxcore.api.v1.customers import page_as_json
from cxcore.auth import keys
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.model.identifier import Identifier
from cxcore.pull import sources
from cxcore.resolve import lookup
from cxcore.resolve.customers import find_living
from cxcore.sdk.page import Record
from cxcore.timeline import query

PAGE_GOAL, TAIL_GOAL = Goal(0.5), Goal(3, at_least=False)
_BUSY = 500
"""Customers whose page is read; each has ``_ENTRIES`` interactions."""
_ENTRIES = 120
_ASKED = 5000
"""Requests to resolve and read, each of another person while there are so many."""
_BASE = """
insert into profile (id, source_id, key, name, given_name, family_name, attributes, name_key, observed_at, revision)
select md5('p' || n)::uuid, $1::smallint, 'k' || n, 'Given' || n || ' Family' || n % 5000, 'Given' || n, 'Family' || n % 5000,
       '{}', 'given' || n || ' family' || n % 5000, '2026-01-01', ''
from generate_series(0, $2::int - 1) n;
insert into identifier (profile_id, scheme, issuer, value, raw, verified)
select md5('p' || n)::uuid, s.scheme, '', s.value, s.value, false
from generate_series(0, $2::int - 1) n,
     lateral (values (0::smallint, 'guest' || n || '@home.example'), (1::smallint, '+35840' || lpad(n::text, 7, '0'))) s(scheme, value);
insert into customer (id, founder_id)
select md5('c' || n)::uuid, md5('p' || n)::uuid from generate_series(0, $2::int - 1, 2) n;
insert into link (profile_id, customer_id)
select md5('p' || n)::uuid, md5('c' || n - n % 2)::uuid from generate_series(0, $2::int - 1) n;
insert into interaction (profile_id, occurred_at, id, source_id, channel, direction, kind, role, sequence, subject, text, attributes)
select md5('p' || n)::uuid, timestamptz '2026-01-01' + m * interval '1 hour', md5('i' || n || ' ' || m)::uuid, $1::smallint,
       m % 4, m % 2, 0, 0, 0, 'Subject ' || m, repeat('Could you keep the table by the window? ', 5), '{}'
from generate_series(0, $3::int - 1, 2) n, generate_series(1, $4::int) m;
"""


async def run(url: str, asked: argparse.Namespace, report: Report) -> None:
    """Fill a base, then measure each operation over HTTP with one and two processes, and without HTTP."""
    async with fresh_database(url, "api", pool_size=2) as database:
        await report.machine(database)
        await _fill(database, asked.profiles)
        await settle(database)
        report.line(
            f"{asked.profiles:,} profiles, {asked.concurrency} requests at once, {asked.rounds} rounds by turns"
        )
        async with database.unit() as session:
            shop = await sources.add(session, key="shop", connector="api", config={}, name=None)
            key = await keys.create(session, name="bench", scopes=[Scope.READ_CUSTOMERS, Scope.WRITE_INTERACTIONS])
        size = await _page_size(database)
        alone = await _alone(database, shop)
        for processes in (1, 2):
            await _measure(_Served(database, key, size, alone), processes, asked, report)


async def _fill(database: Database, profiles: int) -> None:
    connection = await connect(database)
    source = await connection.fetchval(
        "insert into source (key, connector, name, config) values ('load', 'files', 'load', '{}') returning id"
    )
    given = {"$1": str(source), "$2": str(profiles), "$3": str(2 * _BUSY), "$4": str(_ENTRIES)}
    statement = _BASE
    for name, value in given.items():
        statement = statement.replace(name, value)
    await connection.execute(statement)
    await connection.execute("vacuum analyze")
    await connection.close()


def _customer(number: int) -> uuid.UUID:
    return uuid.UUID(hashlib.md5(f"c{2 * number}".encode(), usedforsecurity=False).hexdigest())


def _order(number: int) -> dict[str, Any]:
    return {
        "id": f"order-{number}",
        "channel": "purchase",
        "kind": "order",
        "direction": "inbound",
        "role": "buyer",
        "occurred_at": "2026-03-01T12:00:00Z",
        "subject": f"Order {number}",
        "text": "Could you keep the table by the window? " * 5,
        "customers": [
            {"key": f"c{number}", "identifiers": [{"scheme": "email", "value": f"new{number}@home.example"}]}
        ],
    }


def _requests(key: str, processes: int, profiles: int) -> dict[str, list[str]]:
    """Raw requests of each kind; those of ingest are new in each round."""

    def get(path: str) -> str:
        return f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n\r\n"

    def post(path: str, body: Any) -> str:
        told = json.dumps(body)
        return (
            f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(told)}\r\n\r\n{told}"
        )

    return {
        "empty endpoint of FastAPI": [get("/empty")],
        "static page of FastAPI": [get("/static")],
        "resolve": [
            post(
                "/v1/customers:resolve",
                {"identifiers": [{"scheme": "email", "value": f"guest{n * 7 % profiles}@home.example"}]},
            )
            for n in range(_ASKED)
        ],
        "customer": [get(f"/v1/customers/{_customer(n % (profiles // 2))}") for n in range(_ASKED)],
        "timeline page": [get(f"/v1/customers/{_customer(n)}/timeline") for n in range(_BUSY)],
        "ingest": [
            post("/v1/sources/shop/interactions", _order(n))
            for n in range(processes * 40_000, processes * 40_000 + 40_000)
        ],
    }


async def _page_size(database: Database) -> int:
    """Bytes of a timeline page, as the API sends it."""
    async with database.unit() as session:
        return len(page_as_json(await query.page(session, _customer(1)), None))


async def _alone(database: Database, shop: sources.Configured) -> dict[str, float]:
    """Seconds of the same work without HTTP, one after the other, in the middle."""

    async def resolve(n: int) -> None:
        async with database.unit() as session:
            await lookup.lookup(session, [Identifier.email(f"guest{n * 7}@home.example")], name=None, region="FI")

    async def customer(n: int) -> None:
        async with database.unit() as session:
            await seen.customer(session, await find_living(session, _customer(n)))

    async def timeline(n: int) -> None:
        async with database.unit() as session:
            await query.page(session, _customer(n % _BUSY))

    async def ingest(n: int) -> None:
        order = _order(1_000_000 + n)
        async with database.unit() as session:
            await pipeline.take(session, shop, [Record("interactions", order.pop("id"), order)])

    work: dict[str, Callable[[int], Awaitable[None]]] = {
        "resolve": resolve,
        "customer": customer,
        "timeline page": timeline,
        "ingest": ingest,
    }
    found = {}
    for name, once in work.items():
        taken = []
        for n in range(300):
            began = time.perf_counter()
            await once(n)
            taken.append(time.perf_counter() - began)
        found[name] = median(taken[50:])
    return found


@dataclass(frozen=True, slots=True)
class _Served:
    """What is served: the base, a key to it, bytes of its timeline pages, and seconds of the work without HTTP."""

    database: Database
    key: str
    size: int
    alone: dict[str, float]


async def _measure(served: _Served, processes: int, asked: argparse.Namespace, report: Report) -> None:
    url = served.database.url.render_as_string(hide_password=False)
    alone, size = served.alone, served.size
    requests = _requests(served.key, processes, asked.profiles)
    rates: dict[str, list[float]] = {name: [] for name in requests}
    latencies: dict[str, list[float]] = {name: [] for name in requests}
    single: dict[str, float] = {}
    async with (
        plain(size, processes=processes) as bare,
        product(url, pool_size=asked.concurrency, processes=processes) as ours,
    ):
        for number in range(asked.rounds + 1):
            for name, raw in requests.items():
                share = raw[number * len(raw) // (asked.rounds + 1) :] if name == "ingest" else raw
                one_at_a_time = number == 0
                counted = await load_from_outside(
                    {
                        "by": "raw",
                        "host": "127.0.0.1",
                        "port": bare if "FastAPI" in name else ours,
                        "customers": share,
                        "concurrency": 1 if one_at_a_time else asked.concurrency,
                        "seconds": asked.seconds,
                    }
                )
                if one_at_a_time:
                    single[name] = median(counted["latencies"])
                else:
                    rates[name].append(len(counted["latencies"]) / counted["seconds"])
                    latencies[name] += counted["latencies"]
    empty, static = (median(rates[name]) for name in list(requests)[:2])
    rows = []
    for name in requests:
        rate, times = median(rates[name]), latencies[name]
        tail = percentile(times, 0.99) / median(times)
        goal = ("", "", "")
        if name == "timeline page":
            goal = report.judged(rate / static, PAGE_GOAL)
        elif name == "resolve":
            goal = report.judged(tail, TAIL_GOAL)
        rows.append(
            (
                name,
                f"{rate:,.0f}",
                f"{rate / empty:.2f}",
                f"{median(times) * 1000:.1f}",
                f"{percentile(times, 0.99) * 1000:.1f}",
                f"{tail:.1f}",
                f"{single[name] / alone[name]:.2f}" if name in alone else "",
                *goal,
            )
        )
    report.table(
        f"{processes} process{'es' if processes > 1 else ''}; static page of {size:,} bytes; judged: the timeline page's rate to "
        "the static page's, resolve's p99 to its p50",
        ("", "1/s", "to empty", "p50 ms", "p99 ms", "p99/p50", "one alone, to without HTTP", "judged", "goal", ""),
        rows,
    )

"""Connectors: how fast `http_json` reads a local server, beside raw reads of the same pages."""

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

import httpx2

from bench.report import Goal, Report, median, timed
from cxconnectors.http_json import HttpJson, HttpJsonConfig
from cxcore import clock
from cxcore.cli import loop
from cxcore.sdk.testing.driving import MAX_PAGES

GOAL = Goal(0.3)
MAPPING = {
    "version": 1,
    "key": "id",
    "changed_at": "changed",
    "interaction": [
        {
            "channel": "purchase",
            "kind": "order",
            "direction": "inbound",
            "occurred_at": "created",
            "subject": "number",
            "text": "note",
            "attributes": {"total": "total", "currency": "currency"},
            "customer": {
                "key": "customer.id",
                "given_name": "customer.first_name",
                "family_name": "customer.last_name",
                "email": "customer.email",
                "phone": "customer.phone",
            },
        }
    ],
}


def run(asked: argparse.Namespace, report: Report) -> None:
    """Read the pages by turns with httpx2 alone and with the connector, and print what they take."""
    raw, parsed, pulled, mapped = [list[float]() for _ in range(4)]
    with _server(asked) as url:
        connector = HttpJson(HttpJsonConfig.model_validate(_config(url)))
        for _ in range(asked.rounds):
            for times, json in ((raw, False), (parsed, True)):
                with timed() as taken:
                    loop.run(_raw(url, asked.records, json=json))
                times.append(taken[0])
            for times, also_map in ((pulled, False), (mapped, True)):
                with timed() as taken:
                    records = loop.run(_pulled(connector, also_map=also_map))
                times.append(taken[0])
                if records != asked.records:
                    raise RuntimeError(f"{asked.records} records are there, {records} came")
    load = ", ".join(f"{n:.1f}" for n in os.getloadavg())
    report.line(
        f"{clock.now():%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores (load {load}), Python {platform.python_version()}; "
        f"{asked.records:,} records, {asked.page_size} a page, {asked.rounds} rounds, medians"
    )
    rows = [("raw reads by httpx2", raw), ("raw reads, parsed", parsed), ("http_json: pull", pulled)]
    rows += [("http_json: pull and map", mapped)]
    told = []
    for name, times in rows:
        ratio = median(raw) / median(times)
        judged = name == "http_json: pull"
        if judged and not GOAL.met(ratio):
            report.missed += 1
        goal = f"{GOAL} {'met' if GOAL.met(ratio) else 'MISSED'}" if judged else ""
        told.append((name, f"{median(times):.2f} s", f"{asked.records / median(times):,.0f}", f"{ratio:.2f}", goal))
    report.table("connectors", ["", "seconds", "records/s", "ratio", "goal"], told)


def _config(url: str) -> dict[str, object]:
    stream = {
        "name": "orders",
        "path": "/orders",
        "parameters": {"after": "{cursor}"},
        "records": "items",
        "page": {"kind": "cursor", "next": "next"},
        "mapping": MAPPING,
    }
    return {"base_url": url, "stream": [stream], "limits": {"pages": MAX_PAGES}}


async def _raw(url: str, records: int, *, json: bool) -> None:
    """Every page once by one client over one connection; its bytes are kept until the next."""
    after: str | None = "0"
    got = 0
    async with httpx2.AsyncClient(trust_env=False) as client:
        while after is not None and got < records:
            answer = await client.get(f"{url}/orders?after={after}")
            answer.raise_for_status()
            if json:
                answer.json()
            tail = answer.content.rpartition(b'"next": ')[2].rstrip(b"}").strip(b'"').decode()
            after = None if tail == "null" else tail
            got += 1


async def _pulled(connector: HttpJson, *, also_map: bool) -> int:
    """All records, with the bytes that would be landed; mapped if asked."""
    count = 0
    async for page in connector.pull("orders", None):
        for record in page.records:
            record.body()
            if also_map:
                for _ in connector.map(record):
                    pass
        count += len(page.records)
    return count


@contextmanager
def _server(asked: argparse.Namespace) -> Iterator[str]:
    """The server in a process of its own."""
    numbers = [str(asked.records), str(asked.page_size), str(asked.seed)]
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "bench.rest_server", *numbers], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        told, until = cast("IO[str]", process.stdout), cast("IO[str]", process.stdin)
        yield f"http://127.0.0.1:{told.readline().strip()}"
        until.close()

"""Vendors' systems: how fast their connectors read a local server, beside the same requests made again by httpx2 alone."""

import argparse
import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import IO, Any, cast

import httpx2

from bench.report import Report, median, timed
from bench.vendor_server import SYSTEMS, missing
from cxcore.cli import loop
from cxcore.sdk import registry
from cxcore.sdk.connector import Connector
from cxcore.sdk.http.rate import Bucket

Asked = tuple[str, str, dict[str, str], bytes]
"""Method, address, headers and body of a request."""


def run(asked: argparse.Namespace, report: Report) -> None:
    """Let each connector read its system, ask again what it asked, and print what both take."""
    told = []
    for key, (system, _) in SYSTEMS.items():
        if lacking := missing(key):
            report.line(f"{key} was not measured: {lacking}")
            continue
        with _serving(key, asked.vendor_records) as config:
            connector = registry.connector(key).configured(config)
            with _unlimited():
                requests, records = _recorded(connector)
                raw, pulled = [list[float]() for _ in range(2)]
                for _ in range(asked.rounds):
                    with timed() as taken:
                        loop.run(_again(requests))
                    raw.append(taken[0])
                    with timed() as taken:
                        loop.run(_pulled(connector))
                    pulled.append(taken[0])
        ratio = median(raw) / median(pulled)
        rate = f"{records / median(pulled):,.0f}"
        told.append(
            (key, system, f"{records:,}", f"{len(requests):,}", f"{median(pulled):.2f} s", rate, f"{ratio:.2f}")
        )
    report.table("vendors", ["", "against", "records", "requests", "seconds", "records/s", "ratio"], told)


@contextlib.contextmanager
def _serving(key: str, records: int) -> Iterator[dict[str, Any]]:
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "bench.vendor_server", key, str(records)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        said, until = cast("IO[str]", process.stdout), cast("IO[str]", process.stdin)
        yield json.loads(said.readline())
        until.close()


@contextlib.contextmanager
def _unlimited() -> Iterator[None]:
    """Without the calls a second that vendors allow: what is measured is how fast a connector could be."""
    kept = Bucket.wait

    async def at_once(_: Bucket) -> None:
        return

    Bucket.wait = at_once  # type: ignore[method-assign]  # put back below
    try:
        yield
    finally:
        Bucket.wait = kept  # type: ignore[method-assign]  # as it was


def _recorded(connector: Connector[Any]) -> tuple[list[Asked], int]:
    """All that a connector asks in a whole pull, and how many records it gives."""
    requests: list[Asked] = []
    kept = httpx2.AsyncClient.send

    async def send(self: httpx2.AsyncClient, request: httpx2.Request, **more: Any) -> httpx2.Response:
        requests.append((request.method, str(request.url), dict(request.headers), request.content))
        return await kept(self, request, **more)

    httpx2.AsyncClient.send = send  # type: ignore[method-assign]  # put back below
    try:
        return requests, loop.run(_pulled(connector))
    finally:
        httpx2.AsyncClient.send = kept  # type: ignore[method-assign]  # as it was


async def _again(requests: list[Asked]) -> None:
    """The same requests one after another over one connection; nothing is parsed."""
    async with httpx2.AsyncClient(trust_env=False, timeout=60) as client:
        for method, url, headers, body in requests:
            await client.request(method, url, headers=headers, content=body)


async def _pulled(connector: Connector[Any]) -> int:
    """All records of all streams, with the bytes that would be landed."""
    count = 0
    for stream in connector.streams:
        async for page in connector.pull(stream.name, None):
            for record in page.records:
                record.body()
            count += len(page.records)
    return count

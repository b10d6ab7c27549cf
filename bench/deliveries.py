"""Deliveries: from the sender's first byte to the answer, over HTTP, beside one durable insert of the same bytes."""

import argparse
import asyncio
import base64
import json
import socket
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bench.report import Report, median, percentile
from bench.server import connect, fresh_database, settle
from cxcore.api.app import application
from cxcore.cli import serving
from cxcore.clock import now
from cxcore.db.session import Database
from cxcore.pull import sources
from cxcore.sdk.signature import standard

SECRET = "whsec_" + base64.b64encode(b"a key of twenty-four byte").decode()
CONFIG = {
    "scheme": "standard",
    "mapping": {
        "version": 1,
        "key": "id",
        "changed_at": "at",
        "interaction": [
            {
                "channel": "chat",
                "kind": "message",
                "direction": "inbound",
                "occurred_at": "at",
                "text": "text",
                "customer": {"name": "name", "email": "email"},
            }
        ],
    },
}
_WARM = 50
_KINDS = ("bare", "new", "repeat", "forged")


@dataclass(slots=True)
class Senders:
    """Keep-alive connections to the server, each sending the next delivery when the last was answered."""

    host: str
    port: int
    concurrency: int
    number: int = 0
    sent: list[bytes] = field(default_factory=list)

    async def measured(self, kind: str, count: int) -> list[float]:
        """Seconds that each of ``count`` deliveries took, by turns on all connections."""
        expected = b"HTTP/1.1 401" if kind == "forged" else b"HTTP/1.1 200"
        requests = [self._request(kind) for _ in range(count)]
        taken: list[float] = []

        async def sender(share: list[bytes]) -> None:
            source, sink = await asyncio.open_connection(self.host, self.port)
            for request in share:
                began = time.perf_counter()
                sink.write(request)
                head = await source.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
                await source.readexactly(length)
                taken.append(time.perf_counter() - began)
                if not head.startswith(expected):
                    raise RuntimeError(head.split(b"\r\n", 1)[0].decode())
            sink.close()
            await sink.wait_closed()

        await asyncio.gather(*(sender(requests[n :: self.concurrency]) for n in range(self.concurrency)))
        return taken

    def _request(self, kind: str) -> bytes:
        if kind == "repeat":
            return self.sent[self.number % len(self.sent)]
        self.number += 1
        body = message(self.number)
        name, stamp = f"msg_{self.number}", str(int(now().timestamp()))
        signature = standard.sign(f"{name}.{stamp}.".encode() + body, SECRET)
        if kind == "forged":
            body = body.replace(b"Hello", b"Hallo")
        head = (
            f"POST /v1/deliveries/bench HTTP/1.1\r\nHost: bench\r\nContent-Length: {len(body)}\r\n"
            f"webhook-id: {name}\r\nwebhook-timestamp: {stamp}\r\nwebhook-signature: {signature}\r\n\r\n"
        )
        request = head.encode() + body
        if kind == "new":
            self.sent.append(request)
        return request


def message(number: int) -> bytes:
    """A delivery of some 400 bytes."""
    told = {
        "id": f"m{number}",
        "at": now().isoformat(),
        "text": f"Hello {number}. " + "Could you keep the table by the window for four at eight? " * 4,
        "name": f"Guest {number}",
        "email": f"guest{number}@home.example",
    }
    return json.dumps(told).encode()


async def run(url: str, asked: argparse.Namespace, report: Report) -> None:
    """Measure new, repeated and forged deliveries by turns with bare inserts."""
    async with fresh_database(url, "deliveries", pool_size=asked.concurrency) as database, _secret() as reference:
        await report.machine(database)
        async with database.unit() as session:
            await sources.add(
                session, key="bench", connector="webhook", config=CONFIG | {"secret": reference}, name=None
            )
        taken: dict[str, list[float]] = {kind: [] for kind in _KINDS}
        async with _serving(database) as (host, port):
            senders = Senders(host, port, asked.concurrency)
            await senders.measured("new", _WARM)
            for _ in range(asked.rounds):
                await settle(database)
                taken["bare"] += await _bare(database, asked.deliveries // asked.rounds, asked.concurrency)
                for kind in _KINDS[1:]:
                    taken[kind] += await senders.measured(kind, asked.deliveries // asked.rounds)
    bare = median(taken["bare"])
    report.table(
        f"{asked.deliveries:,} deliveries a kind, {asked.concurrency} at once, {asked.rounds} rounds by turns",
        ("", "p50 ms", "p99 ms", "most ms", "p50 to bare"),
        [
            (
                kind,
                f"{median(times) * 1000:.2f}",
                f"{percentile(times, 0.99) * 1000:.2f}",
                f"{max(times) * 1000:.2f}",
                f"{median(times) / bare:.2f}",
            )
            for kind, times in taken.items()
        ],
    )


async def _bare(database: Database, count: int, concurrency: int) -> list[float]:
    """The same bytes into a table with a key, each in a commit of its own that is on disk when it returns."""
    taken: list[float] = []
    opened = [await connect(database) for _ in range(concurrency)]
    await opened[0].execute("create table if not exists bare (id bigint generated always as identity, body bytea)")

    async def insert(number: int) -> None:
        for at in range(number, count, concurrency):
            body = message(at)
            began = time.perf_counter()
            await opened[number].execute("insert into bare (body) values ($1)", body)
            taken.append(time.perf_counter() - began)

    await asyncio.gather(*(insert(number) for number in range(concurrency)))
    for connection in opened:
        await connection.close()
    return taken


@asynccontextmanager
async def _secret() -> AsyncIterator[str]:
    """A reference to the secret, as an operator gives it."""
    with tempfile.NamedTemporaryFile("w", prefix="cxbench-") as file:
        file.write(SECRET)
        file.flush()
        yield f"file:{file.name}"


@asynccontextmanager
async def _serving(database: Database) -> AsyncIterator[tuple[str, int]]:
    """The API on a free port of loopback, in this process: sender and server share its core."""
    stop = asyncio.Event()
    with serving.listening("127.0.0.1", 0) as bound:
        running = asyncio.create_task(serving.server(application(database, cursor_key=b"")).serve_until(bound, stop))
        address: tuple[str, int] = bound.getsockname()
        await _answers(*address)
        yield address
        stop.set()
        await running


async def _answers(host: str, port: int) -> None:
    while True:
        try:
            _, sink = await asyncio.open_connection(host, port, family=socket.AF_INET)
        except ConnectionError:
            await asyncio.sleep(0.05)
        else:
            sink.close()
            return

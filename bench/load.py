"""Readers of timeline pages by turns on a fixed number of connections: over HTTP, or by Core. A process of its own.

Its settings are JSON on standard input, its counts JSON on standard output.
"""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any
from uuid import UUID

import uvloop

from cxcore.db.session import Database
from cxcore.timeline import query

Read = Callable[[str], Awaitable[int]]
_WARM = 20


@dataclass(slots=True)
class Counted:
    """Pages read in the time measured, how long each took, and their bytes (or entries)."""

    seconds: float = 0.0
    sizes: int = 0
    latencies: list[float] = field(default_factory=list)


async def by_http(asked: dict[str, Any], counted: Counted) -> None:
    """Keep-alive connections; as little HTTP as will do, so that this process is not what limits."""
    address = asked["host"], asked["port"]
    opened = [await asyncio.open_connection(*address) for _ in range(asked["concurrency"])]

    def reader(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> Read:
        async def read(customer: str) -> int:
            sink.write(
                f"GET /v1/customers/{customer}/timeline HTTP/1.1\r\nHost: bench\r\n"
                f"Authorization: Bearer {asked['key']}\r\n\r\n".encode()
            )
            return await _answer(source)

        return read

    await _all(asked, [reader(*pair) for pair in opened], counted)
    for _, sink in opened:
        sink.close()
        with contextlib.suppress(ConnectionError):
            await sink.wait_closed()


async def by_raw(asked: dict[str, Any], counted: Counted) -> None:
    """Whole requests, sent as they are."""
    opened = [await asyncio.open_connection(asked["host"], asked["port"]) for _ in range(asked["concurrency"])]

    def reader(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> Read:
        async def read(request: str) -> int:
            sink.write(request.encode())
            return await _answer(source)

        return read

    await _all(asked, [reader(*pair) for pair in opened], counted)
    for _, sink in opened:
        sink.close()
        with contextlib.suppress(ConnectionError):
            await sink.wait_closed()


async def _answer(source: asyncio.StreamReader) -> int:
    """The bytes of an answer's body, which must be a success."""
    head = (await source.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 20"):
        raise RuntimeError(head.split(b"\r\n", 1)[0].decode())
    length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    return len(await source.readexactly(length))


async def by_core(asked: dict[str, Any], counted: Counted) -> None:
    """The same page through the product's own reading: a transaction, the page's SQL, entries as values."""
    database = Database(asked["database"], pool_size=asked["concurrency"])

    async def read(customer: str) -> int:
        async with database.unit() as session:
            return len((await query.page(session, UUID(customer))).entries)

    await _all(asked, [read] * asked["concurrency"], counted)
    await database.close()


async def _all(asked: dict[str, Any], readers: list[Read], counted: Counted) -> None:
    customers = asked["customers"]
    step = max(1, len(customers) // len(readers))

    def turns(number: int) -> Iterator[str]:
        return islice(cycle(customers), number * step, None)

    async def warm(number: int, read: Read) -> None:
        for customer in islice(turns(number), _WARM):
            await read(customer)

    async def measured(number: int, read: Read, until: float) -> None:
        for customer in turns(number):
            began = time.perf_counter()
            size = await read(customer)
            now = time.perf_counter()
            if now > until:
                return
            counted.latencies.append(now - began)
            counted.sizes += size

    await asyncio.gather(*(warm(n, read) for n, read in enumerate(readers)))
    counted.seconds = asked["seconds"]
    until = time.perf_counter() + counted.seconds
    await asyncio.gather(*(measured(n, read, until) for n, read in enumerate(readers)))


def main() -> None:
    """Read as asked and print what was counted."""
    asked = json.load(sys.stdin)
    counted = Counted()
    uvloop.run({"http": by_http, "raw": by_raw, "core": by_core}[asked["by"]](asked, counted))
    json.dump({"seconds": counted.seconds, "sizes": counted.sizes, "latencies": counted.latencies}, sys.stdout)


if __name__ == "__main__":
    main()

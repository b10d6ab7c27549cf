"""A REST server for the bench, in a process of its own: pages of orders made beforehand, over a cursor.

Run as ``python -m bench.rest_server RECORDS SIZE SEED``: prints its port, and serves until its input ends.
"""

import asyncio
import json
import random
import sys
from datetime import UTC, datetime, timedelta

_START = datetime(2026, 1, 1, tzinfo=UTC)


def order(number: int, rng: random.Random) -> dict[str, object]:
    """An order of some 500 bytes, as a shop's API has it."""
    customer = rng.randrange(100_000)
    at = _START + timedelta(seconds=number)
    return {
        "id": number,
        "number": f"A-{number}",
        "status": rng.choice(["processing", "completed", "cancelled"]),
        "created": at.isoformat(),
        "changed": (at + timedelta(seconds=30)).isoformat(),
        "currency": "EUR",
        "total": f"{rng.randrange(500, 50_000) / 100:.2f}",
        "note": " ".join(rng.choice(["late", "arrival", "sauna", "quiet", "room", "please"]) for _ in range(12)),
        "customer": {
            "id": customer,
            "first_name": f"Guest{customer % 997}",
            "last_name": f"Number{customer % 991}",
            "email": f"guest{customer}@home.example",
            "phone": f"+35840{customer:07}",
        },
        "items": [{"sku": f"S{rng.randrange(999)}", "name": "Night", "quantity": 1 + n} for n in range(2)],
    }


def pages(records: int, size: int, seed: int) -> dict[str, bytes]:
    """The answers, whole as they go over the wire, by the cursor that asks for them."""
    rng = random.Random(seed)
    made = {}
    for first in range(0, records, size):
        items = [order(n, rng) for n in range(first, min(first + size, records))]
        following = str(first + size) if first + size < records else None
        body = json.dumps({"items": items, "next": following}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        made[str(first)] = head.encode() + body
    return made


async def serve(answers: dict[str, bytes]) -> None:
    """Answer ``GET /orders?after=N`` until standard input ends."""

    async def answer(incoming: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await incoming.readuntil(b"\r\n\r\n")
                target = head.split(b" ", 2)[1].decode("ascii")
                out.write(answers[target.partition("after=")[2] or "0"])
                await out.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            out.close()  # the client is done

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(pages(*map(int, sys.argv[1:4]))))

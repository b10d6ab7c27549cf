"""A pull over HTTP killed with -9 at random points ends in the same database as an undisturbed one."""

import asyncio
import os
import random
import time
from datetime import datetime, timedelta
from typing import Any

from cxcore.db.session import Database
from cxcore.pull import sources
from support import server as servers
from support.forker import pull_and_digest
from support.killing import final_state, forker, run_once
from support.rest import MAPPING, T0, Reply, Request, Server, order

STEPS, KILLS, SIZE = 3, 8, 10


class Shop:
    """Orders that go on coming and changing; each is found by page, by cursor and by offset."""

    def __init__(self) -> None:
        self.orders: dict[int, dict[str, Any]] = {}
        self.server = Server(self.answer)
        self.server.now = T0

    def write(self, count: int) -> None:
        """Add orders, and change some of those there are."""
        first = len(self.orders) + 1
        for number in range(first, first + count):
            self.orders[number] = order(number)
        now = T0 + timedelta(minutes=first + count)
        for number in range(1, first, 9):
            self.orders[number] = order(number, now) | {"what": f"Suite {number}, {first}"}
        self.server.now = now + timedelta(seconds=1)

    def answer(self, request: Request) -> Reply:
        found = list(self.orders.values())
        if since := request.query.get("since"):
            found = [each for each in found if datetime.fromisoformat(each["changed"]) >= datetime.fromisoformat(since)]
        found.sort(key=lambda each: (each["changed"], each["id"]) if request.path == "/by-number" else each["id"])
        at = int(request.query.get("at", 0)) + (int(request.query.get("page", 1)) - 1) * SIZE
        following = at + SIZE if at + SIZE < len(found) else None
        return Reply({"items": found[at : at + SIZE], "next": following})

    def config(self) -> dict[str, Any]:
        common = {"records": "items", "mapping": MAPPING}
        number = {
            "page": {"kind": "number"},
            "parameters": {"page": "{page}", "since": "{since}"},
            "since": {"order": "asc"},
        }
        cursor = {
            "page": {"kind": "cursor", "next": "next"},
            "parameters": {"at": "{cursor}", "since": "{since}"},
            "since": {"overlap": 60},
        }
        offset = {"page": {"kind": "offset"}, "parameters": {"at": "{offset}"}}
        streams = [("by_number", number), ("by_cursor", cursor), ("by_offset", offset)]
        return {
            "base_url": self.server.url,
            "stream": [
                {"name": name, "path": f"/{name.replace('_', '-')}", **common, **settings} for name, settings in streams
            ],
        }


async def configure(url: str, config: dict[str, Any]) -> None:
    database = Database(url)
    async with database.unit() as session:
        await sources.add(session, key="shop", connector="http_json", config=config, name=None)
    await database.close()


async def test_a_pull_over_http_killed_again_and_again_loses_and_doubles_nothing(
    server_url: str, worker_id: str
) -> None:
    names = [f"cxcore_kill_http_{kind}_{worker_id}" for kind in ("killed", "calm")]
    killed_url, calm_url = [await asyncio.to_thread(servers.fresh_database, server_url, name) for name in names]
    shop = Shop()
    for url in (killed_url, calm_url):
        await configure(url, shop.config())
    rng, kills = random.Random(13), 0
    with shop.server, forker(killed_url) as process:
        for _ in range(STEPS):
            shop.write(60)
            began = time.monotonic()
            await pull_and_digest(calm_url)
            takes = time.monotonic() - began
            for _ in range(KILLS):
                ended = await asyncio.to_thread(run_once, process, kill_after=rng.uniform(0.0, 0.3) * takes)
                kills += os.WIFSIGNALED(ended)
            assert await asyncio.to_thread(run_once, process, kill_after=None) == 0
    killed, calm = await final_state(killed_url), await final_state(calm_url)
    assert kills >= STEPS * KILLS * 2 // 3
    assert len(calm["interaction"]) == 3 * len(shop.orders)
    for name, rows in calm.items():
        assert killed[name] == rows, name
    for name in names:
        await asyncio.to_thread(servers.drop_database, server_url, name)

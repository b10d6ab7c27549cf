"""Delivering to the API in this process, and what became of it in the database."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import httpx2
from sqlalchemy import text
from starlette.types import ASGIApp, Message

from cxcore.clock import now
from cxcore.db.session import Database
from cxcore.sdk.delivery import Delivery
from support.postbox import posted


async def send(client: httpx2.AsyncClient, found: Delivery, *, to: str = "post") -> httpx2.Response:
    """Send a delivery as its sender would."""
    url = f"/v1/deliveries/{to}" + (f"?{found.query}" if found.query else "")
    headers = [(name.encode(), value.encode("latin-1")) for name, value in found.headers]
    return await client.request(found.method, url, content=found.body, headers=headers)


async def post(client: httpx2.AsyncClient, letter: Any, *, to: str = "post", **kwargs: Any) -> httpx2.Response:
    """Deliver a letter to a source of Postbox, signed now."""
    return await send(client, posted(letter, at=kwargs.pop("at", now()), **kwargs), to=to)


async def landed(database: Database) -> list[tuple[str, Any]]:
    """Key and content of all landed versions, in the order of landing."""
    async with database.unit() as session:
        rows = await session.execute(text("select key, body, media_type from source_record order by sequence"))
        return [(r.key, json.loads(r.body) if r.media_type == "application/json" else bytes(r.body)) for r in rows]


async def counted(database: Database, table: str) -> int:
    async with database.unit() as session:
        found = await session.execute(text(f'select count(*) from "{table}"'))  # noqa: S608 - our own words
        return int(found.scalar_one())


@dataclass
class Gate:
    """An application called without a client between: for very many deliveries."""

    app: ASGIApp

    async def status(self, found: Delivery, *, to: str = "post") -> int:
        """Send a delivery; answers the status."""
        answers: list[Message] = []
        asked = asyncio.Event()

        async def receive() -> Message:
            if asked.is_set():
                await asyncio.sleep(3600)
            asked.set()
            return {"type": "http.request", "body": found.body, "more_body": False}

        async def answer(message: Message) -> None:
            answers.append(message)

        path = f"/v1/deliveries/{to}"
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": found.method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": found.query.encode(),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in found.headers],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        await self.app(scope, receive, answer)
        return int(answers[0]["status"])

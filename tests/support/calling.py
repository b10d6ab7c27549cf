"""Calling the API and the pages in this process, as the server would."""

import functools
import json
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from starlette.types import ASGIApp

from cxcore.api.app import equip, routes, surrounded
from cxcore.auth import keys
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database

CURSOR_KEY = b"a key of at least 32 characters!"
PROBLEM = "application/problem+json"


_routes = functools.cache(routes)


def api_on(database: Database, **given: Any) -> ASGIApp:
    """The API as `application` makes it, on routes made once a process: one of those that call this uses it at a time."""
    app = _routes(**{name: given[name] for name in ("public_url", "request_seconds") if name in given})
    equip(app, database, **{"cursor_key": CURSOR_KEY, **given})
    return surrounded(app, cache_bytes=given.get("cache_bytes", 0))


@asynccontextmanager
async def calling(app: ASGIApp, *, base: str = "http://cx.example") -> AsyncIterator[httpx2.AsyncClient]:
    """A client of an application; what the application did not foresee comes back as its answer, as in production."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=base) as client:
        yield client


async def new_key(database: Database, *scopes: Scope) -> str:
    """A fresh key with these scopes; with all when none is named."""
    async with database.unit() as session:
        return await keys.create(session, name="tests", scopes=scopes or list(Scope))


@dataclass
class Api:
    """The API with a key that may do everything."""

    client: httpx2.AsyncClient
    database: Database
    key: str

    async def get(self, path: str, **kwargs: Any) -> httpx2.Response:
        return await self.send("GET", path, **kwargs)

    async def post(self, path: str, body: Any = None, **kwargs: Any) -> httpx2.Response:
        return await self.send("POST", path, **({} if body is None else {"json": body}), **kwargs)

    async def send(self, method: str, path: str, *, key: str | None = None, **kwargs: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {key or self.key}"}
        if "content" in kwargs:
            headers["Content-Type"] = "application/json"
        headers |= kwargs.pop("headers", {})
        return await self.client.request(method, path, headers=headers, **kwargs)

    async def everything(self, path: str) -> list[dict[str, Any]]:
        """All entries of a timeline, page by page."""
        entries: list[dict[str, Any]] = []
        following: str | None = path
        while following:
            answer = await self.get(following)
            assert answer.status_code == 200, answer.text
            entries += answer.json()["entries"]
            following = answer.links.get("next", {}).get("url")
        return entries


def problem(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """The problem an answer is, which must be a whole one of this kind."""
    assert (answer.status_code, answer.headers.get("content-type")) == (status, PROBLEM), answer.text
    body: dict[str, Any] = answer.json()
    assert body.keys() == {"type", "title", "status", "code", "detail", "errors"}
    assert (body["status"], body["code"]) == (status, code), body
    assert body["detail"]
    assert body["type"].endswith(f"/{code}")
    return body


def pointers(body: dict[str, Any]) -> Collection[str]:
    """Which fields a problem is about."""
    return {e["pointer"] for e in body["errors"]}


def as_json(value: Any) -> bytes:
    """JSON in ASCII, so that lone surrogates and U+0000 travel as escapes."""
    return json.dumps(value, ensure_ascii=True).encode()

"""A hostile server as a source: each case ends in time, the worker is free, and the source's state says what happened."""

import asyncio
import functools
import gzip
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from cxcore.db.session import Database
from cxcore.pull import schedule, sources
from cxcore.pull.sources import Configured
from cxcore.sdk.http import client
from cxcore.worker import main as worker
from support.hostile import Behaviour, Call, Hostile
from support.rest import MAPPING, order

LONGEST = 20.0
"""Seconds that a pull may take here, where a request has one; on a busy machine."""


@pytest.fixture(autouse=True)
def _no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "backoff", lambda _attempt: 0.01)


def config(url: str, page: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    page = page or {"kind": "cursor", "next": "next"}
    stream = {"name": "orders", "path": "/orders", "records": "items", "page": page, "mapping": MAPPING}
    stream["parameters"] = {"after": "{cursor}"} if page["kind"] == "cursor" else {}
    return {
        "base_url": url,
        "stream": [stream],
        "limits": {"request_seconds": 1.0, "body_bytes": 100_000, "pages": 50},
        **changes,
    }


async def pulled(database: Database, settings: dict[str, Any]) -> tuple[Any, Any]:
    """Pull once as the worker does; the source and its last run as they stand then."""
    async with database.unit() as session:
        await sources.add(session, key="hostile", connector="http_json", config=settings, name=None)
        due = await schedule.claim_due(session)
    assert due is not None
    began = time.monotonic()
    await worker.pull_one(database, due, every=60)
    assert time.monotonic() - began < LONGEST
    return await standing(database, due)


async def standing(database: Database, source: Configured) -> tuple[Any, Any]:
    async with database.unit() as session:
        row = await session.execute(
            text(
                "select state, problem, failures, extract(epoch from next_pull_at - now())::float as wait"
                " from source where id = :i"
            ),
            {"i": source.id},
        )
        run = await session.execute(
            text("select state, error_code, error, records from run where source_id = :i order by id desc limit 1"),
            {"i": source.id},
        )
        return row.one(), run.one()


def page(first: int, following: Any = None, count: int = 3) -> bytes:
    return json.dumps({"items": [order(n) for n in range(first, first + count)], "next": following}).encode()


async def reset_mid_body(call: Call) -> None:
    await call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + page(1)[:200])
    await call.reset()


async def drip(call: Call) -> None:
    await call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for byte in page(1):
        await call.send(bytes([byte]))
        await asyncio.sleep(0.05)


async def wrong_length(call: Call) -> None:
    await call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n" + page(1))


async def endless_page(call: Call) -> None:
    await call.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[{\r\n")
    while True:
        await call.send(b"1000\r\n" + b" " * 0x1000 + b"\r\n")


async def repeating_page(call: Call) -> None:
    await call.answer(page(1, following=f"c{time.monotonic_ns()}"))


async def page_leading_to_itself(call: Call) -> None:
    first = "after" not in call.target
    await call.answer(page(1 if first else 4, following="same"))


async def empty_with_next(call: Call) -> None:
    await call.answer(b'{"items": [], "next": "more"}')


async def five_gigabytes(call: Call) -> None:
    await call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5368709120\r\n\r\n")
    while True:
        await call.send(b" " * 65536)


@functools.cache
def _bomb() -> bytes:
    """Made once, lest making it outlast the time that an answer may take."""
    return gzip.compress(b" " * 50_000_000)


async def bomb(call: Call) -> None:
    await call.answer(_bomb(), headers="Content-Encoding: gzip\r\n")


async def wrong_charset(call: Call) -> None:
    body = '{"items": [{"id": "1", "what": "Höyry"}]}'.encode("latin-1")
    await call.answer(body, headers="Content-Type: application/json; charset=utf-8\r\n")


async def html(call: Call) -> None:
    await call.answer(b"<html>Please log in, secret@x.example</html>", headers="Content-Type: text/html\r\n")


async def other_json(call: Call) -> None:
    await call.answer(b'{"items": "none, secret@x.example"}')


async def to_metadata(call: Call) -> None:
    await call.answer(b"", status="302 Found", headers="Location: http://169.254.169.254/latest/\r\n")


async def to_private(call: Call) -> None:
    await call.answer(b"", status="307 Go", headers="Location: http://localhost:1/\r\n")


async def circles(call: Call) -> None:
    await call.answer(b"", status="302 Found", headers=f"Location: {call.target}\r\n")


async def next_page_elsewhere(call: Call) -> None:
    await call.answer(page(1, following="http://169.254.169.254/latest/"))


@pytest.mark.parametrize(
    ("behaviour", "settings", "said"),
    [
        (reset_mid_body, {}, "does not answer: ReadError"),
        (drip, {}, "comes too slowly|does not answer: TimeoutError"),
        (wrong_length, {}, "does not answer with JSON"),
        (endless_page, {}, "larger than 100000 bytes"),
        (repeating_page, {}, "page that came before"),
        (page_leading_to_itself, {}, "page that leads to itself"),
        (empty_with_next, {}, "empty page that still has a next one"),
        (five_gigabytes, {}, "larger than 100000 bytes"),
        (bomb, {}, "larger than 100000 bytes"),
        (wrong_charset, {}, "not in the encoding that it declares"),
        (html, {}, "does not answer with JSON but with text/html"),
        (other_json, {}, "holds no list of records"),
        (to_metadata, {}, "private network, which is refused"),
        (to_private, {}, "private network, which is refused"),
        (circles, {}, "redirects in circles"),
        (next_page_elsewhere, {"page": {"kind": "next", "next": "next"}}, "next page is on another host"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
async def test_harm_is_over_in_time_and_the_source_backs_off(
    database: Database, behaviour: Behaviour, settings: dict[str, Any], said: str
) -> None:
    with Hostile(behaviour) as server:
        source, run = await pulled(database, config(server.url, **settings))
    assert (source.state, source.failures) == ("active", 1)
    assert 0 < source.wait <= 11
    assert (run.state, run.error_code) == ("failed", "source_unavailable")
    assert [part for part in said.split("|") if part in run.error], run.error
    assert "secret" not in run.error


async def refuse(call: Call) -> None:
    await call.answer(b"", status="401 No")


def after_first_page(then: Behaviour) -> Behaviour:
    async def behave(call: Call) -> None:
        if "after" in call.target:
            await then(call)
        else:
            await call.answer(page(1, following="c2"))

    return behave


async def test_credentials_refused_in_the_middle_stop_the_source_and_keep_what_came(database: Database) -> None:
    with Hostile(after_first_page(refuse)) as server:
        source, run = await pulled(database, config(server.url))
    assert (source.state, run.error_code, run.records) == ("stopped", "auth_failed", 3)
    assert "credentials" in source.problem or "refuses us" in source.problem


def patience(seconds: int) -> Callable[[], Behaviour]:
    def once() -> Behaviour:
        asked: list[Call] = []

        async def behave(call: Call) -> None:
            asked.append(call)
            if len(asked) == 1:
                await call.answer(b"", status="429 Too Many Requests", headers=f"Retry-After: {seconds}\r\n")
            else:
                await call.answer(page(4))

        return behave

    return once


async def test_a_short_wait_in_the_middle_is_waited(database: Database) -> None:
    with Hostile(after_first_page(patience(1)())) as server:
        source, run = await pulled(database, config(server.url, limits={"request_seconds": 10}))
    assert (source.state, source.failures, run.state, run.records) == ("active", 0, "done", 6)


async def test_a_long_wait_in_the_middle_is_handed_back_and_gone_on_from(database: Database) -> None:
    with Hostile(after_first_page(patience(3600)())) as server:
        source, run = await pulled(database, config(server.url))
        assert (source.state, source.failures, run.error_code, run.records) == ("active", 0, "rate_limited", 3)
        assert 3500 < source.wait <= 3600
        async with database.unit() as session:
            again = await sources.find(session, "hostile")
        await worker.pull_one(database, again, every=60)
        source, run = await standing(database, again)
    assert (source.failures, run.state, run.records) == (0, "done", 3)
    assert [call.target for call in server.calls] == ["/orders", "/orders?after=c2", "/orders?after=c2"]

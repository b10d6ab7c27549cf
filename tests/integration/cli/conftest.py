"""A shell with an empty database, and a folder of exports."""

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text

from cxcore.db.base import Base
from cxcore.db.session import Database
from support.private import PrivateServer, private_server
from support.shell import Shell

MAPPING = """
version = 1
key = "id"
[[interaction]]
channel = "purchase"
kind = "order"
direction = "inbound"
role = "buyer"
occurred_at = "at"
text = "what"
customer = { name = "name", email = "email", phone = "phone" }
"""
MAIL = """From: Anna Mäkinen <anna@kotiposti.example>
To: help@shop.example
Subject: Room
Date: Mon, 5 Jan 2026 10:00:00 +0200
Message-ID: <{n}@kotiposti.example>

Hello {n}
"""


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def url(database_url: str) -> Iterator[str]:
    """An empty database; the tests run loops of their own, so the emptying does too."""
    yield database_url
    asyncio.run(_empty(database_url))


async def _empty(url: str) -> None:
    database = Database(url)
    tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    async with database.unit() as session:
        await session.execute(text(f"truncate {tables} restart identity cascade"))
    await database.close()


@pytest.fixture
def shell(url: str, tmp_path: Path) -> Shell:
    return Shell({"CX_DATABASE_URL": url, "CX_DATA_DIR": str(tmp_path / "cx"), "COLUMNS": "80"})


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Three mails, one of them without a date."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    for n in (1, 2):
        (folder / f"{n}.eml").write_text(MAIL.format(n=n), encoding="utf-8")
    (folder / "3.eml").write_text(MAIL.format(n=3).replace("Date:", "Posted:"), encoding="utf-8")
    return folder


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """A table of orders, and beside it its mapping."""
    folder = tmp_path / "orders"
    folder.mkdir()
    rows = [
        {"id": "o1", "at": "2026-01-06T10:00:00Z", "what": "bed", "name": "Anna Mäkinen", "phone": "0401234567"},
        {"id": "o2", "at": "2026-01-07T10:00:00Z", "what": "boat", "name": "Pekka Virta", "email": "pekka@x.example"},
        {"id": "o3", "at": "soon", "what": "sauna", "name": "Liisa", "email": "liisa@x.example"},
    ]
    (folder / "orders.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    (tmp_path / "orders.toml").write_text(MAPPING, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def private() -> Iterator[PrivateServer]:
    """A server that asks for a password, on loopback."""
    with private_server() as server:
        yield server

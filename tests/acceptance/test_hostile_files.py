"""Files that nobody meant well, the whole way: what can be understood is, the rest is set aside, and nothing stops."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cxcore import pipeline
from cxcore.db.session import Database
from cxcore.pull import sources
from cxcore.pull.sources import Configured
from cxcore.timeline import query, search
from support.consistency import assert_consistent
from support.state import counts

MAPPING = {
    "version": 1,
    "key": "id",
    "interaction": [
        {
            "channel": "feedback",
            "kind": "survey",
            "direction": "inbound",
            "occurred_at": {"path": "at", "default": "2026-03-02T09:00:00Z"},
            "subject": "subject",
            "text": "text",
            "conversation": "thread",
            "attributes": {"note": "note"},
            "customer": {"key": "who", "name": "name", "email": "email", "phone": "phone", "address": "address"},
        }
    ],
}
GOOD = [{"id": f"good{n}", "email": f"good{n}@x.example", "name": "Good Guest", "text": "fine"} for n in range(5)]

HOSTILE: dict[str, Any] = {
    "nul in the id": {"id": "a\u0000b", "email": "x@x.example"},
    "half a character in the id": {"id": "a\ud800b", "email": "x@x.example"},
    "half a character in the person's id": {"id": "h1", "who": "\udfff", "name": "\ud800"},
    "nul everywhere": dict.fromkeys(("who", "name", "email", "phone", "address", "text", "subject", "thread", "note"), "\x00") | {"id": "h2"},
    "half characters everywhere": dict.fromkeys(("who", "name", "email", "phone", "address", "text", "subject", "thread", "note"), "�") | {"id": "h3"},
    "a name of a megabyte": {"id": "h4", "name": "a" * 900_000, "email": "h4@x.example"},
    "an id of half a megabyte": {"id": "i" * 500_000, "email": "h5@x.example"},
    "an address of kilobytes": {"id": "h6", "email": "a" * 5000 + "@x.example"},
    "a number of thousands of digits": {"id": "h7", "phone": "1" * 4000},
    "a thread of a megabyte": {"id": "h8", "thread": "t" * 900_000},
    "a time before time": {"id": "h9", "at": "0001-01-01T00:00:00+14:00"},
    "a time after time": {"id": "h10", "at": "9999-12-31T23:59:59-14:00"},
    "a text of a megabyte": {"id": "h11", "text": "\u202e" * 300_000},
    "an id that is a list": {"id": [1, 2], "email": "x@x.example"},
    "an id that is nothing": {"id": None},
    "a name that is a number": {"id": "h12", "name": 5, "email": 7},
    "a deep one": {"id": "h13", "note": json.loads("[" * 40 + "]" * 40)},
    "control characters": {"id": "h14", "name": "\x1b[2J\x07", "text": "\x01\x02\x7f"},
    "an infinite number": {"id": "h15", "note": 1e999},
}  # fmt: skip


async def add(database: Database, folder: Path, **config: Any) -> Configured:
    settings = {"path": str(folder), "mapping": MAPPING, **config}
    async with database.unit() as session:
        return await sources.add(session, key="files", connector="files", config=settings, name=None)


async def run(database: Database, source: Configured) -> pipeline.Progress:
    pulled = await pipeline.pull(database, source)
    done = await pipeline.digest(database)
    done.records, done.landed = pulled.records, pulled.landed
    return done


async def assert_good_ones_are_there(database: Database) -> None:
    for n in range(5):
        async with database.unit() as session:
            [hit] = await search.search(session, f"good{n}@x.example")
            page = await query.page(session, hit.customer_id)
        assert [e.text for e in page.entries] == ["fine"]


def write(folder: Path, *rows: Any, name: str = "rows.jsonl") -> None:
    lines = [json.dumps(row, ensure_ascii=True, allow_nan=True) + "\n" for row in rows]
    (folder / name).write_text("".join(lines), encoding="utf-8")


@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_hostile_row_harms_nobody(database: Database, tmp_path: Path, kind: str) -> None:
    write(tmp_path, *GOOD[:3], HOSTILE[kind], *GOOD[3:])
    source = await add(database, tmp_path)
    done = await run(database, source)
    assert done.landed == 6
    assert done.normalised + done.quarantined == 6
    await assert_good_ones_are_there(database)
    await assert_consistent(database)
    before = await counts(database)
    assert (await run(database, source)).landed == 0
    assert await counts(database) == before
    async with database.unit() as session:
        reasons = (await session.execute(text("select reason from quarantine"))).scalars().all()
    assert all(len(r) <= 500 for r in reasons)


@pytest.mark.parametrize(
    "name",
    [
        b"\xff\xfe.jsonl",
        b"a\nb.jsonl",
        b"\x1b[2J.jsonl",
        "ä ö.jsonl".encode(),
        b"a" * 250,
        b"'; drop table link; --.jsonl",
        b"%s%n.jsonl",
    ],
)
async def test_a_hostile_file_name_harms_nobody(database: Database, tmp_path: Path, name: bytes) -> None:
    write(tmp_path, *GOOD)
    write(tmp_path, {"id": "other", "email": "other@x.example", "at": "never"}, name=os.fsdecode(name))
    source = await add(database, tmp_path, format="jsonl")
    done = await run(database, source)
    assert (done.normalised, done.quarantined) == (5, 1)
    await assert_good_ones_are_there(database)
    async with database.unit() as session:
        origin = (await session.execute(text("select origin from quarantine"))).scalar_one()
    origin.encode()


async def test_all_of_it_at_once_harms_nobody(database: Database, tmp_path: Path) -> None:
    write(tmp_path, *GOOD[:2], *HOSTILE.values(), *GOOD[2:])
    done = await run(database, await add(database, tmp_path))
    assert done.normalised + done.quarantined == done.landed == len(HOSTILE) + 5
    await assert_good_ones_are_there(database)
    await assert_consistent(database)

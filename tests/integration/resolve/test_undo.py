"""A merge taken back leaves nothing: the export is, byte for byte, the one of a run in which nobody ever merged."""

import difflib
import os
import random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from cxcore.db.base import Base
from cxcore.db.session import Database
from cxcore.errors import Conflict, InvalidInput, NotFound
from cxcore.resolve import decisions
from integration.resolve.test_online import message
from support.consistency import assert_consistent, rows
from support.export import export
from support.parley import Parley
from support.story import tell

SEQUENCES = int(os.environ.get("CX_UNDO", "25"))
"""Random sequences of merges, arrivals and undoing; `make drill` asks for 1,000."""


async def emptied(database: Database) -> None:
    tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    async with database.unit() as session:
        await session.execute(text(f"truncate {tables} restart identity cascade"))
    Parley.messages = []


async def merged(database: Database, rng: random.Random) -> UUID | None:
    """A merge of two or three customers at random."""
    living = [r.customer_id for r in await rows(database, "select distinct customer_id from link order by 1")]
    try:
        async with database.unit() as session:
            some = rng.sample(living, rng.choice([2, 2, 3]))
            return (await decisions.merge(session, customers=some, actor="t", reason="r")).id
    except (Conflict, InvalidInput, NotFound):
        return None


async def undone(database: Database, made: list[UUID]) -> None:
    for decision in made:
        async with database.unit() as session:
            await decisions.revoke(session, decision=decision, actor="t")


def assert_same(without: str, again: str) -> None:
    differ = list(difflib.unified_diff(without.splitlines(), again.splitlines(), "never", "undone", lineterm="", n=2))
    assert again == without, "\n".join(differ[:40])


@pytest.mark.parametrize("seed", range(SEQUENCES))
async def test_what_was_merged_and_undone_is_as_if_never_merged(
    database: Database, parley: type[Parley], seed: int
) -> None:
    told: list[list[dict[str, Any]]] = []
    rng = random.Random(seed + 5000)
    number = 0
    for size in (12, *(rng.randrange(1, 5) for _ in range(3))):
        told.append([message(rng, number + k) for k in range(size)])
        number += size
    corrected = [m | {"name": "Onni Salo", "changed": "2026-05-01T00:00:00+00:00"} for m in rng.sample(told[0], 2)]
    told[-1] += [m for m in corrected if rng.random() < 0.5]
    first, *later = told

    await tell(database, first)
    known = {r.id for r in await rows(database, "select id from customer")}
    before = await export(database, ids=known)
    for batch in later:
        await tell(database, batch)
    never = await export(database)

    await emptied(database)
    await tell(database, first)
    await undone(database, [d for d in [await merged(database, rng)] if d])
    assert_same(before, await export(database, ids=known))
    made: list[UUID] = []
    for batch in later:
        made += [d for d in [await merged(database, rng)] if d]
        await tell(database, batch)
        if made and rng.random() < 0.3:
            await undone(database, [made.pop(rng.randrange(len(made)))])
    rng.shuffle(made)
    await undone(database, made)
    await assert_consistent(database)
    assert_same(never, await export(database))

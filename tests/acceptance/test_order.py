"""Whatever order records land in, how often, in which batches and with what between: the same database comes of it."""

import asyncio
import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from cxcore import pipeline
from cxcore.db.base import Base
from cxcore.db.session import Database
from cxcore.timeline import query
from support.consistency import assert_consistent, rows
from support.parley import T0, Parley, configured
from support.state import state

PEOPLE: list[dict[str, Any]] = [
    {"name": "Anna Mäkinen", "emails": ["anna@x.example"], "phones": ["0401111111"]},
    {"name": "ANNA MÄKINEN", "emails": ["anna@x.example"]},
    {"name": "Pekka Mäkinen", "phones": ["0401111111"]},
    {"phones": ["0401111111"]},
    {"who": "v1", "name": "Pekka", "emails": ["pekka@x.example"]},
    {"who": "v1", "name": "Pekka M", "emails": ["pekka@x.example", "info@firm.example"]},
    {"who": "v2", "name": "Liisa", "emails": ["info@firm.example"]},
    {"emails": ["wrong@x.example"]},
    {},
]


@st.composite
def versions(draw: st.DrawFn) -> dict[str, Any]:
    """One version of one of a few messages: edited, moved to someone else, put into another thread, deleted."""
    version = draw(st.integers(1, 3))
    return {
        "id": draw(st.integers(0, 6)),
        "at": draw(st.integers(0, 5)),
        "changed": (T0 + timedelta(days=version)).isoformat(),
        "text": f"version {version}",
        "thread": f"t{draw(st.integers(0, 3))}",
        "aliases": [f"t{n}" for n in draw(st.lists(st.integers(0, 3), max_size=2))],
        "deleted": version > 1 and draw(st.integers(0, 3)) == 0,
        **draw(st.sampled_from(PEOPLE)),
    }


STORIES = st.lists(versions(), min_size=1, max_size=14, unique_by=lambda m: (m["id"], m["changed"]))
MOVED = [
    {"id": 1, "at": 1, "changed": (T0 + timedelta(days=n)).isoformat(), "emails": [email], "thread": "t1"}
    for n, email in ((1, "wrong@x.example"), (2, "anna@x.example"))
]
"""A message that turned out to be someone else's."""


REPLIED = [
    {"id": 2, "at": 1, "changed": (T0 + timedelta(days=1)).isoformat(), "thread": "t0", "aliases": ["t1"]},
    {"id": 2, "at": 1, "changed": (T0 + timedelta(days=2)).isoformat(), "thread": "t2"},
    {"id": 3, "at": 2, "changed": (T0 + timedelta(days=1)).isoformat(), "thread": "t1"},
    {"id": 4, "at": 3, "changed": (T0 + timedelta(days=1)).isoformat(), "thread": "t0"},
]
"""A message that tied two threads before it was put into a third."""


LEFT = [
    {"id": 5, "changed": (T0 + timedelta(days=1)).isoformat(), **PEOPLE[0]},
    {"id": 6, "changed": (T0 + timedelta(days=1)).isoformat(), **PEOPLE[3]},
    {"id": 7, "changed": (T0 + timedelta(days=1)).isoformat(), **PEOPLE[2]},
    {"id": 7, "changed": (T0 + timedelta(days=2)).isoformat(), "deleted": True, **PEOPLE[2]},
]
"""A household's line that is one person's again when what showed the other is deleted."""


RENAMED = [
    {"id": 0, "at": 5, "changed": (T0 + timedelta(days=1)).isoformat(), **PEOPLE[4]},
    {"id": 1, "at": 0, "changed": (T0 + timedelta(days=1)).isoformat(), **PEOPLE[5]},
]
"""Someone whose source wrote another name before; they are found by both."""


async def empty(database: Database) -> None:
    tables = ", ".join(f'"{t.name}"' for t in Base.metadata.sorted_tables)
    async with database.unit() as session:
        await session.execute(text(f"truncate {tables} restart identity cascade"))


async def told(url: str, parts: list[list[dict[str, Any]]], *, page: int, batch: int) -> tuple[Any, Any]:
    """The state and every customer's timeline after the parts were pulled and digested one after another."""
    database = Database(url)
    await empty(database)
    original, pipeline.BATCH = pipeline.BATCH, batch
    try:
        Parley.messages = []
        source = await configured(database, page=page)
        for part in parts:
            Parley.messages = Parley.messages + part
            await pipeline.pull(database, source)
            await pipeline.digest(database)
        await assert_consistent(database)
        timelines = []
        async with database.unit() as session:
            for found in await rows(database, "select distinct customer_id as id from link"):
                page_ = await query.page(session, found.id, limit=200)
                timelines.append(
                    [(e.occurred_at, e.id, e.profile_id, e.text, e.conversation_id) for e in page_.entries]
                )
        return await state(database), sorted(timelines)
    finally:
        pipeline.BATCH = original
        await empty(database)
        await database.close()


@pytest.mark.usefixtures("parley")
@settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],  # making a failure smaller would take minutes
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@example(story=MOVED, seed=0, page=50, batch=2000, cuts=0)
@example(story=LEFT, seed=0, page=50, batch=2000, cuts=0)
@example(story=RENAMED, seed=1, page=50, batch=2000, cuts=0)
@example(story=REPLIED, seed=0, page=50, batch=2000, cuts=0)
@given(
    story=STORIES,
    seed=st.integers(0, 2**16),
    page=st.sampled_from([1, 3, 50]),
    batch=st.sampled_from([1, 4, 2000]),
    cuts=st.integers(0, 3),
)
def test_any_order_of_landing_gives_the_same_timelines(
    database_url: str, *, story: list[dict[str, Any]], seed: int, page: int, batch: int, cuts: int
) -> None:
    in_order = sorted(story, key=lambda m: (m["changed"], m["id"]))
    one_by_one = asyncio.run(told(database_url, [[m] for m in in_order], page=50, batch=2000))
    rng = random.Random(seed)
    shuffled = rng.sample(story, len(story)) + rng.sample(story, len(story) // 2)
    places = sorted(rng.randrange(len(shuffled) + 1) for _ in range(cuts))
    parts = [shuffled[a:b] for a, b in zip([0, *places], [*places, len(shuffled)], strict=True)]
    assert asyncio.run(told(database_url, parts, page=page, batch=batch)) == one_by_one


@pytest.fixture
def parley(connectors: dict[str, object]) -> type[Parley]:
    connectors["parley"] = Parley
    return Parley

"""One at a time as they arrive, in memory all at once, or rebuilt: the same customers; and every decision is undone exactly."""

import asyncio
import contextlib
import os
import random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from cxcore import pipeline
from cxcore.db.session import Database, driver
from cxcore.errors import Conflict, InvalidInput, NotFound
from cxcore.resolve import base, decisions, rebuild, reviews
from cxcore.resolve.model import default
from cxcore.resolve.payload import from_json
from support.consistency import assert_consistent, rows
from support.parley import Parley, configured
from support.story import tell

NAMELESS = "select id from profile where name is null"
SEQUENCES = int(os.environ.get("CX_DRILL", "4"))
"""Random sequences of arrivals and decisions that are undone; `make drill` asks for 500."""
GIVEN = ["Anna", "Anni", "Pekka", "Petri", "Maria", "Marja", "A.", "Bob", "Robert", "Ян", ""]
FAMILY = ["Virtanen", "Virtannen", "Mäkinen", "Berg", "Virtanen-Berg", "Salo"]


def message(rng: random.Random, number: int) -> dict[str, Any]:
    given, family = rng.choice(GIVEN), rng.choice(FAMILY)
    return {
        "id": number,
        "who": rng.choice([None, None, f"c{number}"]),
        "name": rng.choice([f"{given} {family}".strip(), f"{family}, {given}" if given else family, None]),
        "emails": rng.sample(
            ["anna@x.example", "anna@y.example", "perhe@x.example", "bob@z.example"], rng.randrange(2)
        ),
        "phones": rng.sample(["040 1111111", "040 1111112", "040 2222222", "09 1234567"], rng.randrange(2)),
        "at": number,
    }


async def partition(database: Database) -> set[frozenset[UUID]]:
    """The profiles of each customer."""
    found: dict[UUID, set[UUID]] = {}
    for row in await rows(database, "select profile_id, customer_id from link"):
        found.setdefault(row.customer_id, set()).add(row.profile_id)
    return {frozenset(p) for p in found.values()}


async def by_nodes(database: Database) -> set[frozenset[int]]:
    """The nodes of each customer, by the customers that were derived online."""
    found: dict[UUID, set[int]] = {}
    for row in await rows(database, "select m.node_id, l.customer_id from member m join link l using (profile_id)"):
        found.setdefault(row.customer_id, set()).add(row.node_id)
    return {frozenset(n) for n in found.values()}


async def in_memory(database: Database) -> set[frozenset[int]]:
    """The nodes of each customer, by clustering them all at once."""
    nodes = [(from_json(r.payload), r.id) for r in await rows(database, "select id, payload from node")]
    collected = base.collect([p for p, _ in nodes])
    assert len(collected.payloads) == len(nodes)
    number = {place: nodes[n][1] for n, place in enumerate(collected.node_of)}
    return {frozenset(number[n] for n in cluster) for cluster in base.partition(collected.payloads, default()).clusters}


@pytest.mark.parametrize("seed", range(6))
async def test_online_is_the_same_as_all_at_once(database: Database, parley: type[Parley], seed: int) -> None:
    rng = random.Random(seed)
    messages = [message(rng, n) for n in range(60)]
    while messages:
        batch, messages = messages[:20], messages[20:]
        await tell(database, batch[: rng.randrange(1, 20)])
        await tell(database, batch)
    await assert_consistent(database)
    assert await by_nodes(database) == await in_memory(database)


@pytest.mark.parametrize("seed", range(3))
async def test_a_rebuild_changes_nothing(database: Database, parley: type[Parley], seed: int) -> None:
    rng = random.Random(seed + 100)
    for n in range(3):
        await tell(database, [message(rng, 20 * n + k) for k in range(20)])
    before = await partition(database)
    links = await rows(database, "select profile_id, customer_id from link order by profile_id")
    async with database.unit() as session:
        assert await rebuild.rebuild(session) == len(links)
    assert await partition(database) == before
    assert await rows(database, "select profile_id, customer_id from link order by profile_id") == links
    await assert_consistent(database)


async def test_a_key_that_is_retired_and_revived_leaves_no_trace(database: Database, parley: type[Parley]) -> None:
    crowd = [
        {"id": n, "name": f"{chr(65 + n % 26)}{chr(97 + n // 26)}xo Salo", "emails": ["info@x.example"]}
        for n in range(70)
    ]
    await tell(database, crowd[:50])
    before = await rows(database, "select count(*) as n from edge")
    await tell(database, crowd[50:])
    assert (await rows(database, "select count(*) as n from edge"))[0].n < before[0].n
    await tell(database, [m | {"deleted": True, "changed": "2026-05-01T00:00:00+00:00"} for m in crowd[50:]])
    assert await rows(database, "select count(*) as n from edge") == before
    assert await by_nodes(database) == await in_memory(database)


@pytest.mark.parametrize("seed", range(SEQUENCES))
async def test_decisions_are_undone_exactly_whatever_came_between(
    database: Database, parley: type[Parley], seed: int
) -> None:
    """Merges, separations and refusals among arrivals; with all of them revoked, only what arrived counts."""
    rng = random.Random(seed + 200)
    made: list[UUID] = []
    number = 0
    for _ in range(8):
        await tell(database, [message(rng, number + k) for k in range(6)])
        number += 6
        living = sorted({r.customer_id for r in await rows(database, "select customer_id from link")})
        for _ in range(3):
            act = rng.choice(["merge", "never", "separate", "skip", "revoke"])
            try:
                async with database.unit() as session:
                    if act == "revoke" and made:
                        await decisions.revoke(session, decision=made.pop(rng.randrange(len(made))), actor="t")
                    elif act == "separate":
                        customer = rng.choice(living)
                        own = await rows(database, f"select profile_id from link where customer_id = '{customer}'")  # noqa: S608 - our own id
                        profiles = [r.profile_id for r in own][: max(1, len(own) // 2)]
                        decided = await decisions.separate(
                            session, customer=customer, profiles=profiles, actor="t", reason="r"
                        )
                        made.append(decided.id)
                    elif act == "skip":
                        for asked in (await reviews.waiting(session, limit=10))[:1]:
                            pair = (asked.left, asked.right)
                            made.append((await decisions.skip(session, customers=pair, actor="t", reason="r")).id)
                    elif act in {"merge", "never"} and len(living) > 1:
                        left, right = rng.sample(living, 2)
                        decide = decisions.merge if act == "merge" else decisions.never
                        decided = await decide(session, customers=(left, right), actor="t", reason="r")
                        made.append(decided.id)
            except (Conflict, InvalidInput, NotFound):
                continue
        await assert_consistent(database)
    for decision in made:
        async with database.unit() as session:
            await decisions.revoke(session, decision=decision, actor="t")
    await assert_consistent(database)
    assert await by_nodes(database) == await in_memory(database)


async def test_who_is_parted_leaves_the_others_together(database: Database, parley: type[Parley]) -> None:
    """Three show nothing but a mailbox that a crowd uses: equal they are one, else too little would speak for it."""
    rng = random.Random(1)
    names = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(80)]
    crowd = [{"id": n, "name": f"{name} Salo", "emails": ["info@x.example"]} for n, name in enumerate(names)]
    same = [{"id": 100 + n, "who": f"c{n}", "emails": ["info@x.example"]} for n in range(3)]
    await tell(database, [*crowd, *same])
    for n in range(3):
        alike = frozenset(r.id for r in await rows(database, NAMELESS))
        assert alike in await partition(database)
        parted = frozenset([min(alike)]) if n else frozenset(sorted(alike)[-2:])
        (one,) = await rows(database, f"select distinct customer_id from link where profile_id = '{min(alike)}'")  # noqa: S608 - our own id
        async with database.unit() as session:
            made = await decisions.separate(session, customer=one.customer_id, profiles=parted, actor="t", reason="r")
        assert {parted, alike - parted} <= await partition(database)
        await tell(database, [same[0] | {"id": 200 + n, "who": f"d{n}"}])
        assert {parted, alike - parted} <= await partition(database), "whose a new one is, nothing says"
        await assert_consistent(database)
        async with database.unit() as session:
            await decisions.revoke(session, decision=made.id, actor="t")
    assert frozenset(r.id for r in await rows(database, NAMELESS)) in await partition(database)


async def test_eight_workers_and_a_person_end_in_the_state_that_one_would(
    database: Database, database_url: str, parley: type[Parley], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Arrivals that share keys always meet, whoever writes them at the same moment."""
    rng = random.Random(8)
    monkeypatch.setattr(pipeline, "BATCH", 5)
    parley.messages = [message(rng, n) for n in range(60)]
    for n in range(8):
        source = await configured(database, key=f"parley{n}", page=60)
        await pipeline.pull(database, source)
    others = [Database(database_url, pool_size=2) for _ in range(8)]
    made: list[UUID] = []

    async def person() -> None:
        while sum(d.done() for d in digesting) < len(digesting):
            found = await rows(database, "select distinct customer_id from link order by 1")
            if len(found) > 1:
                left, right = (r.customer_id for r in rng.sample(found, 2))
                decide = rng.choice([decisions.merge, decisions.never])
                with contextlib.suppress(Conflict, InvalidInput, NotFound):
                    async with database.unit() as session:
                        made.append((await decide(session, customers=(left, right), actor="t", reason="r")).id)
            await asyncio.sleep(0.01)

    digesting = [asyncio.create_task(pipeline.digest(other)) for other in others]
    await asyncio.gather(*digesting, person())
    for other in others:
        await other.close()
    await assert_consistent(database)
    assert made
    for decision in made:
        async with database.unit() as session:
            await decisions.revoke(session, decision=decision, actor="t")
    assert len(await rows(database, "select id from interaction")) == 480
    await assert_consistent(database)
    assert await by_nodes(database) == await in_memory(database)


async def test_a_pair_between_the_thresholds_waits_for_a_person(database: Database, parley: type[Parley]) -> None:
    await tell(
        database,
        [
            {"id": 1, "name": "Anna Virtanen", "phones": ["040 2222222"]},
            {"id": 2, "name": "Pekka Virtanen", "phones": ["040 2222222"]},
            {"id": 3, "name": "Onni Virtanen", "phones": ["040 2222222"]},
            {"id": 4, "phones": ["040 2222222"], "channel": "phone", "kind": "call"},
        ],
    )
    assert len(await partition(database)) == 4
    async with database.unit() as session:
        waiting = await reviews.waiting(session, limit=10)
    assert len(waiting) == 3
    assert all(w.records == 2 and w.evidence["attributes"] for w in waiting)
    async with database.unit() as session:
        await decisions.never(session, customers=(waiting[0].left, waiting[0].right), actor="t", reason="r")
        assert len(await reviews.waiting(session, limit=10)) == 2
    async with database.unit() as session:
        plan = await (await driver(session)).fetchval("select count(*) from judgement where verdict = 'unsure'")
    assert plan >= 2
    await assert_consistent(database)


async def test_what_a_value_and_its_names_are_counted_by_is_true(database: Database, parley: type[Parley]) -> None:
    rng = random.Random(9)
    for n in range(4):
        await tell(database, [message(rng, 20 * n + k) for k in range(20)])
    async with database.unit() as session:
        counted = (await session.execute(text("select count(*) from value_name where nodes <= 0"))).scalar_one()
        orphans = (
            await session.execute(
                text(
                    "select count(*) from node n where not exists (select from member m where m.node_id = n.id)"
                    " or not exists (select from node_key k where k.node_id = n.id) and n.payload like '%x.example%'"
                )
            )
        ).scalar_one()
    assert (counted, orphans) == (0, 0)

"""Matching on a database: values too common to mean anything, records that change their mind, and links that follow."""

import random
from typing import Any

import pytest
from sqlalchemy import text

from cxcore.db.session import Database
from cxcore.resolve.blocking import LIMIT
from cxcore.resolve.model import default
from support.consistency import assert_consistent, rows
from support.parley import Parley
from support.story import tell


async def customers(database: Database) -> int:
    [found] = await rows(database, "select count(distinct customer_id) as n from link")
    return int(found.n)


async def test_a_value_that_hundreds_show_ties_nobody(database: Database, parley: type[Parley]) -> None:
    shared = "anna.makinen@firm.example"
    everyone = [
        {"id": n, "who": f"c{n}", "name": "Anna Mäkinen", "emails": [shared], "phones": [f"04011{n:05}"]}
        for n in range(LIMIT + 1)
    ]
    await tell(database, everyone[:-1])
    assert await customers(database) == 1
    await tell(database, everyone[-1:])
    assert await customers(database) == LIMIT + 1
    await assert_consistent(database)
    assert await rows(database, "select 1 from judgement where revoked_at is null") == []


async def test_equal_payloads_cost_one_node(database: Database, parley: type[Parley]) -> None:
    await tell(
        database,
        [{"id": n, "who": f"c{n}", "name": "Anna Mäkinen", "emails": ["anna@x.example"]} for n in range(LIMIT * 2)],
    )
    assert await customers(database) == 1
    [nodes] = await rows(database, "select count(*) as n from node")
    assert nodes.n == 1
    await assert_consistent(database)


async def test_judgements_that_rested_on_a_value_end_with_it(database: Database, parley: type[Parley]) -> None:
    one = {"id": 1, "name": "Anna", "emails": ["a@x.example"], "changed": "2026-03-01T00:00:00+00:00"}
    await tell(database, [one, {"id": 2, "name": "Anna M", "emails": ["a@x.example"]}])
    assert await customers(database) == 1
    await tell(database, [one | {"emails": ["b@x.example"], "changed": "2026-03-02T00:00:00+00:00"}])
    assert await customers(database) == 2
    [ended] = await rows(database, "select revoked_by from judgement where revoked_at is not null")
    assert ended.revoked_by.startswith("model:")
    await assert_consistent(database)


async def test_a_name_that_turns_up_later_parts_a_household(database: Database, parley: type[Parley]) -> None:
    line = ["040 1234567"]
    await tell(
        database, [{"id": 1, "who": "a", "name": "Anna Mäkinen", "phones": line}, {"id": 2, "who": "b", "phones": line}]
    )
    assert await customers(database) == 1
    await tell(database, [{"id": 3, "who": "b", "name": "Pekka Mäkinen", "phones": line, "at": 50}])
    assert await customers(database) == 2
    await assert_consistent(database)


async def test_a_household_of_which_one_is_left_is_one_person(database: Database, parley: type[Parley]) -> None:
    line = ["040 1234567"]
    pekka = {"id": 3, "name": "Pekka Mäkinen", "phones": line}
    await tell(database, [{"id": 1, "name": "Anna Mäkinen", "phones": line}, {"id": 2, "phones": line}, pekka])
    assert await customers(database) == 3
    await tell(database, [pekka | {"deleted": True}])
    assert await customers(database) == 1
    await assert_consistent(database)


async def test_every_live_judgement_says_what_it_rests_on(database: Database, parley: type[Parley]) -> None:
    await tell(
        database,
        [
            {"id": n, "name": f"P {n % 3}", "emails": [f"p{n % 4}@x.example"], "phones": [f"0401112{n % 5:03}"]}
            for n in range(20)
        ],
    )
    found = await rows(
        database, "select rule, score, evidence, model_version, left_id, right_id from judgement where rule <> 'equal'"
    )
    assert found
    for judgement in found:
        assert judgement.rule in {"linkage", "suggestion"}
        assert judgement.model_version == default().version
        assert judgement.left_id < judgement.right_id
        said = judgement.evidence["prior"] + sum(a["bits"] for a in judgement.evidence["attributes"])
        assert judgement.score == pytest.approx(said, abs=0.02) or judgement.score < default().automatic
        assert {a["name"] for a in judgement.evidence["attributes"]} <= {c.name for c in default().comparisons}


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_arrives_changes_and_goes_everything_fits_together(
    database: Database, parley: type[Parley], seed: int
) -> None:
    rng = random.Random(seed)

    def message(number: int, version: int) -> dict[str, Any]:
        return {
            "id": number,
            "who": rng.choice([None, f"c{rng.randrange(6)}"]),
            "name": rng.choice([None, "Anna Mäkinen", "Makinen Anna", "Pekka Mäkinen", "Anna"]),
            "emails": rng.sample([f"p{n}@x.example" for n in range(6)], rng.randrange(3)),
            "phones": rng.sample([f"04011122{n:02}" for n in range(5)], rng.randrange(2)),
            "at": rng.randrange(100),
            "changed": f"2026-03-{version:02}T00:00:00+00:00",
            "deleted": version > 1 and rng.random() < 0.2,
        }

    ever: set[Any] = set()
    for version in range(1, 9):
        await tell(database, [message(rng.randrange(25), version) for _ in range(10)])
        await assert_consistent(database)
        known = {r.id for r in await rows(database, "select id from customer")}
        assert ever <= known, "an id that was given out is gone"
        ever = known
    orphans = await rows(
        database,
        "select 1 from profile p where key like 'shown:%' and not exists (select 1 from interaction i where i.profile_id = p.id)",
    )
    assert orphans == []


async def test_the_database_itself_refuses_what_must_never_be(database: Database, parley: type[Parley]) -> None:
    await tell(database, [{"id": 1, "emails": ["a@x.example"]}, {"id": 2, "emails": ["b@x.example"]}])
    for wrong in (
        "update customer set merged_into = id, retired_at = now()",
        "update customer set merged_into = (select id from customer limit 1), retired_at = null",
        "insert into link select profile_id, customer_id, now() from link",
        """insert into judgement (id, left_id, right_id, verdict, origin, rule, basis, evidence, model_version)
        select gen_random_uuid(), max(id::text)::uuid, min(id::text)::uuid, 'positive', 'rule', 'x', 'x', '{}', 'x'
        from profile""",
    ):
        with pytest.raises(Exception, match=r"violates|constraint"):
            async with database.unit() as session:
                await session.execute(text(wrong))

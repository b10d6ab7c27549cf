"""Decisions: people merge and part customers, change their minds, and every id stays good."""

import asyncio
import random
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from support.calling import Api, problem
from support.consistency import assert_consistent, rows
from support.deciding import MERGE, decide, merge, parted, profiles
from support.parley import Parley
from support.story import ANNA, LIISA, PEKKA, tell

# what does not exist


@pytest.mark.parametrize("known", [True, False])
async def test_whom_there_never_was_cannot_be_merged(api: Api, people: dict[str, str], known: bool) -> None:
    other = people[ANNA] if known else str(uuid4())
    problem(await api.post(MERGE, {"customers": [str(uuid4()), other], "reason": "x"}), 404, "not_found")
    await assert_consistent(api.database)


async def test_whom_there_never_was_cannot_be_parted(api: Api, people: dict[str, str]) -> None:
    body = {"profiles": [str(uuid4())], "reason": "x"}
    problem(await api.post(f"/v1/customers/{uuid4()}:separate", body), 404, "not_found")
    problem(await api.post(f"/v1/customers/{people[ANNA]}:separate", body), 404, "not_found")


async def test_a_profile_of_someone_else_cannot_be_parted_off(api: Api, people: dict[str, str]) -> None:
    body = {"profiles": await profiles(api, people[PEKKA]), "reason": "x"}
    problem(await api.post(f"/v1/customers/{people[ANNA]}:separate", body), 404, "not_found")


async def test_a_decision_nobody_made_cannot_be_revoked(api: Api) -> None:
    problem(await api.post(f"/v1/decisions/{uuid4()}:revoke"), 404, "not_found")


# the good case


async def test_a_merge_makes_one_of_two_and_its_revocation_two_again(api: Api, people: dict[str, str]) -> None:
    before = {p: await profiles(api, p) for p in people.values()}
    made = await merge(api, people[ANNA], people[PEKKA])
    [one] = made["customers"]
    assert one in {people[ANNA], people[PEKKA]}
    assert await profiles(api, one) == sorted(before[people[ANNA]] + before[people[PEKKA]])
    assert len(await api.everything(f"/v1/customers/{one}/timeline")) == 6
    undone = await decide(api, f"/v1/decisions/{made['decision_id']}:revoke")
    assert set(undone["customers"]) == {people[ANNA], people[PEKKA]}
    assert {p: await profiles(api, p) for p in people.values()} == before
    assert len(await api.everything(f"/v1/customers/{people[ANNA]}/timeline")) == 5
    await assert_consistent(api.database)


async def test_three_can_be_merged_at_once(api: Api, people: dict[str, str]) -> None:
    made = await merge(api, *people.values())
    assert len(made["customers"]) == 1
    undone = await decide(api, f"/v1/decisions/{made['decision_id']}:revoke")
    assert set(undone["customers"]) == set(people.values())


async def test_a_separation_parts_and_its_revocation_joins(api: Api, people: dict[str, str]) -> None:
    parting, *staying = await parted(api, people[ANNA])
    made = await decide(api, f"/v1/customers/{people[ANNA]}:separate", {"profiles": [parting], "reason": "two people"})
    assert len(made["customers"]) == 2
    assert people[ANNA] in made["customers"]
    assert sorted([await profiles(api, c) for c in made["customers"]]) == sorted([[parting], sorted(staying)])
    await decide(api, f"/v1/decisions/{made['decision_id']}:revoke")
    assert await profiles(api, people[ANNA]) == sorted([parting, *staying])
    for customer in made["customers"]:
        assert await profiles(api, customer) == sorted([parting, *staying])
    await assert_consistent(api.database)


async def test_who_decided_and_why_is_shown_and_kept(api: Api, people: dict[str, str]) -> None:
    made = await merge(api, people[ANNA], people[PEKKA])
    found = (await api.get(f"/v1/customers/{made['customers'][0]}")).json()
    assert found["reasons"][0]["rule"] == "merge"
    assert found["reasons"][0]["decision_id"] == made["decision_id"]
    assert found["reasons"][0]["reason"] == "same voice"
    await decide(api, f"/v1/decisions/{made['decision_id']}:revoke")
    [kept] = await rows(
        api.database, "select actor, reason, revoked_at, revoked_by from judgement where origin = 'person'"
    )
    key_id = api.key.split("_")[1]
    assert (kept.actor, kept.reason, kept.revoked_by) == (f"key:{key_id}", "same voice", f"key:{key_id}")
    assert kept.revoked_at is not None


async def test_each_decision_is_told_in_the_outbox(api: Api, people: dict[str, str]) -> None:
    made = await merge(api, people[ANNA], people[PEKKA])
    await decide(api, f"/v1/decisions/{made['decision_id']}:revoke")
    told = [
        (r.type, r.subject) for r in await rows(api.database, "select type, subject from outbox order by position")
    ][-6:]
    [other] = {people[ANNA], people[PEKKA]} - set(made["customers"])
    assert told == [
        ("cxcore.decision.made", made["decision_id"]),
        ("cxcore.customer.merged", other),
        ("cxcore.customer.changed", made["customers"][0]),
        ("cxcore.decision.revoked", made["decision_id"]),
        ("cxcore.customer.split", made["customers"][0]),
        ("cxcore.customer.changed", other),
    ]


async def test_a_customers_version_counts_the_changes_of_its_links(api: Api, people: dict[str, str]) -> None:
    async def version(customer: str) -> int:
        return int((await api.get(f"/v1/customers/{customer}")).json()["version"])

    before = await version(people[ANNA])
    made = await merge(api, people[ANNA], people[PEKKA])
    await decide(api, f"/v1/decisions/{made['decision_id']}:revoke")
    assert await version(people[ANNA]) == before + 2


async def test_a_merged_id_can_be_merged_further(api: Api, people: dict[str, str]) -> None:
    first = await merge(api, people[ANNA], people[PEKKA])
    [gone] = {people[ANNA], people[PEKKA]} - set(first["customers"])
    second = await merge(api, gone, people[LIISA])
    assert len(second["customers"]) == 1
    assert len(await profiles(api, second["customers"][0])) == 5
    for old in people.values():
        answer = await api.get(f"/v1/customers/{old}")
        assert answer.status_code == (200 if old in second["customers"] else 307)
    await assert_consistent(api.database)


async def test_decisions_are_revoked_in_any_order(api: Api, people: dict[str, str]) -> None:
    before = {p: await profiles(api, p) for p in people.values()}
    first = await merge(api, people[ANNA], people[PEKKA])
    second = await merge(api, people[PEKKA], people[LIISA])
    await decide(api, f"/v1/decisions/{first['decision_id']}:revoke")
    assert await profiles(api, people[ANNA]) == before[people[ANNA]]
    assert await profiles(api, people[PEKKA]) == sorted(before[people[PEKKA]] + before[people[LIISA]])
    await decide(api, f"/v1/decisions/{second['decision_id']}:revoke")
    assert {p: await profiles(api, p) for p in people.values()} == before
    await assert_consistent(api.database)


async def test_what_arrives_after_a_merge_goes_home_when_it_is_revoked(api: Api, people: dict[str, str]) -> None:
    made = await merge(api, people[ANNA], people[PEKKA])
    await tell(api.database, [{"id": 50, "emails": [PEKKA], "text": "later"}, {"id": 51, "emails": [ANNA]}])
    assert len(await api.everything(f"/v1/customers/{made['customers'][0]}/timeline")) == 8
    await decide(api, f"/v1/decisions/{made['decision_id']}:revoke")
    assert [e["text"] for e in await api.everything(f"/v1/customers/{people[PEKKA]}/timeline")] == [
        "later",
        "message 6",
    ]


async def test_what_was_parted_is_not_joined_by_what_arrives(api: Api, people: dict[str, str]) -> None:
    parting, *_ = await parted(api, people[ANNA])
    made = await decide(api, f"/v1/customers/{people[ANNA]}:separate", {"profiles": [parting], "reason": "two"})
    await tell(api.database, [{"id": 60, "name": "Anna", "emails": [ANNA], "phones": ["0401234567"]}])
    held = {c: await profiles(api, c) for c in made["customers"]}
    assert sum(parting in p for p in held.values()) == 1
    assert sorted(len(p) for p in held.values()) == [1, 3]
    await assert_consistent(api.database)


async def test_those_who_hung_together_only_by_the_one_parted_off_part_too(api: Api, people: dict[str, str]) -> None:
    """An address ties two, a number ties two, one profile shows both: without it nothing says that they are one."""
    number, *_ = await parted(api, people[ANNA])
    found = (await api.get(f"/v1/customers/{people[ANNA]}")).json()
    [bridge] = {p for r in found["reasons"] if number in {r["left"], r["right"]} for p in (r["left"], r["right"])} - {
        number
    }
    made = await decide(api, f"/v1/customers/{people[ANNA]}:separate", {"profiles": [bridge], "reason": "two"})
    assert len(made["customers"]) == 3
    await assert_consistent(api.database)


# what does not fit the present state


async def test_one_cannot_be_merged_with_oneself(api: Api, people: dict[str, str]) -> None:
    problem(await api.post(MERGE, {"customers": [people[ANNA]] * 2, "reason": "x"}), 422, "invalid_input")
    await merge(api, people[ANNA], people[PEKKA])
    problem(await api.post(MERGE, {"customers": [people[ANNA], people[PEKKA]], "reason": "x"}), 422, "invalid_input")


async def test_what_a_person_parted_is_not_merged_until_that_is_revoked(api: Api, people: dict[str, str]) -> None:
    parting, *_ = await parted(api, people[ANNA])
    made = await decide(api, f"/v1/customers/{people[ANNA]}:separate", {"profiles": [parting], "reason": "two"})
    body = {"customers": made["customers"], "reason": "one after all"}
    refused = problem(await api.post(MERGE, body), 409, "conflict")
    assert made["decision_id"] in refused["detail"]
    await decide(api, f"/v1/decisions/{made['decision_id']}:revoke")
    assert len(await profiles(api, people[ANNA])) == 3


async def test_a_decision_is_revoked_once(api: Api, people: dict[str, str]) -> None:
    made = await merge(api, people[ANNA], people[PEKKA])
    await decide(api, f"/v1/decisions/{made['decision_id']}:revoke")
    problem(await api.post(f"/v1/decisions/{made['decision_id']}:revoke"), 409, "conflict")


@pytest.mark.parametrize("which", ["all", "none", "some twice"])
async def test_some_but_not_all_profiles_part(api: Api, people: dict[str, str], which: str) -> None:
    those = await parted(api, people[ANNA])
    body = {"profiles": {"all": those, "none": [], "some twice": [those[0]] * 2}[which], "reason": "x"}
    answer = await api.post(f"/v1/customers/{people[ANNA]}:separate", body)
    if which == "some twice":
        assert len(answer.json()["customers"]) == 2
    else:
        problem(answer, 422, "invalid_input")


@pytest.mark.parametrize("reason", ["", " ", None, "a" * 501, 5])
async def test_a_decision_needs_a_reason(api: Api, people: dict[str, str], reason: Any) -> None:
    body = {"customers": [people[ANNA], people[PEKKA]], "reason": reason}
    problem(await api.post(MERGE, body), 422, "invalid_input")
    assert len(await profiles(api, people[ANNA])) == 3


async def test_a_refused_decision_leaves_nothing_behind(api: Api, people: dict[str, str]) -> None:
    before = await rows(api.database, "select count(*) as n from judgement")
    problem(await api.post(MERGE, {"customers": [people[ANNA], str(uuid4())], "reason": "x"}), 404, "not_found")
    assert await rows(api.database, "select count(*) as n from judgement") == before
    assert await rows(api.database, "select 1 from outbox where type like 'cxcore.decision%'") == []


# many at once


@pytest.mark.parametrize("seed", range(2))
async def test_many_deciding_at_once_leave_everything_consistent(api: Api, parley: type[Parley], seed: int) -> None:
    """Merges, separations and revocations by eight people at once, while messages arrive."""
    rng = random.Random(seed)
    await tell(
        api.database,
        [
            {
                "id": n,
                "name": f"{['Anna', 'Pekka', 'Liisa', 'Otto', 'Helmi', 'Ville', 'Sofia', 'Eero', 'Ida'][n % 9]} Mäkinen",
                "emails": [f"p{n % 12}@x.example"],
                "phones": [f"04011111{n % 7:02}"],
            }
            for n in range(40)
        ],
    )
    known = [str(r.id) for r in await rows(api.database, "select id from customer")]
    made: list[str] = []
    statuses: list[int] = []

    async def person(number: int) -> None:
        own = random.Random(f"{seed} {number}")
        for _ in range(6):
            act = own.choice(["merge", "merge", "separate", "revoke", "arrive"])
            if act == "merge":
                answer = await api.post(MERGE, {"customers": own.sample(known, 2), "reason": "r"})
            elif act == "separate":
                customer = own.choice(known)
                those = await profiles(api, customer) or [str(UUID(int=1))]
                body = {"profiles": own.sample(those, max(1, len(those) // 2)), "reason": "r"}
                answer = await api.post(f"/v1/customers/{customer}:separate", body)
            elif act == "revoke" and made:
                answer = await api.post(f"/v1/decisions/{own.choice(made)}:revoke")
            else:
                continue
            statuses.append(answer.status_code)
            assert answer.status_code in {200, 404, 409, 422}, answer.text
            if answer.status_code == 200:
                made.append(answer.json()["decision_id"])
                known.extend(c for c in answer.json()["customers"] if c not in known)

    async def messages() -> None:
        for n in range(4):
            await tell(
                api.database,
                [
                    {
                        "id": 100 + n * 5 + i,
                        "name": f"P {rng.randrange(9)}",
                        "emails": [f"p{rng.randrange(15)}@x.example"],
                    }
                    for i in range(5)
                ],
            )

    await asyncio.gather(*(person(n) for n in range(8)), messages())
    assert len(statuses) >= 30
    assert statuses.count(200) >= 10
    await assert_consistent(api.database)
    for old in known:
        answer = await api.get(f"/v1/customers/{old}")
        if answer.status_code == 307:
            answer = await api.get(answer.headers["location"])
        assert answer.status_code == 200
    live = await rows(
        api.database, "select distinct decision_id as id from judgement where origin = 'person' and revoked_at is null"
    )
    for decision in sorted(live, key=lambda _: rng.random()):
        await decide(api, f"/v1/decisions/{decision.id}:revoke")
        await assert_consistent(api.database)


async def test_a_customer_whose_last_record_was_deleted_is_no_dead_end(api: Api, people: dict[str, str]) -> None:
    await tell(api.database, [{"id": 6, "emails": [PEKKA], "phones": ["09 7654321"], "deleted": True}])
    answer = await api.get(f"/v1/customers/{people[PEKKA]}")
    assert (answer.status_code, answer.json()["profiles"], answer.json()["name"]) == (200, [], None)
    assert (await api.get(f"/v1/customers/{people[PEKKA]}/timeline")).json() == {"entries": [], "next": None}
    problem(await api.post(MERGE, {"customers": [people[PEKKA], people[ANNA]], "reason": "x"}), 409, "conflict")
    async with api.database.unit() as session:
        found = await session.execute(
            text("select merged_into from customer where id = :i"), {"i": UUID(people[PEKKA])}
        )
        assert found.scalar_one() is None

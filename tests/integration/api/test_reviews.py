"""Reviews: what the model cannot decide alone, why it does not, and what people make of it."""

from typing import Any
from uuid import uuid4

import pytest

from cxcore.auth.scopes import Scope
from support.calling import Api, new_key, problem
from support.consistency import assert_consistent, rows
from support.parley import Parley
from support.story import ANNA, tell, who

SHARED = "040 2222222"
STORY: list[dict[str, Any]] = [
    {"id": 1, "name": "Anna Virtanen", "phones": [SHARED], "emails": [ANNA]},
    {"id": 2, "name": "Pekka Berg", "phones": [SHARED], "emails": ["pekka@x.example"]},
    {"id": 3, "name": "Onni Virtanen", "phones": [SHARED]},
    {"id": 4, "name": "Liisa Salo", "emails": ["liisa@z.example"]},
]


@pytest.fixture
async def people(api: Api, parley: type[Parley]) -> dict[str, str]:
    await tell(api.database, STORY)
    names = ("Anna Virtanen", "Pekka Berg", "Onni Virtanen", "Liisa Salo")
    return {name.split()[0].lower(): str(await who(api.database, name)) for name in names}


async def waiting(api: Api) -> list[dict[str, Any]]:
    answer = await api.get("/v1/reviews")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["reviews"]
    return found


async def explain(api: Api, left: str, right: str) -> dict[str, Any]:
    answer = await api.get(f"/v1/identity:explain?left={left}&right={right}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def decide(api: Api, left: str, right: str, verdict: str) -> str:
    body = {"left": left, "right": right, "verdict": verdict, "reason": "asked them"}
    answer = await api.post("/v1/reviews:decide", body)
    assert answer.status_code == 200, answer.text
    decision: str = answer.json()["decision_id"]
    return decision


async def test_a_review_says_what_explaining_it_says(api: Api, people: dict[str, str]) -> None:
    found = await waiting(api)
    assert {frozenset(r["customers"]) for r in found} == {frozenset((people["onni"], people["anna"]))}
    for review in found:
        said = await explain(api, *review["customers"])
        assert said["outcome"] == "in_review"
        assert (said["score"], said["evidence"]) == (review["score"], review["evidence"])
        assert set(said["profiles"]) == set(review["profiles"])
        assert said["asked_from"] <= said["score"] < said["joined_from"]
        assert [r["verdict"] for r in said["because"]] == ["unsure"]
        phone = next(a for a in said["evidence"]["attributes"] if a["name"] == "phone")
        assert (phone["value"], phone["people"]) == ("+358402222222", 3)


async def test_a_review_says_by_which_rule_it_is_asked(api: Api, people: dict[str, str]) -> None:
    assert {r["rule"] for r in await waiting(api)} == {"suggestion"}
    card = STORY[3] | {"cards": ["7000001"], "verified": True}
    await tell(api.database, [card | {"id": 5}, card | {"id": 6, "cards": ["7000002"]}])
    (conflict,) = [r for r in await waiting(api) if r["rule"] == "conflict"]
    assert conflict["evidence"]["contradicts"] == [{"name": "loyalty", "issuer": "club"}]
    said = await explain(api, *conflict["customers"])
    assert (said["outcome"], [r["rule"] for r in said["because"]]) == ("in_review", ["conflict"])


async def test_who_shows_a_shared_number_alone_is_no_review_but_says_who_it_could_be(
    api: Api, people: dict[str, str]
) -> None:
    before = await waiting(api)
    await tell(api.database, [{"id": 9, "phones": [SHARED], "channel": "phone", "kind": "call"}])
    (caller,) = await rows(
        api.database, "select customer_id from link l join profile p on p.id = l.profile_id where p.name is null"
    )
    for name in ("anna", "pekka", "onni"):
        said = await explain(api, str(caller.customer_id), people[name])
        assert (said["outcome"], [r["rule"] for r in said["because"]]) == ("candidate", ["candidate"])
    assert [r["customers"] for r in await waiting(api)] == [r["customers"] for r in before]
    could_be = (await api.get(f"/v1/customers/{caller.customer_id}")).json()["candidates"]
    assert {c["customer_id"] for c in could_be} == {people[name] for name in ("anna", "pekka", "onni")}
    assert [c["score"] for c in could_be] == sorted((c["score"] for c in could_be), reverse=True)
    assert all(c["records"] == 1 and c["evidence"]["attributes"] for c in could_be)
    (perhaps,) = (await api.get(f"/v1/customers/{people['anna']}")).json()["candidates"]
    assert (perhaps["customer_id"], perhaps["records"]) == (str(caller.customer_id), 1)
    assert (await api.get(f"/v1/customers/{people['liisa']}")).json()["candidates"] == []


@pytest.mark.parametrize("verdict", ["same", "never", "skip"])
async def test_each_answer_ends_the_review_and_is_undone_exactly(
    api: Api, people: dict[str, str], verdict: str
) -> None:
    before = await waiting(api)
    links = await rows(api.database, "select profile_id, customer_id from link order by 1")
    decision = await decide(api, people["onni"], people["anna"], verdict)
    said = await explain(api, people["onni"], people["anna"])
    outcome = {"same": "one", "never": "kept_apart", "skip": "skipped"}[verdict]
    assert said["outcome"] == outcome
    decided = [r for r in said["because"] if r["origin"] == "person"]
    assert [(r["decision_id"], r["reason"]) for r in decided] == [(decision, "asked them")]
    assert all(frozenset(r["customers"]) != {people["onni"], people["anna"]} for r in await waiting(api))
    await tell(api.database, [STORY[2] | {"id": 9}])
    await assert_consistent(api.database)
    assert (await explain(api, people["onni"], people["anna"]))["outcome"] == outcome
    assert (await api.post(f"/v1/decisions/{decision}:revoke")).status_code == 200
    assert [(r["customers"], r["score"]) for r in await waiting(api)] == [(r["customers"], r["score"]) for r in before]
    assert await rows(api.database, "select profile_id, customer_id from link order by 1") == links


async def test_a_merge_is_explained_by_either_id(api: Api, people: dict[str, str]) -> None:
    await decide(api, people["anna"], people["liisa"], "same")
    said = await explain(api, people["liisa"], people["anna"])
    assert (said["outcome"], len(set(said["customers"])), said["score"]) == ("one", 1, None)
    assert [r["rule"] for r in said["because"]] == ["merge"]


async def test_strangers_are_told_what_is_missing(api: Api, people: dict[str, str]) -> None:
    said = await explain(api, people["anna"], people["liisa"])
    assert (said["outcome"], said["because"]) == ("unlike", [])
    assert said["score"] < said["asked_from"]
    bits = {a["name"]: a["bits"] for a in said["evidence"]["attributes"]}
    assert bits["given"] < 0
    assert bits["family"] < 0


async def test_who_has_lost_all_profiles_is_explained_too(api: Api, people: dict[str, str]) -> None:
    await tell(api.database, [STORY[3] | {"deleted": True, "changed": "2026-05-01T00:00:00+00:00"}])
    assert not await rows(api.database, f"select profile_id from link where customer_id = '{people['liisa']}'")  # noqa: S608 - our own id
    said = await explain(api, people["anna"], people["liisa"])
    assert (said["outcome"], said["score"], said["profiles"]) == ("unlike", None, [])


async def test_what_cannot_be_asked_is_said(api: Api, people: dict[str, str]) -> None:
    path = "/v1/identity:explain"
    problem(await api.get(f"{path}?left={people['anna']}&right={people['anna']}"), 422, "invalid_input")
    problem(await api.get(f"{path}?left={people['anna']}&right={uuid4()}"), 404, "not_found")
    body = {"left": people["anna"], "right": people["liisa"], "verdict": "skip", "reason": "x"}
    problem(await api.post("/v1/reviews:decide", body), 422, "invalid_input")
    problem(await api.post("/v1/reviews:decide", body | {"verdict": "maybe"}), 422, "invalid_input")
    reader = await new_key(api.database, Scope.READ_CUSTOMERS)
    assert (await api.get("/v1/reviews", key=reader)).status_code == 200
    problem(await api.post("/v1/reviews:decide", body, key=reader), 403, "permission_denied")

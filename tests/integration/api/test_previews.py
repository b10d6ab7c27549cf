"""Previews: what a decision would change is told as it then happens, and nothing is decided."""

from uuid import uuid4

from support.calling import Api, problem
from support.consistency import rows
from support.deciding import decide, merge, parted, profiles
from support.story import ANNA, PEKKA


async def test_a_preview_says_what_a_merge_then_does_and_decides_nothing(api: Api, people: dict[str, str]) -> None:
    before = {p: await profiles(api, p) for p in people.values()}
    answer = await api.post("/v1/customers:preview-merge", {"customers": [people[ANNA], people[PEKKA]]})
    assert answer.status_code == 200, answer.text
    said = answer.json()
    (then,) = said["after"]
    assert (then["interactions"], then["channels"]["purchase"], then["kinds"]["order"]) == (6, 1, 1)
    assert set(then["of"]) == {people[ANNA], people[PEKKA]}
    assert {c["field"] for c in then["changes"]} >= {"name", "email"}
    assert {p: await profiles(api, p) for p in people.values()} == before
    assert await rows(api.database, "select 1 from outbox where type like 'cxcore.decision%'") == []
    made = await merge(api, people[ANNA], people[PEKKA])
    assert made["customers"] == [then["customer_id"]]
    assert await profiles(api, then["customer_id"]) == then["profiles"]
    undoing = (await api.post(f"/v1/decisions/{made['decision_id']}:preview-revoke")).json()
    assert {a["customer_id"]: a["profiles"] for a in undoing["after"]} == {
        people[ANNA]: before[people[ANNA]],
        people[PEKKA]: before[people[PEKKA]],
    }
    assert undoing["returning"] == [c["customer_id"] for c in said["leading"]]


async def test_a_preview_of_a_separation_says_who_would_part(api: Api, people: dict[str, str]) -> None:
    parting, *staying = await parted(api, people[ANNA])
    path = f"/v1/customers/{people[ANNA]}:preview-separate"
    said = (await api.post(path, {"profiles": [parting]})).json()
    assert sorted(a["profiles"] for a in said["after"]) == sorted([[parting], sorted(staying)])
    assert len(said["new"]) == 1
    problem(await api.post(path, {"profiles": [parting, *staying]}), 422, "invalid_input")


async def test_what_could_not_be_decided_cannot_be_previewed(api: Api, people: dict[str, str]) -> None:
    path = "/v1/customers:preview-merge"
    problem(await api.post(path, {"customers": [people[ANNA], str(uuid4())]}), 404, "not_found")
    problem(await api.post(path, {"customers": [people[ANNA], people[ANNA]]}), 422, "invalid_input")
    problem(await api.post(f"/v1/decisions/{uuid4()}:preview-revoke"), 404, "not_found")
    parting, *_ = await parted(api, people[ANNA])
    body = {"profiles": [parting], "reason": "two"}
    made = await decide(api, f"/v1/customers/{people[ANNA]}:separate", body)
    problem(await api.post(path, {"customers": made["customers"]}), 409, "conflict")

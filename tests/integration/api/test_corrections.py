"""Corrections: a person's word comes before every source, goes with its profile, and is taken back without a trace."""

from uuid import UUID, uuid4

import pytest

from cxcore.auth.scopes import Scope
from support.calling import Api, new_key, pointers, problem
from support.consistency import assert_consistent, rows
from support.parley import Parley
from support.story import ANNA, LIISA, tell, who
from support.values import CORRECTED, STORY, correct, explained, put, read


@pytest.fixture
async def anna(api: Api, parley: type[Parley]) -> str:
    await tell(api.database, STORY)
    return str(await who(api.database, ANNA))


async def test_a_correction_comes_first_and_says_who_when_and_why(api: Api, anna: str) -> None:
    made = await correct(api, anna)
    assert made["customer_id"] == anna
    assert made["correction"]["value"] == "Anna-Maria Salo"
    found = await explained(api, anna, "name")
    assert (found["value"], found["rule"], found["source"]) == ("Anna-Maria Salo", "correction", None)
    assert found["correction"] == made["correction"]
    assert (found["correction"]["reason"], found["correction"]["by"][:4]) == ("saw the passport", "key:")
    assert {x["value"]: x["rule"] for x in found["losers"]} == {"Anna Mäkinen": "correction", "Anna Salo": "correction"}
    await put(api, "name", "newest")
    assert (await read(api, anna))["name"]["value"] == "Anna-Maria Salo"
    [hit] = (await api.post("/v1/customers:search", {"query": ANNA})).json()["hits"]
    assert hit["name"] == "Anna-Maria Salo"


async def test_a_correction_is_revoked_once_and_never_deleted(api: Api, anna: str) -> None:
    before = (await api.get(f"/v1/customers/{anna}?explain=true")).content
    made = (await correct(api, anna))["correction"]["id"]
    answer = await api.post(f"/v1/corrections/{made}:revoke")
    assert (answer.status_code, answer.json()["customer_id"]) == (200, anna)
    assert (await api.get(f"/v1/customers/{anna}?explain=true")).content == before
    problem(await api.post(f"/v1/corrections/{made}:revoke"), 409, "conflict")
    problem(await api.post(f"/v1/corrections/{uuid4()}:revoke"), 404, "not_found")
    [row] = await rows(api.database, "select value, revoked_at, revoked_by from correction")
    assert (row.value, row.revoked_at is not None, row.revoked_by[:4]) == ("Anna-Maria Salo", True, "key:")


async def test_events_tell_of_corrections_without_their_values(api: Api, anna: str) -> None:
    made = (await correct(api, anna))["correction"]
    await api.post(f"/v1/corrections/{made['id']}:revoke")
    found = await rows(
        api.database, "select type, subject, data from outbox where type like 'cxcore.correction%' order by position"
    )
    assert [(e.type, e.subject) for e in found] == [
        ("cxcore.correction.made", made["id"]),
        ("cxcore.correction.revoked", made["id"]),
    ]
    assert all(e.data == {"customer": anna, "field": "name", "by": made["by"]} for e in found)


async def test_corrections_follow_a_merge_and_its_undoing_exactly(api: Api, anna: str) -> None:
    liisa = str(await who(api.database, LIISA))
    await correct(api, anna, value="Anna One")
    later = await correct(api, liisa, value="Liisa Two")
    before = [(await read(api, c))["name"] for c in (anna, liisa)]
    merged = (await api.post("/v1/customers:merge", {"customers": [anna, liisa], "reason": "same"})).json()
    [one] = merged["customers"]
    found = await explained(api, one, "name")
    assert (found["value"], found["correction"]["id"]) == ("Liisa Two", later["correction"]["id"])
    [older] = [x for x in found["losers"] if x["correction"]]
    assert (older["value"], older["rule"]) == ("Anna One", "correction")
    [old] = {anna, liisa} - {one}
    third = await correct(api, old, value="Of the old id")  # by the id that leads elsewhere
    assert third["customer_id"] == one
    assert (await read(api, one))["name"]["value"] == "Of the old id"
    await api.post(f"/v1/corrections/{third['correction']['id']}:revoke")
    await correct(api, old, field="language", value="de")
    await api.post(f"/v1/decisions/{merged['decision_id']}:revoke")
    assert [(await read(api, c))["name"] for c in (anna, liisa)] == before
    assert (await read(api, old))["language"]["rule"] == "correction"
    assert (await read(api, one))["language"]["rule"] != "correction"
    await assert_consistent(api.database)


async def test_a_correction_stays_with_its_profile_when_others_are_separated(api: Api, anna: str) -> None:
    made = (await correct(api, anna))["correction"]
    away = [p["id"] for p in (await read(api, anna))["profiles"] if p["id"] != made["profile_id"]][:1]
    parted = await api.post(f"/v1/customers/{anna}:separate", {"profiles": away, "reason": "two"})
    names = {c: (await read(api, c))["name"] for c in parted.json()["customers"]}
    assert sorted(n["rule"] == "correction" for n in names.values()) == [False, True]
    [row] = await rows(api.database, f"select customer_id from link where profile_id = '{made['profile_id']}'")  # noqa: S608 - ours
    assert names[str(row.customer_id)]["rule"] == "correction"


async def test_a_correction_joins_nobody(api: Api, anna: str) -> None:
    """Liisa corrected to Anna's address and name stays Liisa, for rules, reviews and look-ups."""
    liisa = str(await who(api.database, LIISA))
    tables = ("link", "judgement", "node", "identifier", "search_term")
    before = [await rows(api.database, f"select * from {t} order by 1, 2") for t in tables]  # noqa: S608 - ours
    await correct(api, liisa, field="email", value=ANNA)
    await correct(api, liisa, value="Anna Mäkinen")
    assert [await rows(api.database, f"select * from {t} order by 1, 2") for t in tables] == before  # noqa: S608 - ours
    found = await read(api, liisa)
    assert found["email"]["value"] == ANNA
    assert [i["value"] for i in found["identifiers"]] == [LIISA]
    answer = (await api.post("/v1/customers:resolve", {"identifiers": [{"scheme": "email", "value": ANNA}]})).json()
    assert answer["customer_id"] == anna


async def test_a_correction_holds_again_when_its_profile_comes_back(api: Api, anna: str) -> None:
    await correct(api, await who(api.database, LIISA))
    for day, deleted in ((1, True), (2, False)):
        await tell(api.database, [STORY[3] | {"deleted": deleted, "changed": f"2026-05-0{day}T00:00:00+00:00"}])
    assert (await read(api, await who(api.database, LIISA)))["name"]["value"] == "Anna-Maria Salo"


async def test_a_correction_whose_profile_is_gone_shows_no_more_and_breaks_nothing(api: Api, anna: str) -> None:
    liisa = await who(api.database, LIISA)
    made = (await correct(api, liisa))["correction"]
    gone = STORY[3] | {"deleted": True, "changed": "2026-05-01T00:00:00+00:00"}
    await tell(api.database, [gone])
    found = await read(api, liisa, "?explain=true")
    assert (found["name"], found["explained"]) == (None, [])
    problem(await api.post(f"/v1/customers/{liisa}/corrections", CORRECTED), 409, "conflict")
    revoked = await api.post(f"/v1/corrections/{made['id']}:revoke")
    assert (revoked.status_code, revoked.json()["customer_id"]) == (200, None)


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("birth_date", "1980-12-31", "1980-12-31"),
        ("phone", "040 123 4567", "+358401234567"),
        ("email", "Anna@New.Example", "anna@new.example"),
        ("language", "SV-fi", "sv-FI"),
        ("address", "Kuja 1\n00100 Helsinki", "Kuja 1 00100 Helsinki"),
    ],
)
async def test_each_field_is_kept_normalised(api: Api, anna: str, field: str, value: str, kept: str) -> None:
    assert (await correct(api, anna, field=field, value=value))["correction"]["value"] == kept
    assert (await read(api, anna))[field]["value"] == kept


@pytest.mark.parametrize(
    "change",
    [
        {"field": "birth_date", "value": "31.12.1980"},
        {"field": "phone", "value": "99999"},
        {"field": "email", "value": "canary-4711"},
        {"field": "language", "value": "finnish!"},
        {"value": "4711"},
        {"value": " "},
        {"reason": ""},
        {"field": "shoe_size"},
        {"value": "Anna\x00"},
        {"region": "Finland"},
        {"more": "x"},
    ],
    ids=str,
)
async def test_what_is_no_correction_is_refused_and_not_repeated(api: Api, anna: str, change: dict[str, str]) -> None:
    answer = await api.post(f"/v1/customers/{anna}/corrections", CORRECTED | change)
    body = problem(answer, 422, "invalid_input")
    assert "4711" not in answer.text
    assert pointers(body) or body["detail"]
    assert not await rows(api.database, "select 1 from correction")


async def test_who_may_decide_may_not_correct_or_rule(api: Api, anna: str) -> None:
    key = await new_key(api.database, Scope.READ_CUSTOMERS, Scope.DECIDE_CUSTOMERS)
    problem(await api.post(f"/v1/customers/{anna}/corrections", CORRECTED, key=key), 403, "permission_denied")
    problem(await api.send("DELETE", "/v1/survivorship/name", key=key), 403, "permission_denied")
    assert (await api.get("/v1/survivorship", key=key)).status_code == 200
    problem(await api.post(f"/v1/customers/{UUID(int=1)}/corrections", CORRECTED), 404, "not_found")

"""Which value is shown: by stored rules, a person's correction first, explained; and changes that leave no trace."""

from typing import Any

import pytest

from cxcore.events.outbox import EventType
from support.calling import Api, problem
from support.consistency import rows
from support.parley import Parley
from support.story import ANNA, LIISA, tell, who
from support.values import STORY, correct, explained, put, read


@pytest.fixture
async def anna(api: Api, parley: type[Parley]) -> str:
    await tell(api.database, STORY)
    return str(await who(api.database, ANNA))


# rules


async def test_the_rules_that_ship_hold_until_someone_sets_others(api: Api, anna: str) -> None:
    found = (await api.get("/v1/survivorship")).json()["chains"]
    assert {c["field"]: c["rules"] for c in found} == {
        "name": ["most_frequent"],
        "email": ["verified", "most_frequent", "newest"],
        "phone": ["verified", "most_frequent", "newest"],
        "language": ["most_frequent"],
        "birth_date": ["most_frequent"],
        "address": ["newest"],
    }
    assert all((c["default"], c["set_by"], c["set_at"]) == (True, None, None) for c in found)
    made = await put(api, "name", "newest")
    assert (made["rules"], made["default"]) == (["newest"], False)
    assert made["set_by"].startswith("key:")
    assert made["set_at"]
    assert [c["default"] for c in (await api.get("/v1/survivorship")).json()["chains"]].count(False) == 1


async def test_a_rule_changes_what_is_shown_everywhere_from_the_next_request_on(api: Api, anna: str) -> None:
    assert (await read(api, anna))["name"]["value"] == "Anna Mäkinen"
    await put(api, "name", "newest")
    await put(api, "language", "declared", "newest")
    found = await read(api, anna)
    assert (found["name"]["value"], found["name"]["rule"]) == ("Anna Salo", "newest")
    assert found["language"]["value"] == "sv"
    [hit] = (await api.post("/v1/customers:search", {"query": ANNA})).json()["hits"]
    assert hit["name"] == "Anna Salo"


async def test_changing_rules_and_back_changes_not_a_byte(api: Api, anna: str) -> None:
    await correct(api, anna, field="birth_date", value="1980-12-31")
    paths = [
        f"/v1/customers/{c}?explain={e}" for c in (anna, await who(api.database, LIISA)) for e in ("true", "false")
    ]
    tables = ["profile", "identifier", "link", "judgement", "customer", "correction"]
    tables.append(f"outbox where type <> '{EventType.SURVIVORSHIP_CHANGED}'")

    async def state() -> Any:
        answers = [(await api.get(p)).content for p in paths]
        answers.append((await api.post("/v1/customers:search", {"query": "anna"})).content)
        return answers, [await rows(api.database, f"select * from {t} order by 1, 2") for t in tables]  # noqa: S608 - ours

    before = await state()
    for field in ("name", "email", "language", "birth_date"):
        await put(api, field, "source_priority", "declared", "newest", sources=("parley1",))
    assert (await state())[0] != before[0]
    for field in ("name", "email", "language"):
        assert (await api.send("DELETE", f"/v1/survivorship/{field}")).json()["default"] is True
    await put(api, "birth_date", "most_frequent")  # set back by hand
    assert await state() == before


async def test_resetting_what_is_the_default_and_setting_what_holds_leave_no_row(api: Api, anna: str) -> None:
    assert (await api.send("DELETE", "/v1/survivorship/name")).json()["rules"] == ["most_frequent"]
    await put(api, "name", "newest")
    await put(api, "name", "newest")
    assert (await api.send("DELETE", "/v1/survivorship/name")).status_code == 200
    found = await rows(api.database, "select field, rules, actor from survivorship_chain order by version")
    assert [(r.field, r.rules) for r in found] == [("name", ["newest"]), ("name", None)]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"rules": []},
        {"rules": ["loudest"]},
        {"rules": ["newest", "newest"]},
        {"rules": ["source_priority"]},
        {"rules": ["newest"], "sources": ["parley1"]},
        {"rules": ["source_priority"], "sources": ["gone"]},
        {"rules": ["newest"], "other": 1},
    ],
    ids=str,
)
async def test_a_chain_that_makes_no_sense_is_refused(api: Api, anna: str, body: dict[str, Any]) -> None:
    problem(await api.send("PUT", "/v1/survivorship/name", json=body), 422, "invalid_input")
    problem(await api.send("PUT", "/v1/survivorship/shoe_size", json={"rules": ["newest"]}), 422, "invalid_input")
    assert not await rows(api.database, "select 1 from survivorship_chain")


async def test_a_rule_of_a_later_version_is_passed_over(api: Api, anna: str) -> None:
    await put(api, "name", "newest")
    await rows(api.database, "update survivorship_chain set rules = '{loudest,newest}' returning 1")
    assert (await read(api, anna))["name"]["rule"] == "newest"
    await rows(api.database, "update survivorship_chain set rules = '{loudest}' returning 1")
    assert (await read(api, anna))["name"]["rule"] == "most_frequent"


# why


async def test_an_explanation_says_rule_source_time_and_losers(api: Api, anna: str) -> None:
    found = await explained(api, anna, "name")
    assert (found["value"], found["rule"], found["chain"], found["priority"]) == (
        "Anna Mäkinen",
        "most_frequent",
        ["most_frequent"],
        [],
    )
    assert (found["source"], found["source_name"], found["count"]) == ("parley1", "parley1", 2)
    assert found["observed_at"] == "2026-03-01T12:00:02Z"
    assert found["received_at"]
    assert found["profile_id"] in {p["id"] for p in (await read(api, anna))["profiles"]}
    [loser] = found["losers"]
    assert {k: loser[k] for k in ("value", "rule", "count", "sources", "observed_at", "correction")} == {
        "value": "Anna Salo",
        "rule": "most_frequent",
        "count": 1,
        "sources": ["parley1"],
        "observed_at": "2026-03-01T12:00:03Z",
        "correction": None,
    }
    assert [e["field"] for e in (await read(api, anna, "?explain=true"))["explained"]] == ["name", "email", "language"]


async def test_what_no_source_dates_has_no_time_of_its_own(api: Api, anna: str) -> None:
    found = await explained(api, await who(api.database, LIISA), "name")
    assert (found["rule"], found["losers"], found["observed_at"]) == ("only", [], None)
    assert found["received_at"]


async def test_the_verified_address_is_the_main_one(api: Api, anna: str) -> None:
    assert (await read(api, anna))["email"]["value"] == ANNA
    await tell(
        api.database, [{"id": 9, "who": "a3", "name": "Anna Salo", "emails": ["salo@x.example"], "verified": True}]
    )
    found = await explained(api, anna, "email")
    assert (found["value"], found["rule"]) == ("salo@x.example", "verified")
    assert [(x["value"], x["rule"]) for x in found["losers"]] == [(ANNA, "verified")]

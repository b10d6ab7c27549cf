"""Customer: who it is, what is known, and why; and how complete the view is."""

from typing import Any
from uuid import UUID

import pytest

from support.calling import Api, problem
from support.parley import Parley
from support.story import ANNA, LIISA, PEKKA, tell, who


@pytest.fixture
async def anna(api: Api, parley: type[Parley]) -> UUID:
    await tell(api.database)
    return await who(api.database, ANNA)


@pytest.mark.parametrize("tail", ["", "/timeline", "/coverage", "/relations"])
@pytest.mark.parametrize("nobody", [UUID(int=0), UUID(int=2**128 - 1), UUID("6f0c2d1e-5a0b-5d6e-9a53-0b6c7c1c4f11")])
async def test_whom_there_never_was_is_not_found(api: Api, nobody: UUID, tail: str) -> None:
    problem(await api.get(f"/v1/customers/{nobody}{tail}"), 404, "not_found")


@pytest.mark.parametrize("no_id", ["x", "1", "anna@kotiposti.example", "6f0c2d1e", "%00", "%ED%A0%80", "..", "null"])
async def test_what_is_no_id_is_refused(api: Api, no_id: str) -> None:
    answer = await api.get(f"/v1/customers/{no_id}")
    assert answer.status_code in {404, 422}
    problem(answer, answer.status_code, answer.json()["code"])


async def test_a_customer_shows_what_all_sources_know(api: Api, anna: UUID) -> None:
    found: dict[str, Any] = (await api.get(f"/v1/customers/{anna}")).json()
    assert found["id"] == str(anna)
    assert found["name"]["value"] == "Anna Mäkinen"
    assert found["name"]["source"] == "parley1"
    assert found["name"]["rule"] == "most_frequent"
    assert {o.casefold() for o in found["name"]["others"]} == {"makinen anna"}
    assert [(i["scheme"], i["value"], i["sources"]) for i in found["identifiers"]] == [
        ("email", ANNA, ["parley1"]),
        ("phone", "+358401234567", ["parley1"]),
    ]
    assert [found[main]["value"] for main in ("email", "phone")] == [ANNA, "+358401234567"]
    assert (found["language"], found["birth_date"], found["address"]) == (None, None, None)
    assert found["explained"] is None


async def test_a_customer_says_why_it_is_one(api: Api, anna: UUID) -> None:
    found = (await api.get(f"/v1/customers/{anna}")).json()
    profiles = {p["id"] for p in found["profiles"]}
    assert len(profiles) == 3
    assert {r["rule"] for r in found["reasons"]} == {"linkage"}
    for reason in found["reasons"]:
        assert {reason["left"], reason["right"]} <= profiles
        assert (reason["verdict"], reason["origin"]) == ("positive", "rule")
        shared = {a["value"] for a in reason["evidence"]["attributes"] if "value" in a}
        assert shared & {ANNA, "+358401234567"}
        said = reason["evidence"]["prior"] + sum(a["bits"] for a in reason["evidence"]["attributes"])
        assert abs(said - reason["score"]) < 0.02


async def test_an_id_is_read_in_any_case(api: Api, anna: UUID) -> None:
    assert (await api.get(f"/v1/customers/{str(anna).upper()}")).json()["id"] == str(anna)


@pytest.mark.parametrize("tail", ["", "?explain=true", "/timeline?limit=2&channel=email", "/coverage"])
async def test_a_merged_id_leads_to_the_living_one(api: Api, anna: UUID, tail: str) -> None:
    ids = [str(anna), str(await who(api.database, PEKKA)), str(await who(api.database, LIISA))]
    [one] = (await api.post("/v1/customers:merge", {"customers": ids, "reason": "family"})).json()["customers"]
    for old in set(ids) - {one}:
        answer = await api.get(f"/v1/customers/{old}{tail}")
        assert (answer.status_code, answer.headers["location"]) == (307, f"/v1/customers/{one}{tail}")
        assert answer.headers["cache-control"] == "no-store"
        assert (await api.get(answer.headers["location"])).status_code == 200
    assert (await api.get(f"/v1/customers/{one}{tail}")).status_code == 200


async def test_a_merged_id_in_any_writing_leads_to_the_living_one_too(api: Api, anna: UUID) -> None:
    ids = [str(anna), str(await who(api.database, PEKKA))]
    [one] = (await api.post("/v1/customers:merge", {"customers": ids, "reason": "family"})).json()["customers"]
    [old] = set(ids) - {one}
    for writing in (old.upper(), old.replace("-", ""), f"urn:uuid:{old}", f"{{{old}}}"):
        for tail in ("", "/timeline", "/coverage"):
            answer = await api.get(f"/v1/customers/{writing}{tail}")
            assert (answer.status_code, answer.headers["location"]) == (307, f"/v1/customers/{one}{tail}")


async def test_coverage_says_how_far_each_source_is_read(api: Api, anna: UUID) -> None:
    [source] = (await api.get(f"/v1/customers/{anna}/coverage")).json()["sources"]
    assert {k: source[k] for k in ("source", "name", "channels", "state", "problem", "waiting", "quarantined")} == {
        "source": "parley1",
        "name": "parley1",
        "channels": ["chat"],
        "state": "active",
        "problem": None,
        "waiting": 0,
        "quarantined": 0,
    }
    assert source["complete_to"]
    assert source["pulled_at"]
    assert {s["channel"]: s["count"] for s in source["seen"]} == {"chat": 1, "email": 2, "phone": 1, "purchase": 1}


async def test_coverage_counts_what_waits_and_what_was_set_aside(api: Api, anna: UUID) -> None:
    await tell(api.database, [{"id": 30, "poison": "rejected"}, {"id": 31, "poison": "bug"}])
    [source] = (await api.get(f"/v1/customers/{anna}/coverage")).json()["sources"]
    assert source["quarantined"] == 2

"""Resolve: who is meant, in any writing, with a word for how sure that is; nothing is written."""

from typing import Any
from uuid import UUID

import pytest

from support.calling import Api, pointers, problem
from support.parley import Parley
from support.state import counts
from support.story import ANNA, LIISA, PEKKA, tell, who

PATH = "/v1/customers:resolve"


def asking(*identifiers: tuple[str, str], **others: Any) -> dict[str, Any]:
    return {"identifiers": [{"scheme": s, "value": v} for s, v in identifiers], **others}


async def resolve(api: Api, *identifiers: tuple[str, str], **others: Any) -> dict[str, Any]:
    answer = await api.post(PATH, asking(*identifiers, **others))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert found.keys() == {"confidence", "customer_id", "matched_on", "candidates", "ignored"}
    return found


@pytest.fixture
async def people(api: Api, parley: type[Parley]) -> dict[str, str]:
    """Anna with an address and a number of her own; Pekka and Liisa, who share a line at home."""
    await tell(api.database)
    return {name: str(await who(api.database, name)) for name in (ANNA, PEKKA, LIISA)}


async def test_an_address_of_one_alone_is_certain(api: Api, people: dict[str, str]) -> None:
    for writing in (ANNA, ANNA.upper(), f" <{ANNA}> ", ANNA.replace("@", "+shop@")):
        found = await resolve(api, ("email", writing))
        assert (found["confidence"], found["customer_id"]) == ("certain", people[ANNA])
        assert found["matched_on"] == ["email"]


async def test_a_lone_number_is_probable(api: Api, people: dict[str, str]) -> None:
    for writing in ("0401234567", "+358 40 123 4567", "00358-40-1234567", "358401234567"):
        found = await resolve(api, ("phone", writing))
        assert (found["confidence"], found["customer_id"]) == ("probable", people[ANNA])


async def test_a_lone_number_with_the_name_is_certain(api: Api, people: dict[str, str]) -> None:
    found = await resolve(api, ("phone", "040 123 4567"), name="mäkinen")
    assert (found["confidence"], found["customer_id"]) == ("certain", people[ANNA])
    assert found["candidates"][0]["name_fits"] is True


async def test_a_line_that_two_share_is_unsure(api: Api, people: dict[str, str]) -> None:
    found = await resolve(api, ("phone", "09-765 4321"))
    assert (found["confidence"], found["customer_id"], found["matched_on"]) == ("unsure", None, [])
    assert {c["customer_id"] for c in found["candidates"]} == {people[PEKKA], people[LIISA]}


async def test_on_a_shared_line_the_name_decides(api: Api, people: dict[str, str]) -> None:
    found = await resolve(api, ("phone", "09-765 4321"), name="Virta Liisa")
    assert (found["confidence"], found["customer_id"]) == ("probable", people[LIISA])


async def test_a_name_that_speaks_against_it_is_unsure(api: Api, people: dict[str, str]) -> None:
    found = await resolve(api, ("email", ANNA), name="Pekka Virta")
    assert (found["confidence"], found["customer_id"]) == ("unsure", None)
    assert found["candidates"] == [{"customer_id": people[ANNA], "matched_on": ["email"], "name_fits": False}]


async def test_identifiers_of_two_people_are_unsure(api: Api, people: dict[str, str]) -> None:
    found = await resolve(api, ("email", PEKKA), ("phone", "0401234567"))
    assert (found["confidence"], found["customer_id"]) == ("unsure", None)
    assert len(found["candidates"]) == 2


async def test_who_shows_more_of_it_is_probable(api: Api, people: dict[str, str]) -> None:
    found = await resolve(api, ("email", PEKKA), ("phone", "09 7654321"))
    assert (found["confidence"], found["customer_id"]) == ("probable", people[PEKKA])
    assert found["matched_on"] == ["email", "phone"]


async def test_a_stranger_is_none(api: Api, people: dict[str, str]) -> None:
    found = await resolve(api, ("email", "stranger@kotiposti.example"), name="Anna Mäkinen")
    assert found == {"confidence": "none", "customer_id": None, "matched_on": [], "candidates": [], "ignored": []}


async def test_what_cannot_be_read_is_ignored_and_said(api: Api, people: dict[str, str]) -> None:
    found = await resolve(api, ("phone", "anonymous"), ("email", ANNA), ("loyalty", "-"))
    assert (found["confidence"], found["customer_id"]) == ("certain", people[ANNA])
    assert set(found["ignored"]) == {"phone", "loyalty"}
    assert (await resolve(api, ("phone", "s")))["confidence"] == "none"


async def test_a_number_is_read_as_dialled_in_the_region(api: Api, people: dict[str, str]) -> None:
    assert (await resolve(api, ("phone", "0401234567"), region="SE"))["confidence"] == "none"
    assert (await resolve(api, ("phone", "0401234567"), region="ZZ"))["ignored"] == ["phone"]


async def test_an_issuer_is_no_part_of_an_address_or_a_number(api: Api, people: dict[str, str]) -> None:
    identifiers = [{"scheme": "email", "value": ANNA, "issuer": "shop"}]
    found = (await api.post(PATH, {"identifiers": identifiers})).json()
    assert found["customer_id"] == people[ANNA]


async def test_asking_writes_nothing(api: Api, people: dict[str, str]) -> None:
    before = await counts(api.database)
    await resolve(api, ("email", "new@kotiposti.example"), ("phone", "0509999999"), name="New Person")
    assert await counts(api.database) == before


async def test_a_merged_customer_is_found_under_the_living_id(api: Api, people: dict[str, str]) -> None:
    merged = await api.post("/v1/customers:merge", {"customers": [people[PEKKA], people[LIISA]], "reason": "married"})
    [one] = merged.json()["customers"]
    assert (await resolve(api, ("email", PEKKA)))["customer_id"] == one
    found = await resolve(api, ("phone", "09 7654321"))
    assert (found["confidence"], found["customer_id"]) == ("probable", one)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/identifiers"),
        ({"identifiers": []}, "/identifiers"),
        (asking(*[("email", "a@x.example")] * 21), "/identifiers"),
        (asking(("fax", "1")), "/identifiers/0/scheme"),
        (asking(("email", "")), "/identifiers/0/value"),
        (asking(("email", "a" * 1001)), "/identifiers/0/value"),
        ({"identifiers": [{"scheme": "email"}]}, "/identifiers/0/value"),
        ({"identifiers": [{"scheme": "email", "value": "a", "kind": "x"}]}, "/identifiers/0/kind"),
        (asking(("email", "a@x.example"), region="fi"), "/region"),
        (asking(("email", "a@x.example"), region="FIN"), "/region"),
        (asking(("email", "a@x.example"), name="a" * 301), "/name"),
        (asking(("email", "a@x.example"), name=" "), "/name"),
        (asking(("email", "a@x.example"), age=5), "/age"),
    ],
)
async def test_a_question_that_does_not_fit_is_refused_by_the_field(api: Api, body: Any, pointer: str) -> None:
    assert pointer in pointers(problem(await api.post(PATH, body), 422, "invalid_input"))


async def test_the_documented_example_works(api: Api) -> None:
    document = (await api.client.get("/openapi.json")).json()
    [example] = document["components"]["schemas"]["ResolveIn"]["examples"]
    assert (await api.post(PATH, example)).status_code == 200
    [example] = document["components"]["schemas"]["SearchIn"]["examples"]
    assert (await api.post("/v1/customers:search", example)).status_code == 200


async def test_ids_are_uuids(api: Api, people: dict[str, str]) -> None:
    assert {UUID(p).version for p in people.values()} == {5}

"""Search: customers by whatever is known of them."""

import pytest

from support.calling import Api
from support.parley import Parley
from support.story import ANNA, PEKKA, tell, who

PATH = "/v1/customers:search"


@pytest.fixture
async def told(api: Api, parley: type[Parley]) -> None:
    await tell(api.database)


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    "query",
    ["mäkinen", "MAKINEN anna", "Mäkinen, Anna", "maekinen", "mäk", "0401234567", "+358 40 123 4567", "4567", ANNA,
     ANNA.upper(), "anna mäkinen 040 123 4567", f"Anna <{ANNA}>", "anna@koti"],
)  # fmt: skip
async def test_a_customer_is_found_however_the_query_is_written(api: Api, query: str) -> None:
    [hit] = (await api.post(PATH, {"query": query})).json()["hits"]
    assert hit == {
        "customer_id": str(await who(api.database, ANNA)),
        "name": "Anna Mäkinen",
        "exact": query not in {"mäk", "4567", "anna@koti"},
        "identifiers": [ANNA, "+358401234567"],
        "sources": ["parley1"],
    }


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    "query",
    [
        "virtanen",
        "anna virta",
        "050 999 9999",
        "nobody@kotiposti.example",
        "☎",
        "-",
        "%",
        "_",
        "'; drop table link; --",
    ],
)
async def test_who_is_not_there_is_not_found(api: Api, query: str) -> None:
    answer = await api.post(PATH, {"query": query})
    assert (answer.status_code, answer.json()) == (200, {"hits": []})


@pytest.mark.usefixtures("told")
async def test_exact_hits_come_first(api: Api) -> None:
    await tell(api.database, [{"id": 20, "name": "Annabel Berg", "emails": ["annabel@kotiposti.example"]}])
    hits = (await api.post(PATH, {"query": "anna"})).json()["hits"]
    assert [(h["name"], h["exact"]) for h in hits] == [("Anna Mäkinen", True), ("Annabel Berg", False)]


@pytest.mark.usefixtures("told")
async def test_as_many_as_asked_for_are_shown(api: Api) -> None:
    people = [
        {"id": 100 + n, "name": f"Kalle Niemi{n}", "emails": [f"{chr(97 + n % 6) * 4}{chr(97 + n // 6) * 4}@x.example"]}
        for n in range(30)
    ]
    await tell(api.database, people)
    for limit in (1, 7, 100):
        hits = (await api.post(PATH, {"query": "kalle", "limit": limit})).json()["hits"]
        assert len(hits) == min(limit, 30)
    assert len((await api.post(PATH, {"query": "kalle"})).json()["hits"]) == 20


@pytest.mark.usefixtures("told")
async def test_a_merged_customer_is_found_once_under_the_living_id(api: Api) -> None:
    ids = [str(await who(api.database, query)) for query in (ANNA, PEKKA)]
    [one] = (await api.post("/v1/customers:merge", {"customers": ids, "reason": "married"})).json()["customers"]
    for query in (ANNA, PEKKA, "virta pekka"):
        [hit] = (await api.post(PATH, {"query": query})).json()["hits"]
        assert hit["customer_id"] == one


@pytest.mark.usefixtures("told")
async def test_a_query_is_taken_without_the_blanks_around_it(api: Api) -> None:
    assert len((await api.post(PATH, {"query": "  mäkinen\n"})).json()["hits"]) == 1

"""Relations: who shares a household, a company or a line with a customer, and why; page by page."""

from typing import Any
from uuid import UUID

import pytest

from cxcore.resolve.relations import After
from cxcore.timeline import cursor
from cxcore.timeline.query import Position
from support.calling import CURSOR_KEY, Api, problem
from support.parley import T0, Parley
from support.story import LIISA, PEKKA, tell, who

DESK = ["09 1234567"]
STAFF = ("Bertta Oja", "Cecilia Salo", "Daniel Kivi", "Eemeli Laine", "Hilkka Niemi")


@pytest.fixture
async def pekka(api: Api, parley: type[Parley]) -> str:
    await tell(api.database)
    return str(await who(api.database, PEKKA))


@pytest.fixture
async def clerk(api: Api, parley: type[Parley]) -> str:
    """One of five who were put through by one switchboard."""
    await tell(api.database, [{"id": n, "name": name, "phones": DESK} for n, name in enumerate(STAFF)])
    return str(await who(api.database, "bertta oja"))


async def read(api: Api, path: str) -> dict[str, Any]:
    answer = await api.get(path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_whom_there_never_was_has_no_relations(api: Api) -> None:
    problem(await api.get(f"/v1/customers/{UUID(int=3)}/relations"), 404, "not_found")


async def test_a_household_is_told_with_what_it_rests_on(api: Api, pekka: str) -> None:
    assert await read(api, f"/v1/customers/{pekka}/relations") == {
        "relations": [
            {
                "customer_id": str(await who(api.database, LIISA)),
                "name": "Liisa Virta",
                "kind": "household",
                "ties": [
                    {"kind": "household", "attribute": "phone", "issuer": "", "value": "+35897654321", "people": 2}
                ],
            }
        ],
        "total": 1,
        "more": False,
        "next": None,
    }


async def test_who_shares_nothing_is_related_to_nobody(api: Api, people: dict[str, str]) -> None:
    found = await read(api, f"/v1/customers/{people['anna@kotiposti.example']}/relations")
    assert (found["relations"], found["total"]) == ([], 0)


async def test_a_merged_id_leads_to_the_relations_of_the_living_one(api: Api, people: dict[str, str]) -> None:
    ids = [people["anna@kotiposti.example"], people[PEKKA]]
    [one] = (await api.post("/v1/customers:merge", {"customers": ids, "reason": "same"})).json()["customers"]
    [old] = {*ids} - {one}
    answer = await api.get(f"/v1/customers/{old}/relations?limit=5")
    assert (answer.status_code, answer.headers["location"]) == (307, f"/v1/customers/{one}/relations?limit=5")
    assert [r["name"] for r in (await read(api, answer.headers["location"]))["relations"]] == ["Liisa Virta"]


async def test_pages_hold_everybody_once(api: Api, clerk: str) -> None:
    path: str | None = f"/v1/customers/{clerk}/relations?limit=2"
    seen: list[str] = []
    while path:
        answer = await api.get(path)
        body = answer.json()
        assert body["total"] == len(STAFF) - 1
        assert {r["kind"] for r in body["relations"]} == {"company"}
        seen += [r["name"] for r in body["relations"]]
        path = answer.links.get("next", {}).get("url")
        assert bool(path) is (body["next"] is not None)
    assert sorted(seen) == sorted(STAFF[1:])


@pytest.mark.parametrize("limit", [0, 101, "x"])
async def test_a_page_has_bounds(api: Api, clerk: str, limit: Any) -> None:
    problem(await api.get(f"/v1/customers/{clerk}/relations?limit={limit}"), 422, "invalid_input")


async def test_a_cursor_is_one_of_ours_and_of_relations(api: Api, clerk: str) -> None:
    others = [
        "x",
        cursor.encode(Position(T0, UUID(int=7)), key=CURSOR_KEY),
        cursor.encode_relation(After(0, 2, UUID(int=7)), key=b"x" * 32),
    ]
    for other in others:
        problem(await api.get(f"/v1/customers/{clerk}/relations?cursor={other}"), 422, "invalid_input")
    ours = cursor.encode_relation(After(2, 64, UUID(int=7)), key=CURSOR_KEY)
    assert (await read(api, f"/v1/customers/{clerk}/relations?cursor={ours}"))["relations"] == []

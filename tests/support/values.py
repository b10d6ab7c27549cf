"""Values that the API shows: reading them, explained, and changing their rules or correcting them."""

from typing import Any

from support.calling import Api
from support.story import ANNA, LIISA

STORY: list[dict[str, Any]] = [
    {"id": 1, "who": "a1", "name": "Anna Mäkinen", "emails": [ANNA], "language": "fi"},
    {"id": 2, "who": "a2", "name": "Anna Mäkinen", "emails": [ANNA], "language": "fi"},
    {"id": 3, "who": "a3", "name": "Anna Salo", "emails": [ANNA, "salo@x.example"], "language": "sv"},
    {"id": 4, "name": "Liisa Virta", "emails": [LIISA], "language": "fi"},
]
CORRECTED = {"field": "name", "value": " Anna-Maria  Salo ", "reason": "saw the passport"}


async def read(api: Api, customer: Any, query: str = "") -> dict[str, Any]:
    answer = await api.get(f"/v1/customers/{customer}{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def explained(api: Api, customer: Any, field: str) -> dict[str, Any]:
    found = (await read(api, customer, "?explain=true"))["explained"]
    [one] = [e for e in found if e["field"] == field]
    assert isinstance(one, dict)
    return one


async def put(api: Api, field: str, *rules: str, sources: tuple[str, ...] = ()) -> dict[str, Any]:
    answer = await api.send("PUT", f"/v1/survivorship/{field}", json={"rules": rules, "sources": sources})
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def correct(api: Api, customer: Any, **body: str) -> dict[str, Any]:
    answer = await api.post(f"/v1/customers/{customer}/corrections", CORRECTED | body)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made

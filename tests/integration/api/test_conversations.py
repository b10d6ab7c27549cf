"""Single interactions, conversations in their order, and the history of decisions."""

from typing import Any
from uuid import uuid4

import pytest

from support.calling import Api, problem
from support.story import ANNA, LIISA, PEKKA, tell

TALK: list[dict[str, Any]] = [
    {"id": 100 + n, "emails": [ANNA if n % 2 else PEKKA], "thread": "talk", "channel": "chat"} for n in range(7)
]


@pytest.fixture
async def talk(api: Api, people: dict[str, str]) -> str:
    """The id of a conversation of Anna and Pekka."""
    await tell(api.database, TALK)
    entries = await api.everything(f"/v1/customers/{people[ANNA]}/timeline?channel=chat")
    [found] = {e["conversation_id"] for e in entries if e["conversation_id"]}
    return str(found)


async def test_an_interaction_is_the_entry_of_its_timeline_and_names_its_customers(
    api: Api, people: dict[str, str]
) -> None:
    for entry in await api.everything(f"/v1/customers/{people[ANNA]}/timeline"):
        found = (await api.get(f"/v1/interactions/{entry['id']}")).json()
        assert found.pop("customers") == [people[ANNA]]
        assert found == entry


async def test_a_conversation_is_read_from_its_beginning_whoever_took_part(
    api: Api, people: dict[str, str], talk: str
) -> None:
    found: list[dict[str, Any]] = []
    path: str | None = f"/v1/conversations/{talk}?limit=3"
    while path:
        answer = await api.get(path)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["id"], len(answer.json()["interactions"]) <= 3) == (talk, True)
        found += answer.json()["interactions"]
        path = answer.links.get("next", {}).get("url")
    assert [e["text"] for e in found] == [f"message {100 + n}" for n in range(7)]
    assert [e["customers"] for e in found] == [[people[ANNA if n % 2 else PEKKA]] for n in range(7)]
    assert {e["conversation_id"] for e in found} == {talk}


async def test_the_cursor_of_a_timeline_is_none_of_a_conversation(api: Api, people: dict[str, str], talk: str) -> None:
    other = (await api.get(f"/v1/customers/{people[ANNA]}/timeline?limit=1")).json()["next"]
    problem(await api.get(f"/v1/conversations/{talk}?cursor={other}"), 422, "invalid_input")


@pytest.mark.parametrize("path", ["interactions", "conversations", "decisions?customer_id="])
async def test_what_is_not_there_is_not_found(api: Api, path: str) -> None:
    wanted = f"/v1/{path}{uuid4()}" if "=" in path else f"/v1/{path}/{uuid4()}"
    problem(await api.get(wanted), 404, "not_found")


async def test_decisions_are_told_newest_first_with_who_why_and_whether_they_hold(
    api: Api, people: dict[str, str]
) -> None:
    made = []
    for other in (PEKKA, LIISA):
        body = {"customers": [people[ANNA], people[other]], "reason": f"because of {other[:5]}"}
        made.append((await api.post("/v1/customers:merge", body)).json()["decision_id"])
    await api.post(f"/v1/decisions/{made[0]}:revoke")
    first = (await api.get("/v1/decisions?limit=1")).json()
    rest = (await api.get(f"/v1/decisions?limit=1&cursor={first['next']}")).json()
    assert [d["decision_id"] for d in first["decisions"] + rest["decisions"]] == made[::-1]
    assert rest["next"] is None
    [last], [earlier] = first["decisions"], rest["decisions"]
    assert (last["verdict"], last["reason"], last["revoked_at"]) == ("merge", "because of liisa", None)
    assert last["customers"] == [people[ANNA]]
    assert earlier["revoked_by"] == earlier["by"] == last["by"]
    assert earlier["customers"] == sorted([people[ANNA], people[PEKKA]])


async def test_of_a_customer_only_its_own_decisions_are_told(api: Api, people: dict[str, str]) -> None:
    body = {"customers": [people[ANNA], people[PEKKA]], "reason": "the same"}
    made = (await api.post("/v1/customers:merge", body)).json()["decision_id"]
    for customer in (ANNA, PEKKA):  # one of the two leads to the other now
        found = (await api.get(f"/v1/decisions?customer_id={people[customer]}")).json()["decisions"]
        assert [d["decision_id"] for d in found] == [made]
    assert (await api.get(f"/v1/decisions?customer_id={people[LIISA]}")).json()["decisions"] == []

"""Masks on the API: no read gives a role what it does not see, and a hidden value is read for a reason that is kept."""

from typing import Any

import pytest

from cxcore.auth import keys, masks
from cxcore.auth.masks import HIDDEN, MASKS, Masked
from cxcore.auth.policy import SCOPES, AccessRole
from support import canary
from support.allowed import NOT_SEEN
from support.calling import Api, problem
from support.parley import Parley
from support.reading import Asked, reads
from support.story import tell


@pytest.fixture
async def told(api: Api, parley: type[Parley]) -> list[str]:
    """The ids of those of whom there are canaries, Anna with her own address first."""
    await tell(api.database, canary.MESSAGES)
    hits = (await api.post("/v1/customers:search", {"query": "kanaria"})).json()["hits"]
    return [h["customer_id"] for h in sorted(hits, key=lambda h: canary.MAIL not in h["identifiers"])]


async def role_key(api: Api, role: AccessRole) -> str:
    async with api.database.unit() as session:
        return await keys.create(session, name="x", scopes=SCOPES[role], role=role)


@pytest.fixture
async def asked(api: Api, parley: type[Parley]) -> dict[str, Asked]:
    return await reads(api)


async def answers(api: Api, asked: dict[str, Asked], role: AccessRole) -> dict[str, str]:
    """What each read answers to a key of the role."""
    key = await role_key(api, role)
    found = {name: await request.send(api, key) for name, request in asked.items()}
    assert {answer.status_code for answer in found.values()} == {200}
    return {name: answer.text for name, answer in found.items()}


@pytest.mark.parametrize("role", AccessRole)
async def test_no_read_gives_a_role_what_it_does_not_see(api: Api, asked: dict[str, Asked], role: AccessRole) -> None:
    found = {name: canary.heard(text) for name, text in (await answers(api, asked, role)).items()}
    assert {name: heard & NOT_SEEN[role] for name, heard in found.items() if heard & NOT_SEEN[role]} == {}
    assert set().union(*found.values()) == set(Masked) - NOT_SEEN[role], "the test does not hear what it should"


async def test_a_mask_that_is_missing_is_heard(
    api: Api, asked: dict[str, Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    for missing in Masked:
        weaker = {**MASKS, AccessRole.FRONT_DESK: MASKS[AccessRole.FRONT_DESK] - {missing}}
        monkeypatch.setattr("cxcore.api.masking.MASKS", weaker)
        heard = set().union(*map(canary.heard, (await answers(api, asked, AccessRole.FRONT_DESK)).values()))
        assert heard == {missing}


async def test_what_is_left_still_says_what_there_is(api: Api, told: list[str]) -> None:
    key = await role_key(api, AccessRole.FRONT_DESK)
    found: dict[str, Any] = (await api.get(f"/v1/customers/{told[0]}", key=key)).json()
    assert found["id"] == told[0]
    assert found["name"]["value"] == "Anna Kanaria"
    assert found["birth_date"]["value"] == found["address"]["value"] == HIDDEN
    assert found["birth_date"]["rule"] == "only"
    assert found["email"]["value"].endswith(f"{HIDDEN}@kotiposti.example") or "tyo.example" in found["email"]["value"]
    assert found["phone"]["value"] == f"{HIDDEN}876"
    entries = (await api.get(f"/v1/customers/{told[0]}/timeline", key=key)).json()["entries"]
    whole = (await api.get(f"/v1/customers/{told[0]}/timeline")).json()["entries"]
    assert [(e["id"], e["occurred_at"]) for e in entries] == [(e["id"], e["occurred_at"]) for e in whole]
    [internal] = [e for e in entries if e["direction"] == "internal"]
    assert (internal["text"], internal["subject"], internal["attributes"]) == (HIDDEN, None, {})


async def test_a_hidden_value_is_read_for_a_reason_and_the_audit_has_it(api: Api, told: list[str]) -> None:
    key = await role_key(api, AccessRole.FRONT_DESK)
    path = f"/v1/customers/{told[0]}:reveal"
    answer = await api.post(path, {"field": "birth_date", "reason": "asked at check-in"}, key=key)
    assert answer.json() == {"field": "birth_date", "value": canary.BORN.isoformat(), "others": []}
    rows = (await api.get(f"/v1/audit?customer_id={told[0]}")).json()["audit"]
    assert [(r["act"], r["actor"], r["about"], r["reason"]) for r in rows] == [
        ("customer.revealed", f"key:{key.split('_')[1]}", "birth_date", "asked at check-in")
    ]
    for reason in ("", "  ", "x"):
        problem(await api.post(path, {"field": "birth_date", "reason": reason}, key=key), 422, "invalid_input")
    assert len((await api.get(f"/v1/audit?customer_id={told[0]}")).json()["audit"]) == 1
    assert canary.heard((await api.get("/v1/audit")).text) == set()


async def test_reads_for_a_role_are_in_the_audit_and_those_of_services_are_not(api: Api, told: list[str]) -> None:
    key = await role_key(api, AccessRole.AGENT)
    for of in ("", "/timeline"):
        await api.get(f"/v1/customers/{told[0]}{of}", key=key)
        await api.get(f"/v1/customers/{told[0]}{of}")
    rows = (await api.get(f"/v1/audit?customer_id={told[0]}")).json()["audit"]
    assert [(r["act"], r["about"], r["actor"]) for r in rows] == [
        ("customer.read", what, f"key:{key.split('_')[1]}") for what in ("timeline", "customer")
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("anna@x.example", "a•••@x.example"),
        ("Write to <anna.m@x.example>, please", "Write to <a•••@x.example>, please"),
        ("+358401234567", "•••567"),
        ("call 040 123 4567 now", "call •••567 now"),
        ("(09) 765 4321", "(•••321"),
        ("00358 40 1234567", "•••567"),
        ("2026-03-01T12:00:01Z", "2026-03-01T12:00:01Z"),
        ("0f8a1234-5678-4abc-8def-0123456789ab", "0f8a1234-5678-4abc-8def-0123456789ab"),
        ("room 1204, 2 nights", "room 1204, 2 nights"),
        ("at 07:45", "at 07:45"),
        ("358401234567", "•••567"),
        ("order 123456789", "order 123456789"),
        ("@handle", "@handle"),
    ],
)
def test_addresses_and_numbers_are_known_by_how_they_are_written(text: str, shown: str) -> None:
    assert masks.applied(text, frozenset(Masked)) == shown


def test_hostile_words_take_no_time_to_speak_of() -> None:
    """Each of these took minutes with a pattern that tries again from every letter."""
    for text in ("a" * 200_000 + "@", "a@" * 100_000, "0" + "1 " * 100_000, "+" * 200_000, "(" * 200_000):
        masks.applied(text, frozenset(Masked))

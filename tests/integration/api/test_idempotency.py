"""Idempotency keys: once is once, however often a request is sent, and what fails leaves nothing behind."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from cxcore.api.app import create
from cxcore.db.session import Database
from support.calling import Api, new_key, problem
from support.story import ANNA, PEKKA

READING = {
    "resolveCustomer",
    "searchCustomers",
    "previewMerge",
    "previewSeparate",
    "previewRevoke",
    "checkSource",
    "replayQuarantine",
}
"""They take a body because of what is personal in it, and change nothing; or, the last, only what is done already."""


def once(key: str) -> dict[str, Any]:
    return {"headers": {"Idempotency-Key": key}}


def correction(customer: str, value: str = "Anna Salo") -> tuple[str, dict[str, str]]:
    return f"/v1/customers/{customer}/corrections", {"field": "name", "value": value, "reason": "said so"}


async def corrections(database: Database) -> int:
    async with database.unit() as session:
        return int(await session.scalar(text("select count(*) from correction")) or 0)


async def test_sent_again_it_has_its_effect_once_and_is_answered_as_before(api: Api, people: dict[str, str]) -> None:
    key = str(uuid4())
    first = await api.post(*correction(people[ANNA]), **once(key))
    again = await api.post(*correction(people[ANNA]), **once(key))
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again.headers["content-type"] == first.headers["content-type"]
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (False, "true")
    assert again.headers["request-id"] != first.headers["request-id"]
    assert await corrections(api.database) == 1


async def test_a_quoted_key_is_the_same_key(api: Api, people: dict[str, str]) -> None:
    await api.post(*correction(people[ANNA]), **once('"one"'))
    assert (await api.post(*correction(people[ANNA]), **once("one"))).headers["idempotency-replayed"] == "true"


async def test_without_a_key_each_request_counts(api: Api, people: dict[str, str]) -> None:
    for _ in range(2):
        assert (await api.post(*correction(people[ANNA]))).status_code == 200
    assert await corrections(api.database) == 2


@pytest.mark.parametrize("other", ["body", "path"])
async def test_the_key_of_another_request_is_refused(api: Api, people: dict[str, str], other: str) -> None:
    assert (await api.post(*correction(people[ANNA]), **once("k"))).status_code == 200
    changed = correction(people[ANNA], "Anna Virta") if other == "body" else correction(people[PEKKA])
    problem(await api.post(*changed, **once("k")), 422, "idempotency_key_reused")
    assert await corrections(api.database) == 1


async def test_keys_of_two_callers_are_two(api: Api, people: dict[str, str]) -> None:
    other = await new_key(api.database)
    for key in (api.key, other):
        answer = await api.post(*correction(people[ANNA]), key=key, **once("k"))
        assert "idempotency-replayed" not in answer.headers
    assert await corrections(api.database) == 2


async def test_what_fails_is_not_remembered(api: Api, people: dict[str, str]) -> None:
    problem(await api.post(*correction(str(uuid4())), **once("k")), 404, "not_found")
    assert (await api.post(*correction(people[ANNA]), **once("k"))).status_code == 200


async def test_after_a_day_the_key_is_free(api: Api, people: dict[str, str]) -> None:
    await api.post(*correction(people[ANNA]), **once("k"))
    async with api.database.unit() as session:
        await session.execute(text("update idempotency set made_at = made_at - interval '24 hours'"))
    assert "idempotency-replayed" not in (await api.post(*correction(people[ANNA]), **once("k"))).headers
    await api.post(*correction(people[PEKKA]), **once("another"))
    assert await corrections(api.database) == 3


async def test_what_is_over_is_cleared_away_by_others(api: Api, people: dict[str, str]) -> None:
    for n in range(5):
        await api.post(*correction(people[ANNA]), **once(f"old{n}"))
    async with api.database.unit() as session:
        await session.execute(text("update idempotency set made_at = made_at - interval '24 hours'"))
    await api.post(*correction(people[ANNA]), **once("new"))
    async with api.database.unit() as session:
        assert list((await session.execute(text("select key from idempotency"))).scalars()) == ["new"]


async def test_while_the_first_is_worked_on_the_second_is_told_so(api: Api, people: dict[str, str]) -> None:
    async with api.database.unit() as held:
        await held.execute(text("lock table correction in exclusive mode"))
        first = asyncio.create_task(api.post(*correction(people[ANNA]), **once("k")))
        while not await waiting(held):  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.01)
        problem(await api.post(*correction(people[ANNA]), **once("k")), 409, "idempotency_in_flight")
    assert (await first).status_code == 200
    assert (await api.post(*correction(people[ANNA]), **once("k"))).content == (await first).content


async def waiting(session: Any) -> bool:
    found = text("select exists (select from pg_locks where relation = 'correction'::regclass and not granted)")
    return bool(await session.scalar(found))


@pytest.mark.parametrize("key", ["", " ", "a b", "a" * 256, '"a', 'a"b', "a\\b", "ä".encode(), '""'])
async def test_a_key_that_cannot_be_used_is_refused(api: Api, key: Any) -> None:
    answer = await api.post(*correction(str(uuid4())), **once(key))
    problem(answer, 400, "idempotency_key_invalid")


async def test_two_keys_are_one_too_many(api: Api) -> None:
    headers = [("Authorization", f"Bearer {api.key}"), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    path, body = correction(str(uuid4()))
    problem(await api.client.post(path, json=body, headers=headers), 400, "idempotency_key_invalid")


def test_every_operation_that_writes_by_post_or_patch_takes_a_key() -> None:
    document = create(Database("postgresql://"), cursor_key=b"").openapi()
    without = {
        found["operationId"]
        for path, methods in document["paths"].items()
        for method, found in methods.items()
        if method in {"post", "patch"}
        and not path.startswith("/v1/deliveries/")
        and not any(p["name"] == "Idempotency-Key" for p in found.get("parameters", ()))
    }
    assert without == READING

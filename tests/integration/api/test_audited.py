"""The audit of reads: whichever operation shows a customer to staff, the audit says so of each customer that it showed."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from cxcore.api.app import application, create
from cxcore.auth import audit, keys
from cxcore.auth.policy import SCOPES, AccessRole
from cxcore.db.session import Database
from support.calling import CURSOR_KEY, Api, calling
from support.parley import Parley
from support.reading import QUERY, Asked, reads

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
KEPT_OTHERWISE = {
    "mergeCustomers", "separateProfiles", "decideReview", "revokeDecision", "correctCustomer", "revokeCorrection",
    "revealValue",  # each is kept as what it does, with who did it
    "listAudit",  # the audit itself
}  # fmt: skip


def within(schema: Any, document: dict[str, Any], seen: set[str]) -> Iterator[str]:
    """The names of all properties that a schema has, at any depth."""
    if isinstance(schema, list):
        for part in schema:
            yield from within(part, document, seen)
    elif isinstance(schema, dict):
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name and name not in seen:
            seen.add(name)
            yield from within(document["components"]["schemas"][name], document, seen)
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from within(part, document, seen)


def showing(document: dict[str, Any]) -> set[str]:
    """The operations that the OpenAPI document says something of a customer comes back from."""
    found = set()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            good = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
            names = set(within([answer.get("content", {}) for answer in good], document, set()))
            if names & {"customer_id", "customers"} or "{customer_id}" in path:
                found.add(operation["operationId"])
    return found


async def kept(api: Api) -> list[Any]:
    async with api.database.unit() as session:
        return list((await session.execute(text("select * from audit where act = 'customer.read' order by id"))).all())


async def unaudited(api: Api, asked: dict[str, Asked], key: str) -> dict[str, set[str]]:
    """Of each operation the customers that it showed and that the audit does not have, or the other way around."""
    async with api.database.unit() as session:
        everybody = {str(c) for c in (await session.execute(text("select id from customer"))).scalars()}
    wrong = {}
    for name, request in asked.items():
        before = len(await kept(api))
        answer = await request.send(api, key)
        assert answer.status_code == 200, (name, answer.text)
        shown = {*UUID.findall(answer.text), *UUID.findall(request.path)} & everybody
        rows = (await kept(api))[before:]
        assert {row.actor for row in rows} <= {f"key:{key.split('_')[1]}"}
        assert len({(row.customer_id, row.about) for row in rows}) == len(rows)
        if (difference := {str(row.customer_id) for row in rows} ^ shown) or not shown:
            wrong[name] = difference
    return wrong


async def of_role(api: Api, role: AccessRole) -> str:
    async with api.database.unit() as session:
        return await keys.create(session, name="x", scopes=SCOPES[role], role=role)


async def test_each_customer_shown_is_in_the_audit_whichever_operation_showed_them(
    api: Api, parley: type[Parley], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await reads(api)
    assert showing(create(api.database, cursor_key=CURSOR_KEY).openapi()) == {*asked, *KEPT_OTHERWISE}
    key = await of_role(api, AccessRole.AGENT)
    assert await unaudited(api, asked, key) == {}
    rows = await kept(api)
    assert QUERY not in "".join(map(str, rows)).lower()
    assert {row.reason for row in rows} == {None}

    async def forgotten(*_: object, **__: object) -> None:
        pass

    monkeypatch.setattr(audit, "of_read", forgotten)
    assert set(await unaudited(api, asked, key)) == set(asked)


async def test_what_services_read_is_kept_where_the_place_says_so(api: Api, parley: type[Parley]) -> None:
    asked = await reads(api)
    before = len(await kept(api))
    assert (await asked["searchCustomers"].send(api, api.key)).status_code == 200
    assert len(await kept(api)) == before
    async with calling(application(api.database, cursor_key=CURSOR_KEY, audit_services=True)) as client:
        assert await unaudited(Api(client, api.database, api.key), asked, api.key) == {}


async def test_a_timeline_without_anything_in_it_is_read_all_the_same(api: Api, people: dict[str, str]) -> None:
    key, (someone, *_) = await of_role(api, AccessRole.AGENT), people.values()
    answer = await api.get(f"/v1/customers/{someone}/timeline?channel=social", key=key)
    assert answer.json()["entries"] == []
    assert [str(row.customer_id) for row in await kept(api)] == [someone]


async def test_nothing_is_shown_where_the_audit_cannot_be_written(
    api: Api, people: dict[str, str], database: Database
) -> None:
    key, (someone, *_) = await of_role(api, AccessRole.AGENT), people.values()
    async with database.unit() as session:
        await session.execute(text("alter table audit add constraint full_up check (act <> 'customer.read') not valid"))
    try:
        for path in ("", "/timeline", "/relations"):
            answer = await api.get(f"/v1/customers/{someone}{path}", key=key)
            assert answer.status_code == 500
            assert "anna" not in answer.text.lower()
    finally:
        async with database.unit() as session:
            await session.execute(text("alter table audit drop constraint full_up"))

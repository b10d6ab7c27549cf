"""What assistants see: tool by tool no more than the key's role, over both transports, and the audit has whom they saw."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from sqlalchemy import text
from starlette.types import ASGIApp

from cxcore.api.app import create
from cxcore.auth import keys
from cxcore.auth.masks import MASKS, Masked
from cxcore.auth.policy import SCOPES, AccessRole
from cxcore.mcp.over_http import Assistants
from cxcore.mcp.service import Service
from cxcore.mcp.tools import server
from integration.mcp.test_tools import READS
from support import canary
from support.allowed import NOT_SEEN
from support.calling import CURSOR_KEY, Api
from support.parley import Parley
from support.reading import QUERY, reads

URL = "http://cx.example"
WAYS = pytest.mark.parametrize("way", ["stdio", "http"])


@pytest.fixture
async def app(api: Api) -> ASGIApp:
    created = create(api.database, cursor_key=CURSOR_KEY)
    created.state.assistants = Assistants(created, origin=URL)
    return created


@pytest.fixture
async def anna(api: Api, parley: type[Parley]) -> str:
    return (await reads(api))["readTimeline"].path.split("/")[3]


@asynccontextmanager
async def assistant(app: ASGIApp, way: str, key: str) -> AsyncIterator[Client]:
    inside = httpx2.ASGITransport(app=app)
    if way == "stdio":
        async with Service(URL, key, transport=inside) as service, Client(server(lambda: service)) as client:
            yield client
    else:
        headers = {"Authorization": f"Bearer {key}"}
        async with (
            httpx2.AsyncClient(transport=inside, headers=headers) as http,
            Client(streamable_http_client(f"{URL}/mcp", http_client=http)) as client,
        ):
            yield client


async def told(app: ASGIApp, way: str, key: str, anna: str) -> dict[str, str]:
    """What each tool tells."""
    known = {"identifiers": [{"scheme": "email", "value": canary.MAIL}], "name": "Anna Kanaria"}
    calls: dict[str, dict[str, Any]] = {
        "resolve_customer": known,
        "search_customers": {"query": QUERY},
        "read_customer": {"customer_id": anna, "explain": True},
        "read_timeline": {"customer_id": anna},
        "read_coverage": {"customer_id": anna},
    }
    assert set(calls) == READS
    found = {}
    async with assistant(app, way, key) as client:
        for name, given in calls.items():
            result = await client.call_tool(name, given)
            assert not result.is_error, result.content
            found[name] = result.model_dump_json()
    return found


async def role_key(api: Api, role: AccessRole) -> str:
    async with api.database.unit() as session:
        return await keys.create(session, name="x", scopes=SCOPES[role], role=role)


@WAYS
async def test_no_tool_tells_a_role_what_it_does_not_see(api: Api, app: ASGIApp, anna: str, way: str) -> None:
    for role in AccessRole:
        found = {n: canary.heard(t) for n, t in (await told(app, way, await role_key(api, role), anna)).items()}
        assert {name: heard & NOT_SEEN[role] for name, heard in found.items() if heard & NOT_SEEN[role]} == {}
        everything = set(Masked) - {Masked.BIRTH_DATE}  # of Anna and Olli, now one, the other's is shown
        assert set().union(*found.values()) & everything == everything - NOT_SEEN[role]


@WAYS
async def test_a_mask_that_is_missing_is_heard_by_assistants(
    api: Api, app: ASGIApp, anna: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = await role_key(api, AccessRole.FRONT_DESK)
    for missing in set(Masked) - {Masked.BIRTH_DATE}:
        weaker = {**MASKS, AccessRole.FRONT_DESK: MASKS[AccessRole.FRONT_DESK] - {missing}}
        monkeypatch.setattr("cxcore.api.masking.MASKS", weaker)
        assert set().union(*map(canary.heard, (await told(app, way, key, anna)).values())) == {missing}


@WAYS
async def test_the_audit_has_whom_each_tool_showed(api: Api, app: ASGIApp, anna: str, way: str) -> None:
    key = await role_key(api, AccessRole.AGENT)
    await told(app, way, key, anna)
    async with api.database.unit() as session:
        rows = (await session.execute(text("select * from audit where act = 'customer.read'"))).all()
    assert {row.actor for row in rows} == {f"key:{key.split('_')[1]}"}
    of_anna = {row.about for row in rows if str(row.customer_id) == anna}
    assert of_anna == {"resolve", "search", "customer", "timeline", "coverage"}
    assert {row.about for row in rows if str(row.customer_id) != anna} >= {"search"}

"""The tools over HTTP, asked by the SDK's own client: of a served service, and of one in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from starlette.types import ASGIApp

from cxcore.api import permissions
from cxcore.api.app import create
from cxcore.api.envelope import BODY_LIMIT, Envelope
from cxcore.auth.policy import AccessRole, Principal
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.mcp.over_http import Assistants
from integration.mcp.test_tools import READS, read_all, refusal
from support.calling import CURSOR_KEY, calling, new_key, problem
from support.parley import Parley
from support.served import Service
from support.story import ANNA, tell, who

ORIGIN = "http://cx.example"
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}
TAKES = {"Accept": "application/json, text/event-stream"}


ANYBODY = Principal("x", "x", frozenset(Scope), AccessRole.ADMIN)


def carrying(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", **TAKES}


def call(name: str, given: dict[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": given}}


def offered(database: Database, **options: Any) -> tuple[Any, ASGIApp]:
    """The API with assistants let in, and what is served of it."""
    app = create(database, cursor_key=CURSOR_KEY, **options)
    app.state.assistants = Assistants(app, origin=ORIGIN)
    return app, Envelope(app)


@asynccontextmanager
async def assistant(url: str, key: str, app: ASGIApp | None = None) -> AsyncIterator[Client]:
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False) if app else None
    async with (
        httpx2.AsyncClient(transport=transport, headers={"Authorization": f"Bearer {key}"}, trust_env=False) as http,
        Client(streamable_http_client(f"{url}/mcp", http_client=http)) as client,
    ):
        yield client


@pytest.fixture
async def anna(database: Database, parley: type[Parley]) -> str:
    await tell(database)
    return str(await who(database, ANNA))


def calls(anna: str) -> dict[str, dict[str, Any]]:
    """A call of each tool."""
    return {
        "resolve_customer": {"identifiers": [{"scheme": "email", "value": ANNA}]},
        "search_customers": {"query": "anna"},
        "read_customer": {"customer_id": anna},
        "read_timeline": {"customer_id": anna},
        "read_coverage": {"customer_id": anna},
    }


async def test_an_assistant_finds_out_over_http_who_calls_and_what_happened(
    database: Database, service: Service, anna: str
) -> None:
    async with assistant(service.url, await new_key(database, Scope.READ_CUSTOMERS)) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == READS
        await read_all(client, anna)
        assert "uuid" in refusal(await client.call_tool("read_customer", {"customer_id": "../sources"})).lower()


async def test_whoever_has_no_key_or_not_the_scope_or_asks_otherwise_does_not_get_in(
    database: Database, service: Service
) -> None:
    key, other = await new_key(database, Scope.READ_CUSTOMERS), await new_key(database, Scope.READ_SOURCES)
    async with httpx2.AsyncClient(base_url=service.url, trust_env=False) as http:

        async def post(key: str, **more: Any) -> httpx2.Response:
            given = {"json": HELLO, **more}
            return await http.post(
                "/mcp", **{**given, "headers": {"Authorization": f"Bearer {key}", **TAKES, **more.get("headers", {})}}
            )

        problem(await http.post("/mcp", json=HELLO, headers=TAKES), 401, "unauthenticated")
        problem(await post("cx_nobody"), 401, "unauthenticated")
        problem(await post(other), 403, "permission_denied")
        problem(await post(key, headers={"Origin": "https://evil.example"}), 403, "permission_denied")
        assert (await post(key, headers={"Origin": service.url})).status_code == 200
        for method in ("GET", "DELETE"):
            answer = await http.request(method, "/mcp", headers=carrying(key))
            problem(answer, 405, "method_not_allowed")
        problem(await post(key, json={**HELLO, "x": "x" * BODY_LIMIT}), 413, "too_large")
        assert (
            await post(key, json=None, content=b"{", headers={"Content-Type": "application/json"})
        ).status_code == 400
        good = await post(key)
        assert good.json()["result"]["serverInfo"]["name"] == "cxcore"
        assert good.headers["cache-control"] == "no-store"
        assert good.headers["request-id"]
        assert "mcp-session-id" not in good.headers


async def test_each_tool_is_refused_at_the_door_and_behind_it_and_the_loss_of_both_checks_is_noticed(
    database: Database, anna: str
) -> None:
    key = await new_key(database, Scope.READ_SOURCES)
    app, served = offered(database)
    checks = [(r.path, c) for r in permissions.iter_route_contexts(app.routes) for c in permissions.declared(r)]
    door = {check for path, check in checks if path == "/mcp"}
    behind = {check for path, check in checks if path != "/mcp"}
    async with calling(served) as http:
        for name, given in calls(anna).items():
            for lost, passes in ((set(), False), (door, False), (behind, False), (door | behind, True)):
                app.dependency_overrides = dict.fromkeys(lost, lambda: ANYBODY)
                found = (await http.post("/mcp", json=call(name, given), headers=carrying(key))).text
                assert ("permission_denied" in found, '"isError":false' in found) == (not passes, passes), name


async def test_two_who_ask_at_once_each_see_what_they_may(database: Database, anna: str) -> None:
    _, served = offered(database)
    asked = call("read_customer", {"customer_id": anna})
    may, may_not = await new_key(database, Scope.READ_CUSTOMERS), "cx_nobody"

    async def ask(key: str) -> int:
        async with calling(served) as http:
            return (await http.post("/mcp", json=asked, headers=carrying(key))).status_code

    assert await asyncio.gather(*(ask(k) for k in [may, may_not] * 5)) == [200, 401] * 5


async def test_asking_too_often_is_refused_as_in_the_api(database: Database, anna: str) -> None:
    _, served = offered(database, rate_limit=4)
    key = await new_key(database, Scope.READ_CUSTOMERS)
    async with calling(served) as http:
        answers = [await http.post("/mcp", json=HELLO, headers=carrying(key)) for _ in range(6)]
    assert [a.status_code for a in answers][:4] == [200] * 4
    assert {a.status_code for a in answers[4:]} == {429}
    assert "retry-after" in answers[-1].headers


async def test_where_the_sdk_is_not_installed_nobody_is_let_in(database: Database) -> None:
    async with calling(create(database, cursor_key=CURSOR_KEY)) as http:
        key = await new_key(database, Scope.READ_CUSTOMERS)
        answer = await http.post("/mcp", json=HELLO, headers={"Authorization": f"Bearer {key}"})
    problem(answer, 404, "not_found")

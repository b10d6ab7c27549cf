"""The policy at work: each operation lets pass whom the table says, and the test of it sees any check that is missing."""

import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import RouteContext, iter_route_contexts

from cxcore.api import access, permissions
from cxcore.api import app as apps
from cxcore.api.app import create
from cxcore.auth.policy import AccessRole, Principal
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.errors import OperatorError
from integration.api.test_access import OPERATIONS as IN_THE_DOCUMENT
from support.calling import CURSOR_KEY
from support.judging import EACH, Caller, about, answered, key_callers, wrong_cells

OPERATIONS = IN_THE_DOCUMENT | {"askAssistants": ("POST", "/mcp", {}, Scope.READ_CUSTOMERS)}
ANYBODY = Principal("x", "x", frozenset(Scope), AccessRole.ADMIN)
"""Whom a route without its check takes everybody for."""


def routes(app: FastAPI) -> dict[str, RouteContext]:
    """The routes that ask for a permission, by their operations."""
    return {r.operation_id or "": r for r in iter_route_contexts(app.routes) if permissions.declared(r)}


def asking(app: FastAPI, operation: str) -> Callable[[Caller], Awaitable[int]]:
    method, path, body, _ = OPERATIONS[operation]
    content = b"" if body is None else json.dumps(body).encode()

    async def ask(caller: Caller) -> int:
        headers = {"authorization": f"Bearer {caller.secret}", "content-type": "application/json"}
        return (await answered(app, method, path, headers, content))[0]

    return ask


def test_each_route_declares_the_one_scope_that_its_operation_is_documented_with(database: Database) -> None:
    declared = {
        name: set(permissions.declared(route).values())
        for name, route in routes(create(database, cursor_key=CURSOR_KEY)).items()
    }
    assert declared == {name: {scope} for name, (*_, scope) in OPERATIONS.items()}


@pytest.fixture
def each_key_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "time", SimpleNamespace(monotonic=lambda: 0.0))


@pytest.mark.usefixtures("each_key_is_asked_for_once")
async def test_each_operation_lets_pass_whom_the_policy_says_and_nobody_else(database: Database) -> None:
    callers = {scope: await key_callers(database, about(scope)) for scope in Scope}
    app = create(database, cursor_key=CURSOR_KEY)
    wrong = {
        name: await wrong_cells(asking(app, name), callers[needed], needed) for name, (*_, needed) in OPERATIONS.items()
    }
    assert {name: cells for name, cells in wrong.items() if cells} == {}


@pytest.mark.usefixtures("each_key_is_asked_for_once")
async def test_each_check_lets_pass_each_role_with_each_scope_alone_as_the_policy_says(database: Database) -> None:
    callers = await key_callers(database, EACH)
    app = create(database, cursor_key=CURSOR_KEY)
    one_of_each = {needed: name for name, (*_, needed) in OPERATIONS.items()}
    assert set(one_of_each) == set(Scope)
    wrong = {name: await wrong_cells(asking(app, name), callers, needed) for needed, name in one_of_each.items()}
    assert {name: cells for name, cells in wrong.items() if cells} == {}


async def test_a_route_that_loses_its_check_is_noticed_each_one(database: Database) -> None:
    callers = {scope: await key_callers(database, about(scope)) for scope in Scope}
    app = create(database, cursor_key=CURSOR_KEY)
    unnoticed = []
    for name, route in routes(app).items():
        app.dependency_overrides = {check: lambda: ANYBODY for check in permissions.declared(route)}
        needed = OPERATIONS[name][3]
        if not await wrong_cells(asking(app, name), callers[needed], needed, first=True):
            unnoticed.append(name)
    assert unnoticed == []


async def test_a_route_that_declares_no_permission_keeps_the_api_from_starting(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    router = APIRouter(prefix="/v1")

    @router.get("/secrets")
    async def secrets() -> str:
        return "told"

    monkeypatch.setattr(apps.reviews, "router", router)
    with pytest.raises(OperatorError, match="/v1/secrets declares no permission"):
        create(database, cursor_key=CURSOR_KEY)


def test_no_open_route_is_one_that_is_not_there(database: Database) -> None:
    there = {r.path for r in iter_route_contexts(create(database, cursor_key=CURSOR_KEY).routes)}
    assert set(permissions.OPEN) <= there

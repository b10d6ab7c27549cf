"""The policy at work: each operation lets pass whom the table says, and the test of it sees any check that is missing."""

from collections.abc import Awaitable, Callable

import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import RouteContext, iter_route_contexts

from cxcore.api import app as apps
from cxcore.api import permissions
from cxcore.api.app import create
from cxcore.auth.masks import MASKS
from cxcore.auth.policy import SCOPES, AccessRole, Principal
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.errors import OperatorError
from integration.api.test_access import OPERATIONS
from support.calling import CURSOR_KEY, calling
from support.judging import Caller, key_callers, wrong_cells

ANYBODY = Principal("x", "x", frozenset(Scope), AccessRole.ADMIN)
"""Whom a route without its check takes everybody for."""


def routes(app: FastAPI) -> dict[str, RouteContext]:
    """The routes that ask for a permission, by their operations."""
    return {r.operation_id or "": r for r in iter_route_contexts(app.routes) if permissions.declared(r)}


def asking(client: httpx2.AsyncClient, operation: str) -> Callable[[Caller], Awaitable[int]]:
    method, path, body, _ = OPERATIONS[operation]

    async def ask(caller: Caller) -> int:
        headers = {"Authorization": f"Bearer {caller.secret}"}
        content = {} if body is None else {"json": body}
        return (await client.request(method, path, headers=headers, **content)).status_code

    return ask


def test_each_route_declares_the_one_scope_that_its_operation_is_documented_with(database: Database) -> None:
    declared = {
        name: set(permissions.declared(route).values())
        for name, route in routes(create(database, cursor_key=CURSOR_KEY)).items()
    }
    assert declared == {name: {scope} for name, (*_, scope) in OPERATIONS.items()}


async def test_each_operation_lets_pass_whom_the_policy_says_and_nobody_else(database: Database) -> None:
    callers = await key_callers(database)
    assert {c.role for c in callers} == set(AccessRole)
    async with calling(create(database, cursor_key=CURSOR_KEY)) as client:
        wrong = {
            name: await wrong_cells(asking(client, name), callers, needed) for name, (*_, needed) in OPERATIONS.items()
        }
    assert {name: cells for name, cells in wrong.items() if cells} == {}


async def test_a_route_that_loses_its_check_is_noticed_each_one(database: Database) -> None:
    callers = [c for c in await key_callers(database) if len(c.scopes) == 1]
    app = create(database, cursor_key=CURSOR_KEY)
    unnoticed = []
    async with calling(app) as client:
        for name, route in routes(app).items():
            app.dependency_overrides = {check: lambda: ANYBODY for check in permissions.declared(route)}
            if not await wrong_cells(asking(client, name), callers, OPERATIONS[name][3], first=True):
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


@pytest.mark.parametrize("role", AccessRole)
def test_a_key_of_a_role_has_no_more_than_the_role_whatever_its_row_says(role: AccessRole) -> None:
    who = Principal("x", "x", frozenset(Scope), role)
    assert {s for s in Scope if who.may(s)} == SCOPES[role]


def test_each_role_of_people_may_all_that_the_one_before_it_may() -> None:
    assert {r for r in AccessRole if Scope.WRITE_ACCESS in SCOPES[r]} == {AccessRole.ADMIN, AccessRole.SERVICE}
    assert SCOPES[AccessRole.ADMIN] == frozenset(Scope)
    assert (
        SCOPES[AccessRole.FRONT_DESK] < SCOPES[AccessRole.AGENT] < SCOPES[AccessRole.STEWARD] < SCOPES[AccessRole.ADMIN]
    )


def test_whoever_gives_access_sees_everything_so_no_key_of_theirs_sees_more() -> None:
    assert [role for role in AccessRole if Scope.WRITE_ACCESS in SCOPES[role] and MASKS[role]] == []

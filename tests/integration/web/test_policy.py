"""The policy at work on the pages: each asks for what its route declares, and the test sees any check that is missing."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from cxcore.auth.policy import AccessRole, Principal
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.errors import OperatorError
from cxcore.web import app as apps
from cxcore.web.app import PAGES, create
from cxcore.web.guard import SAFE, Door, Page
from support.calling import CURSOR_KEY, calling
from support.judging import Caller, about, answered, session_callers, staff_callers, wrong_cells

ANYBODY = Principal("x", "x", frozenset(Scope), AccessRole.ADMIN)
NOBODY = UUID(int=5)
BY_RIGHT = [page for page in PAGES if isinstance(page.needs, Scope)]


def path(page: Page) -> str:
    filled = page.path.replace("{key}", "none")
    for name in page.param_convertors:
        filled = filled.replace(f"{{{name}:uuid}}", str(NOBODY))
    assert "{" not in filled
    return filled


def asking(app: ASGIApp, page: Page) -> Callable[[Caller], Awaitable[int]]:
    async def ask(caller: Caller) -> int:
        status, leads = await answered(app, method(page), path(page), {"cookie": f"cx={caller.secret}"})
        return 401 if (status, leads) == (303, "/sign-in") else status

    return ask


def method(page: Page) -> str:
    return next(iter(page.methods - {"HEAD"})) if page.methods else "GET"


def name(page: Page) -> str:
    return f"{method(page)} {page.path}"


def app(database: Database) -> Any:
    return create(database, cursor_key=CURSOR_KEY, timezone="Europe/Helsinki", secure=False)


async def by_right(database: Database) -> dict[Scope, list[Caller]]:
    """Whom to ask each page as, by the right that it needs."""
    staff = await staff_callers(database)
    return {s: staff + await session_callers(database, about(s)) for s in {p.needs for p in BY_RIGHT}}


async def test_each_page_lets_pass_whom_the_policy_says_and_nobody_else(database: Database) -> None:
    callers, pages = await by_right(database), app(database)
    wrong = {name(p): await wrong_cells(asking(pages, p), callers[p.needs], p.needs) for p in BY_RIGHT}
    assert {page: cells for page, cells in wrong.items() if cells} == {}


async def test_a_page_that_loses_its_check_is_noticed_each_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def let_in(_: Page, request: Request) -> None:
        request.state.principal = ANYBODY

    callers, pages = await by_right(database), app(database)
    unnoticed = []
    for page in BY_RIGHT:
        with monkeypatch.context() as weaker:
            weaker.setattr(page, "admit", let_in.__get__(page))
            if not await wrong_cells(asking(pages, page), callers[page.needs], page.needs, first=True):
                unnoticed.append(name(page))
    assert unnoticed == []


async def test_strangers_are_led_to_the_door_from_every_page_that_is_not_open(database: Database) -> None:
    closed = [p for p in PAGES if p.needs is not Door.OPEN]
    async with calling(app(database)) as client:
        for page in closed:
            answer = await client.request(method(page), path(page))
            assert (answer.status_code, answer.headers.get("location")) == (303, "/sign-in"), name(page)


async def test_every_form_is_taken_from_our_own_pages_only(database: Database) -> None:
    forms = [p for p in PAGES if not p.methods <= SAFE]
    assert len(forms) > 5
    async with calling(app(database)) as client:
        for page in forms:
            for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
                answer = await client.post(path(page), headers=headers)
                assert answer.status_code == 403, name(page)


async def test_a_page_that_declares_no_permission_keeps_the_pages_from_starting(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def secrets(_: Request) -> Response:
        return PlainTextResponse("told")

    monkeypatch.setattr(apps, "PAGES", (*PAGES, Route("/secrets", secrets)))
    with pytest.raises(OperatorError, match="/secrets declares no permission"):
        app(database)


def test_the_pages_that_are_open_are_these() -> None:
    assert {name(p) for p in PAGES if p.needs is Door.OPEN} == {
        "GET /sign-in",
        "POST /sign-in",
        "POST /sign-in/password",
        "GET /sign-in/provider",
        "GET /sign-in/provider/back",
        "GET /sign-out/provider",
        "POST /sign-out",
        "POST /sign-out/provider/told",
        "GET /customers/{customer_id:uuid}/corrections",
        "GET /customers/{customer_id:uuid}/reveal",
    }

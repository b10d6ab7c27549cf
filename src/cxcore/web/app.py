"""The pages as an ASGI application."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from cxcore.auth import logins, oidc
from cxcore.auth.metering import Meter
from cxcore.auth.oidc import Relying
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.errors import CxError, OperatorError, Unauthenticated
from cxcore.pull.vault import Vault
from cxcore.web import guard
from cxcore.web.guard import Door, Page
from cxcore.web.pages import customer, keys, reviews, search, sessions, sign_in, source_settings, sources, staff
from cxcore.web.render import render

_log = structlog.get_logger(__name__)

PAGES = (
    Page("/", search.home, needs=Scope.READ_CUSTOMERS),
    Page("/search", search.results, methods=["POST"], needs=Scope.READ_CUSTOMERS, cost=5),
    Page("/customers/{customer_id:uuid}", customer.page, needs=Scope.READ_CUSTOMERS),
    Page(
        "/customers/{customer_id:uuid}/corrections", customer.correct, methods=["POST"], needs=Scope.CORRECT_CUSTOMERS
    ),
    Page("/customers/{customer_id:uuid}/corrections", customer.back, needs=Door.OPEN),
    Page("/customers/{customer_id:uuid}/reveal", customer.reveal, methods=["POST"], needs=Scope.REVEAL_CUSTOMERS),
    Page("/customers/{customer_id:uuid}/reveal", customer.back, needs=Door.OPEN),
    Page("/corrections/{correction_id:uuid}/revoke", customer.revoke, methods=["POST"], needs=Scope.CORRECT_CUSTOMERS),
    Page("/reviews", reviews.page, needs=Scope.READ_CUSTOMERS, cost=20),
    Page("/reviews", reviews.decide, methods=["POST"], needs=Scope.DECIDE_CUSTOMERS),
    Page("/sources", sources.every, needs=Scope.READ_SOURCES),
    Page("/new-source", source_settings.choose, needs=Scope.WRITE_SOURCES),
    Page("/new-source", source_settings.add, methods=["POST"], needs=Scope.WRITE_SOURCES),
    Page("/sources/{key}/settings", source_settings.show, needs=Scope.WRITE_SOURCES),
    Page("/sources/{key}/settings", source_settings.save, methods=["POST"], needs=Scope.WRITE_SOURCES),
    Page("/sources/{key}", sources.one, needs=Scope.READ_SOURCES),
    Page("/sources/{key}", sources.act, methods=["POST"], needs=Scope.WRITE_SOURCES),
    Page("/sessions", sessions.page, needs=Door.SIGNED_IN),
    Page("/sessions", sessions.end, methods=["POST"], needs=Door.SIGNED_IN),
    Page("/staff", staff.page, needs=Scope.READ_ACCESS),
    Page("/staff", staff.add, methods=["POST"], needs=Scope.WRITE_ACCESS),
    Page("/staff/{staff_id:uuid}", staff.change, methods=["POST"], needs=Scope.WRITE_ACCESS),
    Page("/keys", keys.page, needs=Scope.READ_ACCESS),
    Page("/keys", keys.make, methods=["POST"], needs=Scope.WRITE_ACCESS),
    Page("/keys/{key}", keys.act, methods=["POST"], needs=Scope.WRITE_ACCESS),
    Page("/sign-in", sign_in.form, needs=Door.OPEN),
    Page("/sign-in", sign_in.submit, methods=["POST"], needs=Door.OPEN),
    Page("/sign-in/password", sign_in.by_password, methods=["POST"], needs=Door.OPEN),
    Page("/sign-in/provider", sign_in.to_provider, needs=Door.OPEN),
    Page("/sign-out/provider", sign_in.leave_provider, needs=Door.OPEN),
    Page(oidc.CALLBACK, sign_in.from_provider, needs=Door.OPEN),
    Page(oidc.TOLD, sign_in.told_by_provider, methods=["POST"], needs=Door.OPEN),
    Page("/sign-out", sign_in.leave, methods=["POST"], needs=Door.OPEN),
)
"""Every page and what it needs: signing in and out is for everybody, and so is a link back to a customer's own page."""


def create(
    database: Database,
    *,
    cursor_key: bytes,
    timezone: str,
    secure: bool,
    vault: Vault | None = None,
    relying: Relying | None = None,
    audit_services: bool = False,
    rate_limit: int = 0,
) -> Starlette:
    """The application; the caller opens and closes the database. ``vault``: what opens sources' credentials for a check;
    ``relying``: us before the sign-in provider, where there is one. ``audit_services``: the audit keeps what is read in
    sessions of services' keys, too; ``rate_limit``: what a person may ask for in a minute.

    Raises:
        OperatorError: the time zone does not exist.
    """
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:  # unknown; a path; a folder such as Europe
        raise OperatorError(
            f"CX_TIMEZONE {timezone!r} is not a time zone.", hint="Write one like Europe/Helsinki."
        ) from exc
    routes: list[BaseRoute] = [
        *PAGES,
        Mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static"),
    ]
    guard.require_permissions(routes)
    app = Starlette(
        routes=routes,
        middleware=[Middleware(guard.Guard)],
        exception_handlers={CxError: _foreseen, HTTPException: _http, Exception: _unforeseen},
    )
    app.state.database = database
    app.state.cursor_key = cursor_key
    app.state.meter = Meter(database, rate_limit)
    app.state.zone = zone
    app.state.vault = vault or Vault()
    app.state.cookie = guard.Cookie(secure=secure)
    app.state.begun = guard.Cookie(secure=secure, name="cx-begun", seconds=int(logins.PATIENCE.total_seconds()))
    app.state.relying = relying
    app.state.audit_services = audit_services
    return app


async def _foreseen(request: Request, exc: Exception) -> Response:
    if isinstance(exc, Unauthenticated):
        return guard.to_sign_in()
    if not isinstance(exc, CxError):
        raise exc
    answer = render(request, "error.html", status=exc.status, detail=str(exc))
    answer.headers.update(getattr(exc, "headers", {}))
    return answer


async def _http(request: Request, exc: Exception) -> Response:
    if not isinstance(exc, HTTPException):
        raise exc
    return render(request, "error.html", status=exc.status_code, detail=exc.detail)


async def _unforeseen(request: Request, exc: Exception) -> Response:
    _log.error("page failed", path=request.url.path, error=type(exc).__name__)
    return guard.secured(render(request, "error.html", status=500, detail=""))  # outside of all middleware

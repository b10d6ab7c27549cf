"""The pages as an ASGI application."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from cxcore.db.session import Database
from cxcore.errors import CxError, OperatorError, Unauthenticated
from cxcore.pull.vault import Vault
from cxcore.web import guard
from cxcore.web.pages import customer, reviews, search, sign_in, source_settings, sources
from cxcore.web.render import render

_log = structlog.get_logger(__name__)


def create(
    database: Database, *, cursor_key: bytes, timezone: str, secure: bool, vault: Vault | None = None
) -> Starlette:
    """The application; the caller opens and closes the database. ``vault``: what opens sources' credentials for a check.

    Raises:
        OperatorError: the time zone does not exist.
    """
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:  # unknown; a path; a folder such as Europe
        raise OperatorError(
            f"CX_TIMEZONE {timezone!r} is not a time zone.", hint="Write one like Europe/Helsinki."
        ) from exc
    app = Starlette(
        routes=[
            Route("/", search.home, methods=["GET"]),
            Route("/search", search.results, methods=["POST"]),
            Route("/customers/{customer_id:uuid}", customer.page, methods=["GET"]),
            Route("/customers/{customer_id:uuid}/corrections", customer.correct, methods=["POST"]),
            Route("/customers/{customer_id:uuid}/corrections", customer.back, methods=["GET"]),
            Route("/corrections/{correction_id:uuid}/revoke", customer.revoke, methods=["POST"]),
            Route("/reviews", reviews.page, methods=["GET"]),
            Route("/reviews", reviews.decide, methods=["POST"]),
            Route("/sources", sources.every, methods=["GET"]),
            Route("/new-source", source_settings.choose, methods=["GET"]),
            Route("/new-source", source_settings.add, methods=["POST"]),
            Route("/sources/{key}/settings", source_settings.show, methods=["GET"]),
            Route("/sources/{key}/settings", source_settings.save, methods=["POST"]),
            Route("/sources/{key}", sources.one, methods=["GET"]),
            Route("/sources/{key}", sources.act, methods=["POST"]),
            Route("/sign-in", sign_in.form, methods=["GET"]),
            Route("/sign-in", sign_in.submit, methods=["POST"]),
            Route("/sign-out", sign_in.leave, methods=["POST"]),
            Mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static"),
        ],
        middleware=[Middleware(guard.Guard)],
        exception_handlers={CxError: _foreseen, HTTPException: _http, Exception: _unforeseen},
    )
    app.state.database = database
    app.state.cursor_key = cursor_key
    app.state.zone = zone
    app.state.vault = vault or Vault()
    app.state.cookie = guard.Cookie(secure=secure)
    return app


async def _foreseen(request: Request, exc: Exception) -> Response:
    if isinstance(exc, Unauthenticated):
        return guard.to_sign_in()
    if not isinstance(exc, CxError):
        raise exc
    return render(request, "error.html", status=exc.status, detail=str(exc))


async def _http(request: Request, exc: Exception) -> Response:
    if not isinstance(exc, HTTPException):
        raise exc
    return render(request, "error.html", status=exc.status_code, detail=exc.detail)


async def _unforeseen(request: Request, exc: Exception) -> Response:
    _log.error("page failed", path=request.url.path, error=type(exc).__name__)
    return guard.secured(render(request, "error.html", status=500, detail=""))  # outside of all middleware

"""What guards the pages: the session's cookie, requests of our own pages only, and strict headers."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cxcore.auth import sign_in
from cxcore.auth.metering import Meter
from cxcore.auth.policy import Principal
from cxcore.auth.scopes import Scope as Right
from cxcore.db.session import Database
from cxcore.errors import OperatorError, PermissionDenied, Unauthenticated

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    b"cache-control": b"no-store",
    b"content-security-policy": POLICY.encode(),
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    b"referrer-policy": b"same-origin",
    b"x-content-type-options": b"nosniff",
}
SAFE = frozenset({"GET", "HEAD"})
"""Methods that change nothing, so that a link of another site may lead to them."""


class Door(StrEnum):
    """What a page asks of those who open it, where it is no right."""

    OPEN = "open"
    SIGNED_IN = "signed in"


FORM_LIMIT = 64 * 1024
"""Bytes of a form; ours hold a key or a query."""


def secured(response: Response) -> Response:
    """The answer with the security headers, where it does not pass through ``Guard``."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name.decode(), value.decode())
    return response


class Guard:
    """ASGI middleware that puts the security headers on every answer, and refuses to read a form without end."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > FORM_LIMIT:
                raise HTTPException(413, "The form is too large.")
            return message

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in _HEADERS.items() if name not in present),
                ]
            await send(message)

        await self.app(scope, counted, with_headers)


class Cookie:
    """A cookie with a secret: unreadable for scripts, sent to us alone, and over https only in production."""

    def __init__(self, *, secure: bool, name: str = "cx", seconds: int = int(sign_in.SESSION.total_seconds())) -> None:
        self.secure = secure
        self.name = f"__Host-{name}" if secure else name
        self.seconds = seconds

    def set(self, response: Response, secret: str) -> None:
        response.set_cookie(
            self.name,
            secret,
            max_age=self.seconds,
            path="/",
            httponly=True,
            secure=self.secure,
            samesite="lax",
        )

    def clear(self, response: Response) -> None:
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="lax")

    def read(self, request: Request) -> str | None:
        return request.cookies.get(self.name)


Handler = Callable[[Request], Awaitable[Response]]


class Page(Route):
    """A page's route, which says what whoever asks for it needs: a right, ``SIGNED_IN``, or nothing (``OPEN``).

    Forms of other sites are refused first, then strangers, then those without the right; the page is asked last.
    """

    def __init__(
        self, path: str, handler: Handler, *, needs: Right | Door, methods: Sequence[str] = ("GET",), cost: int = 1
    ) -> None:
        """``cost``: what opening it takes of what its reader may ask for in a minute."""
        self.needs = needs
        self.cost = cost
        self.handler = handler
        super().__init__(path, self._guarded, methods=list(methods), name=f"{handler.__module__}.{handler.__name__}")

    async def _guarded(self, request: Request) -> Response:
        if request.method not in SAFE:
            require_own_page(request)
        if self.needs is not Door.OPEN:
            await self.admit(request)
        return await self.handler(request)

    async def admit(self, request: Request) -> None:
        """Let whoever is signed in and has the right pass, and note who it is.

        Raises:
            Unauthenticated: nobody is signed in.
            PermissionDenied: they lack the right.
            RateLimited: they have asked for too much.
        """
        request.state.principal = who = await _signed_in(request)
        if isinstance(self.needs, Right):
            who.require(self.needs)
        meter: Meter = request.app.state.meter
        await meter.spend(who.actor, self.cost)


def require_permissions(routes: Sequence[BaseRoute]) -> None:
    """Refuse pages of which one does not say what it needs.

    Raises:
        OperatorError: there is such a route; the message names it.
    """
    for route in routes:
        if not isinstance(route, Page) and not (isinstance(route, Mount) and isinstance(route.app, StaticFiles)):
            raise OperatorError(f"The page {getattr(route, 'path', route)} declares no permission, so none is served.")


def principal(request: Request) -> Principal:
    """Whoever asks for the page, as its route has let them pass."""
    found: Principal = request.state.principal
    return found


async def _signed_in(request: Request) -> Principal:
    cookie: Cookie = request.app.state.cookie
    database: Database = request.app.state.database
    secret = cookie.read(request)
    if secret is None:
        raise Unauthenticated("Please sign in.")
    async with database.unit() as session:
        return replace(await sign_in.whose(session, secret), audited=request.app.state.audit_services)


def require_own_page(request: Request) -> None:
    """Refuse a form that another site's page sent (Sec-Fetch-Site, else Origin).

    Raises:
        PermissionDenied: it did.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        own = site in {"same-origin", "none"}
    else:
        own = origin is None or urlsplit(origin).netloc == request.headers.get("host", "")
    if not own:
        raise PermissionDenied("This form was sent from another site.")


def to_sign_in() -> RedirectResponse:
    """Off to the sign-in page."""
    return RedirectResponse("/sign-in", status_code=303)

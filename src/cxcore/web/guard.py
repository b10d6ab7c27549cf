"""What guards the pages: the session's cookie, requests of our own pages only, and strict headers."""

from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cxcore.auth import sign_in
from cxcore.auth.keys import Principal
from cxcore.auth.scopes import Scope as Right
from cxcore.db.session import Database
from cxcore.errors import PermissionDenied, Unauthenticated

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
    """The session's cookie: unreadable for scripts, sent to us alone, and over https only in production."""

    def __init__(self, *, secure: bool) -> None:
        self.secure = secure
        self.name = "__Host-cx" if secure else "cx"

    def set(self, response: Response, secret: str) -> None:
        response.set_cookie(
            self.name,
            secret,
            max_age=int(sign_in.SESSION.total_seconds()),
            path="/",
            httponly=True,
            secure=self.secure,
            samesite="lax",
        )

    def clear(self, response: Response) -> None:
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="lax")

    def read(self, request: Request) -> str | None:
        return request.cookies.get(self.name)


async def principal(request: Request) -> Principal:
    """Whoever is signed in, with the right to read customers.

    Raises:
        Unauthenticated: nobody is.
        PermissionDenied: they may not read customers.
    """
    cookie: Cookie = request.app.state.cookie
    database: Database = request.app.state.database
    secret = cookie.read(request)
    if secret is None:
        raise Unauthenticated("Please sign in.")
    async with database.unit() as session:
        found = await sign_in.whose(session, secret)
    found.require(Right.READ_CUSTOMERS)
    return found


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

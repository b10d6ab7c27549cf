"""Signing in at the provider, with a password kept for when it fails, a key or a one-time link; and out again."""

import structlog
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from cxcore.auth import keys, logins, passwords, sign_in
from cxcore.auth.id_token import NotBelieved
from cxcore.auth.oidc import ProviderUnavailable, Relying
from cxcore.errors import CxError, Unauthenticated
from cxcore.web.guard import Cookie, to_sign_in
from cxcore.web.render import render

_log = structlog.get_logger(__name__)


async def form(request: Request) -> Response:
    """The form; with a ticket in the address, the session itself. The ticket is used up by it."""
    ticket = request.query_params.get("ticket")
    if ticket is None or request.method == "HEAD":  # a preview of the link must not use the ticket up
        return _door(request)
    try:
        async with request.app.state.database.unit() as session:
            secret = await sign_in.redeem(session, ticket)
    except Unauthenticated:
        return _door(request, wrong="key")
    return await _signed_in(request, secret, _inside(request.query_params.get("to", "/")))


async def submit(request: Request) -> Response:
    """Check the key and open a session."""
    given = str((await _form(request)).get("key", "")).strip()
    try:
        async with request.app.state.database.unit() as session:
            who = await keys.authenticate(session, given)
            secret = await sign_in.open_session(session, key_id=who.key_id)
    except Unauthenticated:
        return _door(request, wrong="key")
    return await _signed_in(request, secret, "/")


async def by_password(request: Request) -> Response:
    """Check the password of somebody who has one, and open a session; its use is told on the page that lists sessions."""
    given = await _form(request)
    try:
        staff_id = await passwords.check(
            request.app.state.database, str(given.get("name", "")).strip(), str(given.get("password", ""))
        )
    except Unauthenticated:
        return _door(request, wrong="password")
    async with request.app.state.database.unit() as session:
        secret = await sign_in.open_session(session, staff_id=staff_id, method="password")
    return await _signed_in(request, secret, "/sessions")


async def to_provider(request: Request) -> Response:
    """Off to the provider, with what its answer must fit kept for this browser."""
    relying: Relying | None = request.app.state.relying
    if relying is None:
        return to_sign_in()
    try:
        begun = await relying.begin()
    except ProviderUnavailable as exc:
        return _refused(request, exc)
    async with request.app.state.database.unit() as session:
        secret = await logins.remember(session, begun)
    response = RedirectResponse(begun.url, status_code=303)
    request.app.state.begun.set(response, secret)
    return response


async def from_provider(request: Request) -> Response:
    """Back from the provider: believe its answer, or do not."""
    relying: Relying | None = request.app.state.relying
    begun: Cookie = request.app.state.begun
    if relying is None:
        return to_sign_in()
    try:
        arrived = await logins.answered(
            request.app.state.database, relying, begun.read(request) or "", dict(request.query_params)
        )
        async with request.app.state.database.unit() as session:
            secret = await logins.open_session(session, arrived, issuer=relying.provider.issuer)
    except (NotBelieved, ProviderUnavailable, Unauthenticated) as exc:
        return _refused(request, exc)
    response = await _signed_in(request, secret, "/")
    begun.clear(response)
    return response


async def leave(request: Request) -> Response:
    """End the session. A link on the page that follows leads on to the provider's own way out."""
    cookie: Cookie = request.app.state.cookie
    await _close(request)
    response = to_sign_in()
    cookie.clear(response)
    return response


async def leave_provider(request: Request) -> Response:
    """Off to the provider's own way out, where it has one."""
    relying: Relying | None = request.app.state.relying
    try:
        out = await relying.leaving(relying.provider.home + "/sign-in") if relying else None
    except ProviderUnavailable as exc:
        return _refused(request, exc)
    return RedirectResponse(out, status_code=303) if out else to_sign_in()


async def told_by_provider(request: Request) -> Response:
    """The provider itself says that a session there is over: those that came from it here end before it is answered."""
    relying: Relying | None = request.app.state.relying
    if relying is None:
        return Response(status_code=404)
    try:
        ended = await relying.ended((await _form(request)).get("logout_token"))
        async with request.app.state.database.unit() as session:
            await logins.end(session, ended, issuer=relying.provider.issuer)
    except (NotBelieved, ProviderUnavailable) as exc:
        _log.warning("sign-out refused", code=exc.code, error=exc.message)
        status = exc.status if isinstance(exc, ProviderUnavailable) else 400
        return JSONResponse({"error": "invalid_request", "error_description": exc.message}, status_code=status)
    return Response(status_code=200)


async def _form(request: Request) -> FormData:
    return await request.form(max_files=0, max_fields=5)


def _door(request: Request, *, wrong: str | None = None, status: int = 401) -> Response:
    relying: Relying | None = request.app.state.relying
    provider = relying.provider.name if relying else None
    return render(request, "sign_in.html", wrong=wrong, provider=provider, status=status if wrong else 200)


def _refused(request: Request, exc: CxError) -> Response:
    """The door again. Why the answer was not believed stands in the log, not on the page; neither holds what was sent."""
    _log.warning("sign-in refused", code=exc.code, error=exc.message)
    wrong = "unavailable" if isinstance(exc, ProviderUnavailable) else "provider"
    response = _door(request, wrong=wrong, status=exc.status)
    request.app.state.begun.clear(response)
    return response


async def _signed_in(request: Request, secret: str, to: str) -> Response:
    """On with a session that is new; the one before it in this browser ends."""
    await _close(request)
    response = RedirectResponse(to, status_code=303)
    request.app.state.cookie.set(response, secret)
    return response


async def _close(request: Request) -> None:
    if (secret := request.app.state.cookie.read(request)) is not None:
        async with request.app.state.database.unit() as session:
            await sign_in.close_session(session, secret)


def _inside(path: str) -> str:
    """A path of ours, or the start page: never another site."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"

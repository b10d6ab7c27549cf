"""Signing in with a key or a one-time link, and out again."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cxcore.auth import keys, sign_in
from cxcore.errors import Unauthenticated
from cxcore.web.guard import Cookie, require_own_page, to_sign_in
from cxcore.web.render import render


async def form(request: Request) -> Response:
    """The form; with a ticket in the address, the session itself. The ticket is used up by it."""
    ticket = request.query_params.get("ticket")
    if ticket is None or request.method == "HEAD":  # a preview of the link must not use the ticket up
        return render(request, "sign_in.html", wrong=False)
    try:
        async with request.app.state.database.unit() as session:
            secret = await sign_in.redeem(session, ticket)
    except Unauthenticated:
        return render(request, "sign_in.html", wrong=True, status=401)
    return _signed_in(request, secret, _inside(request.query_params.get("to", "/")))


async def submit(request: Request) -> Response:
    """Check the key and open a session."""
    require_own_page(request)
    given = str((await request.form(max_files=0, max_fields=5)).get("key", "")).strip()
    try:
        async with request.app.state.database.unit() as session:
            who = await keys.authenticate(session, given)
            secret = await sign_in.open_session(session, key_id=who.key_id)
    except Unauthenticated:
        return render(request, "sign_in.html", wrong=True, status=401)
    return _signed_in(request, secret, "/")


async def leave(request: Request) -> Response:
    """End the session."""
    require_own_page(request)
    cookie: Cookie = request.app.state.cookie
    if (secret := cookie.read(request)) is not None:
        async with request.app.state.database.unit() as session:
            await sign_in.close_session(session, secret)
    response = to_sign_in()
    cookie.clear(response)
    return response


def _signed_in(request: Request, secret: str, to: str) -> Response:
    response = RedirectResponse(to, status_code=303)
    request.app.state.cookie.set(response, secret)
    return response


def _inside(path: str) -> str:
    """A path of ours, or the start page: never another site."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"

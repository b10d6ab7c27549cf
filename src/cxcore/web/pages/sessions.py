"""One's own sessions: where one is signed in, and how to end it."""

from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cxcore.auth import sign_in
from cxcore.auth.scopes import Scope
from cxcore.web.guard import principal
from cxcore.web.render import render, shown_clock


async def page(request: Request) -> Response:
    """The live sessions of whoever asks."""
    who, clock = principal(request), shown_clock(request)
    async with request.app.state.database.unit() as session:
        found = await sign_in.sessions(session, who, own=request.app.state.cookie.read(request) or "")
    shown = [(s, clock.stamp(s.opened_at), clock.stamp(s.seen_at)) for s in found]
    return render(request, "sessions.html", who=who, sessions=shown, access=who.may(Scope.READ_ACCESS))


async def end(request: Request) -> Response:
    """End one of them."""
    form = await request.form(max_files=0, max_fields=2)
    try:
        wanted = UUID(str(form.get("session", "")))
    except ValueError as exc:
        raise HTTPException(400, "This form is not complete.") from exc
    async with request.app.state.database.unit() as session:
        await sign_in.end_session(session, principal(request), wanted)
    return RedirectResponse("/sessions", status_code=303)

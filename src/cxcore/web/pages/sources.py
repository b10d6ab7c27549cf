"""Sources: how each system does that cxcore pulls from, and what to do where one does not."""

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cxcore.auth.scopes import Scope
from cxcore.errors import CxError
from cxcore.land import quarantine
from cxcore.pull import credentials, cursors, reader, schedule, sources
from cxcore.pull.vault import Vault
from cxcore.timeline import overview
from cxcore.web import looked_after
from cxcore.web.guard import principal
from cxcore.web.render import language, render, shown_clock
from cxcore.web.words import word

_SHOWN = 20
_STATES = {"pause": "paused", "resume": "active", "remove": sources.LEAVING}
_ACTS = {"pull", "pause", "resume", "reset", "check", "remove"}


async def every(request: Request) -> Response:
    """All sources, those in trouble first."""
    who = principal(request)
    async with request.app.state.database.unit() as session:
        found = await overview.everything(session)
    shown = looked_after.lines(found, shown_clock(request))
    return render(request, "sources.html", sources=shown, writes=who.may(Scope.WRITE_SOURCES))


async def one(request: Request) -> Response:
    """A source with its last pulls, what was set aside, and its settings."""
    who = principal(request)
    return await _one(request, writes=who.may(Scope.WRITE_SOURCES))


async def act(request: Request) -> Response:
    """Check, pull, pause, resume, reset or remove a source."""
    form = await request.form(max_files=0, max_fields=2)
    wanted, key = str(form.get("act", "")), request.path_params["key"]
    if wanted not in _ACTS or (wanted == "remove" and str(form.get("confirm", "")).strip() != key):
        raise HTTPException(400, "This form is not complete.")
    if wanted == "check":
        return await _one(request, writes=True, told=await _checked(request, key))
    async with request.app.state.database.unit() as session:
        await _do(session, wanted, key)
    return RedirectResponse(f"/sources/{key}", status_code=303)


async def _do(session: AsyncSession, wanted: str, key: str) -> None:
    if wanted == "pull":
        await schedule.due_now(session, key=key)
    elif wanted == "reset":
        source = await sources.find(session, key)
        await cursors.reset(session, source_id=source.id)
    else:
        await sources.set_state(session, key=key, state=_STATES[wanted])


async def _checked(request: Request, key: str) -> tuple[bool, str]:
    """Whether a source answers, and what it or we say."""
    vault: Vault = request.app.state.vault
    async with request.app.state.database.unit() as session:
        source = await sources.find(session, key)
    try:
        async with request.app.state.database.unit() as session:
            secrets = await credentials.reveal(session, vault, source)
        return True, f"{word('source_answers', language(request))} {await reader.check(source, secrets=secrets)}"
    except CxError as exc:
        return False, str(exc)


async def _one(request: Request, *, writes: bool, told: tuple[bool, str] | None = None) -> Response:
    key = request.path_params["key"]
    async with request.app.state.database.unit() as session:
        source = await sources.find(session, key)
        found = next(o for o in await overview.everything(session) if o.source.id == source.id)
        pulls = await cursors.runs(session, source_id=source.id, limit=_SHOWN)
        set_aside = await quarantine.waiting(session, source_id=source.id, limit=_SHOWN)
        held = await credentials.held(session, source)
    clock = shown_clock(request)
    return render(
        request,
        "source.html",
        s=looked_after.line(found, clock),
        runs=[looked_after.run(r, clock) for r in pulls],
        set_aside=[(q.origin or f"#{q.sequence}", q.reason, q.attempts) for q in set_aside],
        credentials=[(h.field, clock.stamp(h.set_at), h.set_by) for h in held],
        writes=writes,
        told=told,
    )

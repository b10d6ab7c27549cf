"""Keys: which there are, a new one, a new secret, the end of one. A secret is on the page that answers, and nowhere else."""

from dataclasses import dataclass
from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cxcore import clock
from cxcore.auth import keys
from cxcore.auth.keys import Made
from cxcore.auth.policy import AccessRole
from cxcore.auth.scopes import Scope
from cxcore.auth.tables import ApiKey
from cxcore.errors import InvalidInput
from cxcore.web.guard import principal
from cxcore.web.render import Own, render, shown_clock
from cxcore.web.times import Clock

DAYS = (30, 90, 365, 0)
"""How long a key may work; 0: without an end."""
_MOST_NAME = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A key as the page lists it. ``over``: the word for why it works no more."""

    id: str
    name: str
    role: str
    rights: tuple[str, ...]
    used: str | None
    ends: str | None
    overlap: str | None
    over: str | None


@dataclass(frozen=True, slots=True)
class Typed:
    """What was filled in of a key that could not be made, or what the form begins with."""

    name: str = ""
    role: str = AccessRole.SERVICE.value
    rights: frozenset[str] = frozenset()
    days: int = 365
    wrong: bool = False


async def page(request: Request) -> Response:
    """All keys, those that work first."""
    return await _page(request)


async def make(request: Request) -> Response:
    """Make a key and show it, this once; what is no key is asked for again."""
    form = await request.form(max_files=0, max_fields=len(Scope) + 5)
    typed = Typed(
        str(form.get("name", "")),
        str(form.get("role", "")),
        frozenset(map(str, form.getlist("right"))),
        _days(str(form.get("days", ""))),
        wrong=True,
    )
    try:
        scopes, role = [Scope(s) for s in typed.rights], AccessRole(typed.role)
    except ValueError as exc:
        raise HTTPException(400, "This form is not complete.") from exc
    lifetime = timedelta(days=typed.days) if typed.days else None
    name = typed.name.replace("\x00", "")[:_MOST_NAME]
    try:
        async with request.app.state.database.unit() as session:
            made = await keys.make(
                session, name=name, scopes=scopes, role=role, expires_in=lifetime, maker=principal(request)
            )
    except InvalidInput:
        return await _page(request, typed=typed)
    return await _page(request, made=made)


async def act(request: Request) -> Response:
    """Give a key a new secret and show it, this once; or end the key."""
    key_id, maker = request.path_params["key"], principal(request)
    wanted = str((await request.form(max_files=0, max_fields=2)).get("act", ""))
    async with request.app.state.database.unit() as session:
        if wanted == "rotate":
            made = await keys.rotate(session, key_id=key_id, maker=maker)
        elif wanted == "revoke":
            await keys.revoke(session, key_id=key_id, maker=maker)
            made = None
        else:
            raise HTTPException(400, "This form is not complete.")
    return await _page(request, made=made) if made else RedirectResponse("/keys", status_code=303)


async def _page(request: Request, *, made: Made | None = None, typed: Typed | None = None) -> Response:
    who, shown = principal(request), shown_clock(request)
    async with request.app.state.database.unit() as session:
        lines = [_line(row, shown) for row in await keys.everything(session)]
    return render(
        request,
        "keys.html",
        status=InvalidInput.status if typed else 200,
        works=[line for line in lines if not line.over],
        over=[line for line in lines if line.over],
        made=(_line(made.row, shown), Own(made.secret)) if made else None,
        typed=typed or Typed(),
        roles=[role.value for role in AccessRole],
        rights=[scope.value for scope in Scope if who.may(scope)],
        days=DAYS,
        writes=who.may(Scope.WRITE_ACCESS),
    )


def _line(row: ApiKey, shown: Clock) -> Line:
    now = clock.now()
    expired = row.expires_at is not None and row.expires_at <= now
    overlaps = row.previous_until is not None and row.previous_until > now
    return Line(
        id=row.id,
        name=row.name,
        role=row.role,
        rights=tuple(row.scopes),
        used=shown.stamp(row.last_used_at) if row.last_used_at else None,
        ends=shown.stamp(row.expires_at) if row.expires_at else None,
        overlap=shown.stamp(row.previous_until) if row.previous_until and overlaps else None,
        over="key_revoked" if row.revoked_at else "key_expired" if expired else None,
    )


def _days(written: str) -> int:
    if written not in {str(days) for days in DAYS}:
        raise HTTPException(400, "This form is not complete.")
    return int(written)

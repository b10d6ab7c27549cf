"""Staff: who may sign in and as what."""

from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cxcore.auth import staff
from cxcore.auth.policy import AccessRole
from cxcore.auth.scopes import Scope
from cxcore.web.guard import principal
from cxcore.web.render import render, shown_clock

ROLES = tuple(role.value for role in AccessRole if role is not AccessRole.SERVICE)


async def page(request: Request) -> Response:
    """Everybody, who has left included."""
    who, clock = principal(request), shown_clock(request)
    async with request.app.state.database.unit() as session:
        found = await staff.everybody(session)
    shown = [(s, clock.stamp(s.last_sign_in_at) if s.last_sign_in_at else None) for s in found]
    shown.sort(key=lambda pair: (not pair[0].active, pair[0].name.casefold()))
    provider = request.app.state.relying.provider.issuer if request.app.state.relying else staff.LOCAL
    return render(
        request,
        "staff.html",
        staff=shown,
        roles=ROLES,
        issuer=provider,
        own=who.staff_id,
        writes=who.may(Scope.WRITE_ACCESS),
    )


async def add(request: Request) -> Response:
    """Take somebody on."""
    form = await request.form(max_files=0, max_fields=5)
    issuer, subject, name, role = (str(form.get(part, "")) for part in ("issuer", "subject", "name", "role"))
    async with request.app.state.database.unit() as session:
        await staff.add(session, issuer=issuer, subject=subject, name=name, role=_role(role), maker=principal(request))
    return RedirectResponse("/staff", status_code=303)


async def change(request: Request) -> Response:
    """Give somebody another role, end their access, or let them in again."""
    form = await request.form(max_files=0, max_fields=3)
    act, who = str(form.get("act", "")), principal(request)
    staff_id: UUID = request.path_params["staff_id"]
    async with request.app.state.database.unit() as session:
        if act == "role":
            await staff.change(session, staff_id, role=_role(str(form.get("role", ""))), maker=who)
        elif act in {"end", "begin"}:
            await staff.change(session, staff_id, active=act == "begin", maker=who)
        else:
            raise HTTPException(400, "This form is not complete.")
    return RedirectResponse("/staff", status_code=303)


def _role(written: str) -> AccessRole:
    if written not in ROLES:
        raise HTTPException(400, "This form is not complete.")
    return AccessRole(written)

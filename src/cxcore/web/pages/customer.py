"""A customer: who it is and why, how complete the view is, everything that happened in one stream, and corrections."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cxcore.auth import audit
from cxcore.auth.keys import Principal
from cxcore.auth.masks import applied
from cxcore.auth.scopes import Scope
from cxcore.errors import InvalidInput
from cxcore.model.interaction import Channel, Direction
from cxcore.resolve import chains, corrections, customers
from cxcore.resolve.candidates import candidates
from cxcore.resolve.fields import Field
from cxcore.resolve.relations import relations
from cxcore.timeline import coverage, cursor, query
from cxcore.timeline.reveal import reveal as read_hidden
from cxcore.web import present
from cxcore.web.guard import principal
from cxcore.web.perhaps import known, perhaps
from cxcore.web.related import MOST, related
from cxcore.web.render import Own, hidden, render, shown_clock

_PAGE = 50
_REGION = "FI"
"""Whose national telephone numbers people type here, as in the search."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A correction that could not be taken: what was typed, and the field to say what is expected of."""

    field: Field
    value: str
    reason: str


async def page(request: Request) -> Response:
    """The page; a merged customer's address leads to the living one."""
    return await _page(request, principal(request))


async def correct(request: Request) -> Response:
    """Take a correction, and show the customer as it now is; what is no value of its field is asked for again."""
    who = principal(request)
    customer: UUID = request.path_params["customer_id"]
    form = await request.form(max_files=0, max_fields=5)
    value, reason = (str(form.get(name, "")) for name in ("value", "reason"))
    try:
        field = Field(str(form.get("field", "")))
    except ValueError as exc:
        raise HTTPException(400, "This form is not complete.") from exc
    try:
        async with request.app.state.database.unit() as session:
            await corrections.correct(
                session,
                customer=customer,
                field=field,
                value=value,
                region=_REGION,
                actor=who.actor,
                reason=reason,
            )
    except InvalidInput:
        return await _page(request, who, refused=Refused(field, value, reason))
    return RedirectResponse(f"/customers/{customer}", status_code=303)


async def reveal(request: Request) -> Response:
    """Show the customer with one value that the role does not show, for the reason given."""
    who = principal(request)
    customer: UUID = request.path_params["customer_id"]
    form = await request.form(max_files=0, max_fields=3)
    try:
        field = Field(str(form.get("field", "")))
    except ValueError as exc:
        raise HTTPException(400, "This form is not complete.") from exc
    async with request.app.state.database.unit() as session:
        chosen = await read_hidden(session, customer, field, reader=who, reason=str(form.get("reason", "")))
    return await _page(request, who, revealed=(field.value, Own(chosen.value if chosen else "?")))


async def back(request: Request) -> Response:
    """Where a link of a page that refused a correction leads: to the customer."""
    query = request.url.query
    return RedirectResponse(f"/customers/{request.path_params['customer_id']}" + (f"?{query}" if query else ""), 303)


async def revoke(request: Request) -> Response:
    """Take a correction back, and show the customer as it now is."""
    who = principal(request)
    async with request.app.state.database.unit() as session:
        taken = await corrections.revoke(session, correction=request.path_params["correction_id"], actor=who.actor)
    return RedirectResponse(f"/customers/{taken.customer}" if taken.customer else "/", status_code=303)


async def _page(
    request: Request, reader: Principal, *, refused: Refused | None = None, revealed: tuple[str, Own] | None = None
) -> Response:
    asked: UUID = request.path_params["customer_id"]
    channels = [c for c in Channel if c.value in request.query_params.getlist("channel")]
    directions = [d for d in Direction if d.value in request.query_params.getlist("direction")]
    key: bytes = request.app.state.cursor_key
    position = request.query_params.get("cursor")
    async with request.app.state.database.unit() as session:
        living = await customers.find_living(session, asked)
        if living.id != asked:
            return RedirectResponse(f"/customers/{living.id}", status_code=307)
        await audit.of_read(session, reader, living.id, what="page")
        profiles = (await customers.linked_profiles(session, [living.id]))[living.id]
        reasons = await customers.reasons(session, [p.id for p in profiles])
        rules = await chains.current(session)
        could_be = await candidates(session, living.id)
        ties = await relations(session, living.id, limit=MOST) if known(profiles, rules) or not could_be else None
        others = {*(c.customer for c in could_be), *(r.customer for r in (ties.page if ties else ()))}
        await audit.of_read(session, reader, *others, what="beside")
        theirs = await customers.linked_profiles(session, others) if others else {}
        found = await coverage.coverage(session, living.id)
        shown = await query.page(
            session,
            living.id,
            behind=cursor.decode(position, key=key) if position else None,
            limit=_PAGE,
            chosen=query.Filter(channels=channels, directions=directions),
        )
    seen = {s.channel.value: 0 for c in found for s in c.seen}
    for c in found:
        for s in c.seen:
            seen[s.channel.value] += s.count
    clock = shown_clock(request)
    chosen = [("channel", c.value) for c in channels] + [("direction", d.value) for d in directions]
    following = (
        "?" + urlencode([*chosen, ("cursor", cursor.encode(shown.next, key=key))]) if shown.next is not None else None
    )
    first = min((s.first_at for c in found for s in c.seen), default=None)
    return render(
        request,
        "customer.html",
        status=InvalidInput.status if refused else 200,
        who=present.who(living.id, profiles, reasons, clock, rules),
        perhaps=perhaps(profiles, could_be, theirs, clock, rules),
        related=related(applied(ties, hidden(request)), theirs, rules, clock.language) if ties else None,
        corrects=reader.may(Scope.CORRECT_CUSTOMERS) and bool(profiles),
        fields=[field.value for field in Field],
        refused=refused,
        revealed=revealed,
        reveals=[m.value for m in sorted(hidden(request)) if m.value in set(Field)]
        if reader.may(Scope.REVEAL_CUSTOMERS)
        else [],
        days=present.days(shown.entries, clock, {c.source: c.name for c in found}),
        covered=present.covered(found, clock),
        counts={channel.value: seen[channel.value] for channel in Channel if channel.value in seen},
        total=sum(seen.values()),
        channel=channels[0].value if channels else None,
        since=first.astimezone(clock.zone).year if first else None,
        following=following,
        first_page=position is None,
    )

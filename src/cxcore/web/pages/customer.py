"""A customer: who it is, how complete the view is, and everything that happened in one stream."""

from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cxcore.model.interaction import Channel, Direction
from cxcore.resolve import customers
from cxcore.timeline import coverage, cursor, query
from cxcore.web import present
from cxcore.web.guard import principal
from cxcore.web.render import language, render, shown_clock

_PAGE = 50


async def page(request: Request) -> Response:
    """The page; a merged customer's address leads to the living one."""
    await principal(request)
    asked: UUID = request.path_params["customer_id"]
    channels = [c for c in Channel if c.value in request.query_params.getlist("channel")]
    directions = [d for d in Direction if d.value in request.query_params.getlist("direction")]
    key: bytes = request.app.state.cursor_key
    position = request.query_params.get("cursor")
    async with request.app.state.database.unit() as session:
        living = await customers.find_living(session, asked)
        if living.id != asked:
            return RedirectResponse(f"/customers/{living.id}", status_code=307)
        profiles = (await customers.linked_profiles(session, [living.id]))[living.id]
        reasons = await customers.reasons(session, [p.id for p in profiles])
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
        who=present.who(living.id, profiles, reasons, language(request)),
        days=present.days(shown.entries, clock, {c.source: c.name for c in found}),
        covered=present.covered(found, clock),
        counts={channel.value: seen[channel.value] for channel in Channel if channel.value in seen},
        total=sum(seen.values()),
        channel=channels[0].value if channels else None,
        since=first.astimezone(clock.zone).year if first else None,
        following=following,
        first_page=position is None,
    )

"""Reviews: pairs of customers that may be one, side by side, for a person to decide."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cxcore.auth import audit
from cxcore.auth.masks import applied
from cxcore.auth.scopes import Scope
from cxcore.errors import Conflict
from cxcore.normalise.texts import clean
from cxcore.resolve import chains, customers, decisions, preview, reviews
from cxcore.resolve.decisions import Verdict
from cxcore.resolve.effects import Effects, concerned
from cxcore.resolve.reviews import Review
from cxcore.web import asked
from cxcore.web.guard import principal
from cxcore.web.render import hidden, language, render
from cxcore.web.words import word

_SHOWN, _TRIED = 10, 3
_MOST_REASON = 500


async def page(request: Request) -> Response:
    """The reviews that wait, the most valuable first."""
    who = principal(request)
    async with request.app.state.database.unit() as session:
        found = await reviews.waiting(session, limit=_SHOWN)
        profiles = await customers.linked_profiles(session, {c for r in found for c in (r.left, r.right)})
        rules = await chains.current(session)
        effects = applied(await _effects(session, found), hidden(request))
        shown = {c for r in found for c in (r.left, r.right)}.union(*map(concerned, effects.values()))
        await audit.of_read(session, who, *shown, what="reviews")
    return render(
        request,
        "reviews.html",
        reviews=[asked.review(r, profiles, language(request), rules, effects.get((r.left, r.right))) for r in found],
        decides=who.may(Scope.DECIDE_CUSTOMERS),
    )


async def _effects(session: AsyncSession, found: Sequence[Review]) -> dict[tuple[UUID, UUID], Effects]:
    """What a merge would change, of the first few: each is tried under the writers' lock, and who has decided on these sees
    the next ones first. None while somebody else is deciding."""
    told: dict[tuple[UUID, UUID], Effects] = {}
    for r in found[:_TRIED]:
        try:
            told[r.left, r.right] = await preview.merge(session, customers=[r.left, r.right])
        except Conflict:
            break
    return told


async def decide(request: Request) -> Response:
    """Take a decision, and go on with the next."""
    who = principal(request)
    form = await request.form(max_files=0, max_fields=5)
    try:
        left, right = (UUID(str(form.get(side, ""))) for side in ("left", "right"))
        verdict = Verdict(str(form.get("verdict", "")))
    except ValueError as exc:
        raise HTTPException(400, "This form is not complete.") from exc
    reason = clean(str(form.get("reason", ""))).strip()[:_MOST_REASON] or word("reviewed", language(request))
    async with request.app.state.database.unit() as session:
        await decisions.decide(session, verdict, customers=(left, right), actor=who.actor, reason=reason)
    return RedirectResponse("/reviews", status_code=303)

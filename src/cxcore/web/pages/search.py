"""Search: one box that takes whatever the customer says."""

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cxcore.auth import audit
from cxcore.resolve import chains, customers, survivorship
from cxcore.resolve.fields import Field
from cxcore.timeline import search
from cxcore.web.guard import principal
from cxcore.web.reach import Contact, contacts
from cxcore.web.render import Own, render

_MOST_QUERY = 200
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A customer in the list."""

    id: UUID
    name: str | None
    others: tuple[str, ...]
    contacts: tuple[Contact, ...]
    systems: tuple[str, ...]


async def home(request: Request) -> Response:
    """The empty box."""
    return render(request, "search.html", query="", found=None)


async def results(request: Request) -> Response:
    """Who was found. A form, not a link: names and numbers do not belong into addresses."""
    query = str((await request.form(max_files=0, max_fields=5)).get("query", ""))[:_MOST_QUERY].strip()
    if not query:
        return RedirectResponse("/", status_code=303)
    async with request.app.state.database.unit() as session:
        hits = await search.search(session, query.replace("\x00", ""), limit=30)
        await audit.of_read(session, principal(request), *(h.customer_id for h in hits), what="search")
        profiles = await customers.linked_profiles(session, [h.customer_id for h in hits])
        rules = await chains.current(session)
    found: list[Found] = []
    for hit in hits:
        those = profiles[hit.customer_id]
        shown = survivorship.choose_all(those, rules)
        name = shown.get(Field.NAME)
        found.append(
            Found(
                id=hit.customer_id,
                name=name.value if name else None,
                others=survivorship.other_names(name)[:_SHOWN] if name else (),
                contacts=contacts(those, shown)[:_SHOWN],
                systems=tuple(sorted({p.source_name for p in those})),
            )
        )
    return render(request, "search.html", query=Own(query), found=found)

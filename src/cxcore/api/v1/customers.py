"""Customers: who is meant, who is there, and what happened with them."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.api import etags
from cxcore.api.access import Reader, Unit
from cxcore.api.idempotency import Once, only_reads
from cxcore.api.links import next_link
from cxcore.api.problems import Moved, responses
from cxcore.api.v1 import present, related, relation_schemas, schemas, seen, timeline_schemas
from cxcore.auth import audit
from cxcore.errors import NotFound
from cxcore.model.identifier import Identifier
from cxcore.model.interaction import Channel, Direction, Kind
from cxcore.resolve import chains, customers, lookup
from cxcore.resolve.linked import Living
from cxcore.resolve.relations import relations
from cxcore.timeline import coverage, cursor, query, search
from cxcore.timeline.entry import Entry


@dataclass(frozen=True, slots=True)
class _Page:
    entries: list[Entry]
    next: str | None


_PAGE = TypeAdapter(_Page).serializer

router = APIRouter(prefix="/v1", tags=["customers"], route_class=Once)


@router.post("/customers:resolve", operation_id="resolveCustomer", responses=responses())
@only_reads
async def resolve(body: schemas.ResolveIn, session: Unit, reader: Reader) -> schemas.ResolveOut:
    """Say which customer identifiers and perhaps a name point to, and how sure that is. Writes nothing."""
    given = [Identifier(scheme=i.scheme, value=i.value, issuer=i.issuer) for i in body.identifiers]
    found = await lookup.lookup(session, given, name=body.name, region=body.region)
    meant = [found.customer_id] if found.customer_id else []
    await audit.of_read(session, reader, *meant, *(c.customer_id for c in found.candidates), what="resolve")
    return present.answer(found)


@router.post("/customers:search", operation_id="searchCustomers", responses=responses())
@only_reads
async def find(body: schemas.SearchIn, session: Unit, reader: Reader) -> schemas.SearchOut:
    """Find customers by whatever is known: a name in any spelling, a phone in any form, an address, a number."""
    hits = await search.search(session, body.query, limit=body.limit)
    await audit.of_read(session, reader, *(h.customer_id for h in hits), what="search")
    profiles = await customers.linked_profiles(session, [h.customer_id for h in hits])
    rules = await chains.current(session)
    return schemas.SearchOut(
        hits=[present.hit(h.customer_id, profiles[h.customer_id], rules, exact=h.exact) for h in hits]
    )


@router.get(
    "/customers/{customer_id}",
    operation_id="readCustomer",
    response_model=schemas.CustomerOut,
    responses={
        200: etags.TAGGED,
        304: {"description": "The version known already still holds."},
        **responses(NotFound),
    },
)
async def read(
    customer_id: UUID,
    request: Request,
    session: Unit,
    reader: Reader,
    *,
    explain: Annotated[
        bool, Query(description="Whether to say why each value is shown, and over which others.")
    ] = False,
    if_none_match: etags.IfNoneMatch = None,
) -> Response:
    """Read a customer with the profiles that make it and the reasons that tie them. A merged id redirects (307)."""
    living = await _living(session, customer_id, request)
    await audit.of_read(session, reader, living.id, what="customer")
    found = await seen.customer(session, living, explain=explain)
    await audit.of_read(session, reader, *(c.customer_id for c in found.candidates), what="candidates")
    etag = seen.etag(found)
    if if_none_match is not None and not explain and etags.names(if_none_match, etag):
        return Response(status_code=304, headers={"ETag": etag})
    return Response(found.model_dump_json(), media_type="application/json", headers={"ETag": etag})


@router.get(
    "/customers/{customer_id}/timeline",
    operation_id="readTimeline",
    response_model=timeline_schemas.TimelineOut,
    responses=responses(NotFound),
)
async def timeline(
    customer_id: UUID,
    request: Request,
    session: Unit,
    reader: Reader,
    *,
    cursor_: Annotated[
        str | None, Query(alias="cursor", max_length=200, description="`next` of the page before, unchanged.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="Interactions a page.")] = 50,
    channel: Annotated[list[Channel], Query(max_length=10, description="Only these channels.")] = [],  # noqa: B006
    direction: Annotated[list[Direction], Query(max_length=5, description="Only these directions.")] = [],  # noqa: B006
    kind: Annotated[list[Kind], Query(max_length=20, description="Only these kinds.")] = [],  # noqa: B006
    since: Annotated[AwareDatetime | None, Query(description="Not before this time.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Before this time.")] = None,
) -> Response:
    """Read a customer's interactions over all channels in one stream, newest first. A merged id redirects (307)."""
    key: bytes = request.app.state.cursor_key
    page = await query.page(
        session,
        customer_id,
        behind=cursor.decode(cursor_, key=key) if cursor_ is not None else None,
        limit=limit,
        chosen=query.Filter(channel, direction, kind, since, until),
    )
    if not page.entries:
        await _living(session, customer_id, request)  # only a customer without entries can be merged or unknown
    await audit.of_read(session, reader, customer_id, what="timeline")
    following = cursor.encode(page.next, key=key) if page.next else None
    answer = Response(page_as_json(page, following), media_type="application/json")
    if following:
        answer.headers["Link"] = next_link(request, following)
    return answer


def page_as_json(page: query.TimelinePage, following: str | None) -> bytes:
    """A page as TimelineOut. Entries have the fields of EntryOut (a test holds them to it): models between them and JSON
    would cost four times more."""
    return _PAGE.to_json(_Page(page.entries, following))


@router.get("/customers/{customer_id}/coverage", operation_id="readCoverage", responses=responses(NotFound))
async def covered(customer_id: UUID, request: Request, session: Unit, reader: Reader) -> timeline_schemas.CoverageOut:
    """Say how complete the view of a customer is, source by source. A merged id redirects (307)."""
    living = await _living(session, customer_id, request)
    await audit.of_read(session, reader, living.id, what="coverage")
    found = await coverage.coverage(session, living.id)
    return timeline_schemas.CoverageOut(sources=[present.coverage(c) for c in found])


@router.get("/customers/{customer_id}/relations", operation_id="readRelations", responses=responses(NotFound))
async def related_to(
    customer_id: UUID,
    request: Request,
    response: Response,
    session: Unit,
    reader: Reader,
    *,
    cursor_: Annotated[
        str | None, Query(alias="cursor", max_length=200, description="`next` of the page before, unchanged.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="Relations a page.")] = 20,
) -> relation_schemas.RelationsOut:
    """Read who a customer shares a household, a company or a line with, and why. They are no merges, nor candidates for
    one. Computed anew from what is stored. A merged id redirects (307)."""
    key: bytes = request.app.state.cursor_key
    living = await _living(session, customer_id, request)
    after = cursor.decode_relation(cursor_, key=key) if cursor_ is not None else None
    found = await relations(session, living.id, after=after, limit=limit)
    await audit.of_read(session, reader, living.id, *(r.customer for r in found.page), what="relations")
    profiles = await customers.linked_profiles(session, [r.customer for r in found.page])
    following = cursor.encode_relation(found.next, key=key) if found.next else None
    if following:
        response.headers["Link"] = next_link(request, following)
    return related.relations(found, profiles, await chains.current(session), following=following)


async def _living(session: AsyncSession, customer_id: UUID, request: Request) -> Living:
    """The living customer of that very id; a merged one answers where it leads."""
    living = await customers.find_living(session, customer_id)
    if living.id != customer_id:
        path = request.url_for(request.scope["route"].name, customer_id=str(living.id)).path
        raise Moved(path + (f"?{request.url.query}" if request.url.query else ""))
    return living

"""Changes: what happened, in order, page by page or as a stream."""

import time
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import WithJsonSchema

from cxcore.api.access import database, needs
from cxcore.api.event_stream import SENT, EventStream
from cxcore.api.problems import responses
from cxcore.api.v1 import change_schemas as schemas
from cxcore.auth.keys import Principal
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.events import cloud, feed
from cxcore.events.feed import Changes, PositionGone
from cxcore.events.outbox import EventType
from cxcore.events.pulse import Pulse

router = APIRouter(prefix="/v1", tags=["changes"])
Follower = Annotated[Principal, Depends(needs(Scope.READ_CHANGES))]
Opened = Annotated[Database, Depends(database)]
_POSITION = {"ge": 0, "le": 2**63 - 1}
Types = Annotated[list[EventType] | None, Query(alias="type", description="Only these types; can be repeated.")]


def _pulse(request: Request) -> Pulse:
    found: Pulse = request.app.state.pulse
    return found


Beat = Annotated[Pulse, Depends(_pulse)]


@router.get("/changes", operation_id="listChanges", responses=responses(PositionGone))
async def changes(
    *,
    opened: Opened,
    pulse: Beat,
    _: Follower,
    types: Types = None,
    after: Annotated[
        int | None, Query(description="Only behind this position; without it from the oldest kept.", **_POSITION)
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="How many at most.")] = 100,
    wait: Annotated[float, Query(ge=0, le=30, description="Seconds to wait where there is nothing yet.")] = 0,
) -> schemas.ChangesOut:
    """What happened behind a position, oldest first. Ask again from `next`; with `wait` the answer comes as soon as
    something happens. Every event is told once, in an order that never changes."""
    until = time.monotonic() + wait
    await feed.advance(opened)
    found = await _page(opened, types, after, limit)
    while not found.events and (left := until - time.monotonic()) > 0:
        if not await pulse.beyond(found.reached, seconds=left):
            break
        found = await _page(opened, types, found.reached, limit)
    events = [schemas.EventOut.model_validate(cloud.cloud(e)) for e in found.events]
    return schemas.ChangesOut(events=events, next=found.reached, more=found.more)


async def _page(opened: Database, types: Types, after: int | None, limit: int) -> Changes:
    async with opened.unit() as session:
        ends = await feed.ends(session)
        start = ends.forgotten if after is None else after
        return await feed.page(session, after=start, limit=limit, types=types, held=ends)


@router.get(
    "/changes/stream",
    operation_id="streamChanges",
    status_code=200,
    response_class=EventStream,
    responses={
        200: {
            "description": "Events as they happen.",
            "content": {"text/event-stream": {"itemSchema": dict(SENT)}},
        },
        **responses(PositionGone),
    },
)
async def stream(
    *,
    request: Request,
    opened: Opened,
    pulse: Beat,
    _: Follower,
    types: Types = None,
    after: Annotated[
        int | None, Query(description="Begin behind this position; without it with what comes.", **_POSITION)
    ] = None,
    last: Annotated[
        Annotated[int | None, WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 2**63 - 1})],
        Header(alias="Last-Event-ID", description="Where a stream broke off; goes before `after`.", **_POSITION),
    ] = None,
) -> EventStream:
    """What happens, as server-sent events: `data` is a CloudEvent, `id` its position. Whoever reconnects with
    `Last-Event-ID`, as browsers do by themselves, misses nothing. Quiet times have a heartbeat every 15 seconds."""
    at = last if last is not None else after
    if at is None:
        at = await feed.advance(opened)
    async with opened.unit() as session:
        await feed.page(session, after=at, limit=1)
    return EventStream(request, opened, pulse, after=at, types=types)

"""Interactions that services send: one, many, or some taken back. What is answered is on disk."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from json import JSONDecodeError
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import ValidationError

from cxcore import clock, pipeline
from cxcore.api import costs, json_body
from cxcore.api.access import Sender, Unit, charge
from cxcore.api.idempotency import Once
from cxcore.api.problems import COMMON, FieldProblem, field_problems, problems_of, responses
from cxcore.api.v1 import ingest_schemas as schemas
from cxcore.errors import Conflict, CxError, InvalidInput
from cxcore.land import store
from cxcore.model.ids import RecordId, interaction_id, record_id
from cxcore.pull import sources
from cxcore.pull.sources import Configured
from cxcore.sdk.page import Record

CONNECTOR, STREAM = "api", "interactions"
_TURN = 200
"""Lines that are read before others have their turn."""

router = APIRouter(prefix="/v1", tags=["interactions"], route_class=Once)
Key = Annotated[str, Path(pattern="^[a-z][a-z0-9_-]{0,62}$", description="Key of a source of the connector `api`.")]


class NotNdjson(CxError):
    """The body is not sent as application/x-ndjson."""

    code = "unsupported_media_type"
    status = 415


@router.post(
    "/sources/{key}/interactions", status_code=202, operation_id="sendInteraction", responses=responses(*COMMON)
)
async def send(key: Key, body: schemas.InteractionIn, session: Unit, who: Sender) -> schemas.SentOut:
    """Send one interaction. Sent again with the same content it changes nothing."""
    source = await _source(session, key)
    record = _record(body, f"sent by {who.key_id}")
    fresh = await pipeline.take(session, source, [record])
    identity = _identity(source, body.id)
    return schemas.SentOut(
        interaction_id=interaction_id(identity, 0), status="landed" if identity in fresh else "unchanged"
    )


@router.post(
    "/sources/{key}/interactions:bulk",
    status_code=202,
    operation_id="sendInteractions",
    responses={**problems_of(NotNdjson), **responses(*COMMON)},
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "One interaction a line, at most 5,000 lines and 8 MiB.",
            "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
        }
    },
)
async def bulk(key: Key, request: Request, session: Unit, who: Sender) -> schemas.BulkOut:
    """Send many interactions, one JSON object a line. Each line is judged by itself; one that does not fit stops no other."""
    source = await _source(session, key)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-ndjson":
        raise NotNdjson("The body must be NDJSON.", hint="Send it as application/x-ndjson, one interaction a line.")
    lines = [(n, line) for n, line in enumerate((await request.body()).split(b"\n"), start=1) if line.strip()]
    if len(lines) > schemas.MOST_LINES:
        raise InvalidInput(f"There are more than {schemas.MOST_LINES} lines.", hint="Send them in parts.")
    await charge(request, who, costs.of_lines(len(lines)))
    read: list[tuple[int, schemas.InteractionIn | list[FieldProblem]]] = []
    for number, line in lines:
        read.append((number, _read(line)))
        if len(read) % _TURN == 0:
            await asyncio.sleep(0)
    taken = [found for _, found in read if isinstance(found, schemas.InteractionIn)]
    fresh = await pipeline.take(session, source, [_record(found, f"sent by {who.key_id}") for found in taken])
    return _told(list(_lines(source, read, fresh)))


@router.post("/sources/{key}/interactions:withdraw", operation_id="withdrawInteractions", responses=responses(*COMMON))
async def withdraw(key: Key, body: schemas.WithdrawIn, session: Unit, who: Sender) -> schemas.WithdrawnOut:
    """Take interactions back; they leave the timeline. Sent anew, with a later `changed_at` if they have one, they return."""
    source = await _source(session, key)
    ids = {_identity(source, each): each for each in body.ids}
    standing = await store.standing(session, list(ids))
    records = [
        Record(STREAM, ids[each], None, deleted=True, changed_at=_after(at), origin=f"withdrawn by {who.key_id}")
        for each, at in standing.items()
    ]
    await pipeline.take(session, source, records)
    return schemas.WithdrawnOut(withdrawn=len(records), absent=len(ids) - len(records))


async def _source(session: Unit, key: str) -> Configured:
    source = await sources.find(session, key)
    if source.connector != CONNECTOR:
        raise Conflict(
            "This source brings its interactions itself.",
            hint="Add one: `cxcore source add KEY api`, and send to that.",
        )
    return source


def _identity(source: Configured, key: str) -> RecordId:
    return record_id(source.namespace, STREAM, key)


def _after(dated: datetime | None) -> datetime | None:
    """A date that counts as newer than a version's, where that has one."""
    return dated and max(clock.now(), dated + timedelta(microseconds=1))


def _record(sent: schemas.InteractionIn, origin: str) -> Record:
    payload: Any = sent.meant()
    return Record(STREAM, sent.id, payload, changed_at=sent.changed_at, origin=origin)


def _read(line: bytes) -> schemas.InteractionIn | list[FieldProblem]:
    try:
        return schemas.InteractionIn.model_validate(json_body.read(line))
    except CxError as exc:
        return [FieldProblem(pointer="", detail=str(exc))]
    except JSONDecodeError:
        return [FieldProblem(pointer="", detail="not valid JSON")]
    except ValidationError as exc:
        return field_problems(exc.errors(include_input=False, include_context=False, include_url=False))


def _lines(
    source: Configured,
    read: Sequence[tuple[int, schemas.InteractionIn | list[FieldProblem]]],
    fresh: set[RecordId],
) -> Iterator[schemas.LineOut]:
    for number, found in read:
        if isinstance(found, list):
            yield schemas.LineOut(line=number, status="refused", interaction_id=None, errors=found)
        else:
            identity = _identity(source, found.id)
            yield schemas.LineOut(
                line=number,
                status="landed" if identity in fresh else "unchanged",
                interaction_id=interaction_id(identity, 0),
                errors=[],
            )


def _told(lines: list[schemas.LineOut]) -> schemas.BulkOut:
    counted = [line.status for line in lines]
    return schemas.BulkOut(
        landed=counted.count("landed"),
        unchanged=counted.count("unchanged"),
        refused=counted.count("refused"),
        lines=lines,
    )

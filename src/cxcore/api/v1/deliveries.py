"""Deliveries: what sources push to us. No API key: the signature says who sends."""

from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from starlette.convertors import PathConvertor, register_url_convertor

from cxcore import pipeline
from cxcore.api.inbox import Inbox
from cxcore.api.problems import problems_of
from cxcore.clock import now
from cxcore.errors import CxError, Unauthenticated
from cxcore.pull import deliveries
from cxcore.pull.sources import Configured
from cxcore.sdk.delivery import Delivery, Received, Refused


class _Rest(PathConvertor):
    """The rest of a path, line breaks included: what is for no source of ours is not accepted, whatever it holds."""

    regex = "(?s:.*)"


register_url_convertor("rest", _Rest())
router = APIRouter(prefix="/v1", tags=["deliveries"])
_log = structlog.get_logger(__name__)


class NotAccepted(Unauthenticated):
    """The delivery is not believed: unsigned, forged, old, or for no source of ours. Which of these is not said."""


class NotTaken(CxError):
    """Deliveries to this source cannot be taken at present; send it again later."""

    code = "not_taken"
    status = 503


class TooLarge(CxError):
    """The delivery is larger than 1 MiB, or compressed."""

    code = "too_large"
    status = 413


_SOURCE = {
    "name": "source",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "description": "The source's key, as the operator chose it.",
}
_PATH = {
    "name": "path",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "description": "The source's own path, such as `_matrix/app/v1/transactions/1`.",
}
"""Described by hand: to FastAPI a declared parameter would mean that the answer can be 422."""
_BODY = {"description": "Whatever the source sends.", "content": {"*/*": {}}}
_OPERATION: dict[str, Any] = {
    "response_class": Response,
    "responses": {
        200: {"description": "Taken, now or before; or the answer to a challenge.", "content": {"*/*": {}}},
        **problems_of(NotAccepted, TooLarge, NotTaken),
    },
}


@router.post(
    "/deliveries/{source}",  # noqa: FAST003 - described by hand
    operation_id="deliver",
    openapi_extra={"parameters": [_SOURCE], "requestBody": _BODY},
    **_OPERATION,
)
async def deliver(request: Request) -> Response:
    """Take a delivery: verified over its raw bytes, on disk when this answers, digested later. A repeat is a success."""
    return await _take(request)


@router.get(
    "/deliveries/{source}",  # noqa: FAST003 - described by hand
    operation_id="answerChallenge",
    openapi_extra={"parameters": [_SOURCE]},
    **_OPERATION,
)
async def challenge(request: Request) -> Response:
    """Answer the challenge with which a source makes sure, when it is set up, that it delivers to the right place."""
    return await _take(request)


@router.put(
    "/deliveries/{source}/{path:rest}",  # noqa: FAST003 - described by hand
    operation_id="deliverTo",
    openapi_extra={"parameters": [_SOURCE, _PATH], "requestBody": _BODY},
    **_OPERATION,
)
@router.post(
    "/deliveries/{source}/{path:rest}",
    operation_id="postTo",
    openapi_extra={"parameters": [_SOURCE, _PATH], "requestBody": _BODY},
    **_OPERATION,
)
async def deliver_to(request: Request) -> Response:
    """Take a delivery from a source that has paths of its own behind the address it is given, as Matrix has."""
    return await _take(request)


async def _take(request: Request) -> Response:
    delivery = Delivery(
        method=request.method,
        query=request.scope["query_string"].decode("latin-1"),
        headers=tuple((name.decode("latin-1").lower(), v.decode("latin-1")) for name, v in request.headers.raw),
        body=await request.body(),
        received_at=now(),
        path=request.path_params.get("path", ""),
    )
    inbox: Inbox = request.app.state.inbox
    source = await inbox.source(request.path_params["source"])
    if source is None:
        deliveries.decoy(delivery)
        raise _not_accepted()
    try:
        received = await _read(inbox, source, delivery)
        if received.challenge is not None:
            return Response(received.challenge.text, media_type=received.challenge.media_type)
        await pipeline.receive(inbox.database, source, received)
    except Refused as exc:
        inbox.tell(source, exc)
        raise _not_accepted() from exc
    return Response() if received.answer is None else Response(received.answer, media_type="application/json")


async def _read(inbox: Inbox, source: Configured, delivery: Delivery) -> Received:
    try:
        return deliveries.receive(source, await inbox.connector(source), delivery)
    except Refused:
        raise
    except (CxError, ValidationError) as exc:
        _log.error("delivery not taken", source=source.key, error=type(exc).__name__)
        raise NotTaken("The delivery cannot be taken at present.", hint="Send it again later.") from exc


def _not_accepted() -> NotAccepted:
    return NotAccepted("The delivery is not accepted.")

"""Interactions by their id, and conversations in their order."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from cxcore.api.access import Reader, Unit
from cxcore.api.links import next_link
from cxcore.api.problems import responses
from cxcore.api.v1 import timeline_schemas as schemas
from cxcore.auth import audit
from cxcore.errors import NotFound
from cxcore.timeline import conversation, cursor
from cxcore.timeline.conversation import Told

router = APIRouter(prefix="/v1", tags=["interactions"])


@router.get("/interactions/{interaction_id}", operation_id="readInteraction", responses=responses(NotFound))
async def read(interaction_id: UUID, session: Unit, reader: Reader) -> schemas.InteractionOut:
    """Read one interaction, and which customers took part in it."""
    found = await conversation.one(session, interaction_id)
    await audit.of_read(session, reader, *found.customers, what="interaction")
    return _out(found)


@router.get("/conversations/{conversation_id}", operation_id="readConversation", responses=responses(NotFound))
async def read_conversation(
    conversation_id: UUID,
    request: Request,
    response: Response,
    session: Unit,
    reader: Reader,
    *,
    cursor_: Annotated[
        str | None, Query(alias="cursor", max_length=200, description="`next` of the page before, unchanged.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="Interactions a page.")] = 50,
) -> schemas.ConversationOut:
    """Read a conversation from its beginning, whoever took part. Threads that turned out to be one are one."""
    key: bytes = request.app.state.cursor_key
    behind = cursor.decode_turn(cursor_, key=key) if cursor_ is not None else None
    found = await conversation.page(session, conversation_id, behind=behind, limit=limit)
    await audit.of_read(session, reader, *(c for told in found.told for c in told.customers), what="conversation")
    following = cursor.encode_turn(found.next, key=key) if found.next else None
    if following:
        response.headers["Link"] = next_link(request, following)
    return schemas.ConversationOut(
        id=found.id,
        started_at=found.started_at,
        subject=found.subject,
        interactions=[_out(told) for told in found.told],
        next=following,
    )


def _out(told: Told) -> schemas.InteractionOut:
    shown = told.entry
    return schemas.InteractionOut(
        **{name: getattr(shown, name) for name in schemas.EntryOut.model_fields if name != "participants"},
        participants=[schemas.ParticipantOut(role=p.role, name=p.name, address=p.address) for p in shown.participants],
        customers=list(told.customers),
    )

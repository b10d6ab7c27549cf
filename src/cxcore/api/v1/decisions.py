"""Decisions of people on who is who: merge, separate, and taking it back."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.api.access import Decider, Reader, Unit
from cxcore.api.idempotency import Once, only_reads
from cxcore.api.links import next_link
from cxcore.api.problems import COMMON, responses
from cxcore.api.v1 import preview_schemas, previewed, schemas
from cxcore.auth import audit
from cxcore.auth.policy import Principal
from cxcore.errors import NotFound
from cxcore.resolve import decisions, history, preview
from cxcore.resolve.customers import find_living
from cxcore.resolve.effects import Effects, concerned
from cxcore.resolve.history import Act
from cxcore.timeline import cursor

router = APIRouter(prefix="/v1", tags=["decisions"], route_class=Once)


@router.post("/customers:merge", operation_id="mergeCustomers", responses=responses(*COMMON))
async def merge(body: schemas.MergeIn, session: Unit, who: Decider) -> schemas.DecisionOut:
    """Decide that customers are one and the same. Revoking the decision undoes it exactly, at any later time."""
    made = await decisions.merge(session, customers=body.customers, actor=who.actor, reason=body.reason)
    return schemas.DecisionOut(decision_id=made.id, customers=list(made.customers))


@router.post("/customers/{customer_id}:separate", operation_id="separateProfiles", responses=responses(*COMMON))
async def separate(customer_id: UUID, body: schemas.SeparateIn, session: Unit, who: Decider) -> schemas.DecisionOut:
    """Decide that some profiles of a customer are someone else; no rule will join them again."""
    made = await decisions.separate(
        session, customer=customer_id, profiles=body.profiles, actor=who.actor, reason=body.reason
    )
    return schemas.DecisionOut(decision_id=made.id, customers=list(made.customers))


@router.post("/decisions/{decision_id}:revoke", operation_id="revokeDecision", responses=responses(*COMMON))
async def revoke(decision_id: UUID, session: Unit, who: Decider) -> schemas.DecisionOut:
    """Take a decision back: the customers become what they are without it, under their own ids."""
    made = await decisions.revoke(session, decision=decision_id, actor=who.actor)
    return schemas.DecisionOut(decision_id=made.id, customers=list(made.customers))


@router.get("/decisions", operation_id="listDecisions", responses=responses(NotFound))
async def every(
    request: Request,
    response: Response,
    session: Unit,
    reader: Reader,
    *,
    customer_id: Annotated[UUID | None, Query(description="Only those that concern this customer.")] = None,
    cursor_: Annotated[
        str | None, Query(alias="cursor", max_length=200, description="`next` of the page before, unchanged.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="Decisions a page.")] = 50,
) -> schemas.DecisionsOut:
    """What people decided on who is who, newest first, revoked decisions among them."""
    key: bytes = request.app.state.cursor_key
    behind = cursor.decode_act(cursor_, key=key) if cursor_ is not None else None
    customer = (await find_living(session, customer_id)).id if customer_id else None
    found = await history.acts(session, customer=customer, behind=behind, limit=limit + 1)
    await audit.of_read(session, reader, *(c for act in found[:limit] for c in act.customers), what="decisions")
    following = cursor.encode_act(found[limit - 1].place, key=key) if len(found) > limit else None
    if following:
        response.headers["Link"] = next_link(request, following)
    return schemas.DecisionsOut(decisions=[_act(act) for act in found[:limit]], next=following)


@router.post("/customers:preview-merge", operation_id="previewMerge", responses=responses(*COMMON))
@only_reads
async def preview_merge(
    body: preview_schemas.PreviewMergeIn, session: Unit, reader: Reader
) -> preview_schemas.EffectsOut:
    """Say what merging customers would change: counted, exactly, and without deciding anything."""
    return await _previewed(session, reader, await preview.merge(session, customers=body.customers))


@router.post("/customers/{customer_id}:preview-separate", operation_id="previewSeparate", responses=responses(*COMMON))
@only_reads
async def preview_separate(
    customer_id: UUID, body: preview_schemas.PreviewSeparateIn, session: Unit, reader: Reader
) -> preview_schemas.EffectsOut:
    """Say what parting profiles from a customer would change, without deciding anything."""
    found = await preview.separate(session, customer=customer_id, profiles=body.profiles)
    return await _previewed(session, reader, found)


@router.post("/decisions/{decision_id}:preview-revoke", operation_id="previewRevoke", responses=responses(*COMMON))
@only_reads
async def preview_revoke(decision_id: UUID, session: Unit, reader: Reader) -> preview_schemas.EffectsOut:
    """Say what taking a decision back would change, without doing so."""
    return await _previewed(session, reader, await preview.revoke(session, decision=decision_id))


async def _previewed(session: AsyncSession, reader: Principal, found: Effects) -> preview_schemas.EffectsOut:
    await audit.of_read(session, reader, *concerned(found), what="preview")
    return previewed.effects(found)


def _act(act: Act) -> schemas.ActOut:
    return schemas.ActOut(
        decision_id=act.id,
        verdict=act.rule,
        customers=list(act.customers),
        by=act.actor,
        reason=act.reason,
        decided_at=act.decided_at,
        revoked_at=act.revoked_at,
        revoked_by=act.revoked_by,
    )

"""Decisions of people on who is who: merge, separate, and taking it back."""

from uuid import UUID

from fastapi import APIRouter

from cxcore.api.access import Decider, Reader, Unit
from cxcore.api.problems import COMMON, responses
from cxcore.api.v1 import preview_schemas, previewed, schemas
from cxcore.resolve import decisions, preview

router = APIRouter(prefix="/v1", tags=["decisions"])


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


@router.post("/customers:preview-merge", operation_id="previewMerge", responses=responses(*COMMON))
async def preview_merge(body: preview_schemas.PreviewMergeIn, session: Unit, _: Reader) -> preview_schemas.EffectsOut:
    """Say what merging customers would change: counted, exactly, and without deciding anything."""
    return previewed.effects(await preview.merge(session, customers=body.customers))


@router.post("/customers/{customer_id}:preview-separate", operation_id="previewSeparate", responses=responses(*COMMON))
async def preview_separate(
    customer_id: UUID, body: preview_schemas.PreviewSeparateIn, session: Unit, _: Reader
) -> preview_schemas.EffectsOut:
    """Say what parting profiles from a customer would change, without deciding anything."""
    return previewed.effects(await preview.separate(session, customer=customer_id, profiles=body.profiles))


@router.post("/decisions/{decision_id}:preview-revoke", operation_id="previewRevoke", responses=responses(*COMMON))
async def preview_revoke(decision_id: UUID, session: Unit, _: Reader) -> preview_schemas.EffectsOut:
    """Say what taking a decision back would change, without doing so."""
    return previewed.effects(await preview.revoke(session, decision=decision_id))

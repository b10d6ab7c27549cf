"""Which value is shown: the rules of each field, and people's corrections."""

from uuid import UUID

from fastapi import APIRouter

from cxcore.api.access import Corrector, Reader, Steward, Unit
from cxcore.api.problems import COMMON, responses
from cxcore.api.v1 import explained, value_schemas
from cxcore.resolve import chains, corrections
from cxcore.resolve.fields import Field

router = APIRouter(prefix="/v1", tags=["survivorship"])


@router.get("/survivorship", operation_id="listSurvivorship", responses=responses())
async def every(session: Unit, _: Reader) -> value_schemas.SurvivorshipOut:
    """Say by which rules each field's value is shown."""
    return value_schemas.SurvivorshipOut(chains=[explained.chain(s) for s in await chains.everything(session)])


@router.put("/survivorship/{field}", operation_id="setSurvivorship", responses=responses())
async def put(field: Field, body: value_schemas.ChainIn, session: Unit, who: Steward) -> value_schemas.ChainOut:
    """Have a field's value chosen by other rules, of all customers, from the next request on. Nothing else changes."""
    made = await chains.put(session, field, wanted=body.rules, sources=body.sources, actor=who.actor)
    return explained.chain(made)


@router.delete("/survivorship/{field}", operation_id="resetSurvivorship", responses=responses())
async def reset(field: Field, session: Unit, who: Steward) -> value_schemas.ChainOut:
    """Lead a field back to the rules that ship; answers them."""
    return explained.chain(await chains.reset(session, field, actor=who.actor))


@router.post("/customers/{customer_id}/corrections", operation_id="correctCustomer", responses=responses(*COMMON))
async def correct(
    customer_id: UUID, body: value_schemas.CorrectionIn, session: Unit, who: Corrector
) -> value_schemas.CorrectedOut:
    """Put a value above what all sources say, until it is revoked. It goes with its profile in every merge and split."""
    made = await corrections.correct(
        session,
        customer=customer_id,
        field=body.field,
        value=body.value,
        region=body.region,
        actor=who.actor,
        reason=body.reason,
    )
    return explained.corrected(made)


@router.post("/corrections/{correction_id}:revoke", operation_id="revokeCorrection", responses=responses(*COMMON))
async def revoke(correction_id: UUID, session: Unit, who: Corrector) -> value_schemas.CorrectedOut:
    """Take a correction back: the value shown is what it is without it."""
    return explained.corrected(await corrections.revoke(session, correction=correction_id, actor=who.actor))

"""Which value is shown: the rules of each field, and people's corrections."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.api import etags
from cxcore.api.access import Corrector, Reader, Steward, Unit
from cxcore.api.idempotency import Once
from cxcore.api.problems import COMMON, responses
from cxcore.api.v1 import explained, seen, value_schemas
from cxcore.db import turns
from cxcore.errors import Changed
from cxcore.resolve import chains, corrections, customers
from cxcore.resolve.fields import Field

router = APIRouter(prefix="/v1", tags=["survivorship"], route_class=Once)


@router.get("/survivorship", operation_id="listSurvivorship", responses=responses())
async def every(session: Unit, _: Reader) -> value_schemas.SurvivorshipOut:
    """Say by which rules each field's value is shown."""
    return value_schemas.SurvivorshipOut(chains=[explained.chain(s) for s in await chains.everything(session)])


@router.get("/survivorship/{field}", operation_id="readSurvivorship", responses={200: etags.TAGGED, **responses()})
async def read(field: Field, session: Unit, response: Response, _: Reader) -> value_schemas.ChainOut:
    """Say by which rules one field's value is shown."""
    return await _tagged(session, field, response)


@router.put(
    "/survivorship/{field}",
    operation_id="setSurvivorship",
    responses={200: etags.TAGGED, **responses(Changed)},
)
async def put(
    field: Field,
    body: value_schemas.ChainIn,
    session: Unit,
    *,
    response: Response,
    who: Steward,
    if_match: etags.IfMatch = None,
) -> value_schemas.ChainOut:
    """Have a field's value chosen by other rules, of all customers, from the next request on. Nothing else changes."""
    await _unchanged(session, field, if_match)
    await chains.put(session, field, wanted=body.rules, sources=body.sources, actor=who.actor)
    return await _tagged(session, field, response)


@router.delete(
    "/survivorship/{field}",
    operation_id="resetSurvivorship",
    responses={200: etags.TAGGED, **responses(Changed)},
)
async def reset(
    field: Field, session: Unit, response: Response, who: Steward, if_match: etags.IfMatch = None
) -> value_schemas.ChainOut:
    """Lead a field back to the rules that ship; answers them."""
    await _unchanged(session, field, if_match)
    await chains.reset(session, field, actor=who.actor)
    return await _tagged(session, field, response)


@router.post(
    "/customers/{customer_id}/corrections",
    operation_id="correctCustomer",
    responses=responses(*COMMON, Changed),
)
async def correct(
    customer_id: UUID,
    body: value_schemas.CorrectionIn,
    session: Unit,
    who: Corrector,
    if_match: etags.IfMatch = None,
) -> value_schemas.CorrectedOut:
    """Put a value above what all sources say, until it is revoked. It goes with its profile in every merge and split."""
    await turns.hold(session, "customer", (await customers.find_living(session, customer_id)).id)
    if if_match is not None:
        living = await customers.find_living(session, customer_id)
        etags.require(if_match, seen.etag(await seen.customer(session, living)))
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


async def _unchanged(session: AsyncSession, field: Field, if_match: str | None) -> None:
    await turns.hold(session, "survivorship", field)
    if if_match is not None:
        etags.require(if_match, etags.etag(await _chain(session, field)))


async def _tagged(session: AsyncSession, field: Field, response: Response) -> value_schemas.ChainOut:
    found = await _chain(session, field)
    response.headers["ETag"] = etags.etag(found)
    return found


async def _chain(session: AsyncSession, field: Field) -> value_schemas.ChainOut:
    return next(explained.chain(s) for s in await chains.everything(session) if s.field is field)

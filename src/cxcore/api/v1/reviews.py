"""What the model cannot decide alone, and why any two ids are one customer or are not."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from cxcore.api.access import Decider, Reader, Unit
from cxcore.api.idempotency import Once
from cxcore.api.problems import COMMON, responses
from cxcore.api.v1 import present, schemas
from cxcore.errors import NotFound
from cxcore.resolve import compared, decisions, reviews

router = APIRouter(prefix="/v1", tags=["reviews"], route_class=Once)


@router.get("/reviews", operation_id="listReviews", responses=responses())
async def waiting(
    session: Unit,
    _: Reader,
    limit: Annotated[int, Query(ge=1, le=200, description="How many, the most valuable first.")] = 20,
) -> schemas.ReviewsOut:
    """Pairs of customers that may be one: records affected times uncertainty, most first."""
    return schemas.ReviewsOut(reviews=[present.review(r) for r in await reviews.waiting(session, limit=limit)])


@router.post("/reviews:decide", operation_id="decideReview", responses=responses(*COMMON))
async def decide(body: schemas.ReviewIn, session: Unit, who: Decider) -> schemas.DecisionOut:
    """Decide on two customers: the same, never the same, or skip. Each can be revoked at any later time."""
    made = await decisions.decide(
        session, body.verdict, customers=(body.left, body.right), actor=f"key:{who.key_id}", reason=body.reason
    )
    return schemas.DecisionOut(decision_id=made.id, customers=list(made.customers))


@router.get("/identity:explain", operation_id="explainPair", responses=responses(NotFound))
async def explain(
    session: Unit,
    _: Reader,
    left: Annotated[UUID, Query(description="A customer's id, present or past, or a profile's.")],
    right: Annotated[UUID, Query(description="Another.")],
) -> schemas.ComparedOut:
    """Why two ids are one customer, or why they are not: decisions, score, and what speaks for and against."""
    return present.compared(await compared.compare(session, left, right))

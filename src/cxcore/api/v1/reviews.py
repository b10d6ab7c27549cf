"""What the model cannot decide alone, and why any two ids are one customer or are not."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from cxcore.api.access import Decider, Reader, Unit
from cxcore.api.idempotency import Once
from cxcore.api.problems import COMMON, responses
from cxcore.api.v1 import present, schemas
from cxcore.auth import audit
from cxcore.errors import NotFound
from cxcore.resolve import compared, decisions, reviews

router = APIRouter(prefix="/v1", tags=["reviews"], route_class=Once)


@router.get("/reviews", operation_id="listReviews", responses=responses())
async def waiting(
    session: Unit,
    reader: Reader,
    limit: Annotated[int, Query(ge=1, le=200, description="How many, the most valuable first.")] = 20,
) -> schemas.ReviewsOut:
    """Pairs of customers that may be one: records affected times uncertainty, most first."""
    found = await reviews.waiting(session, limit=limit)
    await audit.of_read(session, reader, *(c for r in found for c in (r.left, r.right)), what="reviews")
    return schemas.ReviewsOut(reviews=[present.review(r) for r in found])


@router.post("/reviews:decide", operation_id="decideReview", responses=responses(*COMMON))
async def decide(body: schemas.ReviewIn, session: Unit, who: Decider) -> schemas.DecisionOut:
    """Decide on two customers: the same, never the same, or skip. Each can be revoked at any later time."""
    made = await decisions.decide(
        session, body.verdict, customers=(body.left, body.right), actor=who.actor, reason=body.reason
    )
    return schemas.DecisionOut(decision_id=made.id, customers=list(made.customers))


@router.get("/identity:explain", operation_id="explainPair", responses=responses(NotFound))
async def explain(
    session: Unit,
    reader: Reader,
    left: Annotated[UUID, Query(description="A customer's id, present or past, or a profile's.")],
    right: Annotated[UUID, Query(description="Another.")],
) -> schemas.ComparedOut:
    """Why two ids are one customer, or why they are not: decisions, score, and what speaks for and against."""
    found = await compared.compare(session, left, right)
    await audit.of_read(session, reader, *found.customers, what="explanation")
    return present.compared(found)

"""The audit: who did what, of whom, when and why; and reading what a role does not show, which it keeps."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from cxcore.api import masking
from cxcore.api.access import Auditor, Revealer, Unit
from cxcore.api.idempotency import Once, only_reads
from cxcore.api.problems import responses
from cxcore.api.v1 import access_schemas as schemas
from cxcore.auth import audit
from cxcore.errors import NotFound
from cxcore.timeline.reveal import reveal

router = APIRouter(prefix="/v1", tags=["access"], route_class=Once)


@router.get("/audit", operation_id="listAudit", responses=responses())
async def page(
    session: Unit,
    _: Auditor,
    *,
    customer_id: Annotated[UUID | None, Query(description="Only what was done of this customer.")] = None,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Rows a page.")] = 50,
) -> schemas.AuditOut:
    """Read the audit, newest first: reads of customers by staff, values revealed, sign-ins, changes of access."""
    found = await audit.page(session, customer=customer_id, before=before, limit=limit + 1)
    return schemas.AuditOut(
        audit=[
            schemas.AuditedOut(
                id=row.id,
                at=row.at,
                actor=row.actor,
                act=row.act,
                customer_id=row.customer_id,
                about=row.about,
                reason=row.reason,
            )
            for row in found[:limit]
        ],
        next=found[limit - 1].id if len(found) > limit else None,
    )


@router.post("/customers/{customer_id}:reveal", operation_id="revealValue", responses=responses(NotFound))
@only_reads
async def revealed(
    customer_id: UUID, body: schemas.RevealIn, request: Request, session: Unit, who: Revealer
) -> schemas.RevealedOut:
    """Read a value that the role does not show, for a reason. Who read it, when and why stays in the audit."""
    chosen = await reveal(session, customer_id, body.field, reader=who, reason=body.reason)
    masking.show(request)
    return schemas.RevealedOut(
        field=body.field,
        value=chosen.value if chosen else None,
        others=list(chosen.others) if chosen else [],
    )

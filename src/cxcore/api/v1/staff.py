"""Staff: who may sign in to the pages, and as what."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from cxcore.api.access import AccessReader, AccessWriter, Unit
from cxcore.api.idempotency import Once
from cxcore.api.problems import responses
from cxcore.api.v1 import access_schemas as schemas
from cxcore.auth import staff
from cxcore.auth.policy import AccessRole
from cxcore.auth.tables import Staff
from cxcore.errors import Conflict, NotFound

router = APIRouter(prefix="/v1", tags=["access"], route_class=Once)


@router.get("/staff", operation_id="listStaff", responses=responses())
async def every(
    session: Unit,
    _: AccessReader,
    *,
    after: Annotated[UUID | None, Query(description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="People a page.")] = 50,
) -> schemas.EverybodyOut:
    """List the staff, who has left included."""
    found = await staff.everybody(session, after=after, limit=limit + 1)
    return schemas.EverybodyOut(
        staff=[_shown(row) for row in found[:limit]], next=found[limit - 1].id if len(found) > limit else None
    )


@router.post("/staff", operation_id="addStaff", status_code=201, responses=responses(Conflict))
async def add(body: schemas.StaffIn, session: Unit, who: AccessWriter) -> schemas.StaffOut:
    """Take somebody on, before they sign in for the first time. Nobody can give what they do not have."""
    row = await staff.add(session, issuer=body.issuer, subject=body.subject, name=body.name, role=body.role, maker=who)
    return _shown(row)


@router.patch("/staff/{staff_id}", operation_id="changeStaff", responses=responses(NotFound, Conflict))
async def change(staff_id: UUID, body: schemas.StaffChangeIn, session: Unit, who: AccessWriter) -> schemas.StaffOut:
    """Give somebody another role, end their access with all their sessions, or let them in again."""
    return _shown(await staff.change(session, staff_id, role=body.role, active=body.active, maker=who))


def _shown(row: Staff) -> schemas.StaffOut:
    return schemas.StaffOut(
        id=row.id,
        issuer=row.issuer,
        subject=row.subject,
        name=row.name,
        email=row.email,
        role=AccessRole(row.role),
        active=row.active,
        has_password=row.password is not None,
        created_at=row.created_at,
        last_sign_in_at=row.last_sign_in_at,
    )

"""Staff: who works here, in which role, and whether they still do."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore import clock
from cxcore.auth import audit, sign_in
from cxcore.auth.audit import Act
from cxcore.auth.policy import SCOPES, AccessRole, Principal, operator
from cxcore.auth.tables import Staff
from cxcore.errors import Conflict, InvalidInput, NotFound, Unauthenticated

LOCAL = "local"
"""The issuer of those whom no provider knows; their subject is the name they sign in with."""
_MOST = 200


async def add(
    session: AsyncSession,
    *,
    issuer: str,
    subject: str,
    name: str,
    role: AccessRole,
    email: str | None = None,
    maker: Principal | None = None,
) -> Staff:
    """Take somebody on.

    Raises:
        InvalidInput: a part is missing or too long, or the role is one for keys.
        Conflict: the provider's subject is known already.
        PermissionDenied: the role may do what whoever adds them may not.
    """
    issuer, subject, name = issuer.strip(), subject.strip(), name.strip()
    if not (issuer and subject and name) or max(map(len, (issuer, subject, name, email or ""))) > _MOST:
        raise InvalidInput(f"Staff have an issuer, a subject and a name of at most {_MOST} characters each.")
    maker = maker or operator()
    _allow(maker, role)
    row = Staff(issuer=issuer, subject=subject, name=name, role=role.value, email=email)
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError as exc:
        raise Conflict("This subject of this issuer is of the staff already.") from exc
    await session.refresh(row)
    await audit.note(session, Act.STAFF_ADDED, actor=maker.actor, about=str(row.id))
    return row


async def change(
    session: AsyncSession,
    staff_id: UUID,
    *,
    role: AccessRole | None = None,
    active: bool | None = None,
    maker: Principal | None = None,
) -> Staff:
    """Give somebody another role, end their access, or let them in again. Ending it ends their sessions.

    Raises:
        NotFound: there is nobody of this id.
        PermissionDenied: their role, or the new one, may do what whoever changes it may not.
        InvalidInput: the role is one for keys.
        Conflict: it is about oneself.
    """
    maker = maker or operator()
    row = await find(session, staff_id, lock=True)
    if maker.staff_id == str(staff_id):
        raise Conflict("Nobody changes their own access.")
    _allow(maker, AccessRole(row.role))
    if role is not None:
        _allow(maker, role)
        row.role = role.value
    if active is not None:
        row.active = active
        if not active:
            await sign_in.end_all(session, staff_id=staff_id)
    await session.flush()
    await audit.note(session, Act.STAFF_CHANGED, actor=maker.actor, about=str(staff_id))
    return row


async def everybody(session: AsyncSession, *, after: UUID | None = None, limit: int | None = None) -> Sequence[Staff]:
    """All of the staff by their ids, those behind ``after``, who has left included."""
    asked = select(Staff).order_by(Staff.id).limit(limit)
    return (await session.execute(asked if after is None else asked.where(Staff.id > after))).scalars().all()


async def find(session: AsyncSession, staff_id: UUID, *, lock: bool = False) -> Staff:
    """One of the staff.

    Raises:
        NotFound: there is nobody of this id.
    """
    row = await session.get(Staff, staff_id, with_for_update=lock, populate_existing=lock)
    if row is None:
        raise NotFound("There is nobody of this id among the staff.", hint="`cxcore staff list` shows them.")
    return row


async def arrive(
    session: AsyncSession, *, issuer: str, subject: str, name: str, email: str | None, role: AccessRole | None
) -> Staff:
    """Whom the provider has vouched for. ``role``: what its claim maps to; None where it says nothing of it.

    Somebody new is taken on when the claim maps to a role; of somebody known the claim, where there is one, decides.

    Raises:
        Unauthenticated: nobody here knows them, or their access has ended.
    """
    found = await session.execute(
        select(Staff).where(Staff.issuer == issuer, Staff.subject == subject).with_for_update()
    )
    row = found.scalar_one_or_none()
    if row is None:
        if role is None:
            raise Unauthenticated("You are not known here.", hint="Ask an administrator to add you.")
        row = await add(session, issuer=issuer, subject=subject, name=name or subject, role=role, email=email)
    if not row.active:
        raise Unauthenticated("Your access has ended.", hint="Ask an administrator.")
    row.name, row.email = (name or row.name)[:_MOST], email[:_MOST] if email else row.email
    if role is not None and role.value != row.role:
        row.role = role.value
        await audit.note(session, Act.STAFF_CHANGED, actor="provider", about=str(row.id))
    await note_sign_in(session, row.id, act=Act.SIGNED_IN)
    return row


async def note_sign_in(session: AsyncSession, staff_id: UUID, *, act: Act) -> None:
    """Keep that somebody signed in."""
    await session.execute(update(Staff).where(Staff.id == staff_id).values(last_sign_in_at=clock.now()))
    await audit.note(session, act, actor=f"staff:{staff_id}")


def _allow(maker: Principal, role: AccessRole) -> None:
    if role is AccessRole.SERVICE:
        raise InvalidInput("The role service is for keys.")
    maker.require_cover(SCOPES[role], role)

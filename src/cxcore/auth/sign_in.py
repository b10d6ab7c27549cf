"""Signing in to the pages: a session kept on the server, opened by a key, a one-time ticket, the provider or a password."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import and_, case, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore import clock
from cxcore.auth.keys import digest, principal
from cxcore.auth.policy import SCOPES, AccessRole, Principal
from cxcore.auth.tables import ApiKey, SignIn, Staff
from cxcore.errors import NotFound, Unauthenticated

SESSION = timedelta(hours=12)
TICKET = timedelta(hours=1)
IDLE = timedelta(minutes=60)
IDLE_AT_THE_DESK = timedelta(minutes=15)
"""After so long without a request a session is over: the shorter one for front_desk, whose screens stand in the open."""
_SEEN_EVERY = timedelta(seconds=30)
Method = Literal["key", "ticket", "oidc", "password"]


@dataclass(frozen=True, slots=True)
class Session:
    """A session as its owner sees it in a list."""

    id: UUID
    method: Method
    opened_at: datetime
    seen_at: datetime
    own: bool


async def open_session(
    session: AsyncSession,
    *,
    key_id: str | None = None,
    staff_id: UUID | None = None,
    method: Method = "key",
    provider_sid: str | None = None,
) -> str:
    """A new session's secret, for the browser's cookie: of a key, or of staff. ``provider_sid``: what the provider calls
    the session that it comes from, by which it may end it."""
    return await _issue(
        session, key_id, staff_id, kind="session", method=method, lifetime=SESSION, provider_sid=provider_sid
    )


async def issue_ticket(session: AsyncSession, *, key_id: str) -> str:
    """A ticket that opens one session, so that a printed link can sign in without showing the key."""
    return await _issue(session, key_id, None, kind="ticket", method="ticket", lifetime=TICKET)


async def redeem(session: AsyncSession, ticket: str) -> str:
    """Use a ticket up, and open its session.

    Raises:
        Unauthenticated: it is unknown, used or too old.
    """
    found = await session.execute(
        delete(SignIn)
        .where(SignIn.digest == digest(ticket), SignIn.kind == "ticket", SignIn.expires_at > func.now())
        .returning(SignIn.api_key_id)
    )
    key_id = found.scalar_one_or_none()
    if key_id is None:
        raise Unauthenticated("This link has been used or is too old.", hint="Sign in with a key.")
    return await open_session(session, key_id=key_id, method="ticket")


async def whose(session: AsyncSession, secret: str) -> Principal:
    """The principal of a session; it ends with its key, or when its owner is no longer of the staff.

    Raises:
        Unauthenticated: the session is unknown or over, or its owner's access is.
    """
    mark = digest(secret)
    row = (await session.execute(_live(SignIn.digest == mark, SignIn.seen_at, ApiKey, Staff))).one_or_none()
    if row is None:
        raise Unauthenticated("Please sign in.")
    if clock.now() - row.seen_at > _SEEN_EVERY:
        await session.execute(update(SignIn).where(SignIn.digest == mark).values(seen_at=func.now()))
    return principal(row.ApiKey) if row.ApiKey else of_staff(row.Staff)


def of_staff(row: Staff) -> Principal:
    """The rights of one of the staff: all of their role's."""
    role = AccessRole(row.role)
    return Principal("", row.name, SCOPES[role], role, str(row.id))


async def sessions(session: AsyncSession, owner: Principal, *, own: str) -> Sequence[Session]:
    """The owner's live sessions, newest first; ``own``: the secret of the one that asks."""
    columns = (SignIn.id, SignIn.method, SignIn.opened_at, SignIn.seen_at, SignIn.digest)
    rows = await session.execute(_live(_of(owner), *columns).order_by(SignIn.opened_at.desc(), SignIn.id))
    return [Session(r.id, r.method, r.opened_at, r.seen_at, r.digest == digest(own)) for r in rows]


async def end_session(session: AsyncSession, owner: Principal, session_id: UUID) -> None:
    """End one of the owner's sessions.

    Raises:
        NotFound: they have no such session.
    """
    gone = await session.execute(delete(SignIn).where(_of(owner), SignIn.id == session_id).returning(SignIn.id))
    if gone.scalar_one_or_none() is None:
        raise NotFound("There is no such session.")


async def end_all(session: AsyncSession, *, staff_id: UUID) -> None:
    """End all sessions of one of the staff."""
    await session.execute(delete(SignIn).where(SignIn.staff_id == staff_id))


async def close_session(session: AsyncSession, secret: str) -> None:
    """End a session, and clear away those that are over."""
    await session.execute(delete(SignIn).where((SignIn.digest == digest(secret)) | (SignIn.expires_at < func.now())))


def _of(owner: Principal) -> Any:
    if owner.staff_id:
        return and_(SignIn.kind == "session", SignIn.staff_id == UUID(owner.staff_id))
    return and_(SignIn.kind == "session", SignIn.api_key_id == owner.key_id)


def _live(condition: Any, *columns: Any) -> Any:
    """Sessions that are not over, nor is their owner's access."""
    role = func.coalesce(ApiKey.role, Staff.role)
    return (
        select(*columns)
        .select_from(SignIn)
        .outerjoin(ApiKey, SignIn.api_key_id == ApiKey.id)
        .outerjoin(Staff, SignIn.staff_id == Staff.id)
        .where(
            condition,
            SignIn.kind == "session",
            SignIn.expires_at > func.now(),
            SignIn.seen_at > func.now() - case((role == AccessRole.FRONT_DESK.value, IDLE_AT_THE_DESK), else_=IDLE),
            or_(
                Staff.active.is_(True),
                and_(
                    ApiKey.id.is_not(None),
                    ApiKey.revoked_at.is_(None),
                    or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.now()),
                ),
            ),
        )
    )


async def _issue(
    session: AsyncSession,
    key_id: str | None,
    staff_id: UUID | None,
    *,
    kind: Literal["session", "ticket"],
    method: Method,
    lifetime: timedelta,
    provider_sid: str | None = None,
) -> str:
    secret = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            digest=digest(secret),
            kind=kind,
            api_key_id=key_id,
            staff_id=staff_id,
            method=method,
            provider_sid=provider_sid,
            expires_at=clock.now() + lifetime,
        )
    )
    await session.flush()
    return secret

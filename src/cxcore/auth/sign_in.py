"""Signing in to the pages: a session kept on the server, opened by a key or by a one-time ticket."""

import secrets
from datetime import timedelta
from typing import Literal

from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore import clock
from cxcore.auth.keys import Principal, digest, principal
from cxcore.auth.tables import ApiKey, SignIn
from cxcore.errors import Unauthenticated

SESSION = timedelta(hours=12)
TICKET = timedelta(hours=1)


async def open_session(session: AsyncSession, *, key_id: str) -> str:
    """A new session's secret, for the browser's cookie."""
    return await _issue(session, key_id=key_id, kind="session", lifetime=SESSION)


async def issue_ticket(session: AsyncSession, *, key_id: str) -> str:
    """A ticket that opens one session, so that a printed link can sign in without showing the key."""
    return await _issue(session, key_id=key_id, kind="ticket", lifetime=TICKET)


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
    return await open_session(session, key_id=key_id)


async def whose(session: AsyncSession, secret: str) -> Principal:
    """The principal of a session; it ends with its key.

    Raises:
        Unauthenticated: the session is unknown or over, or its key is.
    """
    found = await session.execute(
        select(ApiKey)
        .join(SignIn, SignIn.api_key_id == ApiKey.id)
        .where(
            SignIn.digest == digest(secret),
            SignIn.kind == "session",
            SignIn.expires_at > func.now(),
            ApiKey.revoked_at.is_(None),
            or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.now()),
        )
    )
    row = found.scalar_one_or_none()
    if row is None:
        raise Unauthenticated("Please sign in.")
    return principal(row)


async def close_session(session: AsyncSession, secret: str) -> None:
    """End a session, and clear away those that are over."""
    await session.execute(delete(SignIn).where((SignIn.digest == digest(secret)) | (SignIn.expires_at < func.now())))


async def _issue(session: AsyncSession, *, key_id: str, kind: Literal["session", "ticket"], lifetime: timedelta) -> str:
    secret = secrets.token_urlsafe(32)
    session.add(SignIn(digest=digest(secret), kind=kind, api_key_id=key_id, expires_at=clock.now() + lifetime))
    await session.flush()
    return secret

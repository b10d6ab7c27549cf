"""Sign-ins at the provider: begun, kept for the one browser that began them, used up by the answer; and ended by the provider."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore import clock
from cxcore.auth import audit, sign_in, staff
from cxcore.auth.audit import Act
from cxcore.auth.id_token import NotBelieved
from cxcore.auth.keys import digest
from cxcore.auth.logout_token import LONGEST, Ended
from cxcore.auth.oidc import Begun, Relying
from cxcore.auth.tables import LogoutToken, OidcLogin, Staff
from cxcore.db.session import Database

_END = """
delete from sign_in i using staff s
where s.id = i.staff_id and i.method = 'oidc' and s.issuer = :issuer
  and (cast(:sub as text) is null or s.subject = :sub)
  and (cast(:sid as text) is null or i.provider_sid = :sid or (i.provider_sid is null and cast(:sub as text) is not null))
returning i.staff_id
"""
PATIENCE = timedelta(minutes=10)
"""How long somebody may take at the provider."""


async def remember(session: AsyncSession, begun: Begun) -> str:
    """Keep what the answer must fit; the secret for the browser's cookie. What was never answered is cleared away."""
    await session.execute(delete(OidcLogin).where(OidcLogin.expires_at < func.now()))
    secret = secrets.token_urlsafe(32)
    session.add(
        OidcLogin(
            digest=digest(secret),
            state=begun.state,
            nonce=begun.nonce,
            verifier=begun.verifier,
            expires_at=clock.now() + PATIENCE,
        )
    )
    await session.flush()
    return secret


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who of the staff has come, and what the provider calls their session there, where it says."""

    staff: Staff
    sid: str | None


async def answered(database: Database, relying: Relying, secret: str, answer: Mapping[str, str]) -> Arrived:
    """Who the provider's answer vouches for. The sign-in is used up first, so that no answer counts twice.

    Raises:
        NotBelieved: no such sign-in has begun in this browser, or the answer does not hold.
        Unauthenticated: the provider knows them, and nobody here does, or their access has ended.
        ProviderUnavailable: the provider does not answer.
    """
    async with database.unit() as session:
        used_up = await session.execute(
            delete(OidcLogin)
            .where(OidcLogin.digest == digest(secret), OidcLogin.expires_at > func.now())
            .returning(OidcLogin.state, OidcLogin.nonce, OidcLogin.verifier)
        )
        begun = used_up.one_or_none()
    if begun is None:
        raise NotBelieved("No sign-in has begun in this browser, or it took too long.")
    claims = await relying.finish(answer, state=begun.state, nonce=begun.nonce, verifier=begun.verifier)
    async with database.unit() as session:
        row = await staff.arrive(
            session,
            issuer=relying.provider.issuer,
            subject=claims["sub"],
            name=_text(claims, "name") or _text(claims, "preferred_username") or "",
            email=_text(claims, "email"),
            role=relying.provider.role(claims),
        )
    sid = _text(claims, "sid")
    return Arrived(row, sid if sid and len(sid) <= LONGEST else None)


async def open_session(session: AsyncSession, arrived: Arrived, *, issuer: str) -> str:
    """A new session's secret for somebody who has arrived.

    Raises:
        NotBelieved: the provider has ended its own session meanwhile.
    """
    if arrived.sid:
        mark = await _alone_with(session, issuer, arrived.sid)
        if await session.scalar(select(LogoutToken.digest).where(LogoutToken.sid == mark).limit(1)):
            raise NotBelieved("The provider has ended this session already.")
    return await sign_in.open_session(session, staff_id=arrived.staff.id, method="oidc", provider_sid=arrived.sid)


async def _alone_with(session: AsyncSession, issuer: str, sid: str) -> bytes:
    """The digest of a session at the provider, for one transaction at a time: it is not opened while it ends."""
    mark = digest(f"{issuer} {sid}")
    await session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(mark[:8], "big", signed=True))))
    return mark


async def end(session: AsyncSession, ended: Ended, *, issuer: str) -> None:
    """End the sessions that a logout token is about: those that came from the session at the provider, or, where it or we do
    not know which that was, all of the person's that came from there. Sessions by password or key stay.

    Raises:
        NotBelieved: the token has had its effect already.
    """
    await session.execute(delete(LogoutToken).where(LogoutToken.expires_at < func.now()))
    mark = await _alone_with(session, issuer, ended.sid) if ended.sid else None
    first = await session.execute(
        insert(LogoutToken)
        .values(digest=digest(f"{issuer} {ended.jti}"), sid=mark, expires_at=ended.until)
        .on_conflict_do_nothing()
        .returning(LogoutToken.digest)
    )
    if first.one_or_none() is None:
        raise NotBelieved("The token does not hold: jti.")
    given = {"issuer": issuer, "sub": ended.sub, "sid": ended.sid}
    for staff_id in sorted(set((await session.execute(text(_END), given)).scalars())):
        await audit.note(session, Act.SIGNED_OUT_BY_PROVIDER, actor="provider", about=str(staff_id))


def _text(claims: Mapping[str, object], name: str) -> str | None:
    found = claims.get(name)
    return found.replace("\x00", "").strip() or None if isinstance(found, str) else None

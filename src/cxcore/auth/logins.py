"""Sign-ins at the provider that have begun, each kept for the one browser that began it, and used up by its answer."""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore import clock
from cxcore.auth import staff
from cxcore.auth.id_token import NotBelieved
from cxcore.auth.keys import digest
from cxcore.auth.oidc import Begun, Relying
from cxcore.auth.tables import OidcLogin, Staff
from cxcore.db.session import Database

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


async def answered(database: Database, relying: Relying, secret: str, answer: Mapping[str, str]) -> Staff:
    """Who of the staff the provider's answer vouches for. The sign-in is used up first, so that no answer counts twice.

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
        return await staff.arrive(
            session,
            issuer=relying.provider.issuer,
            subject=claims["sub"],
            name=_text(claims, "name") or _text(claims, "preferred_username") or "",
            email=_text(claims, "email"),
            role=relying.provider.role(claims),
        )


def _text(claims: Mapping[str, object], name: str) -> str | None:
    found = claims.get(name)
    return found.replace("\x00", "").strip() or None if isinstance(found, str) else None

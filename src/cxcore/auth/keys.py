"""API keys: made once, shown once, kept as a digest."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore import clock
from cxcore.auth.scopes import Scope
from cxcore.auth.tables import ApiKey
from cxcore.errors import InvalidInput, NotFound, PermissionDenied, Unauthenticated

_PREFIX = "cx"
_USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: the key they use, and what it may do."""

    key_id: str
    name: str
    scopes: frozenset[Scope]

    def require(self, scope: Scope) -> None:
        """Raises PermissionDenied when the key lacks the scope."""
        if scope not in self.scopes:
            raise PermissionDenied(f"This needs the scope {scope}.", hint="Use a key that has it.")


def digest(secret: str) -> bytes:
    """What is kept of a random secret of 256 bits; a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).digest()


async def create(
    session: AsyncSession, *, name: str, scopes: Collection[Scope], expires_in: timedelta | None = None
) -> str:
    """Make a key and answer it in full; it cannot be read again.

    Raises:
        InvalidInput: no name or no scope.
    """
    if not name.strip() or not scopes:
        raise InvalidInput("A key needs a name and at least one scope.")
    identity, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    session.add(
        ApiKey(
            id=identity,
            name=name.strip(),
            digest=digest(secret),
            scopes=sorted(scopes),
            expires_at=clock.now() + expires_in if expires_in else None,
        )
    )
    await session.flush()
    return f"{_PREFIX}_{identity}_{secret}"


async def authenticate(session: AsyncSession, key: str) -> Principal:
    """The principal behind a key. The database's clock decides expiry.

    Raises:
        Unauthenticated: it is malformed, unknown, expired or revoked; the message does not say which.
    """
    prefix, _, rest = key.partition("_")
    identity, _, secret = rest.partition("_")
    row = None
    if prefix == _PREFIX and identity and secret and key.isascii() and key.isprintable():
        row = (
            await session.execute(
                select(ApiKey, or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.now()).label("fresh")).where(
                    ApiKey.id == identity
                )
            )
        ).one_or_none()
    kept = row.ApiKey.digest if row else digest("")
    if not hmac.compare_digest(kept, digest(secret)) or row is None or row.ApiKey.revoked_at or not row.fresh:
        raise Unauthenticated("The API key is not valid.", hint="Make one with `cxcore key create`.")
    await session.execute(
        update(ApiKey)
        .where(
            ApiKey.id == identity,
            or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < func.now() - _USE_NOTED_EVERY),
        )
        .values(last_used_at=func.now())
    )
    return principal(row.ApiKey)


def principal(row: ApiKey) -> Principal:
    """The rights a key's row carries; scopes that this version does not know give no right."""
    known = {scope.value: scope for scope in Scope}
    return Principal(row.id, row.name, frozenset(known[s] for s in row.scopes if s in known))


async def everything(session: AsyncSession) -> list[ApiKey]:
    """All keys, newest first."""
    return list((await session.execute(select(ApiKey).order_by(ApiKey.created_at.desc()))).scalars())


async def revoke(session: AsyncSession, *, key_id: str) -> None:
    """End a key.

    Raises:
        NotFound: there is no such key.
    """
    found = await session.execute(
        update(ApiKey)
        .where(ApiKey.id == key_id)
        .values(revoked_at=func.coalesce(ApiKey.revoked_at, func.now()))
        .returning(ApiKey.id)
    )
    if found.scalar_one_or_none() is None:
        raise NotFound(f"There is no key {key_id!r}.", hint="`cxcore key list` shows them.")

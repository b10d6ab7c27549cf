"""API keys: made once, shown once, kept as a digest."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore import clock
from cxcore.auth import audit
from cxcore.auth.audit import Act
from cxcore.auth.policy import SCOPES, AccessRole, operator
from cxcore.auth.policy import Principal as Principal  # noqa: PLC0414 - where others have always found it
from cxcore.auth.scopes import Scope
from cxcore.auth.tables import ApiKey
from cxcore.errors import Conflict, InvalidInput, NotFound, PermissionDenied, Unauthenticated

OVERLAP = timedelta(hours=24)
"""How long the secret before a rotation works beside the new one, unless told otherwise."""
_PREFIX = "cx"
_USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Made:
    """A key in full, which is shown this once, and its row."""

    secret: str
    row: ApiKey


def digest(secret: str) -> bytes:
    """What is kept of a random secret of 256 bits; a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).digest()


async def create(
    session: AsyncSession,
    *,
    name: str,
    scopes: Collection[Scope],
    role: AccessRole = AccessRole.SERVICE,
    expires_in: timedelta | None = None,
    maker: Principal | None = None,
) -> str:
    """Make a key and answer it in full; it cannot be read again. The same as ``make``, for those who need no more."""
    made = await make(session, name=name, scopes=scopes, role=role, expires_in=expires_in, maker=maker)
    return made.secret


async def make(
    session: AsyncSession,
    *,
    name: str,
    scopes: Collection[Scope],
    role: AccessRole = AccessRole.SERVICE,
    expires_in: timedelta | None = None,
    maker: Principal | None = None,
) -> Made:
    """Make a key. Without ``maker`` it is the command line that makes it.

    Raises:
        InvalidInput: no name, no scope, or one that the role never has.
        PermissionDenied: it could do what its maker may not, or live longer than the key that makes it.
    """
    if not name.strip() or not scopes:
        raise InvalidInput("A key needs a name and at least one scope.")
    if beyond := sorted(frozenset(scopes) - SCOPES[role]):
        raise InvalidInput(f"The role {role} never has {', '.join(beyond)}.")
    maker = maker or operator()
    maker.require_cover(scopes, role)
    ends = clock.now() + expires_in if expires_in else None
    await _require_no_longer_life(session, maker, ends)
    identity, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    row = ApiKey(
        id=identity,
        name=name.strip(),
        digest=digest(secret),
        scopes=sorted(scopes),
        role=role.value,
        made_by=maker.actor,
        expires_at=ends,
    )
    session.add(row)
    await session.flush()
    await session.refresh(row)
    await audit.note(session, Act.KEY_MADE, actor=maker.actor, about=identity)
    return Made(_written(identity, secret), row)


async def rotate(
    session: AsyncSession, *, key_id: str, overlap: timedelta = OVERLAP, maker: Principal | None = None
) -> Made:
    """Give a key a new secret, shown this once; the one before works for ``overlap`` longer, any older one no more.

    Raises:
        NotFound: there is no such key.
        Conflict: it is revoked or expired.
        PermissionDenied: it may do what whoever rotates it may not, or lives longer.
    """
    row = await find(session, key_id, lock=True)
    if row.revoked_at or (row.expires_at and row.expires_at <= clock.now()):
        raise Conflict("This key is over; make another.")
    maker = maker or operator()
    who = principal(row)
    maker.require_cover(who.scopes, who.role)
    await _require_no_longer_life(session, maker, row.expires_at)
    secret = secrets.token_urlsafe(32)
    row.previous = row.digest if overlap else None
    row.previous_until = clock.now() + overlap if overlap else None
    row.digest, row.rotated_at = digest(secret), clock.now()
    await session.flush()
    await audit.note(session, Act.KEY_ROTATED, actor=maker.actor, about=key_id)
    return Made(_written(key_id, secret), row)


async def authenticate(session: AsyncSession, key: str) -> Principal:
    """The principal behind a key. The database's clock decides expiry.

    Raises:
        Unauthenticated: it is malformed, unknown, expired or revoked; the message does not say which.
    """
    prefix, _, rest = key.partition("_")
    identity, _, secret = rest.partition("_")
    row = None
    if prefix == _PREFIX and identity and secret and key.isascii() and key.isprintable():
        fresh = or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.now())
        earlier = case((ApiKey.previous_until > func.now(), ApiKey.previous), else_=null())
        found = select(ApiKey, fresh.label("fresh"), earlier.label("earlier")).where(ApiKey.id == identity)
        row = (await session.execute(found)).one_or_none()
    given = digest(secret)
    kept, earlier_kept = (row.ApiKey.digest, row.earlier or b"") if row else (b"", b"")
    known = hmac.compare_digest(kept, given) | hmac.compare_digest(earlier_kept, given)
    if not known or row is None or row.ApiKey.revoked_at or not row.fresh:
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
    return Principal(row.id, row.name, frozenset(known[s] for s in row.scopes if s in known), AccessRole(row.role))


async def everything(session: AsyncSession) -> list[ApiKey]:
    """All keys, newest first."""
    return list((await session.execute(select(ApiKey).order_by(ApiKey.created_at.desc(), ApiKey.id))).scalars())


async def page(session: AsyncSession, *, after: str | None = None, limit: int = 50) -> list[ApiKey]:
    """Keys by their ids, those behind ``after``."""
    asked = select(ApiKey).order_by(ApiKey.id).limit(limit)
    return list((await session.execute(asked if after is None else asked.where(ApiKey.id > after))).scalars())


async def find(session: AsyncSession, key_id: str, *, lock: bool = False) -> ApiKey:
    """A key's row.

    Raises:
        NotFound: there is no such key.
    """
    row = await session.get(ApiKey, key_id, with_for_update=lock)
    if row is None:
        raise NotFound(f"There is no key {key_id!r}.", hint="`cxcore key list` shows them.")
    return row


async def revoke(session: AsyncSession, *, key_id: str, maker: Principal | None = None) -> None:
    """End a key; to end it twice changes nothing.

    Raises:
        NotFound: there is no such key.
    """
    ended = await session.execute(
        update(ApiKey)
        .where(and_(ApiKey.id == key_id, ApiKey.revoked_at.is_(None)))
        .values(revoked_at=func.now(), previous=None, previous_until=None)
        .returning(ApiKey.id)
    )
    if ended.scalar_one_or_none() is None:
        await find(session, key_id)
        return
    await audit.note(session, Act.KEY_REVOKED, actor=(maker or operator()).actor, about=key_id)


async def _require_no_longer_life(session: AsyncSession, maker: Principal, ends: datetime | None) -> None:
    if not maker.key_id:
        return
    own = (await find(session, maker.key_id)).expires_at
    if own is not None and (ends is None or ends > own):
        raise PermissionDenied("No key makes or rotates one that lives longer than itself.")


def _written(identity: str, secret: str) -> str:
    return f"{_PREFIX}_{identity}_{secret}"

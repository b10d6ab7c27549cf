"""Keys: made, listed, rotated and revoked by whoever may give access."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from cxcore import clock
from cxcore.api.access import AccessReader, AccessWriter, Unit
from cxcore.api.idempotency import Once
from cxcore.api.problems import responses
from cxcore.api.v1 import access_schemas as schemas
from cxcore.api.v1.inputs import Key
from cxcore.auth import keys
from cxcore.auth.keys import Made
from cxcore.auth.policy import AccessRole
from cxcore.auth.tables import ApiKey
from cxcore.errors import Conflict, InvalidInput, NotFound

router = APIRouter(prefix="/v1", tags=["access"], route_class=Once)


@router.get("/keys", operation_id="listKeys", responses=responses())
async def every(
    session: Unit,
    _: AccessReader,
    *,
    after: Annotated[Key | None, Query(description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="Keys a page.")] = 50,
) -> schemas.KeysOut:
    """List all keys, those that are over included, without their secrets."""
    found = await keys.page(session, after=after, limit=limit + 1)
    return schemas.KeysOut(
        keys=[_shown(row) for row in found[:limit]], next=found[limit - 1].id if len(found) > limit else None
    )


@router.post("/keys", operation_id="createKey", status_code=201, responses=responses())
async def make(body: schemas.KeyIn, session: Unit, who: AccessWriter) -> schemas.MadeKeyOut:
    """Make a key. The answer holds its secret, which is shown this once. Nobody can give what they do not have."""
    lifetime = body.expires_at - clock.now() if body.expires_at else None
    if lifetime is not None and lifetime <= timedelta(0):
        raise InvalidInput("A key cannot end before it begins.")
    made = await keys.make(session, name=body.name, scopes=body.scopes, role=body.role, expires_in=lifetime, maker=who)
    return _made(made)


@router.get("/keys/{key_id}", operation_id="readKey", responses=responses(NotFound))
async def read(key_id: Key, session: Unit, _: AccessReader) -> schemas.KeyOut:
    """Read a key, without its secret."""
    return _shown(await keys.find(session, key_id))


@router.post("/keys/{key_id}:rotate", operation_id="rotateKey", responses=responses(NotFound, Conflict))
async def rotate(key_id: Key, body: schemas.RotateIn, session: Unit, who: AccessWriter) -> schemas.MadeKeyOut:
    """Give a key a new secret, shown this once; the one before works for the overlap, any older one no more."""
    overlap = timedelta(seconds=body.overlap_seconds)
    return _made(await keys.rotate(session, key_id=key_id, overlap=overlap, maker=who))


@router.post("/keys/{key_id}:revoke", operation_id="revokeKey", responses=responses(NotFound))
async def revoke(key_id: Key, session: Unit, who: AccessWriter) -> schemas.KeyOut:
    """End a key, and the sessions opened with it. It stops within five seconds; ending it twice changes nothing."""
    await keys.revoke(session, key_id=key_id, maker=who)
    return _shown(await keys.find(session, key_id))


def _made(made: Made) -> schemas.MadeKeyOut:
    return schemas.MadeKeyOut(key=_shown(made.row), secret=made.secret)


def _shown(row: ApiKey) -> schemas.KeyOut:
    return schemas.KeyOut(
        id=row.id,
        name=row.name,
        scopes=list(row.scopes),
        role=AccessRole(row.role),
        made_by=row.made_by,
        created_at=row.created_at,
        rotated_at=row.rotated_at,
        previous_until=row.previous_until,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )

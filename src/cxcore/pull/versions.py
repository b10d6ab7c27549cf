"""Versions of a source's settings: whoever changes them says which they have seen, and one changes them at a time."""

import hashlib
import json

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db import turns
from cxcore.errors import Changed
from cxcore.pull import credentials, sources
from cxcore.pull.sources import Configured


async def hold(session: AsyncSession, key: str) -> Configured:
    """The source as it is, with its settings kept from others until the transaction ends.

    Raises:
        NotFound: there is none.
    """
    await turns.hold(session, "source", key)
    return await sources.find(session, key)


async def version(session: AsyncSession, source: Configured) -> str:
    """A digest of what a person or a service sets, secrets by when they were entered: how pulls go makes no other version."""
    entered = [(h.field, h.set_at.isoformat(), h.set_by) for h in await credentials.held(session, source)]
    settings = (source.key, source.name, source.connector, source.region, source.every, dict(source.config), entered)
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:32]


async def require(session: AsyncSession, source: Configured, *, seen: str | None) -> None:
    """Raises Changed when another version has been seen, or none."""
    if seen != await version(session, source):
        raise Changed("These settings have been changed since they were read.")

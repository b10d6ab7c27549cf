"""Secrets of webhooks: made here, shown once, sealed; two sign while one replaces the other."""

import base64
import contextlib
import os
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.errors import OperatorError
from cxcore.pull.vault import Sealed, Vault
from cxcore.sdk.signature.standard import SECRET
from cxcore.webhooks.tables import WebhookSecret

OVERLAP = timedelta(hours=24)
"""For how long a secret still signs after another has taken its place."""
_BYTES = 32


async def renew(session: AsyncSession, vault: Vault, *, webhook_id: UUID, at: datetime) -> str:
    """Make a secret and answer it; it cannot be read again. The one before signs on for ``OVERLAP``, older ones end.

    Raises:
        OperatorError: there is no key to seal with.
    """
    await session.execute(
        delete(WebhookSecret).where(WebhookSecret.webhook_id == webhook_id, WebhookSecret.expires_at.is_not(None))
    )
    await session.execute(
        update(WebhookSecret).where(WebhookSecret.webhook_id == webhook_id).values(expires_at=at + OVERLAP)
    )
    secret, row_id = SECRET + base64.b64encode(os.urandom(_BYTES)).decode(), uuid4()
    sealed = vault.seal(secret, bound=_bound(row_id))
    session.add(
        WebhookSecret(
            id=row_id, webhook_id=webhook_id, key_id=sealed.key_id, wrapped=sealed.wrapped, sealed=sealed.sealed
        )
    )
    await session.flush()
    return secret


async def live(
    session: AsyncSession, vault: Vault, webhooks: Collection[UUID], *, at: datetime
) -> dict[UUID, tuple[str, ...]]:
    """The secrets that sign for each webhook, the present one first; one that does not open is left out."""
    rows = await session.execute(
        select(WebhookSecret)
        .where(
            WebhookSecret.webhook_id.in_(webhooks),
            or_(WebhookSecret.expires_at.is_(None), WebhookSecret.expires_at > at),
        )
        .order_by(WebhookSecret.expires_at.desc())
    )
    found: dict[UUID, tuple[str, ...]] = {}
    for row in rows.scalars():
        with contextlib.suppress(OperatorError):
            opened = vault.open(_sealed(row), bound=_bound(row.id))
            found[row.webhook_id] = (*found.get(row.webhook_id, ()), opened)
    return found


async def wrap_again(session: AsyncSession, vault: Vault) -> int:
    """Seal the data keys of all secrets with the vault's first key; answers how many had another.

    Raises:
        OperatorError: one was sealed with a key that the vault does not have.
    """
    rows = await session.execute(
        select(WebhookSecret).where(WebhookSecret.key_id != (vault.current or "")).with_for_update()
    )
    found = rows.scalars().all()
    for row in found:
        fresh = vault.wrap_again(_sealed(row), bound=_bound(row.id))
        row.key_id, row.wrapped = fresh.key_id, fresh.wrapped
    await session.flush()
    return len(found)


def _bound(row_id: UUID) -> str:
    return f"webhook secret {row_id}"


def _sealed(row: WebhookSecret) -> Sealed:
    return Sealed(row.key_id, row.wrapped, row.sealed)

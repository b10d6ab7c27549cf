"""Webhooks: made, read, changed, stopped and removed."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.errors import NotFound
from cxcore.events import feed
from cxcore.events.outbox import DomainEvent, EventType, publish
from cxcore.pull.vault import Vault
from cxcore.webhooks import address, secrets
from cxcore.webhooks.tables import Webhook


async def add(
    session: AsyncSession,
    vault: Vault,
    *,
    url: str,
    description: str,
    types: Collection[str] | None,
    actor: str,
    at: datetime,
    private_network: bool = False,
) -> tuple[Webhook, str]:
    """Make a webhook; answers it with its secret, which cannot be read again. It is sent what happens from now on.

    Raises:
        InvalidInput: it may not lead there.
        OperatorError: there is no key to seal the secret with.
    """
    address.check(url, private_network=private_network)
    made = Webhook(
        id=uuid4(),
        url=url,
        description=description,
        types=_types(types),
        reached=(await feed.ends(session)).last,
        created_by=actor,
    )
    session.add(made)
    await session.flush()
    secret = await secrets.renew(session, vault, webhook_id=made.id, at=at)
    await session.refresh(made)
    return made, secret


async def everything(session: AsyncSession) -> list[Webhook]:
    """All webhooks, the oldest first."""
    return list((await session.execute(select(Webhook).order_by(Webhook.created_at, Webhook.id))).scalars())


async def find(session: AsyncSession, webhook_id: UUID, *, locked: bool = False) -> Webhook:
    """A webhook; ``locked`` until the end of the transaction.

    Raises:
        NotFound: there is none with this id.
    """
    wanted = select(Webhook).where(Webhook.id == webhook_id)
    found = (await session.execute(wanted.with_for_update() if locked else wanted)).scalar_one_or_none()
    if found is None:
        raise NotFound(f"There is no webhook {webhook_id}.")
    return found


async def change(
    session: AsyncSession,
    webhook_id: UUID,
    *,
    url: str | None,
    description: str | None,
    types: Collection[str] | None,
    every_type: bool,
    private_network: bool = False,
) -> Webhook:
    """Change what is given; ``every_type``: send all types from now on.

    Raises:
        NotFound: there is none with this id.
        InvalidInput: it may not lead there.
    """
    found = await find(session, webhook_id, locked=True)
    if url is not None:
        address.check(url, private_network=private_network)
        found.url = url
    if description is not None:
        found.description = description
    if types is not None or every_type:
        found.types = _types(types)
    await session.flush()
    return found


async def enable(session: AsyncSession, webhook_id: UUID) -> Webhook:
    """Send again: at once what waits, then what happened meanwhile and is still kept.

    Raises:
        NotFound: there is none with this id.
    """
    found = await find(session, webhook_id, locked=True)
    found.state, found.problem, found.failures = "active", None, 0
    found.failing_since = found.rests_until = None
    await session.flush()
    return found


async def disable(session: AsyncSession, webhook_id: UUID) -> Webhook:
    """Send nothing until it is enabled.

    Raises:
        NotFound: there is none with this id.
    """
    await find(session, webhook_id)
    await session.execute(update(Webhook).where(Webhook.id == webhook_id).values(state="disabled", problem=None))
    return await find(session, webhook_id)


async def remove(session: AsyncSession, webhook_id: UUID) -> None:
    """Take a webhook away with its secrets and its log.

    Raises:
        NotFound: there is none with this id.
    """
    await find(session, webhook_id)
    await session.execute(delete(Webhook).where(Webhook.id == webhook_id))


async def rotate(session: AsyncSession, vault: Vault, webhook_id: UUID, *, at: datetime) -> str:
    """Make a new secret and answer it; the one before signs beside it for a day.

    Raises:
        NotFound: there is none with this id.
        OperatorError: there is no key to seal with.
    """
    await find(session, webhook_id, locked=True)
    return await secrets.renew(session, vault, webhook_id=webhook_id, at=at)


async def test(session: AsyncSession, webhook_id: UUID, *, actor: str) -> None:
    """Have an event sent to this webhook alone, whatever its types.

    Raises:
        NotFound: there is none with this id.
    """
    await find(session, webhook_id)
    await publish(session, [DomainEvent(EventType.WEBHOOK_TESTED, webhook_id, {"by": actor})])


def advice(found: Webhook) -> str | None:
    """What there is to do for a webhook that is sent nothing, or takes nothing; None: nothing."""
    if found.state == "paused":
        return (
            "See in its deliveries what was answered, put it right at the receiver or change the address, then enable it. "
            "What waits is sent then, up to 30 days back. Remove it if nobody needs it."
        )
    if found.state == "disabled":
        return "Somebody disabled it. Enable it to send what waits, up to 30 days back."
    if found.rests_until is not None:
        return "See in its deliveries what was answered, and put it right at the receiver, before it is paused."
    return None


def _types(types: Collection[str] | None) -> list[str] | None:
    return None if types is None else sorted(set(types))

"""A dispatcher of webhooks whose clock a test moves, and what a test does with it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from cxcore import clock
from cxcore.db.session import Database
from cxcore.events.outbox import DomainEvent, EventType, publish
from cxcore.pull.vault import Vault
from cxcore.webhooks import endpoints
from cxcore.webhooks.dispatch import Dispatcher
from cxcore.webhooks.sender import Sender
from support.receiving import Receiver

KEY = "a-vault-key-of-at-least-32-characters"
VAULT = Vault.of([KEY])


async def tell(database: Database, *numbers: int, kind: EventType = EventType.DECISION_MADE) -> None:
    """Publish an event for each number."""
    async with database.unit() as session:
        await publish(session, [DomainEvent(kind, UUID(int=1), {"number": n}) for n in numbers])


async def webhook(database: Database, to: Receiver, *types: EventType) -> tuple[UUID, str]:
    """A webhook that leads to a receiver; its id and its secret."""
    async with database.unit() as session:
        made, secret = await endpoints.add(
            session,
            VAULT,
            url=to.url,
            description="",
            types=types or None,
            actor="key:1",
            at=clock.now(),
            private_network=True,
        )
    return made.id, secret


async def rows(database: Database, sql: str) -> list[Any]:
    async with database.unit() as session:
        return list(await session.execute(text(sql)))


class Office:
    """A dispatcher at a time that stands still until it is moved."""

    def __init__(self, database: Database, sender: Sender) -> None:
        self.at = clock.now()
        self.dispatcher = Dispatcher(database, VAULT, sender, now=self.now)

    def now(self) -> datetime:
        return self.at

    async def send(self, *, after: timedelta = timedelta()) -> None:
        """Move the clock, and send until nothing is due."""
        self.at += after
        await self.dispatcher.fill()
        while await self.dispatcher.turn():
            await asyncio.wait(self.dispatcher._sending, return_when=asyncio.FIRST_COMPLETED)


@contextlib.asynccontextmanager
async def office(database: Database) -> AsyncIterator[Office]:
    async with Sender(private_network=True) as sender:
        yield Office(database, sender)

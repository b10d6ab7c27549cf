"""The connector: an organizer's orders with their check-ins, and its customer accounts."""

from collections.abc import AsyncGenerator, Iterable

from cxconnectors.pretix import meaning, people
from cxconnectors.pretix.client import Client
from cxconnectors.pretix.config import PretixConfig
from cxconnectors.pretix.customers import CUSTOMERS, Customers
from cxconnectors.pretix.orders import ORDERS, OVERLAP, Orders
from cxcore.model.interaction import Channel
from cxcore.sdk import (
    Connector,
    Cursor,
    Delivery,
    Manifest,
    Mapped,
    Page,
    Proof,
    Received,
    Record,
    Refused,
    Stream,
    Trust,
    nesting,
)


class Pretix(Connector[PretixConfig]):
    """``orders``: purchases, tickets and check-ins; ``customers``: accounts with their memberships."""

    Config = PretixConfig
    manifest = Manifest(
        key="pretix",
        name="pretix",
        channels=frozenset({Channel.PURCHASE, Channel.VISIT}),
        streams=(
            Stream(name=ORDERS, overlap=OVERLAP, hides_deletes=False),
            Stream(name=CUSTOMERS, hides_deletes=False),
        ),
        owner="cxcore",
        docs="connectors/cxconnectors/pretix/README.md",
    )

    @property
    def streams(self) -> tuple[Stream, ...]:
        return self.manifest.streams if self.config.customers else self.manifest.streams[:1]

    async def check(self) -> str:
        async with Client.http(self.config) as http:
            client = Client(http, self.config)
            name, events = await client.name(), await client.events()
            if events:
                await client.orders_of(str(events[-1].get("slug")))
            if self.config.customers:
                await client.customers(1)
            return f"{name} ({self.config.organizer}), {len(events)} events"

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncGenerator[Page]:
        async with Client.http(self.config) as http:
            client = Client(http, self.config)
            reading = (Orders if stream == ORDERS else Customers)(client, self.config, cursor)
            async for page in reading.pages():
                yield page

    def receive(self, delivery: Delivery) -> Received:
        """A sign to pull, and no more: pretix signs nothing, and tells only what happened to which order."""
        try:
            told = nesting.loads(delivery.body)
        except ValueError:
            told = None
        if not isinstance(told, dict) or told.get("organizer") != self.config.organizer:
            raise Refused("The delivery is not about this organizer.")
        return Received(Proof(Trust.NONE), wake=True)

    def map(self, record: Record) -> Iterable[Mapped]:
        if record.stream == CUSTOMERS:
            return (people.account(record.payload, self.config),)
        return meaning.order(record.payload, self.config)

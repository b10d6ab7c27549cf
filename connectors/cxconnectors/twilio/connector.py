"""The connector: windows of days of both lists, and callbacks that say when to read them."""

from collections.abc import AsyncGenerator, Iterable
from datetime import date, timedelta
from typing import Any

from cxconnectors.twilio import calls, messages, walk
from cxconnectors.twilio.client import Client, http
from cxconnectors.twilio.config import TwilioConfig
from cxconnectors.twilio.reading import CALLS, MESSAGES, Reading
from cxconnectors.twilio.times import moment
from cxconnectors.twilio.walk import Walk
from cxcore.model.interaction import Channel
from cxcore.sdk import (
    AuthFailed,
    Connector,
    Cursor,
    Delivery,
    Manifest,
    Mapped,
    Page,
    Rate,
    Received,
    Record,
    Stream,
)
from cxcore.sdk.signature import PRESETS, Secrets, verify

_FOUNDED = date(2008, 1, 1)
"""No account is older than Twilio."""
_OVERLAP = timedelta(days=1)


class Twilio(Connector[TwilioConfig]):
    """``calls`` and ``messages`` (SMS, MMS, WhatsApp), each by its sid."""

    Config = TwilioConfig
    manifest = Manifest(
        key="twilio",
        name="Twilio",
        channels=frozenset({Channel.PHONE, Channel.CHAT}),
        streams=(
            Stream(name=CALLS, channels=frozenset({Channel.PHONE}), overlap=_OVERLAP),
            Stream(name=MESSAGES, channels=frozenset({Channel.CHAT}), overlap=_OVERLAP),
        ),
        rate=Rate(calls=50, per=timedelta(seconds=1)),
        owner="cxcore",
        docs="connectors/cxconnectors/twilio/README.md",
    )

    async def check(self) -> str:
        async with http(self.config, self.manifest) as found:
            client = Client(found, self.config)
            account = await self._account(client)
            for stream in self.streams:
                await Reading(client, stream.name, self.config).now()
        named = f"{account.get('friendly_name') or 'account'} ({self.config.account_sid})"
        return named if account.get("status", "active") == "active" else f"{named}, {account['status']}"

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncGenerator[Page]:
        async with http(self.config, self.manifest) as found:
            client = Client(found, self.config)
            reading = Reading(client, stream, self.config)
            now = await reading.now()
            since = self.config.since or (_FOUNDED if cursor else await self._made(client))
            accounts = await client.accounts() if self.config.subaccounts else [self.config.account_sid]
            here: Walk | None = walk.begin(cursor, now=now, since=since, reread=self.config.reread)
            while here is not None:
                place = here.among(accounts)
                records, path = await reading.page(place)
                here = place.following(path, accounts)
                if here is None:
                    yield Page(records, place.ended(), complete_to=place.begun)
                else:
                    yield Page(records, here.cursor())

    async def _made(self, client: Client) -> date:
        """The day on which the account was made."""
        found = moment((await self._account(client)).get("date_created"))
        return found.date() if found else _FOUNDED

    async def _account(self, client: Client) -> dict[str, Any]:
        """The account; nothing of it where an API key may read calls and messages but not accounts."""
        try:
            return await client.account()
        except AuthFailed:
            if self.config.api_key is None:
                raise
            return {}

    def receive(self, delivery: Delivery) -> Received:
        """A sign to pull: of a call or message a callback tells less than the API, which is then asked at once."""
        tokens = [token.get_secret_value() for token in (self.config.auth_token, self.config.other_auth_token) if token]
        url = self.config.public_url
        if url and delivery.query:
            url = f"{url}?{delivery.query}"
        return Received(verify(PRESETS["twilio"], delivery, Secrets(tuple(tokens)), url=url), wake=True)

    def map(self, record: Record) -> Iterable[Mapped]:
        if record.stream == CALLS:
            return calls.interactions(record.payload, self.config)
        return messages.interactions(record.payload)

"""The connector: contacts and messages by walks from the newest activity on, and what webhooks deliver."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from typing import Any

from cxconnectors.chatwoot import landed, meaning, walk
from cxconnectors.chatwoot.client import MOST_MESSAGES, Client, Listed, http
from cxconnectors.chatwoot.config import ChatwootConfig
from cxconnectors.chatwoot.landed import CONTACTS, MESSAGES
from cxconnectors.chatwoot.walk import OVERLAP, Walk
from cxcore.model.interaction import Channel
from cxcore.sdk import Connector, Cursor, Delivery, Manifest, Mapped, Page, Rate, Received, Record, Stream, nesting
from cxcore.sdk.signature import PRESETS, Secrets, verify

_AGAIN = 10
"""Messages of a full answer that are asked for again: those of one second may have ids out of order."""
_WHOLE = timedelta(days=1)
"""The contacts are read whole so often: a change of theirs is no activity."""
_OFTEN = timedelta(hours=1)
_SAID, _CHANGED = frozenset({"message_created", "message_updated"}), frozenset({"contact_created", "contact_updated"})


class Chatwoot(Connector[ChatwootConfig]):
    """``contacts`` and ``messages``, each by its number in the installation."""

    Config = ChatwootConfig
    manifest = Manifest(
        key="chatwoot",
        name="Chatwoot",
        channels=frozenset({Channel.CHAT, Channel.EMAIL, Channel.SOCIAL, Channel.PHONE, Channel.FEEDBACK}),
        streams=(Stream(name=CONTACTS, overlap=OVERLAP), Stream(name=MESSAGES, overlap=OVERLAP, hides_deletes=False)),
        rate=Rate(calls=40, per=timedelta(seconds=1)),
        owner="cxcore",
        docs="connectors/cxconnectors/chatwoot/README.md",
    )

    async def check(self) -> str:
        async with http(self.config, self.manifest) as found:
            client = Client(found, self.config)
            account = await client.account()
            listed = await client.conversations(1)
        return f"{account.get('name')} at {self.config.url}, with {listed.count} conversations"

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncGenerator[Page]:
        async with http(self.config, self.manifest) as found:
            client = Client(found, self.config)
            pages = self._contacts(client, cursor) if stream == CONTACTS else self._messages(client, cursor)
            async with aclosing(pages):
                async for page in pages:
                    yield page

    def receive(self, delivery: Delivery) -> Received:
        """The message or contact delivered, and a sign to pull: deliveries come in no certain order."""
        secrets = (self.config.secret, self.config.former_secret)
        live = tuple(secret.get_secret_value() for secret in secrets if secret)
        proof = verify(PRESETS["chatwoot"], delivery, Secrets(live))
        try:
            record = self._delivered(nesting.loads(delivery.body))
        except ValueError:
            record = None
        return Received(proof, [record] if record else [], wake=True)

    def map(self, record: Record) -> Iterable[Mapped]:
        if record.stream == CONTACTS:
            return (meaning.person(record.payload, self.config),)
        return meaning.interactions(record.payload, self.config)

    def _delivered(self, told: object) -> Record | None:
        """The record of an event; None of one that says nothing of a message or contact of this account."""
        if not isinstance(told, dict) or not isinstance(told.get("id"), int):
            return None
        account, conversation = told.get("account"), told.get("conversation")
        if not isinstance(account, dict) or account.get("id") != self.config.account:
            return None
        if told.get("event") in _CHANGED:
            return landed.contact(told)
        if told.get("event") in _SAID and isinstance(conversation, dict):
            return landed.message(told, conversation)
        return None

    async def _contacts(self, client: Client, cursor: Cursor | None) -> AsyncGenerator[Page]:
        """Contacts by their activity; once a day all of them. One that moves meanwhile is read by the next pull."""
        await client.account()
        here = walk.begin(cursor, now=client.now(), every=_WHOLE, reread=None)
        while True:
            listed = await client.contacts(here.page)
            place = here.seen(count=listed.count, size=len(listed.items), now=client.now(), high=0)
            here, moved = place, place.page < here.page
            if moved:
                continue
            reached = [each for each in listed.items if here.reaches(_active(each))]
            records = [landed.contact(each) for each in reached]
            if not listed.items or len(reached) < len(listed.items):
                yield Page(records, here.ended(reread=timedelta(0)), complete_to=here.begun)
                return
            here = here.turned()
            yield Page(records, here.cursor())

    async def _messages(self, client: Client, cursor: Cursor | None) -> AsyncGenerator[Page]:
        """Messages of conversations by their activity; once an hour those of the last days, which may have changed."""
        reread = timedelta(days=self.config.reread)
        await client.account()
        here: Walk | None = walk.begin(cursor, now=client.now(), every=_OFTEN, reread=reread)
        while here is not None:
            listed = await client.conversations(here.page)
            place = here.seen(count=listed.count, size=len(listed.items), now=client.now(), high=_highest(listed))
            here, moved = place, place.page < here.page
            if moved:
                continue
            reached = [each for each in listed.items if here.reaches(_active(each))]
            records: list[Record] = []
            for conversation in reached:
                if conversation["id"] in here.done:
                    continue
                async for found, further in self._conversation(client, conversation, here):
                    here, records = further, records + found
                    if len(records) >= MOST_MESSAGES:
                        yield Page(records, here.cursor())
                        records = []
            last, here = here, here.turned()
            if not listed.items or len(reached) < len(listed.items):
                here = last.again()
            if here is None:
                yield Page(records, last.ended(reread=reread), complete_to=last.begun)
            elif records:
                yield Page(records, here.cursor())

    @staticmethod
    async def _conversation(
        client: Client, conversation: Mapping[str, Any], here: Walk
    ) -> AsyncGenerator[tuple[list[Record], Walk]]:
        """What is to be read of a conversation, a hundred messages at a time, and the place after each."""
        number = conversation["id"]
        low = here.after[1] if here.after and here.after[0] == number else here.lowest()
        while True:
            found = await client.messages(number, low)
            more = len(found) >= MOST_MESSAGES
            low = max(low + 1, sorted(each["id"] for each in found)[-_AGAIN]) if more else low
            here = replace(here, after=(number, low)) if more else here.read(number)
            yield [record for each in found if (record := landed.message(each, conversation))], here
            if not more:
                return


def _active(found: Mapping[str, Any]) -> float:
    """When something last happened to a conversation or contact, in seconds since 1970."""
    at = found.get("last_activity_at")
    return float(at) if isinstance(at, int | float) else 0.0


def _highest(listed: Listed) -> int:
    """The highest id of the messages that a list of conversations shows: those before it are there to be read."""
    shown = [each for conversation in listed.items for each in conversation.get("messages") or []]
    return max((each["id"] for each in shown if isinstance(each, dict) and isinstance(each.get("id"), int)), default=0)

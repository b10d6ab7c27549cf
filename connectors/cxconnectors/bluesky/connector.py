"""The connector: two lists walked backwards, what concerns the account and what it posts."""

from collections.abc import AsyncGenerator, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from cxconnectors.bluesky import meaning
from cxconnectors.bluesky.client import Client
from cxconnectors.bluesky.config import BlueskyConfig
from cxconnectors.bluesky.listing import MENTIONS, OVERLAP, POSTS, Mentions, Posts
from cxconnectors.bluesky.walk import Walk
from cxcore.model.interaction import Channel
from cxcore.sdk import Connector, Cursor, Manifest, Mapped, Page, Rate, Record, RecordRejected, Stream

_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)


class Bluesky(Connector[BlueskyConfig]):
    """``mentions``: posts that mention, answer or quote the account, and their writers. ``posts``: its own."""

    Config = BlueskyConfig
    manifest = Manifest(
        key="bluesky",
        name="Bluesky",
        channels=frozenset({Channel.SOCIAL}),
        streams=(
            Stream(name=MENTIONS, overlap=OVERLAP, hides_deletes=False),
            Stream(name=POSTS, overlap=OVERLAP, hides_deletes=False),
        ),
        rate=Rate(calls=3000, per=timedelta(minutes=5)),
        owner="cxcore",
        docs="connectors/cxconnectors/bluesky/README.md",
    )
    transport: Any = None

    async def check(self) -> str:
        async with Client.signed_in(self.config, rate=self.manifest.rate, transport=self.transport) as client:
            handle = await client.whoami()
            await client.notifications((), None, 1)
            return f"{handle} ({client.session.did}) at {self.config.service}"

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncGenerator[Page]:
        async with Client.signed_in(self.config, rate=self.manifest.rate, transport=self.transport) as client:
            await client.whoami()
            listing = (Mentions if stream == MENTIONS else Posts)(client, self.config)
            now, seconds = client.clock or _UNKNOWN, self.config.recheck_minutes * 60
            async for page in Walk(listing, cursor, now=now, recheck_seconds=seconds).pages():
                yield page

    def map(self, record: Record) -> Iterable[Mapped]:
        if record.deleted:
            return ()
        if record.stream == POSTS:
            return meaning.own_post(record.payload, self.config)
        if not isinstance(record.payload, dict):
            raise RecordRejected("no post of Bluesky")
        if "did" in record.payload:
            return (meaning.person(record.payload),)
        return meaning.mention(record.payload, self.config)

"""The connector: the comments on a WordPress site."""

from collections.abc import AsyncGenerator, Iterable
from typing import Any

from cxconnectors.wordpress import meaning
from cxconnectors.wordpress.client import Client
from cxconnectors.wordpress.comment import STREAM
from cxconnectors.wordpress.config import WordPressConfig
from cxconnectors.wordpress.walk import OVERLAP, Walk
from cxcore.model.interaction import Channel
from cxcore.sdk import Connector, Cursor, Manifest, Mapped, Page, Record, Stream


class WordPress(Connector[WordPressConfig]):
    """``comments``: an edited comment is a new version; one that is erased, or put to spam or trash, is deleted."""

    Config = WordPressConfig
    manifest = Manifest(
        key="wordpress",
        name="WordPress comments",
        channels=frozenset({Channel.SOCIAL}),
        streams=(Stream(name=STREAM, overlap=OVERLAP, hides_deletes=False),),
        owner="cxcore",
        docs="connectors/cxconnectors/wordpress/README.md",
    )
    transport: Any = None

    async def check(self) -> str:
        async with Client.opened(self.config, self.transport) as client:
            name = await client.name()
            _, total = await client.comments(after=None, offset=0, limit=1)
            return f"{name} at {self.config.url}: {total} comments"

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncGenerator[Page]:
        async with Client.opened(self.config, self.transport) as client:
            async for page in Walk(client, self.config, cursor).pages():
                yield page

    def map(self, record: Record) -> Iterable[Mapped]:
        return () if record.deleted else meaning.interaction(record.payload, self.config)

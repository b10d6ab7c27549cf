"""The connector: mentions of an account and its own posts upwards by id, and the newest of them again."""

from collections.abc import AsyncGenerator, Iterable

from cxconnectors.mastodon import meaning
from cxconnectors.mastodon.client import Client
from cxconnectors.mastodon.config import MastodonConfig
from cxconnectors.mastodon.reading import POSTS, Reading
from cxcore.model.interaction import Channel
from cxcore.sdk import Connector, Cursor, Manifest, Mapped, Page, Record, Stream


class Mastodon(Connector[MastodonConfig]):
    """``posts``: what is said to the account, and what it says; an edit is a new version.

    The source hides deletes: it never tells of one, and only the newest posts are asked for again.
    """

    Config = MastodonConfig
    manifest = Manifest(
        key="mastodon",
        name="Mastodon",
        channels=frozenset({Channel.SOCIAL}),
        streams=(Stream(name=POSTS),),
        owner="cxcore",
        docs="connectors/cxconnectors/mastodon/README.md",
    )

    async def check(self) -> str:
        async with Client.http(self.config) as http:
            client = Client(http, self.config)
            me = await client.me()
            await client.mentions("0")
            await client.posts(me["id"], "0")
            return f"@{meaning.handle(str(me.get('acct')), self.config)}"

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncGenerator[Page]:
        async with Client.http(self.config) as http:
            async for page in Reading(Client(http, self.config), self.config, cursor).pages():
                yield page

    def map(self, record: Record) -> Iterable[Mapped]:
        return meaning.post(record.payload, self.config)

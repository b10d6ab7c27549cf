"""The connector: a mailbox on an IMAP server as a source."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing

from cxconnectors.imap.config import ImapConfig
from cxconnectors.imap.cursor import State
from cxconnectors.imap.fetching import STREAM
from cxconnectors.imap.folders import followed
from cxconnectors.imap.looking import known
from cxconnectors.imap.pages import pages
from cxconnectors.imap.session import Session
from cxcore.model.interaction import Channel
from cxcore.sdk import (
    Connector,
    Cursor,
    Manifest,
    Mapped,
    Page,
    Record,
    RecordRejected,
    SourceUnavailable,
    Stream,
)
from cxcore.sdk.mail import CUT_MAIL, MAIL, OwnSide, map_mail

IDLE_SECONDS = 300.0
"""So often IDLE is begun anew: a line that has silently died is then noticed (RFC 2177: within 29 minutes)."""


class Imap(Connector[ImapConfig]):
    """A mailbox and the folders followed in it."""

    manifest = Manifest(
        key="imap",
        name="Mailbox (IMAP)",
        channels=frozenset({Channel.EMAIL}),
        streams=(Stream(name=STREAM, hides_deletes=False, watched=True),),
        owner="cxcore",
        docs="connectors/cxconnectors/imap/README.md",
    )
    Config = ImapConfig

    def __init__(self, config: ImapConfig) -> None:
        super().__init__(config)
        self._own = OwnSide(config.own)

    async def check(self) -> str:
        """What is there: "help@shop.example on imap.shop.example: 1204 mails in INBOX, Sent"."""
        async with Session.signed_in(self.config) as session:
            found, unmet = followed(await session.folders(), self.config.folders)
            if unmet:
                raise SourceUnavailable(f"There is no folder {', '.join(unmet)}.", hint="Correct `folders`.")
            count = sum([(await session.examine(folder)).exists for folder in found])
        names = ", ".join(folder.name for folder in found)
        return f"{self.config.user} on {self.config.host}: {count} mail{'s' if count != 1 else ''} in {names}"

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncIterator[Page]:
        """Folder by folder what is new, by UID, and at the end what has gone."""
        if stream != STREAM:
            raise ValueError(f"imap has no stream {stream!r}")
        async with aclosing(pages(self.config, cursor)) as found:
            async for page in found:
                yield page

    async def watch(self, stream: str, cursor: Cursor) -> None:
        """Wait in INBOX, or in the first folder if INBOX is not followed; for ever, if the server has no IDLE."""
        async with Session.signed_in(self.config) as session:
            found, _ = followed(await session.folders(), self.config.folders)
            if session.idles and found:
                folder = next((each for each in found if each.name == "INBOX"), found[0])
                opened = await session.examine(folder)
                if known(State.read(cursor).folders.get(folder.scope), opened):
                    while not await session.news(IDLE_SECONDS):
                        pass
                return
        await asyncio.Event().wait()

    def map(self, record: Record) -> Iterable[Mapped]:
        """A mail becomes one interaction; of a cut one, what was kept."""
        if record.deleted:
            return ()
        if isinstance(record.payload, bytes) and record.media_type in {MAIL, CUT_MAIL}:
            return map_mail(record.payload, self._own, self.config.zone, cut=record.media_type == CUT_MAIL)
        raise RecordRejected("the server could not hand out this mail")

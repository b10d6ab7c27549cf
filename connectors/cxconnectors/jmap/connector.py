"""The connector: the mail accounts of a JMAP user as a source."""

import asyncio
from collections.abc import AsyncGenerator, Iterable

from cxconnectors.jmap import mailboxes
from cxconnectors.jmap.client import Client, MethodRefused, client_for
from cxconnectors.jmap.config import JmapConfig
from cxconnectors.jmap.cursor import State
from cxconnectors.jmap.fetching import STREAM
from cxconnectors.jmap.mailboxes import short
from cxconnectors.jmap.reading import Progress, Reading
from cxconnectors.jmap.service import MOST_ACCOUNTS
from cxcore.model.interaction import Channel
from cxcore.sdk import Connector, Cursor, Manifest, Mapped, Page, Record, RecordRejected, SourceUnavailable, Stream
from cxcore.sdk.http import Limits
from cxcore.sdk.mail import CUT_MAIL, MAIL, OwnSide, map_mail

WATCH_SECONDS = 900.0
"""So often the wait for news is begun anew."""
_PATIENT = Limits(
    most_bytes=1 << 20, request=WATCH_SECONDS + 60, whole=WATCH_SECONDS + 60, window=WATCH_SECONDS + 60, progress=0
)
_SETTLED = 1.0
"""Seconds after which a wait that was begun is taken to stand."""


class Jmap(Connector[JmapConfig]):
    """Mail accounts and the folders followed in them."""

    manifest = Manifest(
        key="jmap",
        name="Mailbox (JMAP)",
        channels=frozenset({Channel.EMAIL}),
        streams=(Stream(name=STREAM, hides_deletes=False, watched=True),),
        owner="cxcore",
        docs="connectors/cxconnectors/jmap/README.md",
    )
    Config = JmapConfig

    def __init__(self, config: JmapConfig) -> None:
        super().__init__(config)
        self._own = OwnSide(config.own)

    async def check(self) -> str:
        """What is there: "help@shop.example on jmap.shop.example: 1204 mails in Inbox, Sent"."""
        async with Client.signed_in(self.config) as client:
            told = []
            for account in self._accounts(client, []):
                there = mailboxes.read(await client.mailboxes(account))
                found, unmet = mailboxes.followed(there, self.config.folders)
                if unmet:
                    raise SourceUnavailable(f"There is no folder {', '.join(unmet)}.", hint="Correct `folders`.")
                names, count = ", ".join(box.name for box in found), sum(box.total for box in found)
                told.append(f"{client.service.accounts[account]}: {count} mail{'s' if count != 1 else ''} in {names}")
        return f"{client.service.user} at {self.config.url}; {'; '.join(told)}"

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncGenerator[Page]:
        """Account by account what is there, once, and then what has changed."""
        if stream != STREAM:
            raise ValueError(f"jmap has no stream {stream!r}")
        progress = Progress(State.read(cursor))
        async with Client.signed_in(self.config) as client:
            for account in self._accounts(client, progress.notes):
                async for page in Reading(client, account, self.config, progress).pages():
                    yield page
        yield progress.page((), last=True)

    async def watch(self, stream: str, cursor: Cursor) -> None:
        """Wait for the server's word (EventSource) that a mail changed; for ever, if it has none to give."""
        async with Client.signed_in(self.config) as client, client_for(self.config, _PATIENT) as patient:
            waiting = Client(patient, client.service)
            while True:
                news = asyncio.create_task(waiting.news(WATCH_SECONDS))
                try:
                    await asyncio.wait({news}, timeout=_SETTLED)
                    if await self._behind(client, cursor):
                        return
                    if not await news:
                        break
                except TimeoutError:
                    continue
                finally:
                    news.cancel()
                    await asyncio.gather(news, return_exceptions=True)
        await asyncio.Event().wait()

    def map(self, record: Record) -> Iterable[Mapped]:
        """A mail becomes one interaction; of a cut one, what was kept."""
        if record.deleted:
            return ()
        if isinstance(record.payload, bytes) and record.media_type in {MAIL, CUT_MAIL}:
            return map_mail(record.payload, self._own, self.config.zone, cut=record.media_type == CUT_MAIL)
        raise RecordRejected("the server could not hand out this mail")

    async def _behind(self, client: Client, cursor: Cursor) -> bool:
        """Whether something has changed in an account since the cursor."""
        known = State.read(cursor).accounts
        for account in self._accounts(client, []):
            reached = known.get(short(account))
            if reached is None or not reached.whole:
                return True
            try:
                changes = await client.changes(account, reached.state, most=None)
            except MethodRefused:  # the state is forgotten, which a pull puts right
                return True
            if changes.alive or changes.destroyed:
                return True
        return False

    def _accounts(self, client: Client, notes: list[str]) -> list[str]:
        """The accounts followed, by id."""
        found, unmet = client.service.followed(self.config.accounts)
        notes += [f"There is no account {name}." for name in unmet]
        if not found:
            raise SourceUnavailable("None of the accounts is there.", hint="Correct `accounts`.")
        if len(found) > MOST_ACCOUNTS:
            raise SourceUnavailable(
                f"{len(found)} accounts are followed; {MOST_ACCOUNTS} is the limit.", hint="Name them in `accounts`."
            )
        return found

"""The connector: simple REST systems, each described in one file."""

from collections.abc import AsyncGenerator, Iterable
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cxconnectors.http_json import reading, rows
from cxconnectors.http_json.asking import Asking
from cxconnectors.http_json.config import HttpJsonConfig
from cxconnectors.http_json.language import RowPlan
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


class HttpJson(Connector[HttpJsonConfig]):
    """Lists of JSON objects over HTTP, page by page."""

    Config = HttpJsonConfig
    manifest = Manifest(
        key="http_json",
        name="REST systems, described in a file",
        channels=frozenset(Channel),
        owner="cxcore",
        docs="connectors/cxconnectors/http_json/README.md",
    )

    def __init__(self, config: HttpJsonConfig) -> None:
        super().__init__(config)
        zone = ZoneInfo(config.timezone) if config.timezone else None
        self._entries = {entry.name: entry for entry in config.stream}
        self._plans = {entry.name: RowPlan(entry.mapping, zone) for entry in config.stream}

    @property
    def streams(self) -> tuple[Stream, ...]:
        return tuple(entry.stream() for entry in self.config.stream)

    async def check(self) -> str:
        """The account as `check` finds it, or the host and how many records the first page has."""
        host = urlsplit(self.config.base_url).netloc
        async with Asking(self.config) as asking:
            if self.config.check:
                answer = await asking.one(self.config.check.path)
                account = rows.value(self.config.check.account, answer.json())
                if not isinstance(account, str | int) or account == "":
                    raise SourceUnavailable("The answer to the check names no account.", hint="Is `account` right?")
                return f"{account} on {host}"
            name = self.config.stream[0].name
            found = reading.pages(asking, self._entries[name], self._plans[name], None, most=1)
            async for page in found:
                await found.aclose()
                return f"{host}: {len(page.records)} {name} on the first page"
        raise SourceUnavailable("The source answers nothing.")

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncGenerator[Page]:
        async with Asking(self.config) as asking:
            found = reading.pages(
                asking, self._entries[stream], self._plans[stream], cursor, most=self.config.limits.pages
            )
            try:
                async for page in found:
                    yield page
            finally:
                await found.aclose()

    def map(self, record: Record) -> Iterable[Mapped]:
        if record.deleted:
            return ()
        if record.media_type == rows.NO_KEY or not isinstance(record.payload, dict):
            raise RecordRejected("the record is not an object with a key")
        if record.stream not in self._plans:
            raise RecordRejected("the source has no such stream now")
        return self._plans[record.stream].mapped(record.payload, dated=record.changed_at is not None)

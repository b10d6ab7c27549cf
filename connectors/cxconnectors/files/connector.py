"""The connector: a folder or file of exports as a source."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta

from cxconnectors.files.config import FilesConfig
from cxconnectors.files.cursor import NEAR_NS
from cxconnectors.files.pages import pages
from cxconnectors.files.piece import STREAM
from cxconnectors.files.rows_reader import reason
from cxconnectors.files.scan import FileSeen, Scan, scan
from cxcore.model.interaction import Channel
from cxcore.sdk import (
    AuthFailed,
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
from cxcore.sdk.mapping.row_plan import RowPlan

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def _readable(size: float) -> str:
    unit = 0
    while size >= 1000 and unit < len(_UNITS) - 1:  # noqa: PLR2004 - SI units
        size, unit = size / 1000, unit + 1
    return f"{size:.0f} {_UNITS[unit]}" if unit == 0 or size >= 10 else f"{size:.1f} {_UNITS[unit]}"  # noqa: PLR2004


def _first_closed(seen: Scan) -> FileSeen | None:
    return next((file for file in seen.files if not os.access(file.path, os.R_OK)), None)


class Files(Connector[FilesConfig]):
    """Mailboxes and tables that lie in a folder."""

    manifest = Manifest(
        local=True,
        key="files",
        name="Files: mailboxes and tables",
        channels=frozenset(Channel),
        streams=(Stream(name=STREAM, overlap=timedelta(microseconds=NEAR_NS // 1000)),),
        owner="cxcore",
        docs="connectors/cxconnectors/files/README.md",
    )
    Config = FilesConfig

    def __init__(self, config: FilesConfig) -> None:
        super().__init__(config)
        self._plan = RowPlan(config.mapping, config.zone) if config.mapping else None
        self._own = OwnSide(config.own_addresses)

    async def check(self) -> str:
        """What lies there: "3 files, 12 MB in /data/inbox"."""
        seen = await asyncio.to_thread(scan, self.config)
        if not seen.files:
            raise SourceUnavailable(
                f"There is no file in {self.config.path} that fits the pattern {self.config.pattern}.",
                hint="Put the exports there, or correct `path` and `pattern`.",
            )
        closed = await asyncio.to_thread(_first_closed, seen)
        if closed:
            raise AuthFailed(
                f"The file {closed.shown} may not be read.", hint="Give cxcore's user the right to read it."
            )
        count = len(seen.files)
        return f"{count} file{'s' if count != 1 else ''}, {_readable(seen.size)} in {self.config.path}"

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncIterator[Page]:
        """Pages in the order of the files' last change, read in a thread, each while the one before is landed."""
        if stream != STREAM:
            raise ValueError(f"files has no stream {stream!r}")
        found = pages(self.config, self._plan, cursor)
        coming = asyncio.create_task(asyncio.to_thread(next, found, None))
        try:
            while (page := await coming) is not None:
                coming = asyncio.create_task(asyncio.to_thread(next, found, None))
                yield page
        finally:
            await asyncio.gather(coming, return_exceptions=True)  # a thread cannot be stopped

    def map(self, record: Record) -> Iterable[Mapped]:
        """A mail becomes one interaction; a row what the mapping says."""
        if record.deleted:
            return ()
        payload = record.payload
        if record.media_type == MAIL and isinstance(payload, bytes):
            return map_mail(payload, self._own, self.config.zone)
        if record.media_type == CUT_MAIL:
            raise RecordRejected("the mail is longer than the limit")
        if why := reason(record.media_type):
            raise RecordRejected(why)
        if not isinstance(payload, dict):
            raise RecordRejected("row is not a JSON object")
        if self._plan is None:
            raise RecordRejected("the source has no mapping for rows")
        return self._plan.mapped(payload, dated=record.changed_at is not None)

"""The connector: calls from Master.csv or from the SQL table."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cxconnectors.asterisk_cdr import call_map, cdr_table, master_csv
from cxconnectors.asterisk_cdr.cdr_table import Walk
from cxconnectors.asterisk_cdr.config import AsteriskConfig
from cxconnectors.asterisk_cdr.gather import Gatherer, pages
from cxconnectors.asterisk_cdr.legs import aware
from cxconnectors.asterisk_cdr.master_csv import Position
from cxcore.model.interaction import Channel
from cxcore.sdk import Connector, Cursor, Manifest, Mapped, Page, Record, RecordRejected, Stream
from cxcore.sdk.sql import reading


class AsteriskCdr(Connector[AsteriskConfig]):
    """Legs of a call are one interaction, by linkedid."""

    Config = AsteriskConfig
    manifest = Manifest(
        local=True,
        key="asterisk_cdr",
        name="Asterisk call detail records",
        channels=frozenset({Channel.PHONE}),
        streams=(Stream(name="calls", overlap=timedelta(hours=6)),),
        owner="cxcore",
        docs="connectors/cxconnectors/asterisk_cdr/README.md",
    )

    async def check(self) -> str:
        if self.config.file is not None:
            size = master_csv.stat(self.config.file).st_size
            return f"{self.config.file}, {size / 1e6:.1f} MB"
        async with reading(self._url) as table:
            statement = f"select count(*) as n, max(calldate) as latest from {table.quote(self.config.table)}"  # noqa: S608
            found = [row async for row in table.rows(statement)]
        return f"table {self.config.table}, {found[0]['n']} records up to {found[0]['latest']}"

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncGenerator[Page]:
        file = self.config.file
        async with aclosing(self._from_table(cursor) if file is None else self._from_file(file, cursor)) as found:
            async for page in found:
                yield page

    def map(self, record: Record) -> Iterable[Mapped]:
        payload = record.payload
        legs = payload.get("legs") if isinstance(payload, dict) else None
        if not isinstance(legs, list):
            raise RecordRejected("not a call detail record: too few columns, no id or no time")
        texts = [{str(k): str(v) for k, v in found.items()} for found in legs if isinstance(found, dict)]
        yield call_map.interaction(texts, self.config)

    async def _from_file(self, file: Path, cursor: Cursor | None) -> AsyncGenerator[Page]:
        """From the first row of a call that could still grow; the size tells whether anything was written since."""
        files = master_csv.parts(file, Position.of(cursor))
        if not files:
            return
        gatherer = Gatherer(timedelta(seconds=self.config.longest_call))
        total = sum(place.size for _, place in files)
        before = [sum(place.size for _, place in files[:i]) for i in range(len(files))]
        start, end = (0, files[0][1].offset), (len(files) - 1, files[-1][1].size)
        here = start

        def resume(place: tuple[int, int] | None) -> Cursor:
            nonlocal here
            here = place or start
            return Position(files[here[0]][1].inode, here[1], 0).cursor()

        async with aclosing(pages(master_csv.legs(files, self.config.columns), gatherer, resume)) as found:
            async for page in found:
                yield Page(page.records, page.cursor, done=before[here[0]] + here[1], total=total)
        index, offset = gatherer.place(end)
        read_whole = Position(files[index][1].inode, offset, files[-1][1].size if index == end[0] else 0)
        yield Page((), read_whole.cursor(), complete_to=self._complete(gatherer), done=total, total=total)

    async def _from_table(self, cursor: Cursor | None) -> AsyncGenerator[Page]:
        longest, zone = timedelta(seconds=self.config.longest_call), ZoneInfo(self.config.timezone)
        async with reading(self._url) as table:
            newest, now = await cdr_table.bounds(table, self.config.table, zone)
            gatherer = Gatherer(longest, horizon=now)
            walk = Walk.of(cursor, newest, longest)
            legs = cdr_table.legs(table, self.config.table, walk.begin)
            async with aclosing(pages(legs, gatherer, walk.under_way)) as found:
                async for page in found:
                    yield page
        yield Page((), walk.ended(gatherer.place(None)), complete_to=self._complete(gatherer))

    @property
    def _url(self) -> str:
        return self.config.url.get_secret_value() if self.config.url else ""

    def _complete(self, gatherer: Gatherer) -> datetime | None:
        """When the last call ended, by Asterisk's clock."""
        return aware(gatherer.latest, ZoneInfo(self.config.timezone), "") if gatherer.latest else None

"""A switchboard whose Asterisk writes its table in a real PostgreSQL, as the vendor's documentation defines it."""

import asyncio
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

from support.server import SHARED

T0 = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001 - as Asterisk writes it, naive
READER, PASSWORD = "cdr_reader", "swordfish-4711"
COLUMNS = (
    "calldate",
    "clid",
    "src",
    "dst",
    "dcontext",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "accountcode",
    "uniqueid",
    "userfield",
    "linkedid",
    "sequence",
)
_ROLE = f"""
do $$ begin
    create role {READER} login password '{PASSWORD}';
exception when duplicate_object or unique_violation then null;
end $$;
grant select on cdr to {READER};
"""
"""Roles are the server's, and several processes may test on one server."""


@dataclass
class Switchboard:
    """``now`` is its clock; a row is written when its leg ends, while ``calldate`` is when it began."""

    url: str
    now: datetime = T0
    rng: random.Random = field(default_factory=lambda: random.Random(11))
    _begun: int = 0
    _up: list[tuple[datetime, tuple[Any, ...]]] = field(default_factory=list)
    written: dict[str, int] = field(default_factory=dict)
    """Of each call the legs that stand in the table."""

    def open(self) -> None:
        """Make the table, and a role that may only read it."""
        definition = (SHARED / "vendors" / "asterisk" / "cdr_postgres.sql").read_text(encoding="utf-8")
        self.run(definition)
        self.run(_ROLE)

    @property
    def readers_url(self) -> str:
        return make_url(self.url).set(username=READER, password=PASSWORD).render_as_string(hide_password=False)

    def run(self, sql: str) -> None:
        asyncio.run(execute(self.url, sql))

    async def pass_time(self, minutes: int) -> None:
        """Calls come in, one a minute, of one to three legs and up to three hours; those that end are written."""
        for _ in range(minutes):
            self._ring()
            self.now += timedelta(minutes=1)
        over = sorted((each for each in self._up if each[0] <= self.now), key=lambda each: each[0])
        self._up = [each for each in self._up if each[0] > self.now]
        await insert(self.url, [row for _, row in over])
        for _, row in over:
            call = row[COLUMNS.index("linkedid")]
            self.written[call] = self.written.get(call, 0) + 1

    def _ring(self) -> None:
        self._begun += 1
        number = self._begun
        linked = f"{1772442000 + number}.{number}"
        start = self.now
        for leg in range(self.rng.choice((1, 1, 2, 3))):
            seconds = int(self.rng.choice((20, 200, 900, 4000, 10000)) * self.rng.random()) + 6
            row = (
                start,
                f'"Caller" <04012345{number % 40:02d}>',
                f"04012345{number % 40:02d}",
                "0942123",
                "from-pstn",
                f"PJSIP/trunk-{number:08x}",
                f"PJSIP/20{leg}-{number:08x}",
                "Queue",
                "desk",
                seconds,
                seconds - 5,
                "ANSWERED",
                3,
                "",
                linked if leg == 0 else f"{linked}{leg}",
                "",
                linked,
                number * 10 + leg,
            )
            end = start + timedelta(seconds=seconds)
            self._up.append((end, row))
            start = start + timedelta(seconds=self.rng.randrange(seconds))


async def execute(url: str, sql: str) -> None:
    connection = await _connected(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def insert(url: str, rows: list[tuple[Any, ...]]) -> None:
    connection = await _connected(url)
    try:
        await connection.copy_records_to_table("cdr", columns=list(COLUMNS), records=rows)
    finally:
        await connection.close()


async def _connected(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))

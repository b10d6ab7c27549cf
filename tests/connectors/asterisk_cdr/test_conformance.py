"""asterisk_cdr under the conformance suite, from a file and from a table."""

import asyncio
import csv
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from cxconnectors.asterisk_cdr import AsteriskCdr
from cxconnectors.asterisk_cdr.config import CSV_COLUMNS
from cxcore.sdk.testing import CANARY, ConnectorConformance, SourceFixture
from support.server import SHARED, fresh_database

T0 = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001 - as Asterisk writes it, naive


def row(number: int, *, start: datetime, seconds: int = 60, **changes: str) -> list[str]:
    """A line of Master.csv for a call that was answered after five seconds."""
    values = {
        "accountcode": "",
        "src": f"04012345{number % 100:02d}",
        "dst": "0942123",
        "dcontext": "from-pstn",
        "clid": f'"Caller" <04012345{number % 100:02d}>',
        "channel": f"PJSIP/trunk-{number:08x}",
        "dstchannel": f"PJSIP/204-{number:08x}",
        "lastapp": "Queue",
        "lastdata": "desk",
        "start": f"{start:%Y-%m-%d %H:%M:%S}",
        "answer": f"{start + timedelta(seconds=5):%Y-%m-%d %H:%M:%S}",
        "end": f"{start + timedelta(seconds=5 + seconds):%Y-%m-%d %H:%M:%S}",
        "duration": str(seconds + 5),
        "billsec": str(seconds),
        "disposition": "ANSWERED",
        "amaflags": "DOCUMENTATION",
        "uniqueid": f"{1772442000 + number}.{number}",
        "userfield": "",
        "linkedid": f"{1772442000 + number}.{number}",
        "sequence": str(number),
    }
    return list((values | changes).values())


class MasterCsv(SourceFixture):
    """A log of 1,600 calls a minute apart."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.path = folder / "Master.csv"
        self._write(*(row(i, start=T0 + timedelta(minutes=i)) for i in range(1600)))

    def _write(self, *rows: list[str]) -> None:
        with self.path.open("a", newline="", encoding="utf-8") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)

    @property
    def config(self) -> dict[str, Any]:
        return {"file": str(self.path)}

    @property
    def account(self) -> str:
        return "Master.csv"

    def change(self) -> None:
        """A late leg of the last call."""
        start = T0 + timedelta(minutes=1600)
        self._write(row(1599, start=start, sequence="9999", channel="PJSIP/204-x", dstchannel="PJSIP/205-y"))

    def arrive_late(self) -> None:
        """A long call that began five hours before the newest one and is written now."""
        start = T0 + timedelta(minutes=1300)
        self._write(row(9000, start=start, seconds=5 * 3600))

    def spoil(self) -> None:
        self._write(["", CANARY, "not", "a", "call"])

    def go_down(self) -> None:
        self.path.unlink()


class TestFromMasterCsv(ConnectorConformance):
    connector = AsteriskCdr
    source_type = MasterCsv
    test_its_secrets_do_not_show = None  # a file has none; the table's fixture has


class CdrTable(SourceFixture):
    """Asterisk's own table in a real PostgreSQL."""

    server = ""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        definition = SHARED / "vendors" / "asterisk" / "cdr_postgres.sql"
        self.url = fresh_database(self.server, f"cxcore_test_cdr_{os.getpid()}", migrated=False)
        self._run(definition.read_text(encoding="utf-8"))
        self._run(role())
        self._insert(*(row(i, start=T0 + timedelta(minutes=i)) for i in range(1600)))

    def _run(self, sql: str) -> None:
        asyncio.run(_execute(self.url, sql))

    def _insert(self, *rows: list[str]) -> None:
        named = [dict(zip(CSV_COLUMNS, r, strict=True)) for r in rows]
        asyncio.run(_insert(self.url, named))

    @property
    def config(self) -> dict[str, Any]:
        url = make_url(self.url).set(username="cdr_reader", password="swordfish-4711")
        return {"url": url.render_as_string(hide_password=False)}

    @property
    def account(self) -> str:
        return "table cdr, 1600 records"

    def change(self) -> None:
        start = T0 + timedelta(minutes=1600)
        self._insert(row(1599, start=start, sequence="9999", channel="PJSIP/204-x", dstchannel="PJSIP/205-y"))

    def arrive_late(self) -> None:
        self._insert(row(9000, start=T0 + timedelta(minutes=1300), seconds=5 * 3600))

    def go_down(self) -> None:
        self._run("drop table cdr")


def role() -> str:
    return """
    do $$ begin
        if not exists (select from pg_roles where rolname = 'cdr_reader') then
            create role cdr_reader login password 'swordfish-4711';
        end if;
    end $$;
    grant select on cdr to cdr_reader;
    """


async def _execute(url: str, sql: str) -> None:
    connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def _insert(url: str, rows: list[dict[str, str]]) -> None:
    columns = [
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
    ]
    numbers = {"duration", "billsec", "sequence"}
    values = []
    for found in rows:
        r = found | {"calldate": found["start"], "amaflags": "3"}
        at = datetime.fromisoformat(r["calldate"])
        values.append(
            tuple(at if c == "calldate" else int(r[c]) if c in numbers | {"amaflags"} else r[c] for c in columns)
        )
    connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        await connection.copy_records_to_table("cdr", columns=columns, records=values)
    finally:
        await connection.close()


@pytest.mark.shared_data
@pytest.mark.usefixtures("cdr_server")
class TestFromTable(ConnectorConformance):
    connector = AsteriskCdr
    source_type = CdrTable


@pytest.fixture(scope="module")
def cdr_server(server_url: str, shared_data: Path) -> str:
    CdrTable.server = server_url
    return server_url

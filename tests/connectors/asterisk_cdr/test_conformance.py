"""asterisk_cdr under the conformance suite, from a file and from a table."""

import asyncio
import csv
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cxconnectors.asterisk_cdr import AsteriskCdr
from cxconnectors.asterisk_cdr.config import CSV_COLUMNS
from cxcore.sdk.testing import CANARY, ConnectorConformance, SourceFixture
from support.server import fresh_database
from support.switchboard import COLUMNS, T0, Switchboard, insert


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
        self.board = Switchboard(fresh_database(self.server, f"cxcore_test_cdr_{os.getpid()}", migrated=False))
        self.board.open()
        self._insert(*(row(i, start=T0 + timedelta(minutes=i)) for i in range(1600)))

    def _insert(self, *rows: list[str]) -> None:
        values = []
        for each in rows:
            named: dict[str, Any] = dict(zip(CSV_COLUMNS, each, strict=True)) | {"amaflags": 3}
            named["calldate"] = datetime.fromisoformat(named["start"])
            named |= {column: int(named[column]) for column in ("duration", "billsec", "sequence")}
            values.append(tuple(named[column] for column in COLUMNS))
        asyncio.run(insert(self.board.url, values))

    @property
    def config(self) -> dict[str, Any]:
        return {"url": self.board.readers_url}

    @property
    def account(self) -> str:
        return "table cdr, 1600 records"

    def change(self) -> None:
        start = T0 + timedelta(minutes=1600)
        self._insert(row(1599, start=start, sequence="9999", channel="PJSIP/204-x", dstchannel="PJSIP/205-y"))

    def arrive_late(self) -> None:
        self._insert(row(9000, start=T0 + timedelta(minutes=1300), seconds=5 * 3600))

    def go_down(self) -> None:
        self.board.run("drop table cdr")


@pytest.mark.shared_data
@pytest.mark.usefixtures("cdr_server")
class TestFromTable(ConnectorConformance):
    connector = AsteriskCdr
    source_type = CdrTable


@pytest.fixture(scope="module")
def cdr_server(server_url: str, shared_data: Path) -> str:
    CdrTable.server = server_url
    return server_url

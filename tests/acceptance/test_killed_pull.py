"""A pull killed with -9 at random points, more than fifty times, ends in the same database as an undisturbed one."""

import asyncio
import csv
import json
import os
import random
import time
from datetime import datetime, timedelta
from pathlib import Path

from cxcore.db.session import Database
from cxcore.pull import sources
from support import server as servers
from support.forker import pull_and_digest
from support.killing import final_state, forker, run_once

STEPS, KILLS = 6, 11
START = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - as Asterisk writes it, naive
MAPPING = {
    "version": 1,
    "key": "id",
    "interaction": [
        {
            "channel": "chat",
            "kind": "message",
            "direction": "inbound",
            "occurred_at": "at",
            "text": "text",
            "conversation": "thread",
            "customer": {"name": "name", "email": "email", "phone": "phone"},
        }
    ],
}


class Company:
    """Four systems that go on writing: a mailbox, a table, a chat log and a telephone exchange."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rng = random.Random(4)
        self.written = 0
        for name in ("mail", "rows", "calls"):
            (folder / name).mkdir(parents=True)
        (folder / "rows" / "orders.csv").write_text("id,at,text,thread,name,email,phone\n", encoding="utf-8")

    def write(self, count: int) -> None:
        """Add to all four; every hundredth row is broken."""
        with (
            (self.folder / "mail" / "inbox.mbox").open("a", encoding="utf-8") as mbox,
            (self.folder / "rows" / "orders.csv").open("a", encoding="utf-8", newline="") as table,
            (self.folder / "rows" / "chat.jsonl").open("a", encoding="utf-8") as chat,
            (self.folder / "calls" / "Master.csv").open("a", encoding="utf-8", newline="") as calls,
        ):
            for n in range(self.written, self.written + count):
                who = self.rng.randrange(60)
                at = START + timedelta(minutes=7 * n)
                name, email, phone = (
                    f"Person{chr(97 + who % 26)} Number{chr(97 + who // 26)}",
                    f"p{who}@x.example",
                    f"04012345{who:02d}",
                )
                mbox.write(
                    f"From x {at:%a %b %d %H:%M:%S %Y}\nFrom: {name} <{email}>\nTo: us@shop.example\nMessage-ID: <{n}@x.example>\n"
                    f"Date: {at:%a, %d %b %Y %H:%M:%S} +0200\nSubject: Letter {n}\n"
                    + (f"References: <{n - 1}@x.example>\n" if n % 3 else "")
                    + f"\nLetter number {n}\n\n"
                )
                row = [f"o{n}", at.isoformat() + "+02:00", f"order {n}", f"t{n % 9}", name, email, phone]
                csv.writer(table).writerow(["", "broken"] if n % 100 == 50 else row)
                values = dict(zip(["id", "at", "text", "thread", "name", "email", "phone"], row, strict=True))
                chat.write(("{" if n % 100 == 70 else json.dumps(values | {"id": f"c{n}"})) + "\n")
                csv.writer(calls, quoting=csv.QUOTE_ALL).writerow(_call(n, at, phone))
        self.written += count

    async def configure(self, database: Database) -> None:
        small = {"limits": {"page_records": 10}, "timezone": "Europe/Helsinki"}
        async with database.unit() as session:
            await sources.add(
                session,
                key="mail",
                connector="files",
                config={"path": str(self.folder / "mail"), "own_addresses": ["@shop.example"], **small},
                name=None,
            )
            await sources.add(
                session,
                key="rows",
                connector="files",
                config={"path": str(self.folder / "rows"), "mapping": MAPPING, **small},
                name=None,
            )
            await sources.add(
                session,
                key="calls",
                connector="asterisk_cdr",
                config={"file": str(self.folder / "calls" / "Master.csv"), "longest_call": 3600},
                name=None,
            )


def _call(n: int, at: datetime, phone: str) -> list[str]:
    start, end = f"{at:%Y-%m-%d %H:%M:%S}", f"{at + timedelta(seconds=90):%Y-%m-%d %H:%M:%S}"
    number = f"{1772440000 + n}.{n}"
    return ["", phone, "0942", "from-pstn", f'"" <{phone}>', "PJSIP/t-1", "PJSIP/204-1", "Queue", "q", start, start, end,
            "90", "90", "ANSWERED", "DOCUMENTATION", number, "", number, str(n)]  # fmt: skip


async def test_a_pull_killed_again_and_again_loses_and_doubles_nothing(
    server_url: str, tmp_path: Path, worker_id: str
) -> None:
    names = [f"cxcore_kill_{kind}_{worker_id}" for kind in ("killed", "calm")]
    killed_url, calm_url = [await asyncio.to_thread(servers.fresh_database, server_url, name) for name in names]
    company = Company(tmp_path)
    for url in (killed_url, calm_url):
        database = Database(url)
        await company.configure(database)
        await database.close()
    rng, kills = random.Random(11), 0
    with forker(killed_url) as process:
        for _ in range(STEPS):
            company.write(60)
            began = time.monotonic()
            await pull_and_digest(calm_url)
            takes = time.monotonic() - began
            for _ in range(KILLS):  # soon enough that most come while there is work left
                ended = await asyncio.to_thread(run_once, process, kill_after=rng.uniform(0.0, 0.2) * takes)
                kills += os.WIFSIGNALED(ended)
            assert await asyncio.to_thread(run_once, process, kill_after=None) == 0
    killed, calm = await final_state(killed_url), await final_state(calm_url)
    assert kills >= 50
    broken = sum(n % 100 in {50, 70} for n in range(company.written))
    assert len(calm["interaction"]) == 4 * company.written - broken
    for name, rows in calm.items():
        assert killed[name] == rows, name
    for name in names:
        await asyncio.to_thread(servers.drop_database, server_url, name)

"""A mailbox on a real Dovecot, through the pipeline, to the timeline: as it was seeded, as it changes, as it is renumbered."""

import asyncio
import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cxcore import pipeline
from cxcore.db.session import Database
from cxcore.land import quarantine
from cxcore.pull import cursors, sources
from cxcore.pull.sources import Configured
from cxcore.sdk.mail import mail_key
from support import server as servers
from support.dovecot import PASSWORD, Dovecot, Mailbox
from support.forker import pull_and_digest
from support.killing import final_state, forker, run_once
from support.mails import mail
from support.state import counts, state
from support.working import at_work, eventually

SECRET = "CX_TEST_MAILBOX_PASSWORD"
STEPS, KILLS = 5, 9


@pytest.fixture(params=["dovecot", "plain_dovecot"])
def box(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """An empty mailbox: on a server with all extensions, and on one with none."""
    server: Dovecot = request.getfixturevalue(request.param)
    monkeypatch.setenv(SECRET, PASSWORD)
    return server.mailbox()


async def configure(database: Database, box: Mailbox, **more: Any) -> Configured:
    config = {
        **box.config,
        "password": f"env:{SECRET}",
        "folders": ["INBOX", "Sent", "Archive"],
        "own_addresses": ["@shop.example"],
        "limits": {"page_records": 7},
        **more,
    }
    async with database.unit() as session:
        return await sources.add(session, key="mailbox", connector="imap", config=config, name=None)


async def read(database: Database, source: Configured) -> pipeline.Progress:
    """Pull and digest."""
    brought = await pipeline.pull(database, source)
    await pipeline.digest(database)
    return brought


async def subjects(database: Database) -> list[str]:
    async with database.unit() as session:
        found = await session.execute(text("select distinct id, subject from interaction"))
        return sorted(row.subject or "" for row in found)


def questions(*numbers: int) -> list[str]:
    return sorted(f"Question {number}" for number in numbers)


async def test_a_whole_pull_equals_what_was_seeded(database: Database, box: Mailbox, shared_data: Path) -> None:
    """Mails that others wrote, odd ones among them, and 40 of ours; each landed byte for byte as the server has it."""
    samples = [
        p.read_bytes()
        for p in sorted((shared_data / "vendors" / "rfc822").glob("c*/*.*"))
        if p.suffix in {".txt", ".eml"}
    ]
    samples = [
        b"\r\n".join(raw.splitlines()) + b"\r\n" for raw in samples if not raw.startswith(b"From ") and b"\0" not in raw
    ]
    ours = [mail(n) for n in range(40)]
    box.append(*samples, *ours)
    source = await configure(database, box)
    await read(database, source)
    async with database.unit() as session:
        rows = (await session.execute(text("select key, body from source_record where not deleted"))).all()
        waiting = await quarantine.waiting(session, source_id=source.id, after=0, limit=1000)
    assert len(samples) > 40
    assert {row.key for row in rows} == {mail_key(raw) for raw in [*samples, *ours]}
    assert len(rows) == len({row.key for row in rows})
    assert {row.body for row in rows} <= {*samples, *ours}
    assert {q.reason for q in waiting} == {"the mail has no date"}
    assert len(await subjects(database)) == len(rows) - len(waiting)


async def test_new_and_deleted_mails_are_seen_and_flags_make_no_noise(database: Database, box: Mailbox) -> None:
    box.append(*(mail(n) for n in range(10)))
    source = await configure(database, box)
    await read(database, source)
    assert await subjects(database) == questions(*range(10))
    before = await counts(database)
    box.flag(3, "\\Seen \\Answered \\Flagged")
    assert (await read(database, source)).landed == 0
    assert await counts(database) == before
    box.append(mail(20))
    box.delete(1, 5)
    assert (await read(database, source)).landed == 3
    assert await subjects(database) == questions(1, 2, 3, 5, 6, 7, 8, 9, 20)
    assert (await read(database, source)).records == 0


async def test_a_changed_draft_is_another_mail_in_the_place_of_the_old(database: Database, box: Mailbox) -> None:
    """IMAP changes no mail: programs store the new one and delete the old."""
    box.append(mail(1), mail(2, "First words"))
    box.append(mail(3, "Not sent yet"), flags="\\Draft")
    source = await configure(database, box)
    await read(database, source)
    box.append(mail(2, "Better words"))
    box.delete(2)
    await read(database, source)
    async with database.unit() as session:
        found = (await session.execute(text("select text from interaction order by 1"))).scalars().all()
    assert found == ["Better words 2", "Hello 1"]


async def test_a_mail_in_inbox_and_sent_is_one_interaction_until_both_are_gone(
    database: Database, box: Mailbox
) -> None:
    box.append(mail(1, own=True), folder="Sent")
    box.append(mail(1, own=True, extra="Received: from mx.example; Mon, 5 Jan 2026 10:02:00 +0200\r\n"), mail(2))
    source = await configure(database, box)
    await read(database, source)
    assert await subjects(database) == questions(1, 2)
    async with database.unit() as session:
        ways = (await session.execute(text("select direction from interaction"))).scalars().all()
    assert len(set(ways)) == 2
    box.delete(1)
    await read(database, source)
    assert await subjects(database) == questions(1, 2)
    box.delete(1, folder="Sent")
    await read(database, source)
    assert await subjects(database) == questions(2)


async def test_one_message_id_on_different_mails_and_none_at_all(database: Database, box: Mailbox) -> None:
    same, none = b"Message-ID: <same@home.example>", b"X-None: 1"
    letters = [mail(n).replace(f"Message-ID: <m{n}@home.example>".encode(), same if n < 3 else none) for n in range(6)]
    box.append(*letters)
    source = await configure(database, box)
    await read(database, source)
    assert await subjects(database) == questions(*range(6))
    box.delete(1, 5)
    await read(database, source)
    assert await subjects(database) == questions(1, 2, 3, 5)


async def test_a_mail_that_is_moved_is_never_deleted(database: Database, box: Mailbox) -> None:
    box.create("Archive")
    box.append(*(mail(n) for n in range(5)))
    source = await configure(database, box)
    await read(database, source)
    box.move(2, "Archive")
    assert (await read(database, source)).landed == 0
    assert await subjects(database) == questions(*range(5))
    box.delete(1, folder="Archive")
    await read(database, source)
    assert await subjects(database) == questions(0, 2, 3, 4)


async def test_a_folder_that_is_gone_is_empty(database: Database, box: Mailbox) -> None:
    box.create("Archive")
    box.append(mail(1), mail(2), folder="Archive")
    box.append(mail(2))
    source = await configure(database, box)
    await read(database, source)
    box.remove("Archive")
    await read(database, source)
    assert await subjects(database) == questions(2)


async def test_a_renumbered_folder_is_read_again_and_doubles_nothing(database: Database, box: Mailbox) -> None:
    box.append(*(mail(n) for n in range(20)))
    source = await configure(database, box)
    await read(database, source)
    before = await state(database)
    box.renumber()
    brought = await read(database, source)
    assert (brought.records, brought.landed) == (20, 0)
    after = await state(database)
    assert {**after, "place": None} == {**before, "place": None}
    box.delete(101)
    box.renumber()
    box.append(mail(50))
    assert (await read(database, source)).landed == 2
    assert await subjects(database) == questions(*range(1, 20), 50)


async def test_a_lost_cursor_costs_a_reading_and_misses_no_deletion(database: Database, box: Mailbox) -> None:
    box.append(*(mail(n) for n in range(20)))
    source = await configure(database, box)
    await read(database, source)
    async with database.unit() as session:
        await cursors.reset(session, source_id=source.id)
    box.delete(4)
    box.append(mail(50))
    assert (await read(database, source)).landed == 2
    assert await subjects(database) == questions(0, 1, 2, *range(4, 20), 50)


async def test_a_long_mail_is_cut_and_told_so(database: Database, box: Mailbox) -> None:
    long = mail(1, "Hello\r\n" + "x" * 70 + ("\r\n" + "y" * 70) * 1000)
    box.append(long, mail(2))
    box.append(b"Received: from mx.example; Mon, 5 Jan 2026 10:02:00 +0200\r\n" + long, folder="Sent")
    source = await configure(database, box, limits={"mail_bytes": 4096, "kept_bytes": 2048})
    await read(database, source)
    assert await subjects(database) == questions(1, 2)
    async with database.unit() as session:
        flags = (await session.execute(text("select attributes from interaction order by subject"))).scalars().all()
        size = (await session.execute(text("select max(octet_length(body)) from source_record"))).scalar_one()
    assert "truncated" in str(flags[0])
    assert "truncated" not in str(flags[1])
    assert size == 2048


class Correspondence:
    """A mailbox that people work on: mails come, are answered, moved, deleted; twice the server renumbers a folder."""

    def __init__(self, box: Mailbox) -> None:
        self.box, self.rng, self.written = box, random.Random(8), 0
        box.create("Archive")

    def go_on(self, step: int) -> None:
        numbers = range(self.written, self.written + 40)
        self.written += 40
        self.box.append(*(mail(n) for n in numbers))
        answers = [mail(n, "We write", own=True) for n in numbers[::4]]
        self.box.append(*(a.replace(b"Message-ID: <m", b"Message-ID: <a") for a in answers), folder="Sent")
        self.box.append(*(mail(n) for n in numbers[::7]), folder="Sent")
        there = self.box.uids()
        for uid in self.rng.sample(there, 3):
            self.box.move(uid, "Archive")
        self.box.delete(*self.rng.sample(self.box.uids(), 5))
        self.box.delete(*self.rng.sample(self.box.uids("Archive"), 1), folder="Archive")
        if step in {2, 3}:
            self.box.renumber("INBOX" if step == 2 else "Archive")

    def there(self) -> Counter[bytes]:
        """All mails on the server, by content."""
        found: Counter[bytes] = Counter()
        with self.box.opened() as client:
            for folder in ("INBOX", "Sent", "Archive"):
                client.select(folder, readonly=True)
                for part in client.uid("FETCH", "1:*", "(BODY.PEEK[])")[1]:
                    if isinstance(part, tuple):
                        found[part[1]] += 1
        return found


async def test_a_mailbox_pulled_by_processes_that_are_killed_loses_and_doubles_nothing(
    server_url: str, box: Mailbox, worker_id: str
) -> None:
    names = [f"cxcore_mailbox_{kind}_{worker_id}_{os.getpid()}" for kind in ("killed", "calm")]
    killed_url, calm_url = [await asyncio.to_thread(servers.fresh_database, server_url, name) for name in names]
    people = Correspondence(box)
    for url in (killed_url, calm_url):
        database = Database(url)
        await configure(database, box)
        await database.close()
    rng, kills = random.Random(12), 0
    with forker(killed_url) as process:
        for step in range(STEPS):
            people.go_on(step)
            began = time.monotonic()
            await pull_and_digest(calm_url)
            takes = time.monotonic() - began
            for _ in range(KILLS):  # soon enough that most come while there is work left
                ended = await asyncio.to_thread(run_once, process, kill_after=rng.uniform(0.0, 0.4) * takes)
                kills += os.WIFSIGNALED(ended)
            assert await asyncio.to_thread(run_once, process, kill_after=None) == 0
    killed, calm = await final_state(killed_url), await final_state(calm_url)
    there = people.there()
    assert kills >= 30
    assert sum(there.values()) > len(there) > 100
    assert len({row[2] for row in calm["interaction"]}) == len(there)
    assert len(calm["place"]) == sum(there.values())
    for name, rows in calm.items():
        assert killed[name] == rows, name
    for name in names:
        await asyncio.to_thread(servers.drop_database, server_url, name)


async def test_a_worker_brings_a_mail_as_it_comes(
    database: Database, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET, PASSWORD)
    box = dovecot.mailbox()
    box.append(mail(1))
    await configure(database, box)

    async def shows(*numbers: int) -> bool:
        return await subjects(database) == questions(*numbers)

    async with at_work(database, every=3600):
        await eventually(lambda: shows(1))
        await asyncio.to_thread(box.append, mail(2))
        await eventually(lambda: shows(1, 2))

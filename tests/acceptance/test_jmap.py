"""Mail on a real Cyrus over JMAP, through the pipeline, to the timeline: as it was seeded, as it changes, as it is killed."""

import asyncio
import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from cxcore import pipeline
from cxcore.db.session import Database
from cxcore.land import quarantine
from cxcore.pull import cursors, sources
from cxcore.pull.sources import Configured
from cxcore.sdk.mail import mail_key
from support import server as servers
from support.cyrus import PASSWORD, Account, Cyrus
from support.dovecot import PASSWORD as IMAP_PASSWORD
from support.dovecot import Dovecot
from support.forker import pull_and_digest
from support.killing import final_state, forker, run_once
from support.mails import mail
from support.state import State, counts

SECRET = "CX_TEST_JMAP_PASSWORD"
STEPS, KILLS = 5, 9


@pytest.fixture
def post(cyrus: Cyrus, monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setenv(SECRET, PASSWORD)
    return cyrus.account()


def settings(post: Account, **more: Any) -> dict[str, Any]:
    return {
        **post.config,
        "password": f"env:{SECRET}",
        "folders": ["INBOX", "\\Sent", "Archive"],
        "own_addresses": ["@shop.example"],
        "limits": {"page_records": 7},
        **more,
    }


async def configure(database: Database, post: Account, **more: Any) -> Configured:
    async with database.unit() as session:
        return await sources.add(session, key="mailbox", connector="jmap", config=settings(post, **more), name=None)


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


async def test_a_whole_pull_equals_what_was_seeded(database: Database, post: Account, shared_data: Path) -> None:
    """Mails that others wrote, odd ones among them, and 40 of ours; each landed byte for byte as the server took it."""
    samples = [
        b"\r\n".join(p.read_bytes().splitlines()) + b"\r\n"
        for p in sorted((shared_data / "vendors" / "rfc822").glob("c*/*.*"))
        if p.suffix in {".txt", ".eml"} and not p.read_bytes().startswith(b"From ") and b"\0" not in p.read_bytes()
    ]
    taken = [raw for raw in samples if post.append(raw)]
    ours = [mail(n) for n in range(40)]
    post.append(*ours)
    source = await configure(database, post)
    await read(database, source)
    async with database.unit() as session:
        rows = (await session.execute(text("select key, body from source_record where not deleted"))).all()
        waiting = await quarantine.waiting(session, source_id=source.id, after=0, limit=1000)
    refused = len(samples) - len(taken)
    assert refused <= 3  # "Message contains invalid header"
    assert len(taken) > 50
    assert {row.key for row in rows} == {mail_key(raw) for raw in [*taken, *ours]}
    assert len(rows) == len({row.key for row in rows})
    assert {row.body for row in rows} <= {*taken, *ours}
    assert {q.reason for q in waiting} <= {"the mail has no date"}
    assert len(await subjects(database)) == len(rows) - len(waiting)


async def test_new_and_deleted_mails_are_seen_and_flags_make_no_noise(database: Database, post: Account) -> None:
    ids = post.append(*(mail(n) for n in range(10)))
    source = await configure(database, post)
    await read(database, source)
    assert await subjects(database) == questions(*range(10))
    before = await counts(database)
    post.flag(ids[3], "$seen")
    assert (await read(database, source)).landed == 0
    assert await counts(database) == before
    post.append(mail(20))
    post.destroy(ids[0], ids[4])
    assert (await read(database, source)).landed == 3
    assert await subjects(database) == questions(1, 2, 3, 5, 6, 7, 8, 9, 20)
    assert (await read(database, source)).records == 0


async def test_a_mail_is_there_while_it_lies_in_a_folder_that_is_followed(database: Database, post: Account) -> None:
    post.create("Archive")
    one, two, _ = post.append(*(mail(n) for n in range(3)))
    source = await configure(database, post)
    await read(database, source)
    post.put(one, "Archive")
    post.put(two, "trash")
    await read(database, source)
    assert await subjects(database) == questions(0, 2)
    post.put(one, "trash")
    post.put(two, "inbox", "Archive")
    await read(database, source)
    assert await subjects(database) == questions(1, 2)
    post.put(two, "Archive")
    await read(database, source)
    assert await subjects(database) == questions(1, 2)


async def test_copies_with_other_transport_headers_are_one_mail_until_both_are_gone(
    database: Database, post: Account
) -> None:
    """The server takes them for two mails, since their bytes differ."""
    (sent,) = post.append(mail(1, own=True), box="sent")
    received = b"Received: from mx.example; Mon, 5 Jan 2026 10:02:00 +0200\r\n"
    (copy,) = post.append(received + mail(1, own=True))
    source = await configure(database, post)
    await read(database, source)
    assert await subjects(database) == questions(1)
    post.destroy(sent)
    await read(database, source)
    assert await subjects(database) == questions(1)
    post.destroy(copy)
    await read(database, source)
    assert await subjects(database) == []


async def test_a_changed_draft_is_another_mail_and_none_until_it_is_sent(database: Database, post: Account) -> None:
    (draft,) = post.append(mail(1, "Not sent yet"), draft=True)
    source = await configure(database, post)
    await read(database, source)
    assert await subjects(database) == []
    post.update(draft, **{"keywords/$draft": None})
    await read(database, source)
    assert await subjects(database) == questions(1)


async def test_a_mail_stored_again_after_its_deletion_is_back(database: Database, post: Account) -> None:
    (first,) = post.append(mail(1))
    source = await configure(database, post)
    await read(database, source)
    post.destroy(first)
    await read(database, source)
    assert await subjects(database) == []
    assert post.append(mail(1)) == [first]
    await read(database, source)
    assert await subjects(database) == questions(1)


async def test_a_state_that_the_server_has_forgotten_costs_a_reading_and_misses_no_deletion(
    database: Database, post: Account
) -> None:
    ids = post.append(*(mail(n) for n in range(20)))
    source = await configure(database, post)
    await read(database, source)
    post.append(mail(50))
    post.destroy(ids[4], ids[7])
    post.server.forget()
    brought = await read(database, source)
    assert (brought.records, brought.landed) == (19, 3)
    assert await subjects(database) == questions(*(n for n in range(20) if n not in {4, 7}), 50)
    assert (await read(database, source)).records == 0


async def test_a_folder_that_is_gone_is_empty_and_one_that_comes_is_read(database: Database, post: Account) -> None:
    post.create("Archive")
    post.append(mail(1), mail(2), box="Archive")
    post.append(mail(3))
    source = await configure(database, post)
    await read(database, source)
    post.remove("Archive")
    await read(database, source)
    assert await subjects(database) == questions(3)
    post.create("Archive")
    post.append(mail(4), box="Archive")
    await read(database, source)
    assert await subjects(database) == questions(3, 4)


async def test_a_folder_that_is_renamed_to_be_followed_is_read(database: Database, post: Account) -> None:
    post.create("Old")
    post.append(mail(1), box="Old")
    post.append(mail(3))
    source = await configure(database, post)
    await read(database, source)
    assert await subjects(database) == questions(3)
    post.call("Mailbox/set", update={post.boxes["Old"]: {"name": "Archive"}})
    await read(database, source)
    assert await subjects(database) == questions(1, 3)


async def test_a_lost_cursor_costs_a_reading_and_misses_no_deletion(database: Database, post: Account) -> None:
    ids = post.append(*(mail(n) for n in range(20)))
    source = await configure(database, post)
    await read(database, source)
    async with database.unit() as session:
        await cursors.reset(session, source_id=source.id)
    post.destroy(ids[4])
    post.append(mail(50))
    assert (await read(database, source)).landed == 2
    assert await subjects(database) == questions(*(n for n in range(20) if n != 4), 50)


async def test_a_mailbox_that_was_read_over_imap_comes_with_the_same_keys(
    database: Database, post: Account, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CX_TEST_MAILBOX_PASSWORD", IMAP_PASSWORD)
    letters = [mail(n) for n in range(12)]
    box = dovecot.mailbox()
    box.append(*letters)
    post.append(*letters)
    before = {**box.config, "password": "env:CX_TEST_MAILBOX_PASSWORD", "own_addresses": ["@shop.example"]}
    async with database.unit() as session:
        source = await sources.add(session, key="mailbox", connector="imap", config=before, name=None)
    assert (await read(database, source)).landed == 12
    async with database.unit() as session:
        await cursors.reset(session, source_id=source.id)
        await session.execute(
            text("update source set connector = 'jmap', config = cast(:c as jsonb)"),
            {"c": orjson.dumps(settings(post)).decode()},
        )
        (moved,) = await sources.everything(session)
    brought = await read(database, moved)
    assert (brought.records, brought.landed) == (12, 0)
    assert await subjects(database) == questions(*range(12))


async def test_a_long_mail_is_cut_and_told_so(database: Database, post: Account) -> None:
    long = mail(1, "Hello\r\n" + "x" * 70 + ("\r\n" + "y" * 70) * 1000)
    post.append(long, mail(2))
    post.append(b"Received: from mx.example; Mon, 5 Jan 2026 10:02:00 +0200\r\n" + long, box="sent")
    source = await configure(database, post, limits={"mail_bytes": 4096, "kept_bytes": 2048})
    await read(database, source)
    assert await subjects(database) == questions(1, 2)
    async with database.unit() as session:
        flags = (await session.execute(text("select attributes from interaction order by subject"))).scalars().all()
        size = (await session.execute(text("select max(octet_length(body)) from source_record"))).scalar_one()
    assert "truncated" in str(flags[0])
    assert "truncated" not in str(flags[1])
    assert size == 2048


class Correspondence:
    """An account that people work on: mails come, are answered, moved, deleted; twice the server forgets what changed."""

    def __init__(self, post: Account) -> None:
        self.post, self.rng, self.written = post, random.Random(8), 0
        post.create("Archive")

    def go_on(self, step: int) -> None:
        numbers = range(self.written, self.written + 20)
        self.written += 20
        self.post.append(*(mail(n) for n in numbers), at=f"2026-01-0{step + 1}T08:00:00Z")
        answers = [mail(n, "We write", own=True).replace(b"Message-ID: <m", b"Message-ID: <a") for n in numbers[::4]]
        self.post.append(*answers, box="sent", at=f"2026-01-0{step + 1}T09:00:00Z")
        received = b"Received: from mx.example; Mon, 5 Jan 2026 10:02:00 +0200\r\n"
        self.post.append(*(received + mail(n) for n in numbers[::7]), box="sent")
        for email in self.rng.sample(self.post.ids("inbox"), 3):
            self.post.put(email, "Archive")
        self.post.put(self.rng.choice(self.post.ids("inbox")), "trash")
        self.post.destroy(*self.rng.sample(self.post.ids("inbox"), 4), self.rng.choice(self.post.ids("Archive")))
        if step in {2, 3}:
            self.post.server.forget()

    def there(self) -> Counter[str]:
        """How often each mail lies in the mailboxes that are followed, by key."""
        ids = {each for box in ("inbox", "sent", "Archive") for each in self.post.ids(box)}
        found = self.post.call("Email/get", ids=sorted(ids), properties=["blobId"])["list"]
        return Counter(mail_key(self.post.raw(each["blobId"])) for each in found)


def alike(state: State) -> State:
    """The state without the names that each listing has of its own."""
    return {**state, "place": sorted((scope, number, record) for scope, _, number, record in state["place"])}


async def test_an_account_pulled_by_processes_that_are_killed_loses_and_doubles_nothing(
    server_url: str, post: Account, worker_id: str
) -> None:
    names = [f"cxcore_jmap_{kind}_{worker_id}_{os.getpid()}" for kind in ("killed", "calm")]
    killed_url, calm_url = [await asyncio.to_thread(servers.fresh_database, server_url, name) for name in names]
    people = Correspondence(post)
    for url in (killed_url, calm_url):
        database = Database(url)
        await configure(database, post)
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
    killed, calm = alike(await final_state(killed_url)), alike(await final_state(calm_url))
    there = people.there()
    assert kills >= 30
    assert sum(there.values()) > len(there) > 60
    assert len({row[2] for row in calm["interaction"]}) == len(there)
    assert len(calm["place"]) == sum(there.values())
    for name, rows in calm.items():
        assert killed[name] == rows, name
    for name in names:
        await asyncio.to_thread(servers.drop_database, server_url, name)

"""Mailbox: how fast `imap` reads a local Dovecot, beside raw reads of the same mails by imaplib."""

import argparse
import imaplib
import random
import shutil
import sys
from email.message import EmailMessage
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.report import Goal, Report, median, timed
from cxconnectors.imap import Imap
from cxcore.cli import loop

GOAL = Goal(0.3)
AT_ONCE = 200
"""Mails that a raw read asks for in one command: a page of the connector's."""
_WORDS = [
    "order",
    "room",
    "table",
    "arrival",
    "Sunday",
    "invoice",
    "question",
    "thanks",
    "parking",
    "late",
    "guest",
    "key",
    "number",
    "please",
]


def run(asked: argparse.Namespace, report: Report) -> None:
    """Read a mailbox by turns with imaplib alone and with the connector, and print what they take."""
    dovecot = _dovecot()
    if not dovecot.installed():
        report.line(f"imap was not measured: it {dovecot.MISSING}")
        return
    raw, pulled, mapped = [list[float]() for _ in range(3)]
    with dovecot.running() as server:
        box = server.mailbox()
        _fill(server.folder / "mail" / box.user, asked.mails, asked.seed)
        connector = Imap.configured({**box.config, "folders": ["INBOX"]})
        _raw(box)  # the server makes its index
        for _ in range(asked.rounds):
            with timed() as taken:
                size = _raw(box)
            raw.append(taken[0])
            for times, also_map in ((pulled, False), (mapped, True)):
                with timed() as taken:
                    mails = loop.run(_pulled(connector, also_map=also_map))
                times.append(taken[0])
                if mails != asked.mails:
                    raise RuntimeError(f"{asked.mails} mails are there, {mails} came")
    told = []
    for name, times in (("raw reads by imaplib", raw), ("imap: pull", pulled), ("imap: pull and map", mapped)):
        ratio = median(raw) / median(times)
        judged = name == "imap: pull"
        report.missed += judged and not GOAL.met(ratio)
        goal = f"{GOAL} {'met' if GOAL.met(ratio) else 'MISSED'}" if judged else ""
        told.append((name, f"{median(times):.2f} s", f"{asked.mails / median(times):,.0f}", f"{ratio:.2f}", goal))
    report.line(
        f"Dovecot {dovecot.version()}, {asked.mails:,} mails, {size / 1e6:.0f} MB, {asked.rounds} rounds, medians"
    )
    report.table("mailbox", ["", "seconds", "mails/s", "ratio", "goal"], told)


def _dovecot() -> Any:
    """The tests' Dovecot; a bench is run in a checkout."""
    sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
    return import_module("support.dovecot")


def _fill(folder: Path, mails: int, seed: int) -> None:
    """Put mails into a Maildir, each with a text, HTML and, one in ten, a file of 20 KB."""
    rng = random.Random(seed)
    for each in ("cur", "new", "tmp"):
        (folder / each).mkdir(parents=True)
    for number in range(mails):
        (folder / "cur" / f"{number:07}.bench:2,").write_bytes(_mail(number, rng))
    owner = folder.parent.stat()
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, owner.st_uid, owner.st_gid)


def written(mails: int, *, seed: int) -> list[bytes]:
    """Mails as they go over the wire."""
    rng = random.Random(seed)
    return [_mail(number, rng).replace(b"\n", b"\r\n") for number in range(mails)]


def _mail(number: int, rng: random.Random) -> bytes:
    said = " ".join(rng.choices(_WORDS, k=200))
    mail = EmailMessage()
    mail["From"] = f"Guest {number % 700} <guest{number % 700}@home.example>"
    mail["To"] = "desk@hotel.example"
    mail["Date"] = f"{1 + number % 28:02} Mar 2026 {number % 24:02}:{number % 60:02}:00 +0200"
    mail["Message-ID"] = f"<{number}@home.example>"
    mail["Subject"] = " ".join(rng.choices(_WORDS, k=5))
    mail.set_content(said)
    mail.add_alternative(f"<html><body><p>{said}</p></body></html>", subtype="html")
    if number % 10 == 0:
        mail.add_attachment(rng.randbytes(20_000), maintype="application", subtype="pdf", filename="bill.pdf")
    return mail.as_bytes()


def _raw(box: Any) -> int:
    """Every mail once over one connection; answers how many bytes they have."""
    size = 0
    with box.opened() as client:
        client.select("INBOX", readonly=True)
        uids = _fetched(client, "SEARCH", "ALL")[0].split()
        for n in range(0, len(uids), AT_ONCE):
            some = b",".join(uids[n : n + AT_ONCE]).decode()
            size += sum(len(part[1]) for part in _fetched(client, "FETCH", some, "(BODY.PEEK[])") if len(part) > 1)
    return size


def _fetched(client: imaplib.IMAP4, *command: str) -> list[Any]:
    status, told = client.uid(*command)
    if status != "OK":
        raise RuntimeError(f"Dovecot answers {status}")
    return told


async def _pulled(connector: Any, *, also_map: bool) -> int:
    """All mails, with the bytes that would be landed; mapped if asked."""
    count = 0
    for stream in connector.streams:
        async for page in connector.pull(stream.name, None):
            for record in page.records:
                record.body()
                if also_map:
                    for _ in connector.map(record):
                        pass
            count += len(page.records)
    return count

"""The connector files keeps the contract: with mailboxes, with a Maildir, with tables."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from cxconnectors.files import Files, pages
from cxcore.sdk.testing import CANARY, ConnectorConformance, SourceFixture

MAPPING = {
    "version": 1,
    "key": "id",
    "changed_at": "updated",
    "interaction": [
        {
            "channel": "purchase",
            "kind": "order",
            "direction": "inbound",
            "role": "buyer",
            "occurred_at": "created",
            "subject": "what",
            "customer": {"name": "name", "email": "mail"},
        }
    ],
}


def mail(number: int, text: str = "Hello") -> bytes:
    return (
        f"From: Guest {number} <guest{number}@home.example>\nTo: help@shop.example\nSubject: Question {number}\n"
        f"Date: Mon, 5 Jan 2026 10:{number:02}:00 +0200\nMessage-ID: <m{number}@home.example>\n\n{text} {number}\n"
    ).encode()


class Folder(SourceFixture):
    """A folder of files with small pages, so that there are several."""

    page = 3

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "inbox")
        self.folder.mkdir()
        self.opened = 0
        self.fill()

    def fill(self) -> None:
        raise NotImplementedError

    @property
    def config(self) -> dict[str, Any]:
        return {"path": str(self.folder), "own_addresses": ["@shop.example"], "limits": {"page_records": self.page}}

    @property
    def account(self) -> str:
        return str(self.folder)

    def go_down(self) -> None:
        self.folder.rename(self.folder.with_name("elsewhere"))


class Mailboxes(Folder):
    """An mbox that grows, single mails, and copies of some of them."""

    def fill(self) -> None:
        self.box = self.folder / "inbox.mbox"
        self.box.write_bytes(b"".join(b"From x Mon Jan  5 10:00:00 2026\n" + mail(n) + b"\n" for n in range(7)))
        for number in range(5, 12):
            (self.folder / f"{number}.eml").write_bytes(mail(number))

    def spoil(self) -> None:
        (self.folder / "spoiled.eml").write_bytes(f"From: {CANARY}\nSubject: no date\n\n{CANARY}\n".encode())


class Maildir(Folder):
    def fill(self) -> None:
        for name in ("cur", "new", "tmp"):
            (self.folder / name).mkdir()
        for number in range(9):
            (self.folder / "cur" / f"{number}.host:2,S").write_bytes(mail(number))
        (self.folder / "dovecot.index").write_bytes(b"\x00 no mail")

    def arrive_late(self) -> None:
        """A mail whose inode changed at the time of those already read: same tick, earlier name."""
        (self.folder / "new" / "0.late").write_bytes(mail(50))

    def fetched(self) -> int:
        return self.opened


class Rows(Folder):
    """JSONL and CSV side by side."""

    page = 4

    def fill(self) -> None:
        self.orders = self.folder / "orders.jsonl"
        self.orders.write_text("".join(json.dumps(self.row(n)) + "\n" for n in range(10)))
        lines = ["id;created;updated;what;name;mail"]
        lines += [";".join(self.row(n).values()) for n in range(20, 31)]
        (self.folder / "old.csv").write_text("\n".join(lines))

    @staticmethod
    def row(number: int, updated: str = "2026-01-06T10:00:00Z") -> dict[str, str]:
        return {
            "id": f"o{number}",
            "created": f"2026-01-05T10:{number:02}:00+02:00",
            "updated": updated,
            "what": f"Ticket {number}",
            "name": f"Guest {number}",
            "mail": f"guest{number}@home.example",
        }

    @property
    def config(self) -> dict[str, Any]:
        return {**super().config, "mapping": MAPPING}

    def change(self) -> None:
        with self.orders.open("a") as file:
            file.write(json.dumps(self.row(3, "2026-01-07T10:00:00Z") | {"what": "Other"}) + "\n")

    def arrive_late(self) -> None:
        """A folder moved in: its file's inode changed long before those already read."""
        aside = self.folder.with_name("aside")
        aside.mkdir()
        (aside / "a.jsonl").write_text(json.dumps(self.row(40)) + "\n")
        time.sleep(0.05)
        os.utime(self.orders)
        aside.rename(self.folder / "aside")

    def spoil(self) -> None:
        with self.orders.open("a") as file:
            file.write(json.dumps(self.row(41) | {"created": CANARY}) + "\n")

    def fetched(self) -> int:
        return self.opened


class Suite(ConnectorConformance):
    """The suite with a count of the files opened."""

    @pytest.fixture
    def source(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
        made: Folder = self.source_type(tmp_path)  # type: ignore[assignment]
        opened = pages.open_file

        def counted(file: Any) -> Any:
            made.opened += 1
            return opened(file)

        monkeypatch.setattr(pages, "open_file", counted)
        return made


class TestMailboxes(Suite):
    connector = Files
    source_type = Mailboxes


class TestMaildir(Suite):
    connector = Files
    source_type = Maildir


class TestRows(Suite):
    connector = Files
    source_type = Rows

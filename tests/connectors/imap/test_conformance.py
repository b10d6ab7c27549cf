"""imap under the conformance suite, on a real Dovecot: with all it offers, and with nothing beyond RFC 3501."""

import time
from pathlib import Path
from typing import Any

import pytest

from cxconnectors.imap import Imap
from cxconnectors.imap.session import Session
from cxcore.sdk.testing import CANARY, ConnectorConformance, SourceFixture
from support.dovecot import Dovecot, Mailbox, free_port
from support.mails import mail


class Account(SourceFixture):
    """A mailbox of nine mails and a folder of sent ones, one of which lies in both."""

    def __init__(self, folder: Path, box: Mailbox) -> None:
        super().__init__(folder)
        self.box = box
        self.settings = {**box.config, "folders": ["INBOX", "Sent"], "own_addresses": ["@shop.example"]}
        self.fetches = 0
        box.append(*(mail(n) for n in range(9)))
        box.append(*(mail(n) for n in range(8, 12)), folder="Sent")

    @property
    def config(self) -> dict[str, Any]:
        return {**self.settings, "limits": {"page_records": 3, "page_bytes": 400}}

    @property
    def account(self) -> str:
        return f"{self.box.user} on 127.0.0.1"

    def arrive_late(self) -> None:
        self.box.append(mail(40), at=time.time() - 30 * 86_400)

    def delete(self) -> None:
        self.box.delete(2)

    def spoil(self) -> None:
        self.box.append(f"From: {CANARY}\r\nSubject: no date\r\n\r\n{CANARY}\r\n".encode())

    def go_down(self) -> None:
        self.settings["port"] = free_port()

    def refuse(self) -> None:
        self.settings["password"] = "another"

    def fetched(self) -> int:
        return self.fetches


class Suite(ConnectorConformance):
    """The suite with a count of the mails fetched."""

    @pytest.fixture
    def server(self, dovecot: Dovecot) -> Dovecot:
        return dovecot

    @pytest.fixture
    def source(self, tmp_path: Path, server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Account:
        made = Account(tmp_path, server.mailbox())
        bodies = Session.bodies

        async def counted(self: Session, *args: Any, **kwargs: Any) -> dict[int, bytes]:
            made.fetches += 1
            return await bodies(self, *args, **kwargs)

        monkeypatch.setattr(Session, "bodies", counted)
        return made


class TestImap(Suite):
    connector = Imap
    source_type = Account


class TestPlainImap(Suite):
    connector = Imap
    source_type = Account

    @pytest.fixture
    def server(self, plain_dovecot: Dovecot) -> Dovecot:
        return plain_dovecot

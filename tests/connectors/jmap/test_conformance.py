"""jmap under the conformance suite, on a real Cyrus."""

from pathlib import Path
from typing import Any

import pytest

from cxconnectors.jmap import Jmap
from cxconnectors.jmap.client import Client
from cxcore.sdk.testing import CANARY, ConnectorConformance, SourceFixture
from support.cyrus import Account, Cyrus
from support.mails import mail
from support.private import free_port


class Post(SourceFixture):
    """An inbox of nine mails and a mailbox of sent ones, one of which lies in both."""

    def __init__(self, folder: Path, post: Account) -> None:
        super().__init__(folder)
        self.post = post
        self.settings: dict[str, Any] = {**post.config, "own_addresses": ["@shop.example"]}
        self.fetches = 0
        self.first = post.append(*(mail(n) for n in range(9)))
        post.append(*(mail(n) for n in range(9, 12)), box="sent")
        post.put(self.first[8], "inbox", "sent")

    @property
    def config(self) -> dict[str, Any]:
        return {**self.settings, "limits": {"page_records": 3, "page_bytes": 400}}

    @property
    def account(self) -> str:
        return f"{self.post.user} at http://127.0.0.1"

    def arrive_late(self) -> None:
        self.post.append(mail(40), at="2025-12-01T08:00:00Z")

    def delete(self) -> None:
        self.post.destroy(self.first[2])

    def spoil(self) -> None:
        self.post.append(f"From: {CANARY}\r\nSubject: no date\r\n\r\n{CANARY}\r\n".encode())

    def go_down(self) -> None:
        self.settings["url"] = f"http://127.0.0.1:{free_port()}"

    def refuse(self) -> None:
        self.settings["password"] = "another"

    def fetched(self) -> int:
        return self.fetches


class TestJmap(ConnectorConformance):
    connector = Jmap
    source_type = Post

    @pytest.fixture
    def source(self, tmp_path: Path, cyrus: Cyrus, monkeypatch: pytest.MonkeyPatch) -> Post:
        made = Post(tmp_path, cyrus.account())
        blob = Client.blob

        async def counted(self: Client, *args: Any, **kwargs: Any) -> bytes:
            made.fetches += 1
            return await blob(self, *args, **kwargs)

        monkeypatch.setattr(Client, "blob", counted)
        return made

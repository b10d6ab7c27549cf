"""mastodon under the conformance suite, on a small Mastodon that the vendor's document judges as it judges us."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cxconnectors.mastodon import Mastodon
from cxcore.sdk.testing import ConnectorConformance, SourceFixture
from support.fediverse import Instance
from support.prism import Judge
from support.rest import Reply

NOWHERE = "http://127.0.0.1:9"


class Box(SourceFixture):
    """A company's account with mentions and posts of its own, in pages of three."""

    judge: Judge

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.server = server = Instance()
        self.token = server.token
        self.url = self.judge.url
        self.anna = server.person("anna@home.example", shown="Anna Virtanen")
        desk = server.desk
        for n in range(7):
            self.said = server.says(self.anna, f"question {n}", to=(desk,))
            server.says(desk, f"answer {n}", to=(self.anna,), answers=self.said)
        self.judge.fake.answer, self.judge.fake.now = server.answer, server.now

    @property
    def config(self) -> dict[str, Any]:
        return {
            "url": self.judge.url,
            "token": self.token,
            "domain": "social.example",
            "page": 3,
            "reread_every": 0,
            "calls": 100_000,
        }

    @property
    def account(self) -> str:
        return "@desk@social.example"

    def attach(self, connector: Mastodon) -> None:
        connector.config = connector.config.model_copy(update={"url": self.url})

    def change(self) -> None:
        self.server.edits(self.said, "changed")

    def delete(self) -> None:
        self.server.deletes(self.said)

    def go_down(self) -> None:
        self.url = NOWHERE

    def fetched(self) -> int:
        return self.server.asked

    def refuse(self) -> None:
        self.server.token = "another"

    def throttle(self, seconds: int) -> None:
        self.server.answers = [Reply({"error": "Too many requests"}, status=429, headers={"Retry-After": str(seconds)})]

    def fail(self) -> None:
        self.server.always = Reply({"error": "Remote data could not be fetched"}, status=503)


@pytest.fixture(autouse=True)
def _judged(mastodon_judge: Judge) -> Iterator[None]:
    Box.judge = mastodon_judge
    with mastodon_judge.watching():
        yield


class TestMastodon(ConnectorConformance):
    connector = Mastodon
    source_type = Box

"""A source whose every request and answer its vendor's document vouches for, by Prism."""

from pathlib import Path
from typing import Any

from cxcore.sdk import Connector
from cxcore.sdk.testing import SourceFixture
from support.prism import Judge

NOWHERE = "http://127.0.0.1:9"


class JudgedSource(SourceFixture):
    """``fake``: the tests' own small server, with ``answer``, ``asked``, ``status`` and ``wait``, behind the judge."""

    judge: Judge

    def __init__(self, folder: Path, fake: Any) -> None:
        super().__init__(folder)
        self.fake = fake
        self.judge.fake.answer = fake.answer
        self.url = self.judge.url

    @property
    def account(self) -> str:
        return "Hotel Kaarina"

    def attach(self, connector: Connector[Any]) -> None:
        connector.config = connector.config.model_copy(update={"url": self.url})

    def go_down(self) -> None:
        self.url = NOWHERE

    def fetched(self) -> int:
        return len(self.fake.asked)

    def refuse(self) -> None:
        self.fake.status = 401

    def throttle(self, seconds: int) -> None:
        self.fake.wait = seconds

    def fail(self) -> None:
        self.fake.status = 503

"""bluesky under the conformance suite, on a small network that is held to the vendor's lexicons."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from cxconnectors.bluesky import Bluesky as Connector
from cxcore.sdk.testing import CANARY, ConnectorConformance, SourceFixture
from support.bluesky import DESK, PASSWORD, URL, Bluesky


class Network(SourceFixture):
    """Three guests who write to a desk, and what it answers."""

    def __init__(self, folder: Path, bluesky: Bluesky) -> None:
        super().__init__(folder)
        self.bluesky, self.password, self.transport = bluesky, PASSWORD, bluesky.transport()
        guests = [bluesky.person(f"guest{n}", f"Guest {n}") for n in range(3)]
        for n in range(12):
            asked = bluesky.say(guests[n % 3], f"@desk.example question {n}", reasons=("mention", "like", "quote"))
            self.last = asked
            if n % 2 or n > 7:
                bluesky.say(DESK, f"answer {n}", answers=asked)

    @property
    def config(self) -> dict[str, Any]:
        return {"service": URL, "identifier": "desk.example", "app_password": self.password, "page": 4,
                "recheck_minutes": 0}  # fmt: skip

    @property
    def account(self) -> str:
        return f"desk.example ({DESK})"

    def attach(self, connector: Connector) -> None:
        connector.transport = self.transport
        connector.manifest = connector.manifest.model_copy(update={"rate": None})  # type: ignore[misc]  # this one's

    def arrive_late(self) -> None:
        self.bluesky.say("did:plc:guest1", "late", at=self.bluesky.now - timedelta(hours=20))

    def change(self) -> None:
        self.last.record["text"] = "other words"

    def delete(self) -> None:
        self.bluesky.erase(self.last)

    def spoil(self) -> None:
        self.bluesky.unchecked = True
        self.bluesky.say("did:plc:guest1", CANARY).record["text"] = [CANARY]

    def fetched(self) -> int:
        return len(self.bluesky.calls)

    def go_down(self) -> None:
        def refuse(request: httpx2.Request) -> httpx2.Response:
            raise httpx2.ConnectError("no route")

        self.transport = httpx2.MockTransport(refuse)

    def refuse(self) -> None:
        self.password = "another-one"

    def throttle(self, seconds: int) -> None:
        waits = [httpx2.Response(429, headers={"Retry-After": str(seconds)})]
        self.bluesky.before = lambda nsid: waits.pop() if waits else None

    def fail(self) -> None:
        self.bluesky.before = lambda nsid: httpx2.Response(503)


class TestBluesky(ConnectorConformance):
    connector = Connector
    source_type = Network

    @pytest.fixture
    def source(self, tmp_path: Path, bluesky: Bluesky) -> Network:
        return Network(tmp_path, bluesky)

"""The connector http_json keeps the contract, with each paginator, over real sockets."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from cxconnectors.http_json import HttpJson
from cxcore.sdk.testing import CANARY, ConnectorConformance, SourceFixture
from support.rest import MAPPING, T0, Reply, Request, Server, order

SIZE = 4


class Shop(SourceFixture):
    """An invented shop with fourteen orders, read from a real socket."""

    page: ClassVar[dict[str, Any]]
    parameters: ClassVar[dict[str, Any]]
    since: ClassVar[dict[str, Any] | None] = None
    order_by = "id"
    secret = "s3cret-of-the-shop"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.orders = {n: order(n) for n in range(1, 15)}
        self.answers: list[Reply] = []
        self.always: Reply | None = None
        self.server = Server(self.answer)
        self.server.now = T0 + timedelta(days=1)

    @property
    def config(self) -> dict[str, Any]:
        stream: dict[str, Any] = {
            "name": "orders",
            "path": "/orders",
            "parameters": self.parameters,
            "records": "items",
            "page": self.page,
            "mapping": MAPPING,
        }
        if self.since:
            stream["since"] = self.since
        return {
            "base_url": self.server.url,
            "auth": {"kind": "bearer"},
            "secret": self.secret,
            "check": {"path": "/me", "account": "shop"},
            "stream": [stream],
        }

    @property
    def account(self) -> str:
        return "Harbour Shop"

    def answer(self, request: Request) -> Reply:
        if self.always:
            return self.always
        if self.answers:
            return self.answers.pop()
        if request.headers.get("authorization") != f"Bearer {self.secret}":
            return Reply({"error": "who?"}, status=401)
        if request.path == "/me":
            return Reply({"shop": "Harbour Shop"})
        return self.list(request, self.found(request))

    def found(self, request: Request) -> list[dict[str, Any]]:
        """The orders asked for, in the source's order."""
        found = list(self.orders.values())
        if since := request.query.get("since"):
            found = [each for each in found if datetime.fromisoformat(each["changed"]) >= datetime.fromisoformat(since)]
        if until := request.query.get("until"):
            found = [each for each in found if datetime.fromisoformat(each["changed"]) < datetime.fromisoformat(until)]
        return sorted(found, key=lambda each: each["id"] if self.order_by == "id" else (each["changed"], each["id"]))

    def list(self, request: Request, found: list[dict[str, Any]]) -> Reply:
        raise NotImplementedError

    def change(self) -> None:
        self.orders[3] = order(3, self.later()) | {"what": "Suite 3"}

    def later(self) -> datetime:
        """A time after the last pull, by the clock of the shop."""
        assert self.server.now is not None
        self.server.now += timedelta(hours=2)
        return self.server.now - timedelta(hours=1)

    def spoil(self) -> None:
        self.orders[20] = order(20) | {"created": CANARY}

    def go_down(self) -> None:
        self.server.close()

    def fetched(self) -> int:
        return len(self.server.requests)

    def refuse(self) -> None:
        self.always = Reply({}, status=401)

    def throttle(self, seconds: int) -> None:
        self.answers = [Reply({}, status=429, headers={"Retry-After": str(seconds)})]

    def fail(self) -> None:
        self.always = Reply({}, status=503)


class ByNumber(Shop):
    page: ClassVar = {"kind": "number"}
    parameters: ClassVar = {"page": "{page}"}

    def list(self, request: Request, found: list[dict[str, Any]]) -> Reply:
        at = (int(request.query["page"]) - 1) * SIZE
        return Reply({"items": found[at : at + SIZE]})


class ByNumberSince(ByNumber):
    """Sorted upwards by time of change, asked for from the newest on."""

    since: ClassVar = {"order": "asc", "overlap": 600}
    parameters: ClassVar = {"page": "{page}", "since": "{since}"}
    order_by = "changed"

    def arrive_late(self) -> None:
        self.orders[30] = order(30, T0 + timedelta(minutes=10))

    def delete(self) -> None:
        self.orders[5] = order(5, self.later()) | {"state": "gone"}


class ByOffset(Shop):
    page: ClassVar = {"kind": "offset"}
    parameters: ClassVar = {"skip": "{offset}"}

    def list(self, request: Request, found: list[dict[str, Any]]) -> Reply:
        at = int(request.query["skip"])
        return Reply({"items": found[at : at + SIZE]})


class ByCursor(Shop):
    page: ClassVar = {"kind": "cursor", "next": "next.after"}
    parameters: ClassVar = {"after": "{cursor}", "since": "{since}"}
    since: ClassVar = {"overlap": 600, "start": "2026-03-01T00:00:00Z", "window": "PT6H"}

    def found(self, request: Request) -> list[dict[str, Any]]:
        return [each for each in super().found(request) if each["id"] > int(request.query.get("after", 0))]

    def list(self, request: Request, found: list[dict[str, Any]]) -> Reply:
        after = {"after": found[SIZE - 1]["id"]} if len(found) > SIZE else {}
        return Reply({"items": found[:SIZE], "next": after})

    @property
    def config(self) -> dict[str, Any]:
        config = super().config
        config["stream"][0]["parameters"] = {**self.parameters, "until": "{until}"}
        return config


class ByLink(ByCursor):
    page: ClassVar = {"kind": "link"}
    parameters: ClassVar = {"since": "{since}"}

    def list(self, request: Request, found: list[dict[str, Any]]) -> Reply:
        headers = {}
        if len(found) > SIZE:
            kept = "".join(f"&{n}={request.query[n]}" for n in ("since", "until") if n in request.query)
            headers["Link"] = f'</orders?after={found[SIZE - 1]["id"]}{kept}>; rel="next", </orders>; rel=first'
        return Reply({"items": found[:SIZE]}, headers=headers)


class ByNext(Shop):
    page: ClassVar = {"kind": "next", "next": "next"}
    parameters: ClassVar = {}

    def list(self, request: Request, found: list[dict[str, Any]]) -> Reply:
        at = int(request.query.get("at", 0))
        following = f"{self.server.url}/orders?at={at + SIZE}" if at + SIZE < len(found) else None
        return Reply({"items": found[at : at + SIZE], "next": following})


class NewestFirst(ByNumber):
    """Sorted downwards, without a parameter for a time: the walk stops at what it has."""

    since: ClassVar = {"order": "desc", "overlap": 60}

    def found(self, request: Request) -> list[dict[str, Any]]:
        return sorted(self.orders.values(), key=lambda each: each["changed"], reverse=True)


class WithDetails(ByNext):
    """The list has ids alone."""

    @property
    def config(self) -> dict[str, Any]:
        config = super().config
        config["stream"][0]["detail"] = {"path": "/orders/{id}", "record": "order"}
        return config

    def answer(self, request: Request) -> Reply:
        if request.path.startswith("/orders/") and not (self.always or self.answers):
            return Reply({"order": self.orders[int(request.path.rpartition("/")[2])]})
        return super().answer(request)

    def list(self, request: Request, found: list[dict[str, Any]]) -> Reply:
        return super().list(request, [{"id": each["id"]} for each in found])


class Suite(ConnectorConformance):
    @pytest.fixture
    def source(self, tmp_path: Path) -> Iterator[SourceFixture]:
        made = self.source_type(tmp_path)
        yield made
        made.server.close()  # type: ignore[attr-defined]  # a Shop


class TestNumber(Suite):
    connector = HttpJson
    source_type = ByNumber


class TestNumberSince(Suite):
    connector = HttpJson
    source_type = ByNumberSince


class TestOffset(Suite):
    connector = HttpJson
    source_type = ByOffset


class TestCursor(Suite):
    connector = HttpJson
    source_type = ByCursor


class TestLink(Suite):
    connector = HttpJson
    source_type = ByLink


class TestNext(Suite):
    connector = HttpJson
    source_type = ByNext


class TestNewestFirst(Suite):
    connector = HttpJson
    source_type = NewestFirst


class TestDetails(Suite):
    connector = HttpJson
    source_type = WithDetails

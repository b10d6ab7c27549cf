"""pretix under the conformance suite, on a real pretix."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from cxconnectors.pretix import Pretix
from cxcore.clock import now
from cxcore.sdk.delivery import Delivery
from cxcore.sdk.testing import ConnectorConformance, SourceFixture
from support import pretix as pretixes
from support.pretix import Shop

NOWHERE = "http://127.0.0.1:9"


@dataclass
class Stock:
    """An organizer, an order that tests change, and orders of test mode that they delete."""

    shop: Shop
    changing: dict[str, Any]
    testing: list[dict[str, Any]]


@pytest.fixture(scope="module")
def stock(pretix: pretixes.Pretix) -> Stock:
    """An organizer whose events, orders and accounts fill some pages; tests add to it and change it."""
    made = pretix.shop()
    made.event("concert")
    testing = [made.order(testmode=True) for _ in range(2)]
    attendee = {"attendee_name_parts": {"_scheme": "full", "full_name": "Pekka Koski"}}
    changing = made.order(attendee, {**attendee, "attendee_email": "pekka@home.example"})
    for n in range(3):
        made.order(event="concert" if n % 2 else "fair")
        made.customer(f"guest{n}@home.example")
    made.scan(changing["positions"][0])
    return Stock(made, changing, testing)


class Box(SourceFixture):
    """The organizer, with orders of test mode, as pretix shows it in pages of four."""

    stock: Stock

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.shop = self.stock.shop
        self.url, self.token = self.shop.server.url, self.shop.token

    @property
    def config(self) -> dict[str, Any]:
        return {
            "url": self.shop.server.url,
            "organizer": self.shop.organizer,
            "token": self.shop.token,
            "customers_every": 0,
            "test_orders": True,
            "page": 4,
            "calls": 100_000,
        }

    @property
    def account(self) -> str:
        return self.shop.organizer

    def attach(self, connector: Pretix) -> None:
        update = (
            {"url": self.url, "token": SecretStr(self.token)} if self.token != self.shop.token else {"url": self.url}
        )
        connector.config = connector.config.model_copy(update=update)

    def change(self) -> None:
        self.shop.change(self.stock.changing, comment=f"changed {next(self.shop.numbers)}")

    def delete(self) -> None:
        self.shop.delete(self.stock.testing.pop())

    def go_down(self) -> None:
        self.url = NOWHERE

    def refuse(self) -> None:
        self.token = "a token that was revoked"

    def push(self) -> list[Delivery]:
        told = {"notification_id": 1, "organizer": self.shop.organizer, "event": "fair", "code": "ABC12"}
        body = json.dumps({**told, "action": "pretix.event.order.paid"}).encode()
        return [Delivery("POST", "", (("content-type", "application/json"),), body, now())]


@pytest.fixture(autouse=True)
def _on(stock: Stock) -> None:
    Box.stock = stock


class TestPretix(ConnectorConformance):
    connector = Pretix
    source_type = Box

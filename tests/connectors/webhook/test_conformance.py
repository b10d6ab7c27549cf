"""webhook keeps the contract with every scheme, and takes in many bodies what a table in a file would give."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cxconnectors.files import Files
from cxconnectors.webhook import Webhook
from cxcore.sdk import Delivery, Refused
from cxcore.sdk.testing import CANARY, ConnectorConformance, SourceFixture, flipped
from cxcore.sdk.testing.driving import pull, versions
from support.signing import SECRET, SIGNERS, URL, delivery, secret_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MAPPING = {
    "version": 1,
    "key": "id",
    "changed_at": "updated",
    "interaction": [
        {
            "channel": "purchase",
            "kind": "order",
            "direction": "inbound",
            "occurred_at": "created",
            "subject": "what",
            "customer": {"name": "name", "email": "mail"},
        }
    ],
}


def order(number: int, **changed: Any) -> dict[str, Any]:
    return {
        "id": number,
        "created": f"2026-02-{number:02}T10:00:00Z",
        "updated": f"2026-02-{number:02}T11:00:00Z",
        "what": f"Order {number}",
        "name": f"Guest {number}",
        "mail": f"guest{number}@home.example",
        **changed,
    }


class Shop(SourceFixture):
    """A shop that delivers its orders one by one."""

    preset = "standard"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.orders = [order(number) for number in range(1, 8)]

    @property
    def config(self) -> dict[str, Any]:
        return {
            "scheme": self.preset,
            "secret": secret_of(self.preset),
            "public_url": URL,
            "verify_token": "t0ken of ours",
            "items": "data.order",
            "event": "type",
            "mapping": MAPPING,
        }

    @property
    def account(self) -> str:
        return self.preset

    def push(self, *, ago: timedelta = timedelta(0)) -> list[Delivery]:
        return [self.sent({"type": "order", "data": {"order": each}}, each["id"], ago) for each in self.orders]

    def sent(self, body: Any, number: int, ago: timedelta = timedelta(0)) -> Delivery:
        raw = json.dumps(body).encode()
        signed = SIGNERS[self.preset](secret_of(self.preset), raw, NOW - ago, f"d-{number}")
        return delivery(raw, signed, at=NOW)

    def tampered(self, delivery: Delivery) -> Iterator[Delivery]:
        return flipped(delivery)

    def spoil(self) -> None:
        self.orders.append(order(9, created=CANARY, mail=CANARY))


class Dated(Shop):
    """One whose time of signing is signed."""

    def push_old(self) -> Delivery:
        return self.push(ago=timedelta(minutes=6))[0]


class TwilioShop(Shop):
    """One that signs its address, which holds the body's digest."""

    preset = "twilio"

    def sent(self, body: Any, number: int, ago: timedelta = timedelta(0)) -> Delivery:
        import hashlib
        import hmac

        raw = json.dumps(body).encode()
        query = f"bodySHA256={hashlib.sha256(raw).hexdigest()}"
        digest = hmac.new(SECRET.encode(), f"{URL}?{query}".encode(), "sha1").digest()
        headers = {"X-Twilio-Signature": base64.b64encode(digest).decode(), "Content-Type": "application/json"}
        return delivery(raw, headers, at=NOW, query=query)


class TestStandard(ConnectorConformance):
    connector = Webhook
    source_type = type("Standard", (Dated,), {})


class TestTwilio(ConnectorConformance):
    connector = Webhook
    source_type = TwilioShop


STAMPED = ("chatwoot", "hubspot", "slack", "stripe", "zendesk", "zoom")
for _preset in [name for name in SIGNERS if name not in {"standard", "twilio"}]:
    _kind = Dated if _preset in STAMPED else Shop
    globals()[f"Test{_preset.title()}"] = type(
        f"Test{_preset.title()}",
        (ConnectorConformance,),
        {"connector": Webhook, "source_type": type(_preset, (_kind,), {"preset": _preset})},
    )


class Basic(Shop):
    """One that shows a password and signs nothing."""

    preset = "basic"
    tampered = None  # type: ignore[assignment]

    @property
    def config(self) -> dict[str, Any]:
        return super().config | {"secret": "shop:a secret of the sender"}

    def sent(self, body: Any, number: int, ago: timedelta = timedelta(0)) -> Delivery:
        shown = base64.b64encode(f"shop:{SECRET}".encode()).decode()
        return delivery(json.dumps(body).encode(), {"Authorization": f"Basic {shown}"}, at=NOW)


class TestBasic(ConnectorConformance):
    connector = Webhook
    source_type = Basic


def test_a_delivery_gives_the_keys_and_contents_that_a_file_of_the_same_objects_gives(tmp_path: Path) -> None:
    """There is no pull of webhook's own: the connector files with the same mapping stands for the one that repairs it."""
    shop = Shop(tmp_path)
    (tmp_path / "orders.jsonl").write_text("".join(json.dumps(each) + "\n" for each in shop.orders), encoding="utf-8")
    pulled = versions(pull(Files.configured({"path": str(tmp_path), "mapping": MAPPING}), "items"))
    connector = Webhook.configured(shop.config)
    delivered = {
        (record.stream, record.key, record.digest(record.body()))
        for each in shop.push()
        for record in connector.receive(each).records
    }
    assert delivered == pulled
    assert len(delivered) == 7


def test_another_sources_secret_is_of_no_use(tmp_path: Path) -> None:
    shop = Dated(tmp_path)
    connector = Webhook.configured(shop.config | {"secret": secret_of("standard", "another")})
    for each in shop.push():
        with pytest.raises(Refused):
            connector.receive(each)
    both = Webhook.configured(
        shop.config | {"secret": secret_of("standard", "another"), "former_secret": secret_of("standard")}
    )
    assert all(both.receive(each).records for each in shop.push())
    late = replace(shop.push()[0], received_at=NOW + timedelta(minutes=9))
    assert Webhook.configured(shop.config | {"tolerance": 600}).receive(late).records

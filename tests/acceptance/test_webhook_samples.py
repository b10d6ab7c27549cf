"""Orders as WooCommerce and Shopify publish them, delivered and signed by their documentation, end in the timelines."""

import json
from pathlib import Path
from typing import Any

import pytest

from cxcore import pipeline
from cxcore.api.app import application
from cxcore.clock import now
from cxcore.db.session import Database
from cxcore.pull import sources
from support.calling import CURSOR_KEY
from support.delivering import Gate, counted, landed
from support.signing import SECRET, SIGNERS, delivery

pytestmark = pytest.mark.shared_data

ORDER: dict[str, Any] = {"channel": "purchase", "kind": "order", "direction": "inbound", "role": "buyer"}
SHOPS: dict[str, dict[str, Any]] = {
    "woocommerce": {
        "timezone": "UTC",
        "mapping": {
            "version": 1,
            "key": "id",
            "changed_at": "date_modified_gmt",
            "interaction": [
                {
                    **ORDER,
                    "occurred_at": "date_created_gmt",
                    "subject": {"path": "line_items[].name", "as": ["join"]},
                    "attributes": {"total": "total", "currency": "currency"},
                    "customer": {
                        "name": {"join": ["billing.first_name", "billing.last_name"]},
                        "email": "billing.email",
                        "phone": "billing.phone",
                    },
                }
            ],
        },
    },
    "shopify": {
        "mapping": {
            "version": 1,
            "key": "id",
            "changed_at": "updated_at",
            "interaction": [
                {
                    **ORDER,
                    "occurred_at": "created_at",
                    "subject": {"path": "line_items[].name", "as": ["join"]},
                    "customer": {"key": "customer.id", "email": "email", "phone": "phone"},
                }
            ],
        },
    },
}


def orders(folder: Path, shop: str) -> list[dict[str, Any]]:
    """The distinct orders among the vendor's samples."""
    if shop == "woocommerce":
        found = json.loads((folder / "woocommerce" / "orders.json").read_text(encoding="utf-8"))
    else:
        answers = json.loads((folder / "shopify" / "order.json").read_text(encoding="utf-8"))
        found = [order for answer in answers for order in answer["body"].get("orders", ())]
    whole = [each for each in found if "line_items" in each and ("date_created_gmt" in each or "created_at" in each)]
    return list({json.dumps(each, sort_keys=True): each for each in whole}.values())


@pytest.mark.parametrize("shop", SHOPS)
async def test_each_order_is_a_purchase_of_a_known_customer(
    database: Database, shared_data: Path, monkeypatch: pytest.MonkeyPatch, shop: str
) -> None:
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    config = {"scheme": shop, "secret": "env:SHOP_SECRET", **SHOPS[shop]}
    async with database.unit() as session:
        await sources.add(session, key="shop", connector="webhook", config=config, name=None)
    gate = Gate(application(database, cursor_key=CURSOR_KEY))
    sent = orders(shared_data / "vendors", shop)
    assert sent
    for round_ in range(2):
        for number, order in enumerate(sent):
            body = json.dumps(order).encode()
            signed = SIGNERS[shop](SECRET, body, now(), f"{shop}-{number}-{round_}")
            headers = {"Content-Type": "application/json", **signed}
            assert await gate.status(delivery(body, headers, at=now()), to="shop") == 200
            assert await gate.status(delivery(body + b" ", headers, at=now()), to="shop") == 401
    assert len(await landed(database)) == len(sent)
    done = await pipeline.digest(database)
    assert (done.normalised, done.quarantined) == (len(sent), 0)
    assert await counted(database, "interaction") == len({order["id"] for order in sent})
    assert await counted(database, "identifier") > 0

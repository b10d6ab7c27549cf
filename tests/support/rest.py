"""An invented shop whose orders tests read over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cxcore.sdk.testing.local_server import LocalServer as Server
from cxcore.sdk.testing.local_server import Reply, Request

__all__ = ["MAPPING", "T0", "Reply", "Request", "Server", "order"]

T0 = datetime(2026, 3, 1, 12, tzinfo=UTC)


def order(number: int, changed: datetime | None = None) -> dict[str, Any]:
    """An order as the invented shop has it; numbers change in the order of their time."""
    changed = changed or T0 + timedelta(minutes=number)
    return {
        "id": number,
        "state": "open",
        "created": (T0 + timedelta(minutes=number)).isoformat(),
        "changed": changed.isoformat(),
        "what": f"Room {number}",
        "customer": {"id": f"c{number % 5}", "name": f"Guest {number % 5}", "email": f"guest{number % 5}@home.example"},
    }


MAPPING: dict[str, Any] = {
    "version": 1,
    "key": "id",
    "changed_at": "changed",
    "deleted": "state == 'gone'",
    "interaction": [
        {
            "channel": "purchase",
            "kind": "order",
            "direction": "inbound",
            "occurred_at": "created",
            "subject": "what",
            "customer": {"key": "customer.id", "name": "customer.name", "email": "customer.email"},
        }
    ],
}

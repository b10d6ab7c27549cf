"""Events as CloudEvents 1.0 in JSON: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md."""

import json
from typing import Any

from cxcore.events.feed import Event

SOURCE = "/cxcore"
SCHEMAS = "https://cxcore.example/events/"
VERSION = 1
"""Of ``data`` in all types; a type whose data changes otherwise than by additions gets the next one."""


def cloud(event: Event) -> dict[str, Any]:
    """The event with CloudEvents' attributes; ``sequence`` is that extension's, 20 digits that sort as text."""
    return {
        "specversion": "1.0",
        "id": str(event.id),
        "source": SOURCE,
        "type": event.type,
        "subject": event.subject,
        "time": event.occurred_at.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "dataschema": f"{SCHEMAS}{event.type}/{VERSION}",
        "sequence": f"{event.sequence:020}",
        "data": event.data,
    }


def encoded(event: Event) -> bytes:
    """The event in JSON, the same bytes each time."""
    return json.dumps(cloud(event), separators=(",", ":"), ensure_ascii=False).encode()

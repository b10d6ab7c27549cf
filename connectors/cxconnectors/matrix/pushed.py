"""What a homeserver pushes to us as an application service.

https://spec.matrix.org/latest/application-service-api/#put_matrixappv1transactionstxnid
"""

import hashlib
import json
from typing import Any

from cxconnectors.matrix import meaning
from cxconnectors.matrix.config import MatrixConfig
from cxcore.sdk import Delivery, Received, Record, Refused
from cxcore.sdk.signature import HeaderSecret, Secrets, verify

_TRANSACTIONS = "_matrix/app/v1/transactions/"
_DONE = "{}"


def receive(delivery: Delivery, config: MatrixConfig, stream: str) -> Received:
    """A customer's words land as a pull would land them. What needs the room (the company's own words), and what changes
    a message, is a sign to pull.

    Raises:
        Refused: it does not come from the homeserver.
    """
    if config.hs_token is None:
        raise Refused("The source has no hs_token.")
    secrets = Secrets((config.hs_token.get_secret_value(),))
    proof = verify(HeaderSecret(header="authorization", prefix="Bearer "), delivery, secrets)
    if not delivery.path.startswith(_TRANSACTIONS):
        return Received(proof=proof, answer=_DONE)  # a ping
    events = _events(delivery.body)
    if events is None:
        return Received(proof=proof, records=(_unread(stream, delivery.body),), answer=_DONE)
    said, wake = [], False
    for event in events:
        concerned, room, sender = meaning.concerned(event), event.get("room_id"), event.get("sender")
        if concerned is None or not isinstance(room, str) or not isinstance(sender, str):
            continue
        if concerned == event.get("event_id") and not config.own(sender):
            said.append(meaning.record(stream, room, event, ()))
        else:
            wake = True
    return Received(proof=proof, records=said, wake=wake, answer=_DONE)


def _events(body: bytes) -> list[dict[str, Any]] | None:
    """The events of a transaction; None where it cannot be read."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    events = found.get("events") if isinstance(found, dict) else None
    return [event for event in events if isinstance(event, dict)] if isinstance(events, list) else None


def _unread(stream: str, body: bytes) -> Record:
    key = f"unread-{hashlib.sha256(body).hexdigest()}"
    return Record(stream, key, body, media_type="application/octet-stream", origin="a transaction that cannot be read")

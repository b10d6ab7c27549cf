"""What a homeserver pushes: believed by its token, landed as a pull would land it, or a sign to pull."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from cxconnectors.matrix import Matrix
from cxcore.sdk import Delivery, RecordRejected, Refused, Trust

BEARER = "Bearer of-the-homeserver"
ROOM = "!room:x.example"
CONFIG = {"url": "https://x.example", "token": "t", "hs_token": "of-the-homeserver", "own_users": ["@desk:x.example"]}
MATRIX = Matrix.configured(CONFIG)


def event(sender: str = "@anna:x.example", number: int = 1, **content: Any) -> dict[str, Any]:
    return {
        "type": "m.room.message",
        "event_id": f"$event{number}",
        "room_id": ROOM,
        "sender": sender,
        "origin_server_ts": 1772442000000,
        "content": {"msgtype": "m.text", "body": "hello", **content},
        "unsigned": {"age": 12},
    }


def delivery(*events: Any, body: bytes | None = None, token: str = BEARER, path: str = "") -> Delivery:
    return Delivery(
        method="PUT",
        query="",
        headers=(("authorization", token),),
        body=json.dumps({"events": events}).encode() if body is None else body,
        received_at=datetime(2026, 3, 1, tzinfo=UTC),
        path=path or "_matrix/app/v1/transactions/7",
    )


def test_what_a_customer_writes_lands() -> None:
    received = MATRIX.receive(delivery(event(), event(number=2)))
    assert [record.key for record in received.records] == ["$event1", "$event2"]
    assert (received.wake, received.answer, received.proof.trust) == (False, "{}", Trust.AUTHENTICATED)
    assert received.proof.marks
    (interaction,) = MATRIX.map(received.records[0])
    assert interaction.text == "hello"  # type: ignore[union-attr]  # a message is an interaction


@pytest.mark.parametrize(
    "changing",
    [
        event("@desk:x.example"),
        event(**{"m.relates_to": {"rel_type": "m.replace", "event_id": "$event0"}}),
        event() | {"type": "m.room.redaction", "redacts": "$event0", "content": {}},
    ],
    ids=["the company's own words", "an edit", "a redaction"],
)
def test_what_only_the_server_can_tell_whole_is_a_sign_to_pull(changing: dict[str, Any]) -> None:
    received = MATRIX.receive(delivery(changing))
    assert (list(received.records), received.wake) == ([], True)


@pytest.mark.parametrize(
    "other",
    [event() | {"type": "m.reaction"}, event() | {"room_id": None}, event() | {"sender": 7}, {}, 7, None],
    ids=["a reaction", "no room", "no sender", "nothing", "a number", "null"],
)
def test_what_says_nothing_is_passed_over(other: Any) -> None:
    received = MATRIX.receive(delivery(other, event()))
    assert [record.key for record in received.records] == ["$event1"]
    assert not received.wake


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"events": 7}', b"[" * 100_000], ids=["", "{", "[]", "7", "deep"])
def test_what_is_believed_but_cannot_be_read_is_kept_and_set_aside(body: bytes) -> None:
    (record,) = MATRIX.receive(delivery(body=body)).records
    assert record.payload == body
    with pytest.raises(RecordRejected):
        list(MATRIX.map(record))


@pytest.mark.parametrize(
    "token", ["", "Bearer ", "Bearer of-the-homeserve", "bearer of-the-homeserver", "of-the-homeserver"]
)
def test_who_has_not_the_token_is_refused(token: str) -> None:
    with pytest.raises(Refused):
        MATRIX.receive(delivery(event(), token=token))


def test_without_a_token_configured_nobody_is_believed() -> None:
    connector = Matrix.configured({name: value for name, value in CONFIG.items() if name != "hs_token"})
    with pytest.raises(Refused):
        connector.receive(delivery(event()))


def test_a_ping_is_answered_and_lands_nothing() -> None:
    received = MATRIX.receive(delivery(event(), path="_matrix/app/v1/ping"))
    assert (list(received.records), received.wake, received.answer) == ([], False, "{}")

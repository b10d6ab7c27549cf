"""The part of the contract that concerns deliveries; collected for fixtures that can push."""
# ruff: noqa: S101 - these are tests, shipped to those who write connectors

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cxcore.sdk.connector import Connector
from cxcore.sdk.delivery import Delivery, Refused, Trust
from cxcore.sdk.testing.driving import secrets
from cxcore.sdk.testing.needs import needs
from cxcore.sdk.testing.suite import Suite


def flipped(delivery: Delivery) -> Iterator[Delivery]:
    """The delivery with one bit of its body changed, at every byte; and cut short, and longer."""
    for position in range(len(delivery.body)):
        body = bytearray(delivery.body)
        body[position] ^= 1
        yield replace(delivery, body=bytes(body))
    yield replace(delivery, body=delivery.body[:-1])
    yield replace(delivery, body=delivery.body + b"0")


class PushConformance(Suite):
    """What is believed, what is not, and what is known again."""

    @needs("push")
    def test_a_delivery_brings_something_and_says_why_it_is_believed(self, source: Any) -> None:
        connector = self.connect(source)
        for delivery in source.push():
            found = connector.receive(delivery)
            assert found.records or found.wake, "a delivery brings nothing"
            if found.records:
                assert found.proof.trust is not Trust.NONE, "records are landed that nothing proves"
                assert found.proof.marks, "a repeat of the delivery could not be known"

    @needs("push")
    def test_a_repeat_is_known_again_and_another_delivery_is_not(self, source: Any) -> None:
        connector = self.connect(source)
        seen: set[bytes] = set()
        for delivery in source.push():
            marks = connector.receive(delivery).proof.marks
            assert marks == connector.receive(delivery).proof.marks, "a repeat has other marks"
            assert not marks & seen, "two deliveries share a mark: the second would be taken for a repeat"
            seen |= marks

    @needs("push", "tampered")
    def test_what_was_changed_on_the_way_is_refused(self, source: Any) -> None:
        connector = self.connect(source)
        for delivery in source.push()[:3]:
            for broken in source.tampered(delivery):
                with pytest.raises(Refused):
                    connector.receive(broken)

    @needs("push_old")
    def test_what_was_signed_too_long_ago_is_refused(self, source: Any) -> None:
        with pytest.raises(Refused):
            self.connect(source).receive(source.push_old())

    @needs("push")
    def test_of_a_stranger_nothing_is_believed_and_nothing_is_told(self, source: Any) -> None:
        connector = self.connect(source)
        told = [
            _refusal(connector, replace(delivery, headers=(), body=body))
            for delivery in source.push()[:3]
            for body in (delivery.body, b"", b"{}", b"{", b"\xff", b"[" * 100_000)
        ]
        assert not any(secret in text for secret in secrets(connector.config) for text in told), "a secret shows"


def _refusal(connector: Connector[Any], delivery: Delivery) -> str:
    """Why the delivery is refused; nothing if it is at most a sign to pull."""
    try:
        assert not connector.receive(delivery).records, "a stranger's records are landed"
    except Refused as exc:
        return str(exc)
    return ""

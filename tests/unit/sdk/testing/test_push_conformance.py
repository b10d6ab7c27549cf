"""The conformance suite passes a sound receiver and catches each planted fault."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cxcore.sdk import Connector, Delivery, Proof, Received, Record, Refused
from cxcore.sdk.testing import ConnectorConformance, SourceFixture, flipped
from support.parley import Parley
from support.postbox import Postbox, letters, posted
from support.signing import secret_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class PostOffice(SourceFixture):
    """Letters in memory, delivered with Standard Webhooks."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.letters = letters(25)

    @property
    def config(self) -> dict[str, Any]:
        return {"secret": secret_of("standard")}

    @property
    def account(self) -> str:
        return "25 letters"

    def attach(self, connector: Connector[Any]) -> None:
        connector.letters = self.letters  # type: ignore[attr-defined]

    def push(self) -> list[Delivery]:
        return [posted(each, at=NOW) for each in self.letters[-4:]]

    def push_old(self) -> Delivery:
        return replace(posted(self.letters[0], at=NOW - timedelta(hours=1)), received_at=NOW)

    def tampered(self, delivery: Delivery) -> Iterator[Delivery]:
        return flipped(delivery)


class Delivered(Postbox):
    manifest = Postbox.manifest.model_copy(update={"pulls": False})


class PostboxSuite(ConnectorConformance):
    connector = Postbox
    source_type = PostOffice

    test_its_key_is_the_name_of_its_package = None
    test_it_has_a_readme_and_a_quality_file = None


class TestPostbox(PostboxSuite):
    """Postbox is sound."""


class TestDeliveredOnly(PostboxSuite):
    """The same, which does not pull: what it maps is what it was delivered."""

    connector = Delivered


def unsigned(delivery: Delivery) -> Delivery:
    return posted(delivery.body, at=delivery.received_at)


class BelievesAll(Postbox):
    def receive(self, delivery: Delivery) -> Received:
        return super().receive(unsigned(delivery))


class BelievesOld(Postbox):
    def receive(self, delivery: Delivery) -> Received:
        stamp = int(delivery.header("webhook-timestamp") or 0)
        return super().receive(replace(delivery, received_at=datetime.fromtimestamp(stamp, UTC)))


class OtherKey(Postbox):
    def receive(self, delivery: Delivery) -> Received:
        found = super().receive(delivery)
        return replace(found, records=[replace(each, key=f"push-{each.key}") for each in found.records])


class OtherContent(Postbox):
    def receive(self, delivery: Delivery) -> Received:
        found = super().receive(delivery)
        return replace(found, records=[replace(r, payload={"event": r.payload}) for r in found.records])  # type: ignore[dict-item]


class ForgetsMarks(Postbox):
    def receive(self, delivery: Delivery) -> Received:
        found = super().receive(delivery)
        return replace(found, proof=Proof(found.proof.trust))


class OneMark(Postbox):
    def receive(self, delivery: Delivery) -> Received:
        found = super().receive(delivery)
        return replace(found, proof=replace(found.proof, marks=frozenset({b"x" * 32})))


class BringsNothing(Postbox):
    def receive(self, delivery: Delivery) -> Received:
        return replace(super().receive(delivery), records=())


class BelievesStrangers(Postbox):
    def receive(self, delivery: Delivery) -> Received:
        if not delivery.headers:
            return super().receive(posted({"id": 1}, at=delivery.received_at))
        return super().receive(delivery)


class TellsTheSecret(Postbox):
    def receive(self, delivery: Delivery) -> Received:
        try:
            return super().receive(delivery)
        except Refused as exc:
            raise Refused(f"Expected {self.secrets.live[0]}.") from exc


class ReadsBeforeItBelieves(Postbox):
    def receive(self, delivery: Delivery) -> Received:
        json.loads(delivery.body)
        return super().receive(delivery)


FAULTS: list[tuple[type[Postbox], str]] = [
    (BelievesAll, "test_what_was_changed_on_the_way_is_refused"),
    (BelievesOld, "test_what_was_signed_too_long_ago_is_refused"),
    (OtherKey, "test_a_delivery_lands_the_same_keys_and_versions_as_a_pull"),
    (OtherContent, "test_a_delivery_lands_the_same_keys_and_versions_as_a_pull"),
    (ForgetsMarks, "test_a_delivery_brings_something_and_says_why_it_is_believed"),
    (OneMark, "test_a_repeat_is_known_again_and_another_delivery_is_not"),
    (BringsNothing, "test_a_delivery_brings_something_and_says_why_it_is_believed"),
    (BelievesStrangers, "test_of_a_stranger_nothing_is_believed_and_nothing_is_told"),
    (TellsTheSecret, "test_of_a_stranger_nothing_is_believed_and_nothing_is_told"),
    (ReadsBeforeItBelieves, "test_of_a_stranger_nothing_is_believed_and_nothing_is_told"),
]


def run(suite: type[ConnectorConformance], name: str, folder: Path) -> None:
    test: Callable[..., None] = getattr(suite(), name)
    test(suite.source_type(folder))


@pytest.mark.parametrize(("faulty", "name"), FAULTS, ids=lambda each: getattr(each, "__name__", each))
def test_a_planted_fault_is_caught(faulty: type[Postbox], name: str, tmp_path: Path) -> None:
    run(PostboxSuite, name, tmp_path)
    with pytest.raises((AssertionError, pytest.fail.Exception, ValueError)):
        run(type("Suite", (PostboxSuite,), {"connector": faulty}), name, tmp_path)


def test_of_a_connector_that_does_not_pull_no_pull_is_asked() -> None:
    suite: Any = TestDeliveredOnly
    assert suite.test_every_stream_yields_records is None
    assert suite.test_a_delivery_lands_the_same_keys_and_versions_as_a_pull is None
    assert suite.test_records_map_to_declared_channels is not None


def test_a_connector_that_says_nothing_of_deliveries_refuses_them() -> None:
    with pytest.raises(Refused):
        Parley.configured({}).receive(posted({"id": 1}, at=NOW))


def test_a_record_of_a_pull_and_of_a_delivery_are_one_version() -> None:
    (delivered,) = Postbox.configured({"secret": secret_of("standard")}).receive(posted({"id": 1}, at=NOW)).records
    assert delivered == Record("messages", "1", {"id": 1}, origin="message 1")

"""cloudbeds under the conformance suite: a hotel that its vendor's document vouches for, by Prism."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cxconnectors.cloudbeds import Cloudbeds
from cxcore.sdk import AuthFailed, Cursor, Delivery, Page, Record, SourceUnavailable
from cxcore.sdk.testing import CANARY, ConnectorConformance
from cxcore.sdk.testing.driving import pull, records, run, saved
from support import cloudbeds, prism
from support.cloudbeds import HOTEL, KEY, NOW, WALL, CloudbedsFake, written
from support.judged import JudgedSource
from support.prism import Judge
from support.rest import Reply, Request
from support.signing import delivery

STREAMS = ("guests", "reservations", "presence")


@pytest.fixture(scope="module")
def running(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    document = prism.read(shared_data / "vendors/cloudbeds/pms-v1.3-openapi.yaml")
    with prism.judge(
        prism.mended(document, list(cloudbeds.flaws(document))), tmp_path_factory.mktemp("prism")
    ) as found:
        yield found


@pytest.fixture(autouse=True)
def judge(running: Judge) -> Iterator[Judge]:
    """Whatever Cloudbeds' document does not allow fails the test in which it happens."""
    Hotel.judge = running
    with running.watching():
        yield running


class Hotel(JudgedSource):
    """A hotel with guests who have been, are there, and will come."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, CloudbedsFake())
        fake = self.fake
        for n in range(1, 15):
            fake.book(n, WALL - timedelta(hours=n * n, minutes=5))
        for n in range(2, 12):
            status = "in_house" if n < 6 else "checked_out"
            fake.check_in(n, WALL - timedelta(hours=n * n, minutes=3), status)

    @property
    def config(self) -> dict[str, Any]:
        return {
            "url": self.judge.url,
            "property_id": HOTEL,
            "api_key": KEY,
            "page": 3,
            "calls": 1000,
            "since": "2026-01-01",
        }

    def change(self) -> None:
        self.fake.reservations["R14"].update(status="canceled", dateModified=written(WALL))

    def arrive_late(self) -> None:
        self.fake.book(30, WALL - timedelta(minutes=100))

    def delete(self) -> None:
        self.fake.reservations["R9"].update(isDeleted=True, dateModified=written(WALL))

    def spoil(self) -> None:
        at = WALL - timedelta(minutes=1)
        self.fake.book(31, at, self.fake.guests["14"], reservationCheckIn="soon", thirdPartyIdentifier=CANARY)

    def push(self) -> list[Delivery]:
        told = {"version": "1.0", "event": "reservation/status_changed", "propertyID": 4711, "reservationID": "R2"}
        return [delivery(json.dumps(told).encode(), {"Content-Type": "application/json"}, at=NOW)]


class TestCloudbeds(ConnectorConformance):
    connector = Cloudbeds
    source_type = Hotel


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    return Hotel(tmp_path)


def pages(hotel: Hotel, stream: str = "reservations", cursor: Cursor | None = None, **more: Any) -> list[Page]:
    return pull(Cloudbeds.configured({**hotel.config, **more}), stream, cursor)


def keys(found: list[Page]) -> set[str]:
    return {each.key for each in records(found)}


# lists


def test_a_full_pull_brings_each_guest_reservation_arrival_and_departure(hotel: Hotel) -> None:
    assert keys(pages(hotel)) == set(hotel.fake.reservations)
    assert keys(pages(hotel, "guests")) == set(hotel.fake.guests)
    came = {f"R{n}-1/{n}/in_house" for n in range(2, 6)}
    left = {f"R{n}-1/{n}/checked_out" for n in range(6, 12)}
    assert keys(pages(hotel, "presence")) == came | left


def test_passports_tax_numbers_and_the_like_are_not_landed(hotel: Hotel) -> None:
    for stream in STREAMS:
        for record in records(pages(hotel, stream)):
            body = record.body()
            assert b"FP1234567" not in body
            assert b"170580-123X" not in body
            assert b"ocument" not in body


def test_a_guest_who_is_forgotten_there_is_deleted_here(hotel: Hotel) -> None:
    first = {stream: pages(hotel, stream) for stream in STREAMS}
    gone = {"isAnonymized": True, "guestEmail": "", "dateModified": written(WALL)}
    hotel.fake.guests["3"].update(gone)
    hotel.fake.presence["3"].update(gone)
    hotel.fake.reservations["R3"]["guestList"]["3"].update(isAnonymized=True)
    hotel.fake.reservations["R3"]["dateModified"] = written(WALL)
    after = {stream: records(pages(hotel, stream, saved(first[stream][-1].cursor))) for stream in STREAMS}
    for stream, key in (("guests", "3"), ("presence", "R3-1/3/in_house")):
        (erased,) = [each for each in after[stream] if each.key == key]
        assert erased.deleted
        assert b"Virtanen" not in erased.body()
    (kept,) = [each for each in after["reservations"] if each.key == "R3"]
    assert b"Virtanen" not in kept.body()
    assert not kept.deleted


def test_who_arrived_is_there_with_the_next_pull_and_who_left_too(hotel: Hotel) -> None:
    cursor = saved(pages(hotel, "presence")[-1].cursor)
    hotel.fake.check_in(1, WALL + timedelta(seconds=30))
    assert "R1-1/1/in_house" in keys(pages(hotel, "presence", cursor))
    hotel.fake.check_in(1, WALL + timedelta(days=2), "checked_out")
    hotel.fake.now += timedelta(days=2)
    assert "R1-1/1/checked_out" in keys(pages(hotel, "presence", cursor))


def test_what_is_modified_while_a_pull_walks_hides_nothing(hotel: Hotel) -> None:
    begun = pull(Cloudbeds.configured(hotel.config), "guests", pages=2)
    first = min(hotel.fake.guests.values(), key=lambda each: str(each["dateModified"]))
    first.update(guestCity="Naantali", dateModified=written(WALL))
    rest = pages(hotel, "guests", saved(begun[-1].cursor))
    assert keys([*begun, *rest]) == set(hotel.fake.guests)
    assert "Naantali" in {each.payload["found"]["guestCity"] for each in records(rest)}  # type: ignore[call-overload,index]


def test_an_idle_pull_asks_little_and_once_an_hour_reads_a_day_again(hotel: Hotel) -> None:
    cursor = saved(pages(hotel)[-1].cursor)
    hotel.fake.asked.clear()
    assert keys(pages(hotel, "reservations", cursor)) == {"R1"}
    assert len(hotel.fake.asked) == 2
    hotel.fake.now += timedelta(hours=1)
    assert {"R1", "R2", "R3", "R4"} <= keys(pages(hotel, "reservations", cursor))


def test_empty_tables_written_as_lists_are_empty(hotel: Hotel, judge: Judge) -> None:
    hotel.fake.guests.clear()

    def as_php_does(request: Request) -> Reply:
        reply = hotel.fake.answer(request)
        if reply.body["data"] == {}:
            reply.body["data"] = []
        return reply

    judge.fake.answer = as_php_does
    assert keys(pages(hotel, "guests", url=judge.fake.url)) == set()


# refusals


@pytest.mark.parametrize("message", ["Access to this scope is denied", "Invalid access token"])
def test_a_refusal_in_words_asks_for_a_person_and_repeats_none_of_them(hotel: Hotel, message: str) -> None:
    hotel.fake.message = message
    with pytest.raises(AuthFailed) as refused:
        run(Cloudbeds.configured(hotel.config).check())
    assert message not in str(refused.value)


def test_a_fault_in_words_is_an_outage_and_repeats_none_of_them(hotel: Hotel) -> None:
    hotel.fake.message = f"Could not load {CANARY}"
    with pytest.raises(SourceUnavailable) as failed:
        pages(hotel)
    assert CANARY not in str(failed.value)


def test_a_list_that_does_not_say_how_long_it_is_is_not_taken_for_a_short_one(hotel: Hotel, judge: Judge) -> None:
    def silent(request: Request) -> Reply:
        reply = hotel.fake.answer(request)
        reply.body.pop("total")
        return reply

    judge.fake.answer = silent
    with pytest.raises(SourceUnavailable, match="how long"):
        pages(hotel)


def test_a_property_that_the_key_does_not_see_asks_for_a_person(hotel: Hotel) -> None:
    with pytest.raises(AuthFailed, match="property_id"):
        run(Cloudbeds.configured({**hotel.config, "property_id": "9"}).check())


# the document


def test_a_request_that_cloudbeds_does_not_document_is_caught(
    hotel: Hotel, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cxconnectors.cloudbeds import connector

    wrong = connector._LISTS["guests"][0].__class__(
        "getGuestsByStatus", ("resultsFrom", "resultsTo"), "propertyID", {"status": "gone"}, connector.landed.presence
    )
    monkeypatch.setitem(connector._LISTS, "guests", (wrong,))
    with pytest.raises(SourceUnavailable):
        pages(hotel, "guests")
    assert any("status must be equal to one of the allowed values" in fault for fault in judge.taken())


def test_an_answer_that_cloudbeds_does_not_document_is_caught(hotel: Hotel, judge: Judge) -> None:
    hotel.fake.reservations["R1"]["status"] = "asleep"
    with pytest.raises(SourceUnavailable):
        pages(hotel)
    assert any("status must be equal to one of the allowed values" in fault for fault in judge.taken())


def test_a_webhook_wakes_and_no_word_of_it_is_believed(hotel: Hotel) -> None:
    for body in (b"", b"{", b'{"reservationID": "R2"}'):
        found = Cloudbeds.configured(hotel.config).receive(delivery(body, {}, at=NOW))
        assert (found.wake, list[Record](found.records)) == (True, [])

"""twilio under the conformance suite: an account that its vendor's document vouches for, by Prism."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from cxconnectors.twilio import Twilio
from cxcore.errors import OperatorError
from cxcore.model.interaction import Interaction
from cxcore.sdk import AuthFailed, Cursor, Delivery, Record, Refused, SourceUnavailable
from cxcore.sdk.testing import CANARY, ConnectorConformance, flipped
from cxcore.sdk.testing.driving import pull, records, run, saved
from support import prism, twilio
from support.judged import JudgedSource
from support.prism import Judge
from support.rest import Reply, Request
from support.signing import FORM, delivery
from support.twilio import ACCOUNT, CALLBACK, NOW, SUBACCOUNT, TOKEN, TwilioFake, call, message, recording, sid

CONFIG = {"account_sid": ACCOUNT, "auth_token": TOKEN, "public_url": CALLBACK, "page": 4}


@pytest.fixture(scope="module")
def running(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    document = prism.read(shared_data / "vendors/twilio/twilio_api_v2010.json", twilio.FLAWS)
    with prism.judge(document, tmp_path_factory.mktemp("prism")) as found:
        yield found


@pytest.fixture(autouse=True)
def judge(running: Judge) -> Iterator[Judge]:
    """Whatever Twilio's document does not allow fails the test in which it happens."""
    Hotel.judge = running
    with running.watching():
        yield running


def filled() -> TwilioFake:
    fake = TwilioFake()
    for n in range(1, 13):
        at = NOW - timedelta(hours=n * n)
        fake.calls.append(call(n, at))
        fake.messages.append(message(n, at + timedelta(minutes=5)))
    fake.recordings.append(recording(1, fake.calls[3]))
    fake.calls.append(
        call(40, NOW - timedelta(hours=3), parent_call_sid=sid("CA", 9), direction="outbound-dial", to="+358501112233")
    )
    return fake


class Hotel(JudgedSource):
    """A hotel's account, with guests who call and write."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, filled())

    @property
    def config(self) -> dict[str, Any]:
        return {**CONFIG, "url": self.judge.url}

    def change(self) -> None:
        self.fake.calls[0]["status"] = "busy"

    def arrive_late(self) -> None:
        self.fake.calls.append(call(90, NOW - timedelta(days=1)))

    def spoil(self) -> None:
        self.fake.calls.append(call(91, NOW, direction=None, **{"from": CANARY}))

    def push(self) -> list[Delivery]:
        return [
            callback({"CallSid": each["sid"], "AccountSid": ACCOUNT, "CallStatus": "completed"})
            for each in self.fake.calls[:4]
        ]

    def tampered(self, delivery: Delivery) -> Iterator[Delivery]:
        return flipped(delivery)


def callback(fields: dict[str, str], *, token: str = TOKEN, query: str = "") -> Delivery:
    signed = twilio.signature(fields, token, CALLBACK + (f"?{query}" if query else ""))
    return delivery(
        urlencode(fields).encode(), {"X-Twilio-Signature": signed, "Content-Type": FORM}, at=NOW, query=query
    )


class TestTwilio(ConnectorConformance):
    connector = Twilio
    source_type = Hotel


# lists


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    return Hotel(tmp_path)


def pulled(hotel: Hotel, stream: str, cursor: Cursor | None = None, **more: Any) -> list[Record]:
    return records(pull(Twilio.configured({**hotel.config, **more}), stream, cursor))


def test_a_full_pull_brings_each_call_and_message_once_as_it_stands(hotel: Hotel) -> None:
    calls, messages = pulled(hotel, "calls"), pulled(hotel, "messages")
    assert {each.key: each.payload["call"] for each in calls} == {each["sid"]: each for each in hotel.fake.calls}
    assert {each.key: each.payload for each in messages} == {each["sid"]: each for each in hotel.fake.messages}


def test_a_call_is_landed_with_what_was_recorded_of_it_and_the_sides_of_its_parent(hotel: Hotel) -> None:
    found: dict[str, Any] = {each.key: each.payload for each in pulled(hotel, "calls")}
    assert [each["sid"] for each in found[sid("CA", 4)]["recordings"]] == [sid("RE", 1)]
    assert found[sid("CA", 40)]["parent"] == {"from": "+358401234509", "to": twilio.OWN, "direction": "inbound"}


def test_an_idle_pull_reads_two_days_and_once_an_hour_three(hotel: Hotel) -> None:
    cursor = saved(pull(Twilio.configured(hotel.config), "calls")[-1].cursor)

    def first_day_asked_for() -> str:
        hotel.fake.asked.clear()
        pulled(hotel, "calls", cursor)
        return next(each for each in hotel.fake.asked if "StartTime" in each)

    assert "StartTime%3E=2026-03-19" in first_day_asked_for()
    hotel.fake.now += timedelta(hours=1)
    assert "StartTime%3E=2026-03-17" in first_day_asked_for()


def test_a_walk_broken_off_on_an_earlier_day_goes_on_some_days_before(hotel: Hotel) -> None:
    pages = pull(Twilio.configured(hotel.config), "calls", pages=6)
    hotel.fake.now += timedelta(days=4)
    hotel.fake.calls.append(call(95, hotel.fake.now - timedelta(hours=1)))
    rest = pulled(hotel, "calls", saved(pages[-1].cursor))
    assert {each.key for each in [*records(pages), *rest]} == {each["sid"] for each in hotel.fake.calls}


def test_a_page_that_twilio_has_forgotten_is_read_from_the_lists_start(hotel: Hotel) -> None:
    pages = pull(Twilio.configured(hotel.config), "calls")
    inside = next(n for n, page in enumerate(pages, 1) if page.cursor.get("next"))
    hotel.fake.forget_pages = True
    again = pull(Twilio.configured({**hotel.config, "page": 1000}), "calls", saved(pages[inside - 1].cursor))
    assert {each.key for each in [*records(pages[:inside]), *records(again)]} == {
        each["sid"] for each in hotel.fake.calls
    }


def test_a_busy_day_is_read_in_shorter_windows(hotel: Hotel) -> None:
    hotel.fake.messages = [message(n, NOW - timedelta(days=8, minutes=n)) for n in range(60)]
    assert len(pulled(hotel, "messages")) >= 60
    windows = [each for each in hotel.fake.asked if "DateSent%3E" in each and "PageToken" not in each]
    assert len(windows) > 5


def test_subaccounts_are_read_too_where_they_are_wanted(hotel: Hotel) -> None:
    hotel.fake.calls.append(call(70, NOW - timedelta(days=2), account=SUBACCOUNT))
    assert sid("CA", 70, SUBACCOUNT) not in {each.key for each in pulled(hotel, "calls")}
    assert sid("CA", 70, SUBACCOUNT) in {each.key for each in pulled(hotel, "calls", subaccounts=True)}


def test_an_api_key_that_may_not_see_the_account_reads_its_calls_all_the_same(hotel: Hotel) -> None:
    key = "SK" + "7" * 32

    def restricted(request: Request) -> Reply:
        if request.headers["authorization"] != twilio.basic(key, "k") or "Calls" not in request.path:
            return Reply({"code": 20003}, status=401)
        request.headers["authorization"] = twilio.basic(ACCOUNT, TOKEN)
        return hotel.fake.answer(request)

    hotel.judge.fake.answer = restricted
    more = {"api_key": key, "api_secret": "k", "recordings": False}
    assert len(pulled(hotel, "calls", **more)) >= len(hotel.fake.calls)
    with pytest.raises(AuthFailed, match="restricted key"):
        pulled(hotel, "messages", **more)
    with pytest.raises(AuthFailed):
        run(Twilio.configured({**hotel.config, **more}).check())


# callbacks


def test_a_callback_of_the_account_wakes_and_lands_nothing(hotel: Hotel) -> None:
    connector = Twilio.configured(hotel.config)
    found = connector.receive(callback({"CallSid": sid("CA", 1), "CallStatus": "ringing"}, query="who=desk"))
    assert (found.wake, list(found.records)) == (True, [])


def test_a_callback_signed_with_the_other_token_is_believed(hotel: Hotel) -> None:
    signed = callback({"MessageSid": sid("SM", 1), "MessageStatus": "delivered"}, token="the next token")
    with pytest.raises(Refused):
        Twilio.configured(hotel.config).receive(signed)
    assert Twilio.configured({**hotel.config, "other_auth_token": "the next token"}).receive(signed).wake


def test_a_callback_to_another_address_is_refused(hotel: Hotel) -> None:
    sent = callback({"CallSid": sid("CA", 1)})
    with pytest.raises(Refused):
        Twilio.configured({**hotel.config, "public_url": "https://other.example/v1/deliveries/phone"}).receive(sent)
    with pytest.raises(Refused):
        Twilio.configured(hotel.config).receive(replace(sent, query="who=desk"))
    with pytest.raises(OperatorError, match="public_url"):
        Twilio.configured({**hotel.config, "public_url": None}).receive(sent)


# the document


def test_the_documents_own_examples_are_calls_and_messages(hotel: Hotel, shared_data: Path) -> None:
    paths = prism.read(shared_data / "vendors/twilio/twilio_api_v2010.json")["paths"]
    connector = Twilio.configured(hotel.config)
    for stream in ("calls", "messages"):
        listing = paths[f"/2010-04-01/Accounts/{{AccountSid}}/{stream.title()}.json"]["get"]["responses"]["200"]
        shown = [each["value"] for each in listing["content"]["application/json"]["examples"].values()]
        found = [item for value in shown for item in value[stream]]
        assert len(found) >= 2
        for item in found:
            payload = {"call": item} if stream == "calls" else item
            (made,) = connector.map(Record(stream, item["sid"], payload))
            assert isinstance(made, Interaction)
            assert made.customers
            assert made.occurred_at.year in {2016, 2019}


def test_a_request_that_twilio_does_not_document_is_caught(hotel: Hotel, judge: Judge) -> None:
    wrong = Twilio.configured(hotel.config)
    wrong.config = wrong.config.model_copy(update={"page": 5000})
    with pytest.raises(SourceUnavailable):
        pull(wrong, "calls")
    assert any("pagesize must be <= 1000" in fault for fault in judge.taken())


def test_an_answer_that_twilio_does_not_document_is_caught(hotel: Hotel, judge: Judge) -> None:
    hotel.fake.calls[0]["status"] = "on-hold"
    with pytest.raises(SourceUnavailable):
        pulled(hotel, "calls")
    assert any("must be equal to one of the allowed values" in fault for fault in judge.taken())

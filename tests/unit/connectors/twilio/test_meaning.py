"""What calls and messages of Twilio become."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from cxconnectors.twilio import Twilio, walk
from cxconnectors.twilio.config import TwilioConfig
from cxconnectors.twilio.times import moment
from cxcore.model.interaction import Channel, Direction, Flag, Interaction, Kind, Participant, Role
from cxcore.sdk import Record, RecordRejected
from support.twilio import ACCOUNT, NOW, OWN, TOKEN, call, message, recording, sid

GUEST, AGENT = "+358401234501", "+358501112233"


def connector(**more: Any) -> Twilio:
    return Twilio.configured({"account_sid": ACCOUNT, "auth_token": TOKEN, "own_numbers": ["050 111 2233"], **more})


def of_call(
    parent: dict[str, Any] | None = None, recordings: list[dict[str, Any]] | None = None, **changed: Any
) -> list[Interaction]:
    payload: dict[str, Any] = {"call": call(1, NOW, **changed)}
    payload |= {"parent": parent} if parent else {}
    payload |= {"recordings": recordings} if recordings else {}
    return list(connector().map(Record("calls", "CA1", payload)))


def of_message(**changed: Any) -> Interaction:
    (found,) = connector().map(Record("messages", "SM1", message(1, NOW, **changed)))
    assert isinstance(found, Interaction)
    return found


def numbers(found: Interaction) -> list[str]:
    return [each.value for person in found.customers for each in person.identifiers]


# calls


def test_a_call_from_a_customer_is_inbound_with_its_length() -> None:
    (found,) = of_call()
    assert (found.channel, found.kind, found.direction) == (Channel.PHONE, Kind.CALL, Direction.INBOUND)
    assert (found.occurred_at, found.duration, found.flags) == (NOW, 63, ())
    assert numbers(found) == [GUEST]
    assert found.participants == (Participant(role=Role.CALLEE, address=OWN),)
    assert found.conversation == sid("CA", 1)


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
def test_a_call_that_nobody_took_is_missed(status: str) -> None:
    (found,) = of_call(status=status, duration=None, end_time=None)
    assert (found.flags, found.duration, found.attributes["status"]) == ((Flag.MISSED,), None, status)


@pytest.mark.parametrize("status", ["queued", "ringing", "in-progress", "completed"])
def test_a_call_that_goes_on_is_not_missed(status: str) -> None:
    (found,) = of_call(status=status)
    assert found.flags == ()


@pytest.mark.parametrize("caller", ["+266696687", "+7378742833", "anonymous", "", None])
def test_a_caller_who_hides_the_number_is_nobody(caller: str | None) -> None:
    (found,) = of_call(**{"from": caller})
    assert found.customers == ()


def test_a_callers_name_is_a_hint_and_no_identity() -> None:
    (found,) = of_call(caller_name="VIRTANEN ANNA")
    assert found.attributes["caller_name"] == "VIRTANEN ANNA"
    assert found.customers[0].name is None


def test_a_number_in_a_sip_address_is_a_number() -> None:
    (found,) = of_call(**{"from": f"sip:{GUEST}@pbx.example:5060;transport=tls"})
    assert numbers(found) == [GUEST]


@pytest.mark.parametrize("caller", ["client:anna", "sip:101@desk.sip.twilio.com", AGENT])
def test_a_call_of_the_companys_own_people_alone_is_nothing(caller: str) -> None:
    assert of_call(**{"from": caller}) == []


def test_a_customer_whose_number_ends_like_an_agents_in_another_country_is_a_customer() -> None:
    (found,) = of_call(**{"from": "+46501112234"})
    assert numbers(found) == ["+46501112234"]
    config = connector(own_numbers=["+358 50 111 2233", "12"]).config
    assert config.own("+358501112233")
    assert not config.own("+46501112233")
    assert not config.own("+358401234512")


def test_a_customer_called_from_a_softphone_is_called_by_its_user() -> None:
    parent = {"from": "client:anna", "to": "", "direction": "inbound"}
    (found,) = of_call(parent, direction="outbound-dial", to=GUEST, parent_call_sid=sid("CA", 9), **{"from": OWN})
    assert (found.direction, numbers(found), found.role) == (Direction.OUTBOUND, [GUEST], Role.CALLEE)
    assert found.participants == (Participant(role=Role.AGENT, address="client:anna"),)
    assert found.conversation == sid("CA", 9)


def test_a_customer_called_by_the_api_is_called_from_the_companys_number() -> None:
    (found,) = of_call(direction="outbound-api", to=GUEST, answered_by="machine_start", **{"from": OWN})
    assert (found.direction, numbers(found)) == (Direction.OUTBOUND, [GUEST])
    assert found.participants == (Participant(role=Role.CALLER, address=OWN),)
    assert found.attributes["answered_by"] == "machine_start"


@pytest.mark.parametrize("agent", ["client:anna", AGENT, "+358509998877"])
def test_the_leg_that_leads_a_customer_to_an_agent_is_internal_in_the_same_conversation(agent: str) -> None:
    parent = {"from": GUEST, "to": OWN, "direction": "inbound"}
    (found,) = of_call(parent, direction="outbound-dial", to=agent, parent_call_sid=sid("CA", 9), **{"from": GUEST})
    assert (found.direction, numbers(found), found.conversation) == (Direction.INTERNAL, [GUEST], sid("CA", 9))
    assert found.participants == (Participant(role=Role.AGENT, address=agent),)


def test_a_leg_whose_parent_was_deleted_goes_to_whom_it_rang() -> None:
    (found,) = of_call(direction="outbound-dial", to=GUEST, parent_call_sid=sid("CA", 9), **{"from": OWN})
    assert (found.direction, numbers(found)) == (Direction.OUTBOUND, [GUEST])


def test_calls_of_a_sip_trunk_go_the_way_their_name_says() -> None:
    (inbound,) = of_call(direction="trunking-originating")
    (outbound,) = of_call(direction="trunking-terminating", to=GUEST, **{"from": OWN})
    assert (inbound.direction, outbound.direction) == (Direction.INBOUND, Direction.OUTBOUND)


def test_a_recorded_call_says_so_and_a_message_left_is_voicemail() -> None:
    (recorded,) = of_call(recordings=[recording(1, call(1, NOW)), recording(2, call(1, NOW))])
    assert (recorded.kind, recorded.attributes["recordings"], recorded.attributes["recorded_seconds"]) == (
        Kind.CALL,
        2,
        34,
    )
    (left,) = of_call(recordings=[recording(1, call(1, NOW), source="RecordVerb")])
    assert left.kind is Kind.VOICEMAIL


@pytest.mark.parametrize(
    "changed",
    [{"direction": None}, {"start_time": None, "date_created": None}, {"start_time": "", "date_created": "x"}],
)
def test_a_call_without_time_or_direction_is_set_aside(changed: dict[str, Any]) -> None:
    with pytest.raises(RecordRejected):
        of_call(**changed)


# messages


def test_a_text_from_a_customer_is_inbound_and_its_answer_is_in_the_same_conversation() -> None:
    asked, answered = of_message(), of_message(direction="outbound-reply", to=GUEST, **{"from": OWN})
    assert (asked.channel, asked.direction, asked.text) == (Channel.CHAT, Direction.INBOUND, "message 1")
    assert (answered.direction, answered.role) == (Direction.OUTBOUND, Role.RECIPIENT)
    assert numbers(asked) == numbers(answered) == [GUEST]
    assert asked.conversation == answered.conversation


def test_a_message_by_whatsapp_comes_from_the_number() -> None:
    found = of_message(to=f"whatsapp:{OWN}", **{"from": f"whatsapp:{GUEST}"})
    assert (numbers(found), found.attributes["via"]) == ([GUEST], "whatsapp")


def test_a_message_by_messenger_comes_from_an_account_there() -> None:
    (person,) = of_message(**{"from": "messenger:7310593588"}).customers
    assert [(each.issuer, each.value) for each in person.identifiers] == [("messenger", "7310593588")]


def test_a_sender_with_letters_has_a_name_and_no_number() -> None:
    (person,) = of_message(**{"from": "Posti"}).customers
    assert (person.name, person.identifiers) == ("Posti", ())


def test_pictures_are_counted() -> None:
    found = of_message(num_media="3", body="")
    assert (found.text, found.attributes["media"], found.attributes["via"]) == (None, 3, "mms")


def test_a_redacted_message_has_no_text() -> None:
    assert of_message(body="").text is None


@pytest.mark.parametrize(
    ("status", "flags"),
    [("undelivered", (Flag.BOUNCE,)), ("failed", (Flag.BOUNCE,)), ("canceled", (Flag.CANCELLED,)), ("read", ())],
)
def test_a_message_that_did_not_arrive_says_so(status: str, flags: tuple[Flag, ...]) -> None:
    assert of_message(direction="outbound-api", status=status, to=GUEST, **{"from": OWN}).flags == flags


@pytest.mark.parametrize("changed", [{"direction": None}, {"date_sent": None, "date_created": None}])
def test_a_message_without_time_or_direction_is_set_aside(changed: dict[str, Any]) -> None:
    with pytest.raises(RecordRejected):
        of_message(**changed)


@pytest.mark.parametrize("payload", [None, [], "x", {"call": 4}, {"call": {}}, {}])
def test_what_is_no_call_or_message_is_set_aside(payload: Any) -> None:
    for stream in ("calls", "messages"):
        with pytest.raises(RecordRejected):
            list(connector().map(Record(stream, "x", payload)))


# times, windows, settings


@pytest.mark.parametrize("text", ["", None, 5, "yesterday", "Fri, 99 Oct 2019 17:00:00 +0000"])
def test_what_is_no_time_is_none(text: object) -> None:
    assert moment(text) is None


def test_a_time_without_a_zone_is_in_utc() -> None:
    assert moment("Fri, 18 Oct 2019 17:00:00 -0000") == datetime(2019, 10, 18, 17, tzinfo=UTC)


def test_windows_follow_each_other_without_a_gap_and_grow_while_they_hold_little() -> None:
    here: walk.Walk | None = walk.begin(None, now=NOW, since=date(2024, 1, 1), reread=3)
    ends = []
    while here is not None:
        ends.append(here.until)
        following = here.following(None, [ACCOUNT])
        assert following is None or following.at == here.until
        here = following
    assert ends[:3] == [date(2024, 1, 2), date(2024, 1, 4), date(2024, 1, 8)]
    assert ends[-1] is None
    assert len(ends) < 12


def test_an_account_that_is_gone_is_passed_by() -> None:
    here = walk.Walk(date(2026, 3, 1), 1, NOW, NOW, account="AC2", next="/2010-04-01/Accounts/AC2/Calls.json?Page=1")
    assert here.among(["AC1", "AC3"]).account == "AC3"
    assert here.among(["AC1", "AC3"]).next is None
    assert here.among(["AC1"]).account == "AC1"
    assert here.among(["AC1", "AC2"]) == here


def test_a_first_day_in_the_future_is_today() -> None:
    assert walk.begin(None, now=NOW, since=NOW.date() + timedelta(days=3), reread=3).at == NOW.date()


@pytest.mark.parametrize(
    "wrong",
    [
        {"account_sid": "AC1"},
        {"auth_token": None},
        {"auth_token": None, "api_key": "SK" + "1" * 32, "api_secret": "k", "public_url": "https://x.example"},
        {"api_key": "SK" + "1" * 32},
        {"public_url": "https://x.example/?a=1"},
        {"url": "https://x.example/api"},
        {"page": 1001},
    ],
    ids=" ".join,
)
def test_settings_that_cannot_work_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TwilioConfig.model_validate({"account_sid": ACCOUNT, "auth_token": TOKEN, **wrong})

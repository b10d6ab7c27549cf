"""What messages and contacts of Chatwoot become."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cxconnectors.chatwoot import Chatwoot, walk
from cxconnectors.chatwoot.landed import contact, message
from cxconnectors.chatwoot.walk import Mark
from cxcore.model.identifier import Identifier
from cxcore.model.interaction import Attachment, Channel, Direction, Flag, Interaction, Kind, Participant, Role
from cxcore.model.profile import SourceProfile
from cxcore.sdk import Record, RecordRejected
from support.chatwoot import NOW, ChatwootFake

DAY = timedelta(days=1)


def connector(**more: Any) -> Chatwoot:
    return Chatwoot.configured({"url": "https://desk.example", "account": 3, "token": "t", **more})


def landed(*, conversation: dict[str, Any] | None = None, of: dict[str, Any] | None = None, **more: Any) -> Record:
    fake = ChatwootFake()
    talk = fake.conversation(fake.contact(**(of or {})), **(conversation or {}))
    record = message(fake.say(talk, more.pop("content", "Hello"), NOW, **more), fake._listed(talk))
    assert record is not None
    return record


def said(**more: Any) -> Interaction:
    (found,) = connector().map(landed(**more))
    assert isinstance(found, Interaction)
    return found


def person(**more: Any) -> SourceProfile:
    (found,) = connector().map(contact(ChatwootFake().contact(**more)))
    assert isinstance(found, SourceProfile)
    return found


# messages


def test_a_message_of_a_visitor_is_inbound_chat() -> None:
    found = said()
    assert (found.channel, found.kind, found.direction) == (Channel.CHAT, Kind.MESSAGE, Direction.INBOUND)
    assert (found.text, found.occurred_at, found.conversation) == ("Hello", NOW, "1")
    assert [(each.key, each.name, each.identifiers) for each in found.customers] == [("contact 101", "Guest 101", ())]
    assert found.attributes == {"via": "web_widget"}


def test_an_answer_names_the_agent() -> None:
    found = said(message_type=1)
    assert (found.direction, found.role) == (Direction.OUTBOUND, Role.RECIPIENT)
    assert found.participants == (Participant(role=Role.AGENT, name="Aino Agent"),)


def test_a_private_note_is_internal() -> None:
    found = said(message_type=1, private=True)
    assert (found.kind, found.direction) == (Kind.NOTE, Direction.INTERNAL)


def test_a_bot_is_on_the_companys_side() -> None:
    found = said(message_type=1, sender={"id": 1, "name": "Captain", "type": "captain_assistant"})
    assert (found.direction, found.attributes["bot"]) == (Direction.OUTBOUND, True)


def test_what_chatwoot_says_by_itself_is_an_automatic_reply() -> None:
    assert said(message_type=3, sender=None).flags == (Flag.AUTO_REPLY,)


@pytest.mark.parametrize(
    ("inbox", "channel", "via"),
    [
        ("Channel::Email", Channel.EMAIL, "email"),
        ("Channel::Api", Channel.CHAT, "api"),
        ("Channel::Whatsapp", Channel.CHAT, "whatsapp"),
        ("Channel::TwilioSms", Channel.CHAT, "twilio_sms"),
        ("Channel::Telegram", Channel.CHAT, "telegram"),
        ("Channel::Line", Channel.CHAT, "line"),
        ("Channel::FacebookPage", Channel.SOCIAL, "facebook_page"),
        ("Channel::TwitterProfile", Channel.SOCIAL, "twitter_profile"),
        ("Channel::Instagram", Channel.SOCIAL, "instagram"),
        (None, Channel.CHAT, "unknown"),
    ],
)
def test_the_inbox_gives_the_channel(inbox: str | None, channel: Channel, via: str) -> None:
    found = said(conversation={"channel": inbox})
    assert (found.channel, found.attributes["via"]) == (channel, via)


def test_a_mail_has_its_subject() -> None:
    talk = {"channel": "Channel::Email", "additional_attributes": {"mail_subject": "Late arrival"}}
    assert said(conversation=talk).subject == "Late arrival"
    own = {"email": {"subject": "Re: Late arrival", "auto_reply": True}}
    found = said(conversation=talk, content_attributes=own)
    assert (found.subject, found.flags) == ("Re: Late arrival", (Flag.AUTO_REPLY,))


def test_files_are_attachments_and_what_is_shared_is_noted() -> None:
    files = [
        {"id": 1, "file_type": "image", "file_size": 9, "data_url": "https://x.example/blobs/redirect/ey/a%20b.png"},
        {"id": 2, "file_type": "file", "file_size": None, "data_url": "", "content_type": "application/pdf"},
        {"id": 3, "file_type": "location", "data_url": None},
    ]
    found = said(content=None, attachments=files)
    assert found.text is None
    assert found.attachments == (
        Attachment(name="a b.png", media_type="image/png", size=9),
        Attachment(name="file", media_type="application/pdf", size=0),
    )
    assert found.attributes["shared"] == ["location"]


def test_the_address_of_a_file_is_not_kept() -> None:
    record = landed(attachments=[{"id": 1, "file_type": "image", "data_url": "https://x.example/ey/a.png"}])
    assert b"https://" not in record.body()


def test_a_message_that_was_not_delivered_says_so() -> None:
    assert said(message_type=1, content_attributes={"external_error": "131026: undeliverable"}).flags == (Flag.BOUNCE,)


def test_a_message_brought_in_later_was_said_when_it_was_said() -> None:
    assert said(content_attributes={"external_created_at": 1700000000}).occurred_at == datetime(
        2023, 11, 14, 22, 13, 20, tzinfo=UTC
    )


def test_an_identifier_is_verified_where_it_came_with_the_inboxs_hmac_and_else_not_told() -> None:
    (proved,) = said(conversation={"hmac_verified": True}).customers
    assert proved.identifiers == (Identifier.account("desk.example", "shop-101", verified=True),)
    (claimed,) = said().customers
    assert claimed.identifiers == ()


def test_an_address_typed_into_the_widget_is_the_customers_but_not_verified() -> None:
    (found,) = said(
        message_type=3, sender=None, content_type="input_email", content_attributes={"submitted_email": "a@x.example"}
    ).customers
    assert found.identifiers == (Identifier.email("a@x.example"),)


def test_an_answered_survey_is_feedback_and_one_without_an_answer_is_nothing() -> None:
    assert list(connector().map(landed(message_type=3, content_type="input_csat"))) == []
    answer = {"submitted_values": {"csat_survey_response": {"rating": 4, "feedback_message": "Quick!"}}}
    found = said(message_type=3, sender=None, content_type="input_csat", content_attributes=answer)
    assert (found.channel, found.kind, found.direction) == (Channel.FEEDBACK, Kind.SURVEY, Direction.INBOUND)
    assert (found.text, found.attributes) == ("Quick!", {"rating": 4, "of": 5})


def test_nothing_of_an_erased_message_is_kept() -> None:
    record = landed(content="This message was deleted", content_attributes={"deleted": True})
    assert record.deleted
    assert record.payload == {"id": 1, "conversation": 1, "type": "incoming"}


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {},
        {"type": "letter"},
        {"type": "incoming"},
        {"type": "incoming", "contact": {"id": 1}},
        {"type": "incoming", "contact": {"id": 1}, "created_at": 10**15},
    ],
)
def test_a_message_without_type_contact_or_time_is_set_aside(payload: Any) -> None:
    with pytest.raises(RecordRejected):
        list(connector().map(Record("messages", "1", payload)))


# contacts


def test_a_contact_has_its_addresses_none_of_them_verified() -> None:
    found = person()
    assert (found.key, found.name, found.address) == ("contact 101", "Guest 101", "Turku, Finland")
    assert found.identifiers == (
        Identifier.email("guest101@home.example"),
        Identifier.phone("+358401230101"),
        Identifier.account("desk.example", "shop-101"),
    )


def test_the_operator_says_whose_identifiers_they_are() -> None:
    (found,) = connector(identifier_issuer="shop").map(contact(ChatwootFake().contact()))
    assert isinstance(found, SourceProfile)
    assert found.identifiers[-1] == Identifier.account("shop", "shop-101")


def test_a_name_that_chatwoot_made_up_is_no_name() -> None:
    assert person(name="quiet-river-512").name is None
    assert person(name="Anna-Maija").name == "Anna-Maija"


def test_a_contact_of_whom_little_is_known_is_a_contact() -> None:
    found = person(name=None, email=None, phone_number="", identifier=None, additional_attributes=None)
    assert (found.key, found.name, found.identifiers, found.address) == ("contact 101", None, (), None)


@pytest.mark.parametrize("payload", [None, [], {}, {"id": "x"}])
def test_a_contact_without_id_is_set_aside(payload: Any) -> None:
    with pytest.raises(RecordRejected):
        list(connector().map(Record("contacts", "1", payload)))


# walks


def test_a_pass_that_fits_on_a_page_is_the_last_and_a_longer_one_is_followed_by_another() -> None:
    here = walk.begin(None, now=NOW, every=DAY, reread=DAY).seen(count=60, size=25, now=NOW, high=500)
    following = here.turned().turned().again()
    assert following is not None
    assert (following.page, following.low, following.floor) == (1, 0, (NOW - timedelta(minutes=1)).timestamp())
    later = following.seen(count=60, size=25, now=NOW + DAY, high=700)
    assert later.again() is None
    assert later.ended(reread=DAY)["marks"] == [[(NOW + DAY).timestamp(), 700]]


def test_a_walk_that_never_catches_up_ends_and_the_next_reads_from_where_it_did() -> None:
    here: walk.Walk | None = walk.begin({"marks": [[0, 40]], "deep": NOW.timestamp()}, now=NOW, every=DAY, reread=DAY)
    last = here
    while here is not None:
        last = here.seen(count=90, size=25, now=NOW, high=900).turned()
        here = last.again()
    assert last is not None
    assert last.ended(reread=DAY)["marks"][-1] == [NOW.timestamp(), 40]  # type: ignore[index]  # a list


def test_a_list_that_became_shorter_is_read_again_some_pages_back() -> None:
    here = walk.begin(None, now=NOW, every=DAY, reread=None)
    here = here.seen(count=100, size=25, now=NOW, high=0).turned().turned().read(4)
    assert here.seen(count=100, size=25, now=NOW, high=0) == here
    assert here.seen(count=99, size=25, now=NOW, high=0).page == 2
    assert here.seen(count=10, size=10, now=NOW, high=0).page == 1
    assert here.seen(count=99, size=25, now=NOW, high=0).done == ()


def test_a_walk_of_an_hour_ago_goes_back_as_far_as_is_read_again() -> None:
    marks = [Mark(NOW - timedelta(days=days), 1000 - days) for days in (3, 2, 0)]
    cursor = {"marks": [mark.json() for mark in marks], "deep": (NOW - timedelta(hours=2)).timestamp()}
    soon = walk.begin(cursor, now=NOW, every=timedelta(hours=3), reread=DAY)
    assert (soon.low, soon.floor) == (1000, (NOW - timedelta(minutes=10)).timestamp())
    deep = walk.begin(cursor, now=NOW, every=timedelta(hours=1), reread=DAY)
    assert (deep.low, deep.floor) == (998, (NOW - DAY - timedelta(minutes=10)).timestamp())

"""Present: from what the stages give to what a page shows, whatever a source put into it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.model.ids import SourceId
from cxcore.model.interaction import Channel, Direction, Kind, Role
from cxcore.pull.gaps import Noticed
from cxcore.timeline.coverage import ChannelCoverage, Seen, SourceCoverage
from cxcore.timeline.entry import Entry, Other
from cxcore.web.present import covered, days
from cxcore.web.times import Clock

AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
HELSINKI = ZoneInfo("Europe/Helsinki")
ENGLISH = Clock(HELSINKI, "en", date(2026, 3, 1))
FINNISH = Clock(HELSINKI, "fi", date(2026, 3, 1))


def entry(**values: Any) -> Entry:
    plain = Entry(
        id=UUID(int=1),
        profile_id=UUID(int=2),
        occurred_at=AT,
        received_at=AT,
        source="mail",
        channel=Channel.EMAIL,
        direction=Direction.INBOUND,
        kind=Kind.MESSAGE,
        role=Role.SENDER,
        conversation_id=None,
        subject="Hi",
        text="Hello",
        quoted=None,
        duration=None,
        attributes={},
        participants=(),
    )
    return replace(plain, **values)


def line(**values: Any) -> Any:
    [day] = days([entry(**values)], ENGLISH, {"mail": "Mailbox"})
    [found] = day.lines
    return found


# days


@pytest.mark.parametrize(
    ("at", "labels"),
    [
        (AT, ("Today", "Tänään", "I dag")),
        (AT - timedelta(days=1), ("Yesterday", "Eilen", "I går")),
        (datetime(2026, 2, 28, 22, 30, tzinfo=UTC), ("Today", "Tänään", "I dag")),  # past midnight in Helsinki
        (datetime(2026, 2, 28, 21, 30, tzinfo=UTC), ("Yesterday", "Eilen", "I går")),
        (datetime(2025, 12, 6, 12, tzinfo=UTC), ("6 Dec 2025", "6. joulukuuta 2025", "6 dec 2025")),
    ],
)
def test_a_day_is_named_where_the_reader_is(at: datetime, labels: tuple[str, ...]) -> None:
    assert tuple(Clock(HELSINKI, lang, date(2026, 3, 1)).day(at) for lang in ("en", "fi", "sv")) == labels


def test_a_day_of_23_hours_is_still_yesterday() -> None:
    clock = Clock(HELSINKI, "en", date(2026, 3, 30))  # clocks went forward on the 29th
    assert clock.day(datetime(2026, 3, 29, 0, 30, tzinfo=UTC)) == "Yesterday"
    assert clock.day(datetime(2026, 3, 28, 21, 30, tzinfo=UTC)) == "28 Mar 2026"


def test_lines_stand_under_their_days_in_their_order() -> None:
    found = days([entry(occurred_at=AT - timedelta(hours=h)) for h in (0, 1, 30, 31, 60)], ENGLISH, {})
    assert [(d.label, len(d.lines)) for d in found] == [("Today", 2), ("Yesterday", 2), ("27 Feb 2026", 1)]


def test_nothing_is_no_days() -> None:
    assert days([], ENGLISH, {}) == []


# lines


def test_a_line_says_what_when_and_from_where() -> None:
    found = line(
        duration=125, quoted="> Hi", participants=(Other(Role.AGENT, "Bo", None), Other(Role.COPY, None, "a@b"))
    )
    assert (found.time, found.iso, found.source, found.title) == ("14:30", "2026-03-01T12:30:00+00:00", "Mailbox", "Hi")
    assert (found.duration, found.with_, found.quoted, found.first, found.rest) == (
        "2:05",
        "Bo, a@b",
        "> Hi",
        "Hello",
        None,
    )


def test_a_stay_that_knows_its_day_alone_shows_no_hour() -> None:
    midnight = datetime(2026, 2, 28, 22, tzinfo=UTC)
    assert line(kind=Kind.STAY, occurred_at=midnight).time == ""
    assert line(kind=Kind.CALL, occurred_at=midnight).time == "00:00"
    assert line(kind=Kind.STAY).time == "14:30"


@given(st.text(max_size=600) | st.text(alphabet="ab ", min_size=200, max_size=600))
def test_a_long_text_is_folded_and_nothing_of_it_lost(text: str) -> None:
    found = line(text=text)
    assert found.first + (found.rest or "") == text.strip()
    assert len(found.first) <= 240
    assert found.rest is None or found.rest


def test_a_text_is_cut_between_words() -> None:
    found = line(text="word " * 100)
    assert found.first.endswith("word")
    assert found.rest.startswith(" word")


@pytest.mark.parametrize(
    ("attributes", "facts"),
    [
        ({"order_number": 7, "paid": True}, (("order number", "7"), ("paid", "True"))),
        ({"guests": ["Anna", "Bo"]}, (("guests", "Anna, Bo"),)),
        ({"room": {"number": 12, "beds": [1, 2]}}, (("room", "number: 12, beds: 1, 2"),)),
        ({"empty": "", "nothing": None, "none_of": []}, ()),
        ({"zero": 0, "no": False}, (("no", "False"), ("zero", "0"))),
    ],
)
def test_the_sources_own_facts_are_shown_in_words(
    attributes: dict[str, Any], facts: tuple[tuple[str, str], ...]
) -> None:
    assert line(attributes=attributes).facts == facts


def test_flags_and_files_are_named() -> None:
    attachment = {"name": "a.pdf", "media_type": "application/pdf", "size": 1}
    found = line(attributes={"flags": ["auto_reply", "missed"], "attachments": [attachment]})
    assert (found.flags, found.attachments, found.facts) == (("automatic reply", "missed"), ("a.pdf",), ())


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://blog.example/1", "https://blog.example/1"),
        ("http://blog.example/1", "http://blog.example/1"),
        ("javascript:alert(1)", None),
        ("JavaScript:alert(1)", None),
        ("data:text/html,x", None),
        ("//blog.example", None),
        (" https://blog.example", None),
        ("", None),
        (None, None),
        (5, None),
        (["https://blog.example"], None),
    ],
)
def test_only_a_web_address_becomes_a_link(link: Any, shown: str | None) -> None:
    assert line(attributes={"link": link}).link == shown


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["flags", "attachments", "link", "x"]) | st.text(max_size=5), JSON, max_size=4))
def test_no_attribute_of_a_source_breaks_the_line(attributes: dict[str, Any]) -> None:
    found = line(attributes=attributes)
    assert all(isinstance(text, str) for fact in found.facts for text in fact)
    assert all(isinstance(text, str) for text in (*found.flags, *found.attachments))


# coverage


def test_coverage_says_how_far_each_source_is_read_and_what_is_wrong() -> None:
    plain = SourceCoverage(
        source="mail",
        name="Mailbox",
        connector="files",
        channels=(Channel.EMAIL,),
        state="active",
        problem=None,
        complete_to=AT,
        pulled_at=AT,
        last_error="The source does not answer.",
        waiting=3,
        quarantined=2,
        seen=(Seen(Channel.EMAIL, 4, AT, AT), Seen(Channel.CHAT, 1, AT, AT)),
    )
    stopped = replace(plain, problem="The password is refused.", complete_to=None, seen=())
    found = covered([plain, stopped], ENGLISH)
    assert [(c.complete_to, c.problem, c.count, c.channels) for c in found] == [
        ("1.3.2026 14:30", "The source does not answer.", 5, ("chat", "email")),
        (None, "The password is refused.", 0, ("email",)),
    ]


def test_coverage_says_what_is_missing_once_however_many_channels_it_concerns() -> None:
    gap = Noticed(SourceId(1), "messages", AT, AT + timedelta(hours=2), "the server keeps a day")
    both = tuple(ChannelCoverage(channel, AT, (gap,)) for channel in (Channel.CHAT, Channel.EMAIL))
    source = SourceCoverage("mail", "Mailbox", "files", (), "active", None, AT, AT, None, 0, 0, (), both)
    [found] = covered([source], ENGLISH)
    assert found.gaps == (("1.3.2026 14:30", "1.3.2026 16:30", "the server keeps a day"),)

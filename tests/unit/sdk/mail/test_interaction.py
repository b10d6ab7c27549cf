"""What a mail means: sides, thread, time, text, flags; and the limits that hold for any bytes."""

import base64
import time
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxcore.model.interaction import Direction, Flag, Interaction, Kind, Role
from cxcore.sdk import RecordRejected
from cxcore.sdk.mail.interaction import map_mail
from cxcore.sdk.mail.own_side import OwnSide

OWN = OwnSide(["help@shop.example", "@staff.example"])
DATE = "Date: Mon, 5 Jan 2026 10:00:00 +0200"


def read(raw: bytes, zone: ZoneInfo | None = None) -> Interaction:
    [found] = map_mail(raw, OWN, zone)
    assert isinstance(found, Interaction)
    return found


def mail(*headers: str, body: str = "Hi") -> Interaction:
    return read("\n".join([DATE, *headers, "", body]).encode())


def who(interaction: Interaction) -> list[str]:
    return [profile.identifiers[0].value for profile in interaction.customers]


def others(interaction: Interaction) -> list[tuple[str, str | None]]:
    return [(each.role.value, each.address) for each in interaction.participants]


def test_a_mail_to_us_is_inbound_from_its_sender() -> None:
    found = mail("From: Maija Meri <maija@home.example>", "To: help@shop.example", "Cc: x@other.example")
    assert (found.direction, who(found), found.role) == (Direction.INBOUND, ["maija@home.example"], Role.SENDER)
    assert found.customers[0].name == "Maija Meri"
    assert found.customers[0].key is None
    assert others(found) == [("recipient", "help@shop.example"), ("copy", "x@other.example")]


def test_a_mail_of_ours_is_outbound_to_all_foreign_recipients() -> None:
    found = mail("From: Help <HELP@shop.example>", "To: a@x.example, help@shop.example", "Cc: b@y.example")
    assert (found.direction, who(found), found.role) == (
        Direction.OUTBOUND,
        ["a@x.example", "b@y.example"],
        Role.RECIPIENT,
    )
    assert others(found) == [("sender", "HELP@shop.example")]


def test_a_mail_among_ourselves_is_internal() -> None:
    found = mail("From: anna@staff.example", "To: help+vip@shop.example")
    assert (found.direction, who(found)) == (Direction.INTERNAL, [])


def test_long_lists_of_recipients_are_read_whole() -> None:
    found = mail(
        "From: a@x.example", "To: " + ",\n ".join(f"Person Number {n} <person{n}@y.example>" for n in range(490))
    )
    assert len(found.participants) == 100
    assert others(mail("From: a@x.example", f"To: {'x' * 20_000}, last@y.example"))[-1] == (
        "recipient",
        "last@y.example",
    )


def test_at_most_100_recipients_are_customers() -> None:
    found = mail("From: help@shop.example", "To: " + ", ".join(f"g{n}@x.example" for n in range(300)))
    assert len(found.customers) == 100


@pytest.mark.parametrize("sender", ["help@shop.example", "no-reply@forms.example", "noreply@x.example"])
def test_a_web_form_speaks_for_the_one_to_answer(sender: str) -> None:
    found = mail(f"From: Form <{sender}>", "Reply-To: Maija <maija@home.example>", "To: help@shop.example")
    assert (found.direction, who(found)) == (Direction.INBOUND, ["maija@home.example"])


def test_reply_to_of_an_ordinary_sender_changes_nothing() -> None:
    assert who(mail("From: a@x.example", "Reply-To: b@y.example", "To: help@shop.example")) == ["a@x.example"]
    outbound = mail("From: help@shop.example", "Reply-To: b@y.example", "To: c@z.example")
    assert (outbound.direction, who(outbound)) == (Direction.OUTBOUND, ["c@z.example"])


def test_a_mail_that_shows_nobody_has_no_customer() -> None:
    assert who(mail("From: undisclosed:;", "To: help@shop.example")) == []


def test_the_thread_is_the_first_reference_and_goes_by_all() -> None:
    found = mail("Message-ID: <3@x>", "In-Reply-To: <2@x>", "References: <1@x>\n <2@x>")
    assert found.conversation == "1@x"
    assert set(found.conversation_aliases) == {"1@x", "2@x", "3@x"}
    assert mail("Message-ID: <3@x>", "In-Reply-To: <2@x>").conversation == "2@x"
    assert mail("Message-ID: <3@x>").conversation == "3@x"
    assert mail().conversation is None


def test_a_very_long_thread_keeps_its_root_itself_and_the_newest() -> None:
    found = mail("Message-ID: <own@x>", "References: " + "\n ".join(f"<{n}@x>" for n in range(400)))
    assert len(found.conversation_aliases) == 50
    assert {"0@x", "own@x", "399@x"} <= set(found.conversation_aliases)


@pytest.mark.parametrize(
    ("headers", "when"),
    [
        ("Date: Mon, 5 Jan 2026 10:00:00 +0200", datetime(2026, 1, 5, 8, tzinfo=UTC)),
        ("Date: 01 Jan 2001 00:01+0000", datetime(2001, 1, 1, 0, 1, tzinfo=UTC)),
        ("Date: Mon, 5 Jan 2026 10:00:00", datetime(2026, 1, 5, 8, tzinfo=UTC)),
        ("Date: rubbish\nReceived: by x; Mon, 5 Jan 2026 10:00:00 +0000\nReceived: by y; Sun, 4 Jan 2026 10:00:00 +0000", datetime(2026, 1, 5, 10, tzinfo=UTC)),
        ("Date: Mon, 5 Jan 1066 10:00:00 +0200\nReceived: by x; Mon, 5 Jan 2026 10:00:00 +0000", datetime(2026, 1, 5, 10, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_the_time_is_the_date_else_the_newest_received(headers: str, when: datetime) -> None:
    assert read(f"{headers}\n\nHi".encode(), ZoneInfo("Europe/Helsinki")).occurred_at == when


def test_the_envelope_of_an_mbox_dates_a_mail_that_has_no_date() -> None:
    found = read(b"From a@b.example Mon Jan  5 10:00:00 2026\nFrom: a@b.example\n\nHi", ZoneInfo("Europe/Helsinki"))
    assert found.occurred_at == datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "date", ["", "Date:", "Date: soon", "Date: Mon, 5 Jan 99999 10:00:00 +0200", "Date: Mon, 5 Jan 2026 10:00:00 +9999"]
)
def test_a_mail_without_a_date_is_rejected(date: str) -> None:
    with pytest.raises(RecordRejected, match="no date"):
        read(f"From: a@b.example\n{date}\n\nHi".encode())


def test_headers_are_decoded_however_they_were_written() -> None:
    assert mail("Subject: =?iso-8859-1?q?P=E4iv=E4?=\n =?utf-8?b?w6Q=?= x").subject == "Päivää x"
    assert read(f"{DATE}\nSubject: Päivää\n\n".encode()).subject == "Päivää"
    assert read(f"{DATE}\nSubject: Päivää\n\n".encode("latin-1")).subject == "Päivää"
    assert mail("Subject: =?nonsense?b?//8=?=").subject == "=?nonsense?b?//8=?="
    assert mail('From: "Meri, Maija" <m@x.example>').customers[0].name == "Meri, Maija"
    assert mail("From: =?utf-8?q?J=C3=A4rvi=2C_Aku?= <a@x.example>").customers[0].name == "Järvi, Aku"


@pytest.mark.parametrize(
    ("content_type", "raw", "text"),
    [
        ("text/plain; charset=iso-8859-1", "Päivää".encode("latin-1"), "Päivää"),
        ("text/plain; charset=x-unheard-of", "Päivää".encode(), "Päivää"),
        ("text/plain; charset=us-ascii", "Päivää".encode("cp1252"), "Päivää"),
        ("text/plain; charset=utf-8", b"bad \xff byte\x00", "bad ÿ byte"),
        ("text/plain; charset=utf-16", b"\xff\xfeH\x00i\x00", "Hi"),
        ("text/html; charset=utf-8", "<p>Päivää</p><script>x()</script><p>taas</p>".encode(), "Päivää\n\ntaas"),
        ("text/html", b"<p>New</p><blockquote>Old</blockquote><p>too</p>", "New\n\ntoo"),
        ("multipart/mixed", b"no boundary", "no boundary"),
    ],
)
def test_text_is_read_in_any_charset_with_errors_replaced(content_type: str, raw: bytes, text: str) -> None:
    head = f"{DATE}\nContent-Type: {content_type}\nContent-Transfer-Encoding: base64\n\n".encode()
    if content_type.startswith("multipart"):
        assert read(f"{DATE}\nContent-Type: {content_type}\n\n".encode() + raw).text == text
    else:
        assert read(head + base64.encodebytes(raw)).text == text


def test_html_quotes_are_folded_and_text_under_them_stays() -> None:
    found = mail("Content-Type: text/html", body="<div>Yes</div><blockquote><p>Old</p></blockquote>")
    assert (found.text, found.quoted) == ("Yes", "Old")


def test_attachments_are_named_and_sized_decoded() -> None:
    found = mail(
        'Content-Type: multipart/mixed; boundary="b"',
        body='--b\nContent-Type: text/plain\n\nSee\n--b\nContent-Type: application/pdf; name="=?utf-8?q?lasku=C3=A4.pdf?="\n'
        "Content-Transfer-Encoding: base64\n\nAAAA\n--b\nContent-Type: message/rfc822\n\nSubject: inner\n\nx\n--b--\n",
    )
    assert found.text == "See"
    assert [(each.name, each.media_type, each.size) for each in found.attachments] == [
        ("laskuä.pdf", "application/pdf", 3),
        ("message.eml", "message/rfc822", 17),
    ]


def test_a_calendar_part_makes_an_appointment() -> None:
    found = mail("Content-Type: text/calendar; method=CANCEL", body="BEGIN:VCALENDAR\nMETHOD:CANCEL\nEND:VCALENDAR")
    assert (found.kind, found.flags, found.attributes) == (
        Kind.APPOINTMENT,
        (Flag.CANCELLED,),
        {"calendar_method": "CANCEL"},
    )


@pytest.mark.parametrize(
    ("headers", "flags"),
    [
        (["Auto-Submitted: auto-replied"], {Flag.AUTO_REPLY}),
        (["Auto-Submitted: no"], set()),
        (["X-Autoreply: yes"], {Flag.AUTO_REPLY}),
        (["X-Auto-Response-Suppress: All"], {Flag.AUTO_REPLY}),
        (["Precedence: auto_reply"], {Flag.AUTO_REPLY}),
        (["Subject: Automaattinen vastaus: Huone", "In-Reply-To: <1@x>"], {Flag.AUTO_REPLY}),
        (["Subject: Out of office"], set()),
        (["List-Unsubscribe: <mailto:x@y.example>"], {Flag.BULK}),
        (["Precedence: bulk"], {Flag.BULK}),
        (["Return-Path: <>"], {Flag.BOUNCE}),
        (["Return-Path: <>", "Auto-Submitted: auto-replied"], {Flag.AUTO_REPLY}),
        (["From: MAILER-DAEMON@x.example"], {Flag.BOUNCE}),
    ],
)
def test_flags_tell_what_no_person_wrote(headers: list[str], flags: set[Flag]) -> None:
    assert set(mail(*headers).flags) == flags


REPORT = """--b
Content-Type: text/plain

Sorry
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Original-Recipient: rfc822; guest@home.example
Final-Recipient: rfc822; mailbox17@isp.example
Action: {action}

--b--
"""


def test_a_bounce_is_about_whom_it_did_not_reach() -> None:
    kind = 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"'
    found = mail(kind, "From: postmaster@x.example", body=REPORT.format(action="failed"))
    assert (found.flags, who(found), found.direction) == ((Flag.BOUNCE,), ["guest@home.example"], Direction.INBOUND)
    assert mail(kind, "From: postmaster@x.example", body=REPORT.format(action="delayed")).flags == ()


def nested(depth: int) -> bytes:
    raw = b"deep"
    for number in range(depth):
        raw = (
            b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number)
            + raw
            + b"\n--b%d--\n" % number
        )
    return DATE.encode() + b"\n" + raw


HOSTILE = {
    "headers too big": (DATE.encode() + b"\nX: " + b"x" * 300_000 + b"\n\n", "too many bytes of headers"),
    "too many headers": (DATE.encode() + b"\nX: 1" * 1001 + b"\n\n", "too many headers"),
    "too many parts": (DATE.encode() + b'\nContent-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 100_000, "too many parts"),
    "folded boundary": (DATE.encode() + b"\nContent-Type: multipart/mixed; boundary*0=b;\n boundary*1=c\n\n" + b"--bc\n\nx\n" * 300, "too many parts"),
    "bare returns": (DATE.encode() + b'\rContent-Type: multipart/mixed; boundary="b"\r\r' + b"--b\r\rx\r" * 100_000, "too many parts"),
    "only returns": (DATE.encode() + b"\n\n" + b"\r" * 1_000_001, "too many lines"),
    "many boundaries": (DATE.encode() + b"\n\n" + b"boundary = x\n" * 20_000, "too many parts"),
    "too deep": (nested(50), "too many nested parts"),
    "much too deep": (nested(180), "too many"),
    "mails in mails": (DATE.encode() + b"\n" + b"Content-Type: message/rfc822\n\n" * 5000, "too many|cannot be parsed"),
    "only line ends": (DATE.encode() + b"\n\n" + b"\n" * 1_000_001, "too many lines"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_mail_beyond_a_limit_is_rejected_before_it_costs_anything(name: str) -> None:
    raw, reason = HOSTILE[name]
    began = time.process_time()
    with pytest.raises(RecordRejected, match=reason):
        read(raw)
    assert time.process_time() - began < 2


ODD = {
    "quotes": b"To: " + b'"' * 64_000,
    "commas": b"To: " + b"," * 64_000,
    "comments": b"To: " + b"(" * 64_000,
    "junk words": b"To: " + b"a " * 32_000,
    "encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 4_000,
    "half encoded words": b"Subject: " + b"=?utf-8?" * 8_000,
    "parameters": b"Content-Type: text/plain; " + b"a*0=b; " * 9_000,
    "quoted parameter": b"Content-Type: text/plain; x=" + b'"' * 64_000,
    "references": b"References: " + b"<" * 64_000,
    "ids": b"References: " + b"<a@b>" * 12_000,
    "date": b"Date: " + b"1 " * 30_000,
    "boundary": b"Content-Type: multipart/mixed; boundary=" + b"b" * 60_000,
}


@pytest.mark.parametrize("name", ODD)
def test_odd_headers_cost_little_and_do_no_harm(name: str) -> None:
    began = time.process_time()
    read(DATE.encode() + b"\nFrom: a@b.example\n" + ODD[name] + b"\n\nHi")
    assert time.process_time() - began < 2


BODIES = {
    "deep html": ("text/html", b"<div>" * 100_000 + b"deep"),
    "open tags": ("text/html", b"<" * 500_000),
    "open comment": ("text/html", b"<!--" * 100_000 + b"x"),
    "attributes": ("text/html", b"<a " + b'x="y" ' * 100_000 + b">x</a>"),
    "entities": ("text/html", b"&amp" * 100_000),
    "quotes": ("text/plain", b"> > >" * 200_000),
    "one line": ("text/plain", b"x" * 2_000_000),
    "deep quotes": ("text/html", b"<blockquote>" * 200 + b"x"),
    "tables": ("text/html", b"<table><tr><td>" * 20_000 + b"x"),
}


@pytest.mark.parametrize("name", BODIES)
def test_odd_bodies_cost_little_and_do_no_harm(name: str) -> None:
    kind, body = BODIES[name]
    began = time.process_time()
    read(f"{DATE}\nContent-Type: {kind}\n\n".encode() + body)
    assert time.process_time() - began < 2


def test_a_text_that_is_too_long_is_cut_and_flagged() -> None:
    found = mail(body="x y " * 100_000)
    assert found.flags == (Flag.TRUNCATED,)
    assert len(found.text or "") <= 200_000


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_map_or_are_rejected(raw: bytes) -> None:
    for start in (b"", DATE.encode() + b"\n"):
        try:
            read(start + raw)
        except RecordRejected:
            continue


@settings(deadline=None)
@given(st.lists(st.sampled_from([b"From", b"To", b"Subject", b"Content-Type", b"References", b"Reply-To", b"Content-Disposition", b"Content-Transfer-Encoding", b"Return-Path", b"Auto-Submitted"]).flatmap(lambda name: st.binary(max_size=60).map(lambda text: name + b": " + text))), st.binary(max_size=300))  # fmt: skip
def test_any_headers_map_or_are_rejected(headers: list[bytes], body: bytes) -> None:
    with suppress(RecordRejected):
        read(b"\n".join([DATE.encode(), *headers, b"", body]))


def test_a_cut_mail_tells_what_is_left_of_it() -> None:
    raw = f"{DATE}\nFrom: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nWords and mo".encode()
    [found] = map_mail(raw, OWN, None, cut=True)
    assert isinstance(found, Interaction)
    assert (found.text, found.flags) == ("Words and mo", (Flag.TRUNCATED,))

"""The 62 mails of CPython's and Chatwoot's tests: what they mean, and 3,100 mutations that must harm nobody."""

import random
import re
from pathlib import Path
from typing import Any

import pytest

from cxconnectors.files import Files
from cxcore.model.interaction import Flag, Interaction
from cxcore.sdk import Mapped, Record, RecordRejected

pytestmark = pytest.mark.shared_data

OWN = ["care@example.com", "replies@example.com", "reply@example.com"]
MUTATIONS = 50
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def connector(path: Path, form: str = "eml") -> Files:
    return Files.configured({"path": str(path), "format": form, "own_addresses": OWN})  # type: ignore[return-value]


def record(raw: bytes) -> Record:
    return Record("items", "k", raw, media_type="message/rfc822")


def mapped(source: Files, raw: bytes) -> list[Mapped]:
    found = list(source.map(record(raw)))
    for each in found:
        assert not _UNSTORABLE.search(repr(each.model_dump()).encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass"))  # fmt: skip
        assert _strings_are_storable(each.model_dump())
    return found


def _strings_are_storable(value: Any) -> bool:
    if isinstance(value, str):
        return not _UNSTORABLE.search(value)
    if isinstance(value, dict):
        return all(_strings_are_storable(each) for each in value.values())
    if isinstance(value, list | tuple):
        return all(_strings_are_storable(each) for each in value)
    return True


def test_each_of_the_62_mails_maps_or_is_rejected_with_a_reason(sample_mails: list[Path]) -> None:
    fates = {}
    for path in sample_mails:
        try:
            [interaction] = mapped(connector(path), path.read_bytes())
            assert isinstance(interaction, Interaction)
            fates[path.name] = interaction.direction.value
        except RecordRejected as exc:
            fates[path.name] = str(exc)
    assert len(fates) == 62
    rejected = {name: why for name, why in fates.items() if why not in {"inbound", "outbound", "internal"}}
    assert set(rejected.values()) == {"the mail has no date"}
    assert len(rejected) == 18


async def test_the_folder_gives_each_mail_as_it_is(sample_mails: list[Path]) -> None:
    source = connector(sample_mails[0].parents[1], "auto")
    found = [record async for page in source.pull("items", None) for record in page.records]
    assert len(found) == 65  # with the folder's README and licences, which are set aside as mails without a date
    assert (
        len({each.key for each in found}) == 61
    )  # some of them are one mail with other transport headers or blank lines
    raw = {path.read_bytes() for path in sample_mails}
    assert sum(each.payload in raw for each in found) >= 60  # two begin with an mbox envelope


FACTS: dict[str, tuple[str, str | None, str, str | None, tuple[str, ...], int, str | None]] = {
    "auto_reply.eml": ("inbound", "sony@chatwoot.com", "4e6e35f5a38b4_479f13bb90078178@small-app-01.mail", None, ("auto_reply",), 2, "Let's talk about these images:"),
    "bounced_gmail.eml": ("inbound", "alex.jones@fictionalcorp.com", "686707c9.050a0220.302e7d.0cb2.GMR@mx.google.com", None, ("bounce", "auto_reply"), 2, "** Address not found **"),
    "html_and_attachments.eml": ("inbound", "tejaswini@example.com", "6215d6ad2a3c9_10bc619140221a@tejaswinis-MacBook-Pro.local.mail", None, (), 1, "This is html and attachments only mail"),
    "in_reply_to.eml": ("inbound", "sony@chatwoot.com", "4e6e35f5a38b4_479f13bb90078178@small-app-01.mail", None, (), 2, "Let's talk about these images:"),
    "mail_with_quote.eml": ("inbound", "sony@chatwoot.com", "CAFkiBVxGoURoqdkY-O_25F-8b41kb-GWBc6hh4Djd5ynwOikXA@mail.gmail.com", "On Thu, Aug 19, 2021 at 2:07 PM Tejaswini from Email sender test <", (), 0, "Yes, I am providing you step how to reproduce this issue"),
    "multiple_attachments.eml": ("inbound", "test@gmail.com", "6215d536e0484_10bc6191402183@tejaswinis-MacBook-Pro.local.mail", "> Okay noted", (), 30, "Attaching 30 files:"),
    "only_html.eml": ("inbound", "tejaswini@ex.com", "6215d71711c38_10bc61914022323@tejaswinis-MacBook-Pro.local.mail", None, (), 0, "This is html only mail"),
    "only_text.eml": ("inbound", "text@example.com", "6215e5ca3e3b2_10bc6197e4224d1@tejaswinis-MacBook-Pro.local.mail", None, (), 0, "text only mail"),
    "references.eml": ("inbound", "sony@chatwoot.com", "4e6e35f5a38b4_479f13bb90078178@small-app-01.mail", None, (), 0, "References Email"),
    "reply.eml": ("inbound", "sony@chatwoot.com", "4e6e35f5a38b4_479f13bb90078178@small-app-01.mail", None, (), 2, "Let's talk about these images:"),
    "reply_cc.eml": ("inbound", "sony@chatwoot.com", "CAFkiBVw2B=CPf=8=VqBQqssFp7XfGm4u6LpByHuMXWsPZCxPYQ@mail.gmail.com", "--", (), 0, "Hello,"),
    "support.eml": ("inbound", "sony@chatwoot.com", "4e6e35f5a38b4_479f13bb90078178@small-app-01.mail", None, (), 2, "Let's talk about these images:"),
    "support_in_reply_to.eml": ("inbound", "sony@chatwoot.com", "4e6e35f5a38b4_479f13bb90078178@small-app-01.mail", None, (), 2, "Let's talk about these images:"),
    "welcome_html.eml": ("inbound", "sony@chatwoot.com", "mW2kUpR9gPvKQwucWUfXr0NM9ZJM8Zef4VLQ0itNtJYsB0O9fHpB6wHrckNJXMAmpIfYWkt-X11WxL2ohnxm6_ysGjHg4-9e-WVOlxg7hYOQiHNy_YpqN9Nr4i59Lq3B8DKlK_tPTbsq7y54XplAAAECAA==@t1.msgid.testmail.com", None, (), 0, "I'm learning English as a first language for the past 13 years, but to be"),
}  # fmt: skip
"""Direction, customer, thread, first line quoted, flags, attachments, first line said."""


def facts(mail: Interaction) -> tuple[Any, ...]:
    who = mail.customers[0].identifiers[0].value.lower() if mail.customers else None
    quoted = mail.quoted.splitlines()[0] if mail.quoted else None
    flags = tuple(flag.value for flag in mail.flags)
    said = mail.text.splitlines()[0] if mail.text else None
    return mail.direction.value, who, mail.conversation, quoted, flags, len(mail.attachments), said


def test_the_14_support_mails_mean_what_they_say(sample_mails: list[Path]) -> None:
    found = {}
    for path in sample_mails:
        if path.suffix == ".eml":
            [interaction] = mapped(connector(path), path.read_bytes())
            assert isinstance(interaction, Interaction)
            found[path.name] = facts(interaction)
    assert found == FACTS


def test_the_support_mails_join_one_thread_by_their_aliases(sample_mails: list[Path]) -> None:
    names = {"in_reply_to.eml", "references.eml", "support.eml"}
    aliases = []
    for path in sample_mails:
        if path.name in names:
            [interaction] = mapped(connector(path), path.read_bytes())
            assert isinstance(interaction, Interaction)
            aliases.append(set(interaction.conversation_aliases))
    assert aliases[0] & aliases[1] & aliases[2] == {"4e6e35f5a38b4_479f13bb90078178@small-app-01.mail"}
    assert "0CB459E0-0336-41DA-BC88-E6E28C697DDB@chatwoot.com" in aliases[0] | aliases[1]


def test_bounces_of_old_systems_name_whom_they_did_not_reach(sample_mails: list[Path]) -> None:
    for path in sample_mails:
        if path.name == "msg_16.txt":
            [interaction] = mapped(connector(path), path.read_bytes())
            assert isinstance(interaction, Interaction)
            assert Flag.BOUNCE in interaction.flags
            assert interaction.customers[0].identifiers[0].value == "jangel1@cougar.noc.ucla.edu"


TOKENS = [
    b"\x00", b"\xff", b"\xed\xa0\x80", b"\r\n\r\n", b"\n", b"(", b'"', b"=?utf-8?b?////?=", b"=?x-none?q?=ff?=", b"boundary=",
    b"Content-Type: multipart/mixed; boundary=x\n", b"--x\n", b"Content-Transfer-Encoding: base64\n", b"charset=utf-7",
    b"charset=idna", b"Content-Type: message/rfc822\n\n", b"Date: Thu, 99 Foo 99999 99:99:99 +9999\n", b"From: a: b;\n",
    b"Content-Transfer-Encoding: x-uuencode\n", b"To: undisclosed:;\n", b"filename*0*=x''%ff", b"<div>" * 50, b"> " * 30,
    b"Content-Type: text/html; charset=unicode-escape\n", b"References: <\xe9@x>\n", b"\xe2\x80\xa8", b"&#0;&#xD800;",
]  # fmt: skip


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """The mail with some bytes changed, cut, repeated, moved or inserted; mostly in its first 4 kB, where structure is."""
    mail = bytearray(raw)
    for _ in range(chance.randint(1, 6)):
        span = min(len(mail), 4000 if chance.random() < 0.8 else len(mail)) or 1
        at, length = chance.randrange(span), chance.randint(1, 200)
        kind = chance.randrange(6)
        if kind == 0:
            mail[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            del mail[at : at + length]
        elif kind == 2:
            mail[at:at] = mail[at : at + length] * chance.randint(1, 40)
        elif kind == 3:
            other = chance.randrange(span)
            mail[other:other] = mail[at : at + length]
        elif kind == 4:
            mail[at:at] = chance.choice(TOKENS) * chance.choice([1, 1, 1, 30])
        else:
            del mail[at:]
    return bytes(mail)


def test_no_mutated_mail_raises_anything_but_a_rejection(sample_mails: list[Path]) -> None:
    count = rejected = 0
    source = connector(sample_mails[0])
    for path in sample_mails:
        raw = path.read_bytes()
        if len(raw) > 60_000:
            raw = raw[:60_000]
        for number in range(MUTATIONS):
            mail = mutated(raw, random.Random(f"{path.name} {number}"))
            count += 1
            try:
                mapped(source, mail)
            except RecordRejected:
                rejected += 1
    assert count >= 3000
    assert rejected < count

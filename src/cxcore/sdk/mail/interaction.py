"""A raw mail to an Interaction. Whatever the bytes, it gives one or raises RecordRejected."""

import hashlib
import re
from collections.abc import Iterable
from email.message import Message
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from cxcore.model.interaction import Channel, Flag, Interaction, Kind
from cxcore.sdk.errors import RecordRejected
from cxcore.sdk.mail.body import Body, part_bytes, read_body
from cxcore.sdk.mail.flags import failed_recipients, flags
from cxcore.sdk.mail.header import MAX_IDS, addresses, header, ids, sent_at
from cxcore.sdk.mail.own_side import OwnSide
from cxcore.sdk.mail.parse import envelope_line, parse_mail
from cxcore.sdk.mail.people import people
from cxcore.sdk.page import Mapped

MAIL = "message/rfc822"
CUT_MAIL = "message/x-cut"
"""Media type of a mail that was longer than the limit and is kept only so far."""

MAX_ID = 500

_METHOD = re.compile(rb"^METHOD:([A-Z-]{1,20})", re.IGNORECASE | re.MULTILINE)


def _short(message_id: str) -> str:
    if len(message_id) <= MAX_ID:
        return message_id
    return "sha256:" + hashlib.sha256(message_id.encode()).hexdigest()


def thread(mail: Message) -> tuple[str | None, tuple[str, ...]]:
    """The thread's key (the first of References, else In-Reply-To, else the mail itself) and all it goes by."""
    references, answered, own = ids(mail, "References"), ids(mail, "In-Reply-To"), ids(mail, "Message-ID")[:1]
    known = [*references[:1], *own, *answered[:5], *reversed(references[1:])]
    keys = tuple(dict.fromkeys(_short(each) for each in known))[:MAX_IDS]
    first = next(iter([*references[:1], *answered[:1], *own]), None)
    return (_short(first) if first else None), keys


def _calendar(body: Body) -> dict[str, JsonValue]:
    """What a calendar part asks for: REQUEST, REPLY, CANCEL."""
    if body.calendar is None:
        return {}
    found = _METHOD.search(part_bytes(body.calendar)[:65_536])
    return {"calendar_method": found[1].decode().upper()} if found else {}


def _interaction(mail: Message, envelope: str, own: OwnSide, zone: ZoneInfo | None, *, cut: bool) -> Interaction:
    when = sent_at(mail, envelope, zone)
    if when is None:
        raise RecordRejected("the mail has no date")
    body = read_body(mail)
    seen = flags(mail, body, addresses(mail, "From"))
    attributes = _calendar(body)
    if attributes.get("calendar_method") == "CANCEL":
        seen.append(Flag.CANCELLED)
    if body.cut or cut:
        seen.append(Flag.TRUNCATED)
    sides = people(mail, own, failed_recipients(mail, body) if Flag.BOUNCE in seen else None)
    conversation, aliases = thread(mail)
    return Interaction(
        channel=Channel.EMAIL,
        kind=Kind.MESSAGE if body.calendar is None else Kind.APPOINTMENT,
        direction=sides.direction,
        occurred_at=when,
        customers=sides.customers,
        role=sides.role,
        participants=sides.participants,
        subject=header(mail, "Subject"),
        text=body.text,
        quoted=body.quoted,
        conversation=conversation,
        conversation_aliases=aliases,
        flags=tuple(seen),
        attachments=tuple(body.attachments),
        attributes=attributes,
    )


def map_mail(raw: bytes, own: OwnSide, zone: ZoneInfo | None, *, cut: bool = False) -> Iterable[Mapped]:
    """The interaction that a mail is, or, if it was ``cut``, what is left of it, flagged as truncated.

    Raises:
        RecordRejected: it is beyond a limit, cannot be parsed or has no date; the reason holds nothing of the mail.
    """
    mail = parse_mail(raw)
    try:
        return (_interaction(mail, envelope_line(raw), own, zone, cut=cut),)
    except RecordRejected:
        raise
    except Exception as exc:  # noqa: BLE001 - stdlib email raises many kinds on hostile mails; none may stop the others
        raise RecordRejected(f"the mail cannot be understood ({type(exc).__name__})") from None

"""What contacts and messages become. Pure."""

import mimetypes
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from cxconnectors.chatwoot.config import ChatwootConfig
from cxconnectors.chatwoot.landed import ACTIVITY, SURVEY
from cxcore.model.identifier import Identifier
from cxcore.model.interaction import Attachment, Channel, Direction, Flag, Interaction, Kind, Participant, Role
from cxcore.model.profile import SourceProfile
from cxcore.sdk import RecordRejected
from cxcore.sdk.plain_text import clean, one_line

_CHANNELS = {
    "Email": Channel.EMAIL,
    "FacebookPage": Channel.SOCIAL,
    "Instagram": Channel.SOCIAL,
    "Tiktok": Channel.SOCIAL,
    "TwitterProfile": Channel.SOCIAL,
    "Voice": Channel.PHONE,
}
"""By the type of the inbox; all others (WebWidget, Api, Whatsapp, Sms, TwilioSms, Telegram, Line) are chat."""
_INVENTED = re.compile(r"[a-z]+-[a-z]+-[0-9]{1,4}")
"""The name that Chatwoot gives a visitor of whom it knows none: quiet-river-512."""
_FILES = frozenset({"image", "video", "audio", "file"})
_LATEST = 253_402_300_799
"""The last second that Python can name."""


def person(payload: object, config: ChatwootConfig) -> SourceProfile:
    """A contact. What Chatwoot knows of it was typed in by somebody, so nothing is verified.

    Raises:
        RecordRejected: it has no id.
    """
    if not isinstance(payload, dict) or not isinstance(number := payload.get("id"), int):
        raise RecordRejected("the contact has no id")
    more = _table(payload.get("additional_attributes"))
    place = [_line(more.get(name)) for name in ("city", "country")]
    return SourceProfile(
        key=_key(number),
        name=_name(payload.get("name")),
        address=", ".join(part for part in place if part) or None,
        identifiers=tuple(_identifiers(payload, config)),
        attributes={"company": company} if (company := _line(more.get("company_name"))) else {},
    )


def interactions(payload: object, config: ChatwootConfig) -> Iterable[Interaction]:
    """The interaction that a message is; the answer to a survey is feedback, a survey without one is nothing.

    Raises:
        RecordRejected: it has no type, time or contact.
    """
    if not isinstance(payload, dict) or (kind := payload.get("type")) not in {"incoming", "outgoing", "template"}:
        if isinstance(payload, dict) and payload.get("type") == ACTIVITY:
            return ()
        raise RecordRejected("the message has no type")
    if not isinstance(_table(payload.get("contact")).get("id"), int):
        raise RecordRejected("the message's conversation has no contact")
    at, customer = _occurred(payload), _customer(payload, config)
    if payload.get("content_type") == SURVEY:
        return _answered(payload, at, customer)
    inbound, private = kind == "incoming", payload.get("private") is True
    files = [each for each in payload.get("attachments") or () if isinstance(each, dict)]
    channel = _channel(payload)
    return (
        Interaction(
            channel=channel,
            kind=Kind.NOTE if private else Kind.CALL if channel is Channel.PHONE else Kind.MESSAGE,
            direction=_direction(inbound=inbound, private=private),
            occurred_at=at,
            customers=(customer,),
            role=Role.SENDER if inbound else Role.RECIPIENT,
            participants=_agents(payload, inbound=inbound),
            subject=_subject(payload),
            text=_text(payload.get("content")),
            conversation=str(payload.get("conversation")),
            flags=tuple(_flags(payload, kind)),
            attachments=tuple(_file(each) for each in files if each.get("file_type") in _FILES),
            attributes=_attributes(payload, files),
        ),
    )


def _direction(*, inbound: bool, private: bool) -> Direction:
    if private:
        return Direction.INTERNAL
    return Direction.INBOUND if inbound else Direction.OUTBOUND


def _answered(payload: Mapping[str, Any], at: datetime, customer: SourceProfile) -> Iterable[Interaction]:
    values = _table(_table(payload.get("content_attributes")).get("submitted_values"))
    answer = _table(values.get("csat_survey_response"))
    rating = answer.get("rating")
    if not isinstance(rating, int):
        return
    yield Interaction(
        channel=Channel.FEEDBACK,
        kind=Kind.SURVEY,
        direction=Direction.INBOUND,
        occurred_at=at,
        customers=(customer,),
        role=Role.AUTHOR,
        text=_text(answer.get("feedback_message")),
        conversation=str(payload.get("conversation")),
        attributes={"rating": rating, "of": 5},
    )


def _customer(payload: Mapping[str, Any], config: ChatwootConfig) -> SourceProfile:
    """The conversation's contact. Its identifier is verified where it came with the inbox's HMAC, and only then told."""
    contact, sender = _table(payload.get("contact")), _table(payload.get("sender"))
    typed = _table(payload.get("content_attributes")).get("submitted_email")
    identifiers = [Identifier.email(typed[:1000])] if isinstance(typed, str) and "@" in typed else []
    if payload.get("hmac_verified") is True and (own := _line(contact.get("identifier"))):
        identifiers.append(Identifier.account(config.issuer, own, verified=True))
    theirs = sender.get("type") == "contact" and sender.get("id") == contact["id"]
    return SourceProfile(
        key=_key(contact["id"]), name=_name(sender.get("name")) if theirs else None, identifiers=tuple(identifiers)
    )


def _identifiers(payload: Mapping[str, Any], config: ChatwootConfig) -> Iterable[Identifier]:
    if email := _line(payload.get("email")):
        yield Identifier.email(email)
    if phone := _line(payload.get("phone_number")):
        yield Identifier.phone(phone)
    if own := _line(payload.get("identifier")):
        yield Identifier.account(config.issuer, own)


def _agents(payload: Mapping[str, Any], *, inbound: bool) -> tuple[Participant, ...]:
    sender = _table(payload.get("sender"))
    return () if inbound or not sender else (Participant(role=Role.AGENT, name=_line(sender.get("name"))),)


def _channel(payload: Mapping[str, Any]) -> Channel:
    if payload.get("content_type") == "voice_call":
        return Channel.PHONE
    return _CHANNELS.get(_inbox(payload), Channel.CHAT)


def _inbox(payload: Mapping[str, Any]) -> str:
    told = payload.get("channel")
    return told.removeprefix("Channel::") if isinstance(told, str) else ""


def _subject(payload: Mapping[str, Any]) -> str | None:
    mail = _table(_table(payload.get("content_attributes")).get("email"))
    return _line(mail.get("subject")) or _line(payload.get("subject"))


def _flags(payload: Mapping[str, Any], kind: object) -> Iterable[Flag]:
    attributes = _table(payload.get("content_attributes"))
    if kind == "template" or _table(attributes.get("email")).get("auto_reply") is True:
        yield Flag.AUTO_REPLY
    if attributes.get("external_error"):
        yield Flag.BOUNCE


def _attributes(payload: Mapping[str, Any], files: list[dict[str, Any]]) -> dict[str, Any]:
    attributes, sender = _table(payload.get("content_attributes")), _table(payload.get("sender"))
    found: dict[str, Any] = {"via": re.sub(r"(?<=[a-z])(?=[A-Z])", "_", _inbox(payload)).lower() or "unknown"}
    if sender.get("type") not in {None, "contact", "user"}:
        found["bot"] = True
    if isinstance(reply := attributes.get("in_reply_to"), int | str):
        found["in_reply_to"] = reply
    if shared := sorted({str(each.get("file_type")) for each in files} - _FILES):
        found["shared"] = shared
    return found


def _file(found: Mapping[str, Any]) -> Attachment:
    name, size = found.get("name") or found.get("file_type"), found.get("file_size")
    kind = found.get("content_type") or mimetypes.guess_type(str(name))[0] or "application/octet-stream"
    return Attachment(
        name=clean(str(name))[:500],
        media_type=str(kind)[:200],
        size=size if isinstance(size, int) and size >= 0 else 0,
    )


def _occurred(payload: Mapping[str, Any]) -> datetime:
    """When it was said, also where it was brought into Chatwoot later."""
    for told in (_table(payload.get("content_attributes")).get("external_created_at"), payload.get("created_at")):
        if isinstance(told, int) and not isinstance(told, bool) and 0 < told <= _LATEST:
            return datetime.fromtimestamp(told, UTC)
    raise RecordRejected("the message has no time")


def _key(number: int) -> str:
    return f"contact {number}"


def _name(value: object) -> str | None:
    found = _line(value)
    return None if found is None or _INVENTED.fullmatch(found) else found


def _line(value: object) -> str | None:
    return one_line(value, 1000) if isinstance(value, str) else None


def _text(value: object) -> str | None:
    return clean(value).strip() or None if isinstance(value, str) else None


def _table(found: object) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}

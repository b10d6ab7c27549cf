"""What a message means: SMS, MMS, WhatsApp and other channels. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from cxconnectors.twilio import addresses
from cxconnectors.twilio.times import moment
from cxcore.model.interaction import Channel, Direction, Flag, Interaction, Kind, Participant, Role
from cxcore.sdk import RecordRejected
from cxcore.sdk.plain_text import clean

_UNDELIVERED = frozenset({"failed", "undelivered"})


def interactions(payload: object) -> Iterable[Interaction]:
    """The interaction that a message is. A redacted one has no text.

    Raises:
        RecordRejected: it has no direction or no time.
    """
    if not isinstance(payload, dict):
        raise RecordRejected("no message of Twilio")
    occurred = moment(payload.get("date_sent")) or moment(payload.get("date_created"))
    if occurred is None:
        raise RecordRejected("the message has no time")
    if not isinstance(told := payload.get("direction"), str) or not told:
        raise RecordRejected("the message has no direction")
    inbound = told == "inbound"
    outside, inside = payload.get("from" if inbound else "to"), payload.get("to" if inbound else "from")
    person = addresses.writer(outside)
    return (
        Interaction(
            channel=Channel.CHAT,
            kind=Kind.MESSAGE,
            direction=Direction.INBOUND if inbound else Direction.OUTBOUND,
            occurred_at=occurred,
            customers=(person,) if person else (),
            role=Role.SENDER if inbound else Role.RECIPIENT,
            participants=_own_side(inside, inbound=inbound),
            text=_said(payload.get("body")),
            conversation=f"{outside} {inside or payload.get('messaging_service_sid') or ''}" if person else None,
            flags=_flags(payload.get("status")),
            attributes=_attributes(payload, addresses.channel(outside)[0]),
        ),
    )


def _own_side(address: object, *, inbound: bool) -> tuple[Participant, ...]:
    if not isinstance(address, str) or not address:
        return ()
    return (Participant(role=Role.RECIPIENT if inbound else Role.SENDER, address=address[:1000]),)


def _said(body: object) -> str | None:
    return clean(body) if isinstance(body, str) and body.strip() else None


def _flags(status: object) -> tuple[Flag, ...]:
    if status == "canceled":
        return (Flag.CANCELLED,)
    return (Flag.BOUNCE,) if status in _UNDELIVERED else ()


def _attributes(payload: Mapping[str, Any], via: str) -> dict[str, Any]:
    found: dict[str, Any] = {"via": via}
    if isinstance(status := payload.get("status"), str):
        found["status"] = status
    if isinstance(media := payload.get("num_media"), str) and media.isdigit() and int(media[:9]):
        found["media"] = int(media[:9])
        found["via"] = "mms" if via == "sms" else via
    if isinstance(code := payload.get("error_code"), int):
        found["error_code"] = code
    return found

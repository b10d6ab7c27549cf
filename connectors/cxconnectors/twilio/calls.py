"""What a call means: who of the customers was on the line, which way it went, and who took it. Pure.

A call that rings further is several calls to Twilio: a parent, and a child for each telephone that ``<Dial>`` rang. All
are one conversation. The child that leads to the customer is the call; the child that leads to the company's own people is
internal, and tells who spoke with the customer and for how long.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cxconnectors.twilio import addresses
from cxconnectors.twilio.config import TwilioConfig
from cxconnectors.twilio.times import moment
from cxcore.model.interaction import Channel, Direction, Flag, Interaction, Kind, Participant, Role
from cxcore.sdk import RecordRejected

_INBOUND = frozenset({"inbound", "trunking-originating"})
_MISSED = frozenset({"busy", "no-answer", "failed", "canceled"})
_SECONDS = re.compile("[0-9]{1,9}")
_VOICEMAIL = "RecordVerb"
"""The source of what ``<Record>`` recorded: a message that the caller left."""


def interactions(payload: object, config: TwilioConfig) -> Iterable[Interaction]:
    """The interaction that a call is; none where only the company's own people were on the line.

    Raises:
        RecordRejected: it has no direction or no time.
    """
    call = payload.get("call") if isinstance(payload, dict) else None
    if not isinstance(payload, dict) or not isinstance(call, dict):
        raise RecordRejected("no call of Twilio")
    occurred = moment(call.get("start_time")) or moment(call.get("date_created"))
    if occurred is None:
        raise RecordRejected("the call has no time")
    direction, outside, inside = _sides(call, payload.get("parent"), config)
    if outside is None:
        return ()
    person, recorded = addresses.caller(outside), _recorded(payload)
    left_word = direction is Direction.INBOUND and any(each.get("source") == _VOICEMAIL for each in recorded)
    return (
        Interaction(
            channel=Channel.PHONE,
            kind=Kind.VOICEMAIL if left_word else Kind.CALL,
            direction=direction,
            occurred_at=occurred,
            customers=(person,) if person else (),
            role=Role.CALLEE if direction is Direction.OUTBOUND else Role.CALLER,
            participants=_participants(direction, inside),
            conversation=call.get("parent_call_sid") or call.get("sid"),
            duration=_seconds(call.get("duration")),
            flags=(Flag.MISSED,) if call.get("status") in _MISSED else (),
            attributes=_attributes(call, recorded),
        ),
    )


def _sides(call: Mapping[str, Any], parent: object, config: TwilioConfig) -> tuple[Direction, str | None, str | None]:
    """Which way a call went, the customer's address (None where there is no customer), and the company's.

    Raises:
        RecordRejected: it does not say which way it went.
    """
    direction, caller, callee = call.get("direction"), _text(call.get("from")), _text(call.get("to"))
    if direction in _INBOUND:
        return Direction.INBOUND, None if _own(caller, config) else caller, callee
    if not isinstance(direction, str) or not direction:
        raise RecordRejected("the call has no direction")
    if isinstance(parent, dict) and (customer := _customer(parent, config)) is not None:
        return Direction.INTERNAL, customer, callee
    return Direction.OUTBOUND, None if _own(callee, config) else callee, _dialler(parent) or caller


def _customer(parent: Mapping[str, Any], config: TwilioConfig) -> str | None:
    """The customer who was on the line before this leg was dialled; None where one of our own people was."""
    address = _text(parent.get("from") if parent.get("direction") in _INBOUND else parent.get("to"))
    return None if _own(address, config) else address


def _dialler(parent: object) -> str | None:
    """Which of the company's people dialled from a softphone, or was called first to be connected."""
    if not isinstance(parent, dict):
        return None
    return _text(parent.get("from") if parent.get("direction") in _INBOUND else parent.get("to")) or None


def _own(address: str, config: TwilioConfig) -> bool:
    """Whether somebody of the company is there: a softphone, a SIP telephone without a number, a number of theirs."""
    found = addresses.number(address)
    return config.own(found) if found else not addresses.anonymous(address)


def _participants(direction: Direction, inside: str | None) -> tuple[Participant, ...]:
    if not inside:
        return ()
    if direction is Direction.INTERNAL or addresses.number(inside) is None:
        role = Role.AGENT
    else:
        role = Role.CALLEE if direction is Direction.INBOUND else Role.CALLER
    return (Participant(role=role, address=inside[:1000]),)


def _recorded(payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = payload.get("recordings")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _attributes(call: Mapping[str, Any], recorded: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Facts a reader may want; the caller's name is what a directory says of the number, a hint and no identity."""
    told = {name: call.get(name) for name in ("status", "answered_by", "forwarded_from", "caller_name")}
    found: dict[str, Any] = {name: value for name, value in told.items() if isinstance(value, str) and value}
    if recorded:
        found["recordings"] = len(recorded)
        found["recorded_seconds"] = sum(_seconds(each.get("duration")) or 0 for each in recorded)
    return found


def _seconds(text: object) -> int | None:
    return int(text) if isinstance(text, str) and _SECONDS.fullmatch(text) else None


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""

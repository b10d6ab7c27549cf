"""What a call's legs mean: who called whom, which way, how long they spoke."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cxconnectors.asterisk_cdr.config import AsteriskConfig
from cxconnectors.asterisk_cdr.legs import aware, ended, moment, seconds
from cxcore.model.identifier import Identifier
from cxcore.model.interaction import Channel, Direction, Flag, Interaction, Kind, Participant, Role
from cxcore.model.profile import SourceProfile
from cxcore.sdk import RecordRejected

Leg = dict[str, str]
_NOBODY = frozenset(
    {"", "anonymous", "unknown", "restricted", "unavailable", "private", "s", "asterisk", "withheld", "unknown caller"}
)
_AGENT = re.compile(r"(?:PJSIP|SIP|IAX2|SCCP|Local|DAHDI|Agent)/([\w.+-]+?)(?:@[\w.-]+)?(?:-[0-9a-fA-F]+)?(?:;\d)?$")
_CLID = re.compile(r'^\s*"?([^"<]*?)"?\s*<([^>]*)>\s*$')


def interaction(legs: Sequence[Leg], config: AsteriskConfig) -> Interaction:
    """One call from its legs, in the order they began.

    Raises:
        RecordRejected: no leg says when it began.
    """
    zone = ZoneInfo(config.timezone)
    timed = [(start, f) for f in legs if (start := moment(f.get("start", ""))) is not None]
    if not timed:
        raise RecordRejected("no leg of the call says when it began")
    timed.sort(key=lambda t: t[0])
    began, first = timed[0]
    direction = _direction(first, config)
    outside = first.get("dst", "") if direction is Direction.OUTBOUND else first.get("src", "")
    spoken = talk_seconds(legs)
    answered = spoken > 0
    voicemail = answered and any(f.get("lastapp", "").casefold() == "voicemail" for f in legs)
    customers: tuple[SourceProfile, ...] = ()
    if direction is not Direction.INTERNAL and outside.strip().casefold() not in _NOBODY:
        customers = (SourceProfile(identifiers=(Identifier.phone(outside[:1000]),)),)
    return Interaction(
        channel=Channel.PHONE,
        kind=Kind.VOICEMAIL if voicemail else Kind.CALL,
        direction=direction,
        occurred_at=aware(began, zone, first.get("uniqueid", "")),
        customers=customers,
        role=Role.CALLEE if direction is Direction.OUTBOUND else Role.CALLER,
        participants=_participants(legs, first, direction, config),
        duration=spoken,
        flags=() if answered else (Flag.MISSED,),
        attributes=_attributes(legs, first, direction),
    )


def talk_seconds(legs: Sequence[Leg]) -> int:
    """Seconds in which at least one answered leg was up: legs overlap in queues and transfers, so they are not added."""
    spans: list[tuple[datetime, datetime]] = []
    for f in legs:
        billed = seconds(f.get("billsec", ""))
        end = ended(f)
        if f.get("disposition", "").upper() == "ANSWERED" and billed > 0 and end is not None:
            spans.append((end - timedelta(seconds=billed), end))
    with_party = [
        s
        for s, f in zip(spans, [f for f in legs if _answered(f)], strict=True)
        if f.get("dstchannel") or f.get("lastapp", "").casefold() == "voicemail"
    ]
    total = timedelta(0)
    reached = datetime.min  # noqa: DTZ901 - compared with times as written, which are naive
    for begin, end in sorted(with_party):
        if end > reached:
            total += end - max(begin, reached)
            reached = end
    return int(total.total_seconds())


def _answered(f: Leg) -> bool:
    return f.get("disposition", "").upper() == "ANSWERED" and seconds(f.get("billsec", "")) > 0 and ended(f) is not None


def _direction(first: Leg, config: AsteriskConfig) -> Direction:
    """By the dialplan's context; where that says nothing, by which side is an extension."""
    src_inside, dst_inside = _inside(first.get("src", ""), config), _inside(first.get("dst", ""), config)
    context = first.get("dcontext", "")
    if context in config.inbound_contexts:
        return Direction.INBOUND
    if context in config.outbound_contexts or src_inside:
        return Direction.INTERNAL if src_inside and dst_inside else Direction.OUTBOUND
    return Direction.INBOUND


def _inside(number: str, config: AsteriskConfig) -> bool:
    digits = re.sub(r"\D", "", number)
    if not digits:
        return False
    own = {re.sub(r"\D", "", n)[-7:] for n in config.own_numbers}
    return len(digits) <= config.extension_digits or digits[-7:] in own


def _participants(
    legs: Sequence[Leg], first: Leg, direction: Direction, config: AsteriskConfig
) -> tuple[Participant, ...]:
    """The extensions that rang, those that spoke first, then the own number that was called or shown."""
    spoke: dict[str, bool] = {}
    for f in legs:
        for channel in (f.get("dstchannel", ""), f.get("channel", "") if direction is not Direction.INBOUND else ""):
            found = _AGENT.match(channel)
            if found and found.group(1).isdigit() and len(found.group(1)) <= config.extension_digits:
                spoke[found.group(1)] = spoke.get(found.group(1), False) or _answered(f)
    ordered = sorted(spoke, key=lambda extension: not spoke[extension])
    result = [Participant(role=Role.AGENT, address=extension[:1000]) for extension in ordered]
    if direction is Direction.INBOUND and first.get("dst"):
        result.append(Participant(role=Role.CALLEE, address=first["dst"][:1000]))
    return tuple(result)


def _attributes(legs: Sequence[Leg], first: Leg, direction: Direction) -> dict[str, str | int]:
    """Facts a reader may want; the caller's name is what the network showed, a hint and no identity."""
    result: dict[str, str | int] = {}
    if len(legs) > 1:
        result["legs"] = len(legs)
    if disposition := first.get("disposition"):
        result["disposition"] = disposition.lower()
    shown = _CLID.match(first.get("clid", ""))
    if direction is Direction.INBOUND and shown and (name := shown.group(1).strip()) and not name.lstrip("+").isdigit():
        result["caller_name"] = name
    return result

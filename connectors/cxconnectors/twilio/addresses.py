"""Who is at an address of Twilio: a number, a channel address, a softphone. Pure.

https://www.twilio.com/docs/messaging/channels
"""

import re

from cxcore.model.identifier import Identifier
from cxcore.model.profile import SourceProfile

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_CHANNEL = re.compile(r"(whatsapp|rcs|messenger|viber|line|wechat|apple|kik|telegram):(.+)", re.IGNORECASE | re.DOTALL)
_SIP = re.compile(r"sips?:([^@;]*)@", re.IGNORECASE)
_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_HIDDEN = frozenset(
    "+" + word.translate(_KEYS) for word in ("ANONYMOUS", "BLOCKED", "PRIVATE", "RESTRICTED", "UNAVAILABLE", "UNKNOWN")
)
"""Words on a telephone's keys, which Twilio shows as the number of callers who hide theirs (+266696687)."""
_NOBODY = frozenset({"", "anonymous", "unknown", "restricted", "unavailable", "blocked", "private"})


def number(address: object) -> str | None:
    """The E.164 number of an address, also one in a SIP address; None where it has none, or hides it."""
    if not isinstance(address, str):
        return None
    sip = _SIP.match(address.strip())
    found = sip[1] if sip else address.strip()
    return found if _NUMBER.fullmatch(found) and found not in _HIDDEN else None


def anonymous(address: object) -> bool:
    """Whether nobody can be seen there."""
    return not isinstance(address, str) or address.strip() in _HIDDEN or address.strip().casefold() in _NOBODY


def channel(address: object) -> tuple[str, str]:
    """The kind of a messaging address and what follows it; a plain one is of ``sms``."""
    text = address.strip() if isinstance(address, str) else ""
    found = _CHANNEL.fullmatch(text)
    return (found[1].lower(), found[2].strip()) if found else ("sms", text)


def caller(address: object) -> SourceProfile | None:
    """Whoever calls or is called there."""
    found = number(address)
    return SourceProfile(identifiers=(Identifier.phone(found),)) if found else None


def writer(address: object) -> SourceProfile | None:
    """Whoever writes or is written to there: a number, an id of a channel, or the name that an alphanumeric sender bears."""
    kind, text = channel(address)
    if anonymous(text):
        return None
    if found := number(text):
        return SourceProfile(identifiers=(Identifier.phone(found),))
    if kind == "sms":
        return SourceProfile(name=text[:1000])
    return SourceProfile(identifiers=(Identifier.account(kind, text[:1000]),))

"""Header fields of a mail as text, addresses, ids and times; tolerant of whatever is written there."""

import re
from base64 import b64decode
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message
from email.utils import getaddresses, parsedate_tz
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cxcore.sdk.plain_text import clean, decode, one_line

MAX_ADDRESSES = 500
MAX_IDS = 50
_MAX_ADDRESS_BYTES = 64 * 1024

_ENCODED = re.compile(r"=\?([A-Za-z0-9_.:*'-]{1,60})\?([BbQq])\?([^?\s]{0,2000})\?=")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?)")
_ID = re.compile(r"<([^<>\s]{1,900})>")
_BARE_ID = re.compile(r"[^<>\s,\"]{1,400}@[^<>\s,\"]{1,400}")
_NO_BLANK_ZONE = re.compile(r"(\d)([+-]\d{4})\b")
_NO_ZONE = re.compile(r"\d:\d\d(?::\d\d)?(?: +\d{4})? *$|-0000\b")
_ENVELOPE_DATE = re.compile(
    r"((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [A-Za-z0-9 ]{3,12} \d{1,2}:\d\d(?::\d\d)?[^\n]{0,40})$"
)
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,200}@[^\s@<>,;:\"()\\]{1,253}")


def values(mail: Message, name: str) -> list[str]:
    """All values of a field as written; raw 8-bit ones, which old systems still send, as UTF-8 or Windows-1252."""
    wanted = name.lower()
    return [_unescaped(str(value)) for field, value in mail.raw_items() if field.lower() == wanted]


def value(mail: Message, name: str) -> str | None:
    """The first value of a field as written."""
    return next(iter(values(mail, name)), None)


def _unescaped(text: str) -> str:
    if text.isascii():
        return text
    return decode(text.encode("utf-8", "surrogateescape"), None)


class Address(NamedTuple):
    """A mail address with the name it is shown under."""

    name: str | None
    address: str


def _word(found: re.Match[str]) -> str:
    charset, how, body = found[1].partition("*")[0], found[2], found[3]
    try:
        if how in "Bb":
            raw = b64decode(body + "=" * (-len(body) % 4))
        else:
            raw = re.sub(
                rb"=([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), body.replace("_", " ").encode("latin-1")
            )
        return raw.decode(charset, "replace")
    except (LookupError, ValueError, UnicodeError):
        return found[0]


def decoded(text: str) -> str:
    """A header's value with encoded words (RFC 2047) read, on one line."""
    if "=?" in text:
        text = _ENCODED.sub(_word, _BETWEEN.sub(r"\1", text))
    return clean(" ".join(text.split()))


def header(mail: Message, name: str, limit: int = 2000) -> str | None:
    found = value(mail, name)
    return one_line(decoded(found), limit) if found is not None else None


def addresses(mail: Message, *names: str) -> list[Address]:
    """All addresses of the named fields, each once, at most ``MAX_ADDRESSES``; what is none is left out."""
    written = [text[:_MAX_ADDRESS_BYTES] for field in names for text in values(mail, field)]
    found: dict[str, Address] = {}
    for text in written:
        plain = text if text.count("(") <= 20 else text.replace("(", " ").replace(")", " ")  # noqa: PLR2004 - comments nest
        for name, address in getaddresses([" ".join(plain.split())]):
            if not _ADDRESS.fullmatch(address):
                continue
            made = Address(one_line(decoded(name).strip("'\" "), 1000), clean(address)[:1000])
            key = made.address.lower()
            if key not in found or (found[key].name is None and made.name):
                found[key] = made
            if len(found) >= MAX_ADDRESSES:
                return list(found.values())
    return list(found.values())


def ids(mail: Message, name: str) -> list[str]:
    """Message ids of a field, without angle brackets, in their order, each once."""
    text = " ".join(text[:_MAX_ADDRESS_BYTES] for text in values(mail, name))
    found = _ID.findall(text) or _BARE_ID.findall(text)
    return list(dict.fromkeys(clean(each) for each in found))


def moment(text: str, zone: ZoneInfo | None) -> datetime | None:
    """A time by RFC 5322 and its old forms, in UTC; None if there is none or it lies before mail existed.

    Without a zone (or with -0000) it is read in ``zone``, else as UTC.
    """
    try:
        parts = parsedate_tz(_NO_BLANK_ZONE.sub(r"\1 \2", text[:200]))
        if parts is None:
            return None
        naive = datetime(*parts[:5], min(parts[5], 59))  # noqa: DTZ001 - the zone follows
        offset = parts[9]
        if offset is None or (offset == 0 and _NO_ZONE.search(text[:200].partition("(")[0])):
            return _checked(naive.replace(tzinfo=zone or UTC).astimezone(UTC))
        if abs(offset) >= 86_400:  # noqa: PLR2004 - a day
            return None
        return _checked(naive.replace(tzinfo=timezone(timedelta(seconds=offset))).astimezone(UTC))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _checked(when: datetime) -> datetime | None:
    return when if when.year >= 1970 else None  # noqa: PLR2004 - the first mail went in 1971


def sent_at(mail: Message, envelope: str, zone: ZoneInfo | None) -> datetime | None:
    """When the mail was sent: Date, else the newest Received (the topmost), else the mbox envelope line."""
    for text in values(mail, "Date")[:5]:
        if when := moment(text, zone):
            return when
    for text in values(mail, "Received")[:50]:
        if when := moment(text.rpartition(";")[2], zone):
            return when
    dated = _ENVELOPE_DATE.search(envelope.rstrip()[:1000])
    return moment(dated[1], zone) if dated else None

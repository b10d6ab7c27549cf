"""What answers to FETCH tell of mails. Those of the form that nearly all servers use are read by one expression, which takes a
fifth of the time; others by the grammar."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from cxconnectors.imap.connection import nonsense
from cxconnectors.imap.uid_set import MAX_UID
from cxconnectors.imap.wire import Answer, Malformed, Value, number, pairs

_FETCH = re.compile(rb"\d{1,10} FETCH ", re.IGNORECASE)
_BODY = re.compile(rb"\d{1,10} FETCH \(UID (\d{1,10}) BODY\[\](?:<0>)? \{\d{1,10}\}\r\n")
_BODY_END = b")\r\n"
_MONTHS = {
    name: number
    for number, name in enumerate(
        (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"), start=1
    )
}
_DATE_TIME = rb" ?(\d\d?)-(%b)-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)" % b"|".join(_MONTHS)
"""date-time (RFC 3501, section 9)."""
_MOMENT = re.compile(_DATE_TIME)
_LISTED = re.compile(
    rb'\d{1,10} FETCH \(UID (\d{1,10}) RFC822\.SIZE (\d{1,18}) INTERNALDATE "%b" FLAGS \(([^()"{}\[\]\r\n]*)\)\)\r\n'
    % _DATE_TIME
)
"""In the order in which it was asked."""


class Listed(NamedTuple):
    """A mail before it is fetched. ``size`` is None where the server cannot tell it."""

    uid: int
    size: int | None
    received_at: datetime | None
    draft: bool


def listed(answers: Iterable[Answer]) -> Iterator[Listed]:
    """Mails of which a size is told.

    Raises:
        SourceUnavailable: an answer follows no grammar.
    """
    for each in answers:
        plain = _LISTED.fullmatch(each.pieces[0]) if len(each.pieces) == 1 else None
        if plain is None or (found := _plainly(plain.groups())) is None:
            found = next((_listed(uid, told) for uid, told in _told([each]) if "RFC822.SIZE" in told), None)
        if found is not None:
            yield found


def bodies(answers: Iterable[Answer]) -> Iterator[tuple[int, bytes]]:
    """Mails by UID.

    Raises:
        SourceUnavailable: an answer follows no grammar.
    """
    for each in answers:
        if len(each.pieces) == 3 and each.pieces[2] == _BODY_END and (plain := _BODY.fullmatch(each.pieces[0])):  # noqa: PLR2004 - line, mail, line
            uid, body = int(plain[1]), each.pieces[1]
            if 0 < uid <= MAX_UID:
                yield uid, body
                continue
        for uid, told in _told([each]):
            body_told = next((value for name, value in told.items() if name.startswith("BODY[]")), None)
            if isinstance(body_told, bytes):
                yield uid, body_told


def _plainly(said: tuple[bytes, ...]) -> Listed | None:
    """None where the UID or the time is none."""
    uid, size, flags = said[0], said[1], said[-1]
    number = int(uid)
    if not 0 < number <= MAX_UID:
        return None
    try:
        return Listed(number, int(size), _at(said[2:-1]), b"\\draft" in flags.lower().split())
    except (ValueError, OverflowError):
        return None


def _told(answers: Iterable[Answer]) -> list[tuple[int, dict[str, Value]]]:
    """What FETCH told, by UID; what a server tells unasked has none and is left out."""
    found = []
    for each in answers:
        if not _FETCH.match(each.pieces[0]):
            continue
        try:
            told = pairs(each.values()[-1])
            if "UID" in told:
                found.append((number(told["UID"], MAX_UID), told))
        except Malformed as exc:
            raise nonsense() from exc
    return found


def _listed(uid: int, told: dict[str, Value]) -> Listed:
    try:
        size = number(told["RFC822.SIZE"])
    except Malformed as exc:
        raise nonsense() from exc
    flags = told.get("FLAGS")
    draft = isinstance(flags, list) and any(isinstance(flag, str) and flag.lower() == "\\draft" for flag in flags)
    return Listed(uid, size, _moment(told.get("INTERNALDATE")), draft)


def _moment(told: Value) -> datetime | None:
    """When the server received a mail, in UTC; None if it does not say so sensibly."""
    if not isinstance(told, bytes):
        return None
    try:
        if said := _MOMENT.fullmatch(told):
            return _at(said.groups())
        when = parsedate_to_datetime(told.strip().decode("ascii", "replace").replace("-", " ", 2))
        return when.astimezone(UTC) if when.tzinfo else None
    except (ValueError, OverflowError, TypeError):
        return None


def _at(said: tuple[bytes, ...]) -> datetime:
    """Raises ValueError or OverflowError where there is no such time."""
    day, month, year, hour, minute, second, sign, hours, minutes = said
    at = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    if hours == minutes == b"00":
        return at
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return at + offset if sign == b"-" else at - offset

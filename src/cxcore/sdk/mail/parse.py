"""Bytes to a parsed mail, within limits that hold for any bytes.

We parse with ``policy.compat32`` and decode headers ourselves. ``policy.default`` parses structured headers with code
whose time grows with the square of their length: one "To" of 64 KiB of quotation marks took 55 s, a Content-Type 72 s,
against 0.04 s here (Python 3.11).
"""

import re
from email.message import Message
from email.parser import FeedParser
from email.policy import compat32
from typing import Any
from urllib.parse import unquote_to_bytes

from cxcore.sdk.errors import RecordRejected

MAX_MAIL = 100 * (1 << 20)
"""The config's own limit is lower; this one holds whatever was landed."""
MAX_HEADER_BYTES = 256 * 1024
MAX_HEADERS = 1000
MAX_PARTS = 200
MAX_DEPTH = 20
MAX_LINES = 1_000_000
MAX_DECLARED = 10_000
MAX_FIELD = 64 * 1024
MAX_PART_FIELD = 8 * 1024

_END = re.compile(rb"\r?\n\r?\n|\r\r")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_BOUNDARY = re.compile(
    rb"""\bboundary(?:\*\d{0,3}\*?)?\s{0,80}=\s{0,80}(?:"((?:[^"\\\n]|\\.){1,300})"|([^\s;"]{1,300}))""", re.IGNORECASE
)
_DASHES = re.compile(rb"(?:\A|(?<=[\r\n]))--([^\r\n]{1,310})")


class _Limit(Exception):
    """The mail has more of something than it may; the message says of what."""


class _Part(Message):
    """A part that cuts over-long fields, counts itself and takes no boundary that was not seen beforehand."""

    counted: "_Count"

    def set_raw(self, name: str, value: Any) -> None:
        if isinstance(value, str) and len(value) > (limit := self.counted.field_limit):
            value = value[:limit]
        self.counted.fields += 1
        if self.counted.fields > MAX_HEADERS + 20 * self.counted.parts:
            raise _Limit("headers")
        super().set_raw(name, value)  # the parser's door into Message

    def get_boundary(self, failobj: Any = None) -> Any:
        boundary = super().get_boundary(failobj)
        if isinstance(boundary, str) and boundary.encode("ascii", "replace") not in self.counted.boundaries:
            self.counted.unforeseen += 1
            if self.counted.unforeseen > MAX_DEPTH:
                raise _Limit("nested parts")
        return boundary


class _Count:
    """What the parts of one mail share."""

    def __init__(self, boundaries: set[bytes]) -> None:
        self.boundaries = boundaries
        self.parts = self.fields = self.unforeseen = 0
        self.field_limit = MAX_FIELD

    def part(self, policy: Any = compat32) -> Message:
        self.parts += 1
        if self.parts > 2 * MAX_PARTS:
            raise _Limit("parts")
        self.field_limit = MAX_FIELD if self.parts == 1 else MAX_PART_FIELD
        made = _Part(policy=policy)
        made.counted = self
        return made


def _boundaries(raw: bytes) -> set[bytes]:
    """All boundaries that the mail or a mail inside it may declare, also in RFC 2231's forms."""
    found: set[bytes] = set()
    for number, declared in enumerate(_BOUNDARY.finditer(raw)):
        value = declared[1] or declared[2]
        found.add(re.sub(rb"\\(.)", rb"\1", value).rstrip())
        if b"'" in value or b"%" in value:
            found.add(unquote_to_bytes(value.rpartition(b"'")[2]).rstrip())
        if len(found) > 2 * MAX_PARTS or number > MAX_DECLARED:
            raise _Limit("parts")
    return found


def _check_parts(raw: bytes, boundaries: set[bytes]) -> None:
    """Count parts and how deep they nest by the lines that begin with a known boundary."""
    parts, open_now = 0, list[bytes]()
    for found in _DASHES.finditer(raw):
        line = found[1].rstrip()
        closing = line not in boundaries and line.endswith(b"--")
        boundary = line[:-2] if closing else line
        if boundary not in boundaries:
            continue
        if boundary in open_now:
            del open_now[open_now.index(boundary) + (0 if closing else 1) :]
        elif not closing:
            open_now.append(boundary)
        parts += not closing
        if parts > MAX_PARTS:
            raise _Limit("parts")
        if len(open_now) > MAX_DEPTH:
            raise _Limit("nested parts")


def envelope_line(raw: bytes) -> str:
    """The mbox envelope line that a mail begins with, or ""."""
    return raw[:1000].partition(b"\n")[0].decode("ascii", "replace") if raw.startswith(b"From ") else ""


def parse_mail(raw: bytes) -> Message:
    """The mail, parsed.

    Raises:
        RecordRejected: it is beyond a limit, or nothing that could be parsed.
    """
    if len(raw) > MAX_MAIL:
        raise RecordRejected("the mail is longer than the limit")
    end = _END.search(raw, 0, MAX_HEADER_BYTES + 4)
    if not end and len(raw) > MAX_HEADER_BYTES:
        raise RecordRejected("the mail has too many bytes of headers")
    head = raw[: end.end()] if end else raw
    if len(_FOLD.sub(b"", head).splitlines()) > MAX_HEADERS + 1:
        raise RecordRejected("the mail has too many headers")
    if raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n") > MAX_LINES:
        raise RecordRejected("the mail has too many lines")
    try:
        boundaries = _boundaries(raw)
        _check_parts(raw, boundaries)
        count = _Count(boundaries)
        parser = FeedParser(count.part)
        count.parts = 0  # the parser has tried the factory once
        parser.feed(raw.decode("ascii", "surrogateescape"))
        mail = parser.close()
    except _Limit as exc:
        raise RecordRejected(f"the mail has too many {exc}") from None
    except Exception as exc:  # noqa: BLE001 - the parser raises many kinds on hostile bytes; none may stop the others
        raise RecordRejected(f"the mail cannot be parsed ({type(exc).__name__})") from None
    _check_tree(mail)
    return mail


def children(part: Message) -> list[Message] | None:
    """The parts of a part; None if it is a leaf."""
    if not part.is_multipart():
        return None
    return [child for child in part.get_payload() if isinstance(child, Message)]


def _check_tree(mail: Message) -> None:
    """What slipped past the scan of the bytes (mails inside mails nest without a boundary)."""
    pending, parts = [(mail, 1)], 0
    while pending:
        part, depth = pending.pop()
        parts += 1
        if depth > MAX_DEPTH:
            raise RecordRejected("the mail has too many nested parts")
        if parts > MAX_PARTS:
            raise RecordRejected("the mail has too many parts")
        pending.extend((child, depth + 1) for child in children(part) or ())

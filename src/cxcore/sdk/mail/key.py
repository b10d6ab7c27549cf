"""The key of a mail: equal for its copies in inbox, sent folder and Maildir, different for different mails."""

import hashlib
import re

HEADERS_LOOKED_AT = 1 << 18

_HEADERS_END = re.compile(rb"\r?\n\r?\n|\r\r")
_FIELD = re.compile(
    rb"^(message-id|from|to|cc|date|subject)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)", re.IGNORECASE | re.MULTILINE
)
_IN_IT = (b"from", b"to", b"cc", b"date", b"subject")
_ID = re.compile(rb"<([!-;=?-~]{1,250})>")
_CHANGED_ON_THE_WAY = b" \t\n\r\v\f>"
"""Of a body: line ends, blanks at line ends, and the quoting that mbox puts before From."""


def mail_key(raw: bytes, *, cut: bool = False) -> str:
    """Message-ID and a short fingerprint of what stays the same in every copy.

    In it: From, To, Cc, Date, Subject and the body. Not in it: Received, Status, X-… and whatever else changes on the way; white space and ``>`` in the body, which line ends and the escapes of mbox change.
    Two mails that share a Message-ID (broken senders, resent drafts) still differ by their fingerprint.
    Of a ``cut`` mail the body is left out, since copies with other transport headers end elsewhere in it.
    """
    end = _headers_end(raw)
    head = raw[: end[0] if end else HEADERS_LOOKED_AT]
    fields: dict[bytes, bytes] = {}
    for name, value in _FIELD.findall(head):
        fields.setdefault(name.lower(), b" ".join(value.split()))
    digest = hashlib.sha256(b"%b\n%b\n%b\n%b\n%b\n" % tuple([fields.get(name, b"") for name in _IN_IT]))
    body = b"cut" if cut else raw[end[1] :] if end else raw[HEADERS_LOOKED_AT:]
    digest.update(body.translate(None, _CHANGED_ON_THE_WAY))
    if not end and not fields:
        digest.update(head)
    known = _ID.search(fields.get(b"message-id", b""))
    if known:
        return f"{known[1].decode('ascii')}#{digest.hexdigest()[:12]}"
    return f"#{digest.hexdigest()[:32]}"


def _headers_end(raw: bytes) -> tuple[int, int] | None:
    """Where the empty line behind the headers begins and ends: ``_HEADERS_END``, looked for the quick way first."""
    at = raw.find(b"\r\n\r\n", 0, HEADERS_LOOKED_AT)
    if at >= 0:
        head = raw[: at + 2]
        if b"\n\n" not in head and b"\r\r" not in head and b"\n\r\n" not in head:
            return at, at + 4
    found = _HEADERS_END.search(raw, 0, HEADERS_LOOKED_AT)
    return found.span() if found else None

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
_QUOTED_FROM = re.compile(rb"^>+From ", re.MULTILINE)
_TRAILING = re.compile(rb"[ \t]+$", re.MULTILINE)


def mail_key(raw: bytes, *, cut: bool = False) -> str:
    """Message-ID and a short fingerprint of what stays the same in every copy.

    In it: From, To, Cc, Date, Subject and the body. Not in it: Received, Status, X-… and whatever else changes on the way; line ends, blanks at line ends, mbox escapes.
    Two mails that share a Message-ID (broken senders, resent drafts) still differ by their fingerprint.
    Of a ``cut`` mail the body is left out, since copies with other transport headers end elsewhere in it.
    """
    end = _headers_end(raw)
    head = raw[: end[0] if end else HEADERS_LOOKED_AT]
    fields: dict[bytes, bytes] = {}
    for name, value in _FIELD.findall(head):
        fields.setdefault(name.lower(), b" ".join(value.split()))
    digest = hashlib.sha256(b"".join([fields.get(name, b"") + b"\n" for name in _IN_IT]))
    body = b"cut" if cut else raw[end[1] :] if end else raw[HEADERS_LOOKED_AT:]
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n")
        if b"\r" in body:
            body = body.replace(b"\r", b"\n")
    if b" \n" in body or (b"\t" in body and b"\t\n" in body):
        body = _TRAILING.sub(b"", body)
    if b">" in body and b">From " in body:
        body = _QUOTED_FROM.sub(b"From ", body)
    digest.update(body.strip())
    if not end and not fields:
        digest.update(head)
    known = _ID.search(fields.get(b"message-id", b""))
    if known:
        return f"{known[1].decode('ascii')}#{digest.hexdigest()[:12]}"
    return f"#{digest.hexdigest()[:32]}"


def _headers_end(raw: bytes) -> tuple[int, int] | None:
    """Where the empty line behind the headers begins and ends: ``_HEADERS_END``, looked for the quick way first."""
    at = raw.find(b"\r\n\r\n", 0, HEADERS_LOOKED_AT)
    if at >= 0 and not any(raw.find(other, 0, at + 2) >= 0 for other in (b"\n\n", b"\r\r", b"\n\r\n")):
        return at, at + 4
    found = _HEADERS_END.search(raw, 0, HEADERS_LOOKED_AT)
    return found.span() if found else None

"""Writes one mail as the programs of the world do: RFC 5322 headers, RFC 2047 words, MIME bodies in several encodings."""
# ruff: noqa: RUF001  the en dash is the right sign in Finnish and Swedish ranges

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from cxdemo.moments import SHORT_EN, local

Address = tuple[str, str]  # display name, address
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ATOM = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*\Z")
_WORD_LENGTH = 66


@dataclass(frozen=True, slots=True)
class Part:
    """An attachment, or another body such as a calendar."""

    content_type: str
    content: bytes
    filename: str | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    message_id: str  # with its angle brackets
    at: datetime
    sender: Address
    to: tuple[Address, ...]
    subject: str
    body: str
    style: str = "plain8"  # plain8 | latin1 | latin1_8bit | base64 | alternative | outlook | html
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    cc: tuple[Address, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = field(default=())
    envelope_from: str | None = None


CHARSETS = {"latin1": "iso-8859-1", "latin1_8bit": "iso-8859-1", "outlook": "windows-1252"}


def mail_date(at: datetime) -> str:
    at = local(at)
    offset = at.strftime("%z")
    return f"{_WEEKDAYS[at.weekday()]}, {at.day} {SHORT_EN[at.month - 1]} {at.year} {at:%H:%M:%S} {offset}"


def encoded_words(text: str, charset: str = "utf-8", *, quoted: bool = False) -> str:
    """RFC 2047 words, short enough for their lines; plain ASCII stays as it is."""
    if text.isascii():
        return text
    if charset != "utf-8":
        try:
            text.encode(charset)
        except UnicodeEncodeError:
            charset = "utf-8"
    words, chunk = [], ""
    for char in text:
        if len(_word(chunk + char, charset, quoted=quoted)) > _WORD_LENGTH:
            words.append(chunk)
            chunk = ""
        chunk += char
    words.append(chunk)
    return "\n ".join(_word(w, charset, quoted=quoted) for w in words)


def _word(text: str, charset: str, *, quoted: bool) -> str:
    raw = text.encode(charset)
    if not quoted:
        return f"=?{charset}?B?{base64.b64encode(raw).decode()}?="
    q = "".join(chr(b) if chr(b).isascii() and chr(b).isalnum() else "_" if b == 32 else f"={b:02X}" for b in raw)
    return f"=?{charset}?Q?{q}?="


def format_address(address: Address, style: str) -> str:
    name, mailbox = address
    if not name:
        return mailbox
    if not name.isascii():
        return f"{encoded_words(name, CHARSETS.get(style, 'utf-8'), quoted=style != 'base64')} <{mailbox}>"
    return f"{name} <{mailbox}>" if _ATOM.match(name) else f'"{name}" <{mailbox}>'


def render(mail: Mail) -> bytes:
    """The whole message with LF line ends, ready for an mbox or a Maildir."""
    style = mail.style
    lines = [
        f"Return-Path: <{mail.envelope_from if mail.envelope_from is not None else mail.sender[1]}>",
        f"Received: from mx.{mail.sender[1].rpartition('@')[2] or 'posti.example'} by mx1.kaislakuu.example with ESMTPS;\n\t{mail_date(mail.at)}",
        f"Date: {mail_date(mail.at)}",
        f"From: {format_address(mail.sender, style)}",
        "To: " + ",\n ".join(format_address(a, style) for a in mail.to),
    ]
    if mail.cc:
        lines.append("Cc: " + ",\n ".join(format_address(a, style) for a in mail.cc))
    lines.append(
        f"Subject: {encoded_words(mail.subject, CHARSETS.get(style, 'utf-8'), quoted=style in {'latin1', 'outlook'})}"
    )
    lines.append(f"Message-ID: {mail.message_id}")
    if mail.in_reply_to:
        lines.append(f"In-Reply-To: {mail.in_reply_to}")
    if mail.references:
        lines.append("References: " + "\n ".join(mail.references))
    lines += [f"{name}: {value}" for name, value in mail.headers]
    lines.append("MIME-Version: 1.0")
    head, content = _content(mail)
    return "\n".join(lines).encode() + b"\n" + head.encode() + b"\n" + content


def _content(mail: Mail) -> tuple[str, bytes]:
    if any(name == "X-Failed-Recipients" for name, _ in mail.headers):
        return _report(mail)
    boundary = f"=_{binascii.crc32(mail.message_id.encode()):08x}"
    head, content = _body(mail, boundary)
    if not mail.parts:
        return head, content
    blocks = [head.encode() + b"\n" + content] + [_part(p) for p in mail.parts]
    return _multipart("mixed", f"{boundary}m", blocks)


def _body(mail: Mail, boundary: str) -> tuple[str, bytes]:
    text = mail.body if mail.body.endswith("\n") else mail.body + "\n"
    style = mail.style
    if style == "html":
        return _quoted("text/html", as_html(text), "utf-8")
    if style in {"alternative", "outlook"}:
        charset = CHARSETS.get(style, "utf-8")
        blocks = [_quoted("text/plain", text, charset), _quoted("text/html", as_html(text), charset)]
        return _multipart("alternative", boundary, [h.encode() + b"\n" + c for h, c in blocks])
    if style == "base64":
        return "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: base64\n", base64.encodebytes(
            text.encode()
        )
    if style == "latin1":
        return _quoted("text/plain", text, "iso-8859-1")
    if style == "latin1_8bit":
        raw = _latin(text, "iso-8859-1")
        return "Content-Type: text/plain; charset=ISO-8859-1\nContent-Transfer-Encoding: 8bit\n", raw
    return "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n", text.encode()


def _latin(text: str, charset: str) -> bytes:
    if charset == "iso-8859-1":
        text = text.replace("–", "-").replace("’", "'")
    return text.encode(charset, "replace")


def _quoted(content_type: str, text: str, charset: str) -> tuple[str, bytes]:
    raw = text.encode() if charset == "utf-8" else _latin(text, charset)
    head = f"Content-Type: {content_type}; charset={charset}\nContent-Transfer-Encoding: quoted-printable\n"
    return head, binascii.b2a_qp(raw, istext=True)


def _multipart(kind: str, boundary: str, blocks: Sequence[bytes], extra: str = "") -> tuple[str, bytes]:
    edge = boundary.encode()
    content = b"".join(b"--" + edge + b"\n" + block.rstrip(b"\n") + b"\n" for block in blocks) + b"--" + edge + b"--\n"
    return f'Content-Type: multipart/{kind}; {extra}boundary="{boundary}"\n', content


def _part(part: Part) -> bytes:
    name = f'Content-Disposition: attachment; filename="{part.filename}"\n' if part.filename else ""
    head = f"Content-Type: {part.content_type}\nContent-Transfer-Encoding: base64\n{name}\n"
    return head.encode() + base64.encodebytes(part.content)


def _report(mail: Mail) -> tuple[str, bytes]:
    """A delivery report, RFC 3464; the failed address is the value of X-Failed-Recipients."""
    failed = next(value for name, value in mail.headers if name == "X-Failed-Recipients")
    status = f"Reporting-MTA: dns; mx1.kaislakuu.example\n\nFinal-Recipient: rfc822; {failed}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\n"
    original = f"Message-ID: {mail.in_reply_to}\nTo: {failed}\nSubject: {encoded_words(mail.subject.partition(': ')[2] or '-')}\n"
    blocks = [
        b"Content-Type: text/plain; charset=us-ascii\n\n" + mail.body.encode("ascii", "replace"),
        b"Content-Type: message/delivery-status\n\n" + status.encode(),
        b"Content-Type: text/rfc822-headers\n\n" + original.encode(),
    ]
    return _multipart(
        "report", f"=_{binascii.crc32(mail.message_id.encode()):08x}", blocks, "report-type=delivery-status;\n "
    )


def as_html(text: str) -> str:
    """The plain text as mail programs' HTML; a quotation becomes a blockquote."""
    out: list[str] = ["<html><body>"]
    quoting = False
    for line in text.split("\n"):
        deep = line.startswith(">")
        if deep != quoting:
            out.append("<blockquote>" if deep else "</blockquote>")
            quoting = deep
        out.append(f"<div>{escape(line.lstrip('> '), quote=False) or '<br>'}</div>")
    if quoting:
        out.append("</blockquote>")
    out.append("</body></html>\n")
    return "\n".join(out)

"""The text and the attachments of a parsed mail."""

from dataclasses import dataclass, field
from email.message import Message

from cxcore.model.interaction import Attachment
from cxcore.sdk.html import MAX_CHARS, html_to_text, split_quotes
from cxcore.sdk.mail.header import decoded, value
from cxcore.sdk.mail.parse import children
from cxcore.sdk.mail.quotes import fold
from cxcore.sdk.plain_text import clean, one_line

MAX_TEXT = 200_000
TEXTS = frozenset({"text/plain", "text/html"})


@dataclass(slots=True)
class Body:
    """What a mail says: ``text`` is new, ``quoted`` is history and signature; ``cut`` if either was too long."""

    text: str | None = None
    quoted: str | None = None
    cut: bool = False
    attachments: list[Attachment] = field(default_factory=list)
    calendar: Message | None = None
    report: Message | None = None
    inner: Message | None = None


@dataclass(slots=True)
class _Found:
    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)


def part_bytes(part: Message) -> bytes:
    """The part's content with its transfer encoding undone; as it stands if that is broken."""
    try:
        content = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 - broken uuencode and base64 raise many kinds
        content = None
    if isinstance(content, bytes):
        return content
    return b""


def part_text(part: Message) -> str:
    """The part as text: by its charset, errors replaced; an unknown charset is UTF-8, else Windows-1252."""
    content = part_bytes(part)
    charset = _charset(part)
    try:
        text = content.decode(charset or "utf-8", "replace" if charset else "strict")
    except (LookupError, ValueError):
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = content.decode("cp1252", "replace")
    return clean(text.replace("\r\n", "\n").replace("\r", "\n"))


def _charset(part: Message) -> str | None:
    try:
        charset = part.get_content_charset()
        if charset in {None, "us-ascii", "ascii", "utf-8"}:
            return None  # what is called ASCII is often more
        "".encode(charset)
        b"".decode(charset)
    except Exception:  # noqa: BLE001 - names of charsets are free text
        return None
    return charset


def _filename(part: Message) -> str | None:
    try:
        name = part.get_filename()
    except Exception:  # noqa: BLE001 - broken RFC 2231 continuations raise many kinds
        return None
    return one_line(decoded(name), 500) if name else None


def _attachment(part: Message, media_type: str) -> Attachment:
    inside = children(part)
    if inside is None:
        return Attachment(name=_filename(part) or "unnamed", media_type=media_type, size=len(part_bytes(part)))
    size = sum(_size(mail) for mail in inside)
    return Attachment(name=_filename(part) or "message.eml", media_type=media_type, size=size)


def _size(mail: Message) -> int:
    """About how many bytes a mail inside a mail has, without writing it out again."""
    total = sum(len(name) + len(str(text)) + 4 for name, text in mail.raw_items())
    return total + sum(len(part_bytes(part)) for part in mail.walk() if not part.is_multipart())


def _collect(part: Message, found: _Found, body: Body) -> None:
    media_type = clean(part.get_content_type())[:200]
    if media_type.startswith("multipart/") and not part.is_multipart():
        media_type = "text/plain"  # without a boundary to divide it, it is what it says
    inside = children(part)
    disposition = (value(part, "Content-Disposition") or "")[:200].strip().lower()
    if media_type.startswith("multipart/") and inside is not None:
        if media_type == "multipart/alternative":
            _alternative(inside, found, body)
        else:
            for child in inside:
                _collect(child, found, body)
    elif media_type == "message/delivery-status":
        body.report = body.report or part
    elif media_type.startswith("message/") or inside is not None:
        if body.inner is None and inside:
            body.inner = inside[0]
        body.attachments.append(_attachment(part, media_type))
    elif media_type == "text/calendar" and body.calendar is None:
        body.calendar = part
    elif media_type in TEXTS and not disposition.startswith("attachment") and not _filename(part):
        (found.html if media_type == "text/html" else found.plain).append(part_text(part))
    elif media_type.startswith("text/rfc822-headers") or part_is_empty(part):
        return
    else:
        body.attachments.append(_attachment(part, media_type))


def part_is_empty(part: Message) -> bool:
    return not _filename(part) and not part_bytes(part).strip()


def _alternative(forms: list[Message], found: _Found, body: Body) -> None:
    """The plain form, unless it is empty; then the HTML form. Both are one text, not two."""
    inside = _Found()
    for form in forms:
        _collect(form, inside, body)
    if any(text.strip() for text in inside.plain):
        found.plain.extend(inside.plain)
    else:
        found.html.extend(inside.html)


def read_body(mail: Message) -> Body:
    body, found = Body(), _Found()
    _collect(mail, found, body)
    said = "\n\n".join(text.strip("\n") for text in found.plain if text.strip())
    quoted = ""
    markup = [html for html in found.html if html.strip()]
    body.cut = any(len(html) > MAX_CHARS for html in markup)
    if markup and not said:
        parts = [split_quotes(html) for html in markup]
        said = "\n\n".join(outside for outside, _ in parts if outside)
        quoted = "\n\n".join(inside for _, inside in parts if inside)
    elif markup:
        said = "\n\n".join([said, *(text for html in markup if (text := html_to_text(html)))])
    new, history = fold(said[:MAX_TEXT])
    body.cut = body.cut or len(said) > MAX_TEXT or len(quoted) > MAX_TEXT
    body.text = new or None
    body.quoted = "\n\n".join(text for text in (history, quoted[:MAX_TEXT]) if text) or None
    return body

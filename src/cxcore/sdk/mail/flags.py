"""Whether a person wrote a mail to a person: auto-replies, bulk mail, bounces (RFC 3834, RFC 2919, RFC 3464)."""

import re
from email.message import Message

from cxcore.model.interaction import Flag
from cxcore.sdk.mail.body import Body, part_bytes
from cxcore.sdk.mail.header import Address, addresses, header, value
from cxcore.sdk.mail.parse import children
from cxcore.sdk.plain_text import clean

_AWAY = re.compile(
    r"\s*(?:automatic reply|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|automaattinen vastaus|poissa|lomalla|"
    r"autosvar|automatiskt svar|frånvaro|automatische antwort|abwesenheit)",
    re.IGNORECASE,
)
_DAEMONS = frozenset({"mailer-daemon", "mail-daemon", "mailerdaemon"})
_FIELD = re.compile(r"^([A-Za-z-]{1,40}):[ \t]*([^\r\n]{0,500})", re.MULTILINE)
_SAID = frozenset({"", "no", "false", "none"})
MAX_FAILED = 100


def _says(mail: Message, name: str) -> str:
    said = (header(mail, name, 200) or "").lower()
    return "" if said in _SAID else said


def _null_return_path(mail: Message) -> bool:
    return (value(mail, "Return-Path") or "").strip() in {"<>", "<MAILER-DAEMON>"}


def _report_type(mail: Message) -> str:
    if mail.get_content_type() != "multipart/report":
        return ""
    try:
        return str(mail.get_param("report-type", "")).lower()
    except Exception:  # noqa: BLE001 - broken parameters raise many kinds
        return ""


def _blocks(body: Body) -> list[dict[str, str]]:
    """The blocks of a delivery report, one a recipient, which the parser took for mails; field names in small letters."""
    if body.report is None:
        return []
    inside = children(body.report)
    if inside is not None:
        return [{name.lower(): str(text)[:500] for name, text in block.raw_items()} for block in inside]
    text = part_bytes(body.report)[:65_536].decode("utf-8", "replace")
    return [{name.lower(): said for name, said in _FIELD.findall(block)} for block in re.split(r"\r?\n\r?\n", text)]


def _failed(block: dict[str, str]) -> bool:
    return block.get("action", "failed").strip().lower() == "failed"


def _unreached(block: dict[str, str]) -> str | None:
    """The address that a block says was not reached, as the sender wrote it."""
    written = block.get("original-recipient") or block.get("final-recipient") or ""
    address = clean(written.rpartition(";")[2].strip().strip("<>"))
    return address[:320] if _failed(block) and address else None


def is_bounce(mail: Message, body: Body, senders: list[Address], *, auto: bool) -> bool:
    if _report_type(mail) == "delivery-status" or body.report is not None:
        told = [block for block in _blocks(body) if "action" in block]
        return not told or any(_failed(block) for block in told)
    if any(sender.address.lower().partition("@")[0] in _DAEMONS for sender in senders):
        return True
    raw_from = (value(mail, "From") or "")[:200].strip().lower()
    if raw_from.startswith(("mailer-daemon", "mailer daemon", "<>")):
        return True
    return _null_return_path(mail) and not auto


def failed_recipients(mail: Message, body: Body) -> list[Address]:
    """Whom a bounced mail did not reach."""
    found = addresses(mail, "X-Failed-Recipients")
    if not found:
        written = dict.fromkeys(text for text in map(_unreached, _blocks(body)) if text and "@" in text)
        found = [Address(None, text) for text in written]
    if not found and body.inner is not None:
        found = addresses(body.inner, "To")
    return found[:MAX_FAILED]


def flags(mail: Message, body: Body, senders: list[Address]) -> list[Flag]:
    """What to know before taking the mail at its word, TRUNCATED apart."""
    precedence = _says(mail, "Precedence")
    bulk = any(value(mail, name) for name in ("List-Id", "List-Unsubscribe")) or precedence in {"bulk", "list", "junk"}
    submitted = (header(mail, "Auto-Submitted", 200) or "").lower().partition(";")[0].strip()
    auto = (
        submitted not in {"", "no"}
        or bool(_says(mail, "X-Autoreply") or _says(mail, "X-Autorespond") or _says(mail, "X-Autoresponder"))
        or precedence in {"auto_reply", "auto-reply"}
        or (bool(_says(mail, "X-Auto-Response-Suppress")) and not bulk)
        or _report_type(mail) == "disposition-notification"
    )
    if not auto and _AWAY.match(header(mail, "Subject", 200) or ""):
        auto = bool(value(mail, "In-Reply-To") or value(mail, "References") or _null_return_path(mail))
    result = []
    if is_bounce(mail, body, senders, auto=auto):
        result.append(Flag.BOUNCE)
    if auto:
        result.append(Flag.AUTO_REPLY)
    if bulk:
        result.append(Flag.BULK)
    return result

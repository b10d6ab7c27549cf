"""Whether a person wrote a mail to a person: auto-replies, bulk mail, bounces (RFC 3834, RFC 2919, RFC 3464)."""

import re
from email.message import Message

from cxconnectors.files.mail_body import Body, part_bytes
from cxconnectors.files.mail_header import Address, addresses, header
from cxcore.model.interaction import Flag

_AWAY = re.compile(
    r"\s*(?:automatic reply|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|automaattinen vastaus|poissa|lomalla|"
    r"autosvar|automatiskt svar|frånvaro|automatische antwort|abwesenheit)",
    re.IGNORECASE,
)
_DAEMONS = frozenset({"mailer-daemon", "mail-daemon", "mailerdaemon"})
_RECIPIENT = re.compile(
    rb"^(Original|Final)-Recipient:[ \t]*(?:[\w-]{1,20};)?[ \t]*<?([^\s<>;]{1,320})>?", re.IGNORECASE | re.MULTILINE
)
_ACTION = re.compile(rb"^Action:[ \t]*([a-z]{1,20})", re.IGNORECASE | re.MULTILINE)
_SAID = frozenset({"", "no", "false", "none"})
MAX_FAILED = 100


def _says(mail: Message, name: str) -> str:
    value = (header(mail, name, 200) or "").lower()
    return "" if value in _SAID else value


def _null_return_path(mail: Message) -> bool:
    value = mail.get("Return-Path")
    return value is not None and str(value).strip() in {"<>", "<MAILER-DAEMON>"}


def _report_type(mail: Message) -> str:
    if mail.get_content_type() != "multipart/report":
        return ""
    try:
        return str(mail.get_param("report-type", "")).lower()
    except Exception:  # noqa: BLE001 - broken parameters raise many kinds
        return ""


def _report(body: Body) -> bytes:
    """The machine-readable part of a delivery report: header blocks, which the parser took for mails."""
    if body.report is None:
        return b""
    blocks = body.report.get_payload()
    if not isinstance(blocks, list):
        return part_bytes(body.report)[:65_536]
    lines = [f"{name}: {value}" for block in blocks if isinstance(block, Message) for name, value in block.items()]
    return "\n".join(lines).encode("utf-8", "replace")[:65_536]


def is_bounce(mail: Message, body: Body, senders: list[Address], *, auto: bool) -> bool:
    if _report_type(mail) == "delivery-status" or body.report is not None:
        actions = {action.lower() for action in _ACTION.findall(_report(body))}
        return not actions or b"failed" in actions
    if any(sender.address.lower().partition("@")[0] in _DAEMONS for sender in senders):
        return True
    raw_from = str(mail.get("From", ""))[:200].strip().lower()
    if raw_from.startswith(("mailer-daemon", "mailer daemon", "<>")):
        return True
    return _null_return_path(mail) and not auto


def failed_recipients(mail: Message, body: Body) -> list[Address]:
    """Whom a bounced mail did not reach."""
    found = addresses(mail, "X-Failed-Recipients")
    if not found:
        told: dict[bytes, bytes] = {}
        for number, block in enumerate(_RECIPIENT.findall(_report(body))):
            told.setdefault(str(number).encode(), block[1])
        texts = dict.fromkeys(value.decode("utf-8", "replace") for value in told.values() if b"@" in value)
        found = [Address(None, text) for text in texts]
    if not found and body.inner is not None:
        found = addresses(body.inner, "To")
    return found[:MAX_FAILED]


def flags(mail: Message, body: Body, senders: list[Address]) -> list[Flag]:
    """What to know before taking the mail at its word, TRUNCATED apart."""
    precedence = _says(mail, "Precedence")
    bulk = any(mail.get(name) for name in ("List-Id", "List-Unsubscribe")) or precedence in {"bulk", "list", "junk"}
    submitted = (header(mail, "Auto-Submitted", 200) or "").lower().partition(";")[0].strip()
    auto = (
        submitted not in {"", "no"}
        or bool(_says(mail, "X-Autoreply") or _says(mail, "X-Autorespond") or _says(mail, "X-Autoresponder"))
        or precedence in {"auto_reply", "auto-reply"}
        or (bool(_says(mail, "X-Auto-Response-Suppress")) and not bulk)
        or _report_type(mail) == "disposition-notification"
    )
    if not auto and _AWAY.match(header(mail, "Subject", 200) or ""):
        auto = bool(mail.get("In-Reply-To") or mail.get("References") or _null_return_path(mail))
    result = []
    if is_bounce(mail, body, senders, auto=auto):
        result.append(Flag.BOUNCE)
    if auto:
        result.append(Flag.AUTO_REPLY)
    if bulk:
        result.append(Flag.BULK)
    return result

"""What is landed of messages and contacts: one form, whether the API gave it or a webhook delivered it. Pure.

The two differ: the API numbers the types of messages and counts seconds, a webhook names them and writes times; a webhook
leaves out the backslashes of line breaks and puts a link into surveys. Kept is what both have, in one writing.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from cxcore.sdk import Record

CONTACTS, MESSAGES = "contacts", "messages"
ACTIVITY = "activity"
SURVEY = "input_csat"
_TYPES = ("incoming", "outgoing", ACTIVITY, "template")
_ESCAPED_LINE = re.compile(r"(\\\r?\n)\\(?=(?:-+|=+)[ \t]*\r?$)", re.MULTILINE)
_HARD_BREAK = re.compile(r"\\\r?\n")
_OF_A_CONTACT = (
    "id",
    "name",
    "email",
    "phone_number",
    "identifier",
    "blocked",
    "additional_attributes",
    "custom_attributes",
)
_OF_A_FILE = ("id", "file_type", "extension", "content_type", "file_size")


def message(found: Mapping[str, Any], conversation: Mapping[str, Any]) -> Record | None:
    """A message with what it needs of its conversation, as the API lists both or a webhook delivers both.

    None of what is no message: Chatwoot's own notes of what happened to the conversation.
    """
    kind = _type(found.get("message_type"))
    if kind == ACTIVITY:
        return None
    number = found["id"]
    attributes = found.get("content_attributes") or {}
    deleted = isinstance(attributes, dict) and attributes.get("deleted") is True
    payload: dict[str, Any] = {"id": number, "conversation": conversation.get("id"), "type": kind}
    if not deleted:
        payload |= {
            "content": None if found.get("content_type") == SURVEY else _content(found.get("content")),
            "content_type": found.get("content_type"),
            "content_attributes": attributes,
            "private": found.get("private"),
            "created_at": _seconds(found.get("created_at")),
            "source_id": found.get("source_id"),
            "sender": _sender(found.get("sender"), kind),
            "attachments": _attachments(found.get("attachments")),
            **_of_conversation(conversation),
        }
    return Record(MESSAGES, str(number), payload, deleted=deleted, origin=f"message {number}")


def contact(found: Mapping[str, Any]) -> Record:
    number = found["id"]
    return Record(CONTACTS, str(number), {name: found.get(name) for name in _OF_A_CONTACT}, origin=f"contact {number}")


def _of_conversation(conversation: Mapping[str, Any]) -> dict[str, Any]:
    meta, more = _table(conversation.get("meta")), _table(conversation.get("additional_attributes"))
    customer, inbox = _table(meta.get("sender")), _table(conversation.get("contact_inbox"))
    return {
        "channel": meta.get("channel") or conversation.get("channel"),
        "subject": more.get("mail_subject"),
        "contact": {"id": customer.get("id"), "identifier": customer.get("identifier")},
        "hmac_verified": bool(meta.get("hmac_verified", inbox.get("hmac_verified"))),
    }


def _type(found: object) -> str | None:
    if isinstance(found, int) and 0 <= found < len(_TYPES):
        return _TYPES[found]
    return found if isinstance(found, str) else None


def _content(found: object) -> object:
    """As Chatwoot normalises it for webhooks (Messages::WebhookContentNormalizer), which can be done to both."""
    if not isinstance(found, str):
        return found
    return _HARD_BREAK.sub("\n", _ESCAPED_LINE.sub(r"\1", found)).rstrip("\r\n")


def _seconds(found: object) -> object:
    """A time in seconds since 1970, as the API counts them."""
    if not isinstance(found, str):
        return int(found) if isinstance(found, float) else found
    try:
        moment = datetime.fromisoformat(found.strip().replace(" UTC", "+00:00"))
    except ValueError:
        return found
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _sender(found: object, kind: str | None) -> dict[str, Any] | None:
    if not isinstance(found, dict):
        return None
    return {
        "type": "contact" if kind == "incoming" else found.get("type"),
        "id": found.get("id"),
        "name": found.get("name"),
    }


def _attachments(found: object) -> list[dict[str, Any]]:
    listed = found if isinstance(found, list) else []
    return [
        {**{name: each.get(name) for name in _OF_A_FILE}, "name": _name(each.get("data_url"))}
        for each in listed
        if isinstance(each, dict)
    ]


def _name(address: object) -> str | None:
    """The file's name, which is the last part of its address; the address itself would open the file."""
    try:
        return unquote(urlsplit(address).path.rpartition("/")[2]) or None if isinstance(address, str) else None
    except ValueError:
        return None


def _table(found: object) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}

"""A Chatwoot account with contacts, conversations and messages: its API lists them, its webhook delivers them.

Shapes and orders are those of Chatwoot 4.16 (app/finders, app/views/api, webhook_data of its models); the
vendor's document judges them in tests/connectors/chatwoot.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from cxcore.sdk import Delivery
from support.prism import Flaw
from support.rest import Reply, Request
from support.signing import delivery

TOKEN, SECRET = "the access token of an administrator", "the secret of the webhook"
ACCOUNT = 3
NOW = datetime(2026, 3, 20, 15, 30, tzinfo=UTC)
CONTACTS_A_PAGE, CONVERSATIONS_A_PAGE, MESSAGES_A_PAGE = 5, 6, 100
"""Chatwoot has 15, 25 and 100; so few conversations do for many pages."""

_MESSAGE = "/components/schemas/message/properties"
FLAWS = [
    Flaw(f"{_MESSAGE}/content/type", "string", "a message that is only a picture has none", ["string", "null"]),
    Flaw(
        "/components/schemas/conversation/properties/status/enum",
        ["open", "resolved", "pending"],
        "conversations can be snoozed, as the same document's parameter status says",
        ["open", "resolved", "pending", "snoozed"],
    ),
]


def seconds(at: datetime) -> int:
    return int(at.timestamp())


class ChatwootFake:
    """The account. ``say`` and the like do what people do in it."""

    def __init__(self) -> None:
        self.now = NOW
        self.contacts: dict[int, dict[str, Any]] = {}
        self.conversations: dict[int, dict[str, Any]] = {}
        self.messages: dict[int, dict[str, Any]] = {}
        self.status: int | None = None
        self.wait: int | None = None
        self.asked: list[str] = []
        self.next_message = 1

    # what people do

    def contact(self, **more: Any) -> dict[str, Any]:
        number = len(self.contacts) + 101
        made = {
            "id": number,
            "name": f"Guest {number}",
            "email": f"guest{number}@home.example",
            "phone_number": f"+35840123{number:04}",
            "identifier": f"shop-{number}",
            "blocked": False,
            "additional_attributes": {"city": "Turku", "country": "Finland"},
            "custom_attributes": {"tier": "gold"},
            "thumbnail": "",
            "availability_status": "offline",
            "last_activity_at": None,
            "created_at": seconds(self.now - timedelta(days=90)),
            **more,
        }
        self.contacts[number] = made
        return made

    def conversation(self, contact: dict[str, Any], **more: Any) -> dict[str, Any]:
        number = len(self.conversations) + 1
        made = {
            "id": number,
            "contact": contact["id"],
            "channel": "Channel::WebWidget",
            "status": "open",
            "hmac_verified": False,
            "additional_attributes": {},
            "last_activity_at": 0,
            **more,
        }
        self.conversations[number] = made
        return made

    def say(self, conversation: dict[str, Any], text: str | None, at: datetime, **more: Any) -> dict[str, Any]:
        """A message; from the contact unless ``message_type`` says something else."""
        number = more.pop("id", self.next_message)
        self.next_message = max(self.next_message, number + 1)
        kind = more.get("message_type", 0)
        contact = self.contacts[conversation["contact"]]
        agent = {"id": 7, "name": "Aino Agent", "type": "user", "available_name": "Aino"}
        made = {
            "id": number,
            "content": text,
            "account_id": ACCOUNT,
            "inbox_id": 2,
            "conversation_id": conversation["id"],
            "message_type": kind,
            "content_type": "text",
            "status": "sent",
            "content_attributes": {},
            "created_at": seconds(at),
            "private": False,
            "source_id": None,
            "sender": {"id": contact["id"], "name": contact["name"], "type": "contact"} if kind == 0 else agent,
            **more,
        }
        self.messages[number] = made
        conversation["last_activity_at"] = max(conversation["last_activity_at"], seconds(at))
        contact["last_activity_at"] = max(contact["last_activity_at"] or 0, seconds(at))
        return made

    def erase(self, message: dict[str, Any]) -> None:
        message.update(content="This message was deleted", content_attributes={"deleted": True})
        message.pop("attachments", None)

    # its API

    def answer(self, request: Request) -> Reply:
        self.asked.append(request.target)
        reply = self._answer(request)
        reply.headers["Date"] = format_datetime(self.now, usegmt=True)
        return reply

    def _answer(self, request: Request) -> Reply:
        if self.wait is not None:
            wait, self.wait = self.wait, None
            return Reply({"error": "Retry later"}, status=429, headers={"Retry-After": str(wait)})
        if self.status or request.headers.get("api_access_token") != TOKEN:
            return Reply({"errors": [{"message": "Invalid Access Token"}]}, status=self.status or 401)
        home = f"/api/v1/accounts/{ACCOUNT}"
        if not request.path.startswith(home):
            return Reply({"error": "Resource could not be found"}, status=404)
        return self._listed_at(request.path.removeprefix(home).strip("/").split("/"), request.query)

    def _listed_at(self, way: list[str], asked: dict[str, str]) -> Reply:
        page = int(asked.get("page", 1))
        if way == ["contacts"]:
            return self._contacts(page)
        if way == ["conversations"]:
            return self._conversations(page)
        if way[-1] == "messages":
            return self._messages(int(way[1]), int(asked.get("after", 0)))
        return Reply({"id": ACCOUNT, "name": "Hotel Kaarina", "locale": "fi", "status": "active"})

    def _contacts(self, page: int) -> Reply:
        resolved = [each for each in self.contacts.values() if each["email"] or each["phone_number"]]
        resolved.sort(key=lambda each: (-(each["last_activity_at"] or 0), each["id"]))
        some = resolved[(page - 1) * CONTACTS_A_PAGE : page * CONTACTS_A_PAGE]
        return Reply({"meta": {"count": len(resolved), "current_page": str(page)}, "payload": some})

    def _conversations(self, page: int) -> Reply:
        found = sorted(self.conversations.values(), key=lambda each: (-each["last_activity_at"], each["id"]))
        some = found[(page - 1) * CONVERSATIONS_A_PAGE : page * CONVERSATIONS_A_PAGE]
        meta = {"mine_count": 0, "assigned_count": 0, "unassigned_count": len(found), "all_count": len(found)}
        return Reply({"data": {"meta": meta, "payload": [self._listed(each) for each in some]}})

    def _listed(self, conversation: dict[str, Any]) -> dict[str, Any]:
        said = self._said(conversation["id"])
        return {
            "meta": {
                "sender": {**self.contacts[conversation["contact"]], "last_activity_at": 0},
                "channel": conversation["channel"],
                "hmac_verified": conversation["hmac_verified"],
            },
            "id": conversation["id"],
            "messages": said[-1:],
            "account_id": ACCOUNT,
            "uuid": f"0e6a1f3e-0000-4000-8000-{conversation['id']:012}",
            "additional_attributes": conversation["additional_attributes"],
            "custom_attributes": {},
            "inbox_id": 2,
            "labels": [],
            "muted": False,
            "snoozed_until": None,
            "status": conversation["status"],
            "created_at": said[0]["created_at"] if said else 0,
            "timestamp": conversation["last_activity_at"],
            "last_activity_at": conversation["last_activity_at"],
            "unread_count": 0,
            "priority": None,
        }

    def _said(self, conversation: int) -> list[dict[str, Any]]:
        found = [each for each in self.messages.values() if each["conversation_id"] == conversation]
        return sorted(found, key=lambda each: (each["created_at"], each["id"]))

    def _messages(self, conversation: int, after: int) -> Reply:
        if conversation not in self.conversations:
            return Reply({"error": "Resource could not be found"}, status=404)
        some = [each for each in self._said(conversation) if each["id"] > after][:MESSAGES_A_PAGE]
        return Reply({"meta": {"labels": [], "additional_attributes": {}}, "payload": some})

    # its webhook

    def delivered(
        self, message: dict[str, Any], event: str = "message_created", *, at: datetime | None = None
    ) -> Delivery:
        """A message as the webhook tells it: types by name, times in words, line breaks without backslashes."""
        conversation = self.conversations[message["conversation_id"]]
        contact = self.contacts[conversation["contact"]]
        content = message["content"]
        body = {
            "event": event,
            "account": {"id": ACCOUNT, "name": "Hotel Kaarina"},
            "additional_attributes": {},
            "id": message["id"],
            "content": content and content.replace("\\\n", "\n").rstrip("\n"),
            "content_type": message["content_type"],
            "content_attributes": message["content_attributes"],
            "created_at": datetime.fromtimestamp(message["created_at"], UTC).strftime("%Y-%m-%dT%H:%M:%S.417Z"),
            "message_type": ["incoming", "outgoing", "activity", "template"][message["message_type"]],
            "private": message["private"],
            "source_id": message["source_id"],
            "inbox": {"id": 2, "name": "Website"},
            "sender": _told(contact) if message["message_type"] == 0 else message["sender"],
            "conversation": {
                "id": conversation["id"],
                "channel": conversation["channel"],
                "additional_attributes": conversation["additional_attributes"],
                "contact_inbox": {"source_id": "x", "hmac_verified": conversation["hmac_verified"]},
                "meta": {
                    "sender": {**_told(contact), "type": "contact"},
                    "assignee": None,
                    "hmac_verified": conversation["hmac_verified"],
                },
                "messages": [],
                "status": conversation["status"],
            },
        }
        if "attachments" in message:
            body["attachments"] = message["attachments"]
        return signed(body, at or self.now)

    def told(self, contact: dict[str, Any], event: str = "contact_updated", *, at: datetime | None = None) -> Delivery:
        return signed({"event": event, "account": {"id": ACCOUNT, "name": "x"}, **_told(contact)}, at or self.now)


def _told(contact: dict[str, Any]) -> dict[str, Any]:
    kept = (
        "id",
        "name",
        "email",
        "phone_number",
        "identifier",
        "blocked",
        "additional_attributes",
        "custom_attributes",
    )
    return {**{name: contact[name] for name in kept}, "avatar": "", "thumbnail": ""}


def signed(body: Any, at: datetime, *, secret: str = SECRET, received: datetime | None = None) -> Delivery:
    """A delivery signed at a time, by Chatwoot's documentation."""
    raw, stamp = json.dumps(body).encode(), str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
    headers = {
        "X-Chatwoot-Signature": f"sha256={digest}",
        "X-Chatwoot-Timestamp": stamp,
        "X-Chatwoot-Delivery": hashlib.sha256(raw).hexdigest()[:32],
        "Content-Type": "application/json",
    }
    return delivery(raw, headers, at=received or at)

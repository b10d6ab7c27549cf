"""Parley, an invented chat system: a list of messages, and the connector that reads it."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from pydantic import BaseModel, SecretStr

from cxcore.db.session import Database
from cxcore.model.identifier import Identifier
from cxcore.model.interaction import Channel, Direction, Interaction, Kind, Participant, Role
from cxcore.model.profile import SourceProfile
from cxcore.pull import sources
from cxcore.pull.sources import Configured
from cxcore.sdk import Connector, Cursor, Manifest, Mapped, Page, Record, RecordRejected, Stream

T0 = datetime(2026, 3, 1, 12, tzinfo=UTC)


class ParleyConfig(BaseModel, extra="forbid"):
    page: int = 10
    token: SecretStr | None = None


class Parley(Connector[ParleyConfig]):
    """Reads ``messages`` from its cursor on; ``fail`` is raised when the pull has handed over ``fail_after`` pages."""

    Config = ParleyConfig
    manifest = Manifest(
        key="parley",
        name="Parley chat",
        channels=frozenset({Channel.CHAT}),
        streams=(Stream(name="messages"),),
        owner="tests",
        docs="tests",
    )
    messages: ClassVar[list[dict[str, Any]]] = []
    fail: ClassVar[Exception | None] = None
    fail_after: ClassVar[int] = 0

    async def check(self) -> str:
        return f"parley with {len(self.messages)} messages"

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncIterator[Page]:
        at = int(str(cursor["at"])) if cursor else 0
        handed = 0
        while at < len(self.messages) or handed == 0:
            if self.fail is not None and handed >= self.fail_after:
                raise self.fail
            batch = self.messages[at : at + self.config.page]
            at += len(batch)
            yield Page([record(m) for m in batch], {"at": at}, complete_to=T0 + timedelta(seconds=at))
            handed += 1

    def map(self, record: Record) -> Iterable[Mapped]:
        message = record.payload
        assert isinstance(message, dict)
        if message.get("poison") == "rejected":
            raise RecordRejected("the text is missing")
        if message.get("poison") == "bug":
            raise KeyError("somebody@example.org")
        yield interaction(message)


def record(message: dict[str, Any]) -> Record:
    changed = message.get("changed")
    return Record(
        "messages",
        str(message["id"]),
        message,
        changed_at=datetime.fromisoformat(changed) if changed else None,
        deleted=bool(message.get("deleted")),
        origin=f"message {message['id']}",
    )


def interaction(message: dict[str, Any]) -> Interaction:
    verified = message.get("verified", False)
    identifiers = [Identifier.email(e, verified=verified) for e in message.get("emails", ())]
    identifiers += [Identifier.loyalty("club", c, verified=verified) for c in message.get("cards", ())]
    identifiers += [Identifier.phone(p) for p in message.get("phones", ())]
    return Interaction(
        channel=Channel(message.get("channel", "chat")),
        kind=Kind(message.get("kind", "message")),
        direction=Direction(message.get("direction", "inbound")),
        occurred_at=T0 + timedelta(seconds=message.get("at", message["id"])),
        customers=(
            SourceProfile(
                key=message.get("who"),
                name=message.get("name"),
                birth_date=message.get("born"),
                language=message.get("language"),
                address=message.get("address"),
                identifiers=tuple(identifiers),
            ),
        ),
        participants=(Participant(role=Role.AGENT, name="Agent"),),
        subject=message.get("subject"),
        text=message.get("text", f"message {message['id']}"),
        quoted=message.get("quoted"),
        duration=message.get("duration"),
        attributes=message.get("attributes", {}),
        conversation=message.get("thread"),
        conversation_aliases=tuple(message.get("aliases", ())),
    )


async def configured(database: Database, *, key: str = "parley1", **config: Any) -> Configured:
    """A source of Parley in the database."""
    async with database.unit() as session:
        return await sources.add(session, key=key, connector="parley", config=config, name=None)

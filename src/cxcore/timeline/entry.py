"""Entry: one line of a timeline."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cxcore.model.interaction import Channel, Direction, Kind, Role


@dataclass(frozen=True, slots=True)
class Other:
    """Someone who took part besides the customer."""

    role: Role
    name: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One interaction as the timeline shows it. ``profile_id``: as whom the customer took part."""

    id: UUID
    profile_id: UUID
    occurred_at: datetime
    received_at: datetime
    source: str
    channel: Channel
    direction: Direction
    kind: Kind
    role: Role
    conversation_id: UUID | None
    subject: str | None
    text: str | None
    quoted: str | None
    duration: int | None
    attributes: dict[str, Any]
    participants: tuple[Other, ...]

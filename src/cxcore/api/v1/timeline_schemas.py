"""What the API gives of a timeline, and of how complete it is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from cxcore.model.interaction import Channel, Direction, Kind, Role


class ParticipantOut(BaseModel):
    """Someone who took part besides the customer."""

    role: Role = Field(description="What they did.")
    name: str | None = Field(description="Their name.")
    address: str | None = Field(description="Their address, number or extension.")


class EntryOut(BaseModel):
    """One interaction on the timeline."""

    id: UUID = Field(description="The interaction's id, stable for ever.")
    profile_id: UUID = Field(description="As which profile the customer took part.")
    occurred_at: datetime = Field(description="When it happened, by the source.")
    received_at: datetime = Field(description="When it reached cxcore.")
    source: str = Field(description="Key of the source.")
    channel: Channel = Field(description="Where it happened.")
    direction: Direction = Field(description="Seen from the company.")
    kind: Kind = Field(description="What it was.")
    role: Role = Field(description="What the customer did in it.")
    conversation_id: UUID | None = Field(description="The thread it belongs to.")
    subject: str | None = Field(description="Its subject.")
    text: str | None = Field(description="What was newly said.")
    quoted: str | None = Field(description="What it repeats of earlier messages.")
    duration: int | None = Field(description="Seconds, for calls.")
    attributes: dict[str, Any] = Field(description="Flags, attachments and the source's own facts.")
    participants: list[ParticipantOut] = Field(description="Who else took part.")


class TimelineOut(BaseModel):
    """A page of a timeline, newest first."""

    entries: list[EntryOut] = Field(description="The interactions.")
    next: str | None = Field(description="Cursor of the next page; null at the end.")


class InteractionOut(EntryOut):
    """One interaction, and who took part in it."""

    profile_id: UUID = Field(description="As which profile a customer took part; of several the first.")
    customers: list[UUID] = Field(description="The customers in it, as they are now.")


class ConversationOut(BaseModel):
    """A page of a conversation, oldest first."""

    id: UUID = Field(description="Its id; of threads that turned out to be one the same.")
    started_at: datetime = Field(description="When it began.")
    subject: str | None = Field(description="Its subject.")
    interactions: list[InteractionOut] = Field(description="The interactions.")
    next: str | None = Field(description="Cursor of the next page; null at the end.")


class SeenOut(BaseModel):
    """What the customer's timeline holds of a channel."""

    channel: Channel = Field(description="The channel.")
    count: int = Field(description="How many interactions.")
    first_at: datetime = Field(description="The first of them.")
    last_at: datetime = Field(description="The last of them.")


class GapOut(BaseModel):
    """A time of which a source cannot give everything any more."""

    since: datetime = Field(description="From when, by the source's clock.")
    until: datetime = Field(description="To when.")
    reason: str = Field(description="Why, and what can be done.")


class ChannelCoverageOut(BaseModel):
    """How complete the view of one channel of a source is."""

    channel: Channel = Field(description="The channel.")
    complete_to: datetime | None = Field(
        description="Everything up to then, by the source's clock, is here, but for the gaps; null when never read to the end."
    )
    gaps: list[GapOut] = Field(description="What is missing, by time.")


class SourceCoverageOut(BaseModel):
    """How complete the view of one source is."""

    source: str = Field(description="Key of the source.")
    name: str = Field(description="Its name.")
    channels: list[Channel] = Field(description="Channels it can bring.")
    by_channel: list[ChannelCoverageOut] = Field(description="How complete each of them is.")
    state: str = Field(description="active, paused or stopped.")
    problem: str | None = Field(description="Why it is stopped.")
    complete_to: datetime | None = Field(
        description="Everything up to then, by the source's clock, is here; null when never read to the end."
    )
    pulled_at: datetime | None = Field(description="When the last pull ended.")
    waiting: int = Field(description="Records landed and not yet in the timeline.")
    quarantined: int = Field(description="Records set aside because they could not be understood.")
    seen: list[SeenOut] = Field(description="What this customer's timeline holds of it.")


class CoverageOut(BaseModel):
    """How complete the view of a customer is, source by source."""

    sources: list[SourceCoverageOut] = Field(description="All sources.")

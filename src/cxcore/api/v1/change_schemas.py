"""What the API gives of changes."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field


class EventOut(BaseModel):
    """An event as of CloudEvents 1.0."""

    specversion: Literal["1.0"] = Field(description="Of CloudEvents.")
    id: str = Field(description="The event's own id, the same wherever it is told.")
    source: str = Field(description="What tells it: this installation.")
    type: str = Field(description="What happened.")
    subject: str = Field(description="The id of what it happened to.")
    time: datetime = Field(description="When the transaction began in which it happened.")
    datacontenttype: Literal["application/json"] = Field(description="Of the data.")
    dataschema: str = Field(description="Type and version of the data; additions do not change the version.")
    sequence: str = Field(description="Its position in the feed, in 20 digits: the order of text is the feed's.")
    data: dict[str, Any] = Field(description="Ids and reasons, never personal data.")


class ChangesOut(BaseModel):
    """A page of the feed, oldest first."""

    events: list[EventOut] = Field(description="Those behind the position asked for.")
    next: int = Field(description="The position to ask from next, whether or not there was anything.")
    more: bool = Field(description="Whether the feed goes on behind it already.")

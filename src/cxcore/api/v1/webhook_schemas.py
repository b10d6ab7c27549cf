"""What the API takes and gives of webhooks."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from cxcore.api.v1.inputs import Input, Sound
from cxcore.events.outbox import EventType
from cxcore.webhooks.address import LONGEST

Url = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST), Sound]
Description = Annotated[str, StringConstraints(max_length=300, strip_whitespace=True), Sound]
Types = Annotated[list[EventType], Field(min_length=1, max_length=100)]
_URL = "Where events are sent: https, port 443 or 8443, a public address."
_TYPES = "Types of events that are sent; null: all."
_DESCRIPTION = "What it is for, in words."
State = Literal["active", "disabled", "paused"]
DeliveryState = Literal["waiting", "delivered", "failed"]


class WebhookIn(Input):
    """A webhook to make."""

    url: Annotated[Url, Field(description=_URL)]
    description: Annotated[Description, Field(description=_DESCRIPTION)] = ""
    types: Annotated[Types | None, Field(description=_TYPES)] = None


class WebhookPatchIn(Input):
    """What to change of a webhook; what is left out stays."""

    url: Annotated[Url | None, Field(description=_URL)] = None
    description: Annotated[Description | None, Field(description=_DESCRIPTION)] = None
    types: Annotated[Types | None, Field(description=_TYPES)] = None


class ReplayIn(Input):
    """From when on to send anew."""

    since: Annotated[AwareDatetime, Field(description="Events that happened at this time or later.")]


class WebhookOut(BaseModel):
    """A webhook, and how it does."""

    id: str = Field(description="Its id.")
    url: str = Field(description="Where events are sent.")
    description: str = Field(description=_DESCRIPTION)
    types: list[str] | None = Field(description=_TYPES)
    state: State = Field(description="disabled: by a person; paused: because it failed too long. Both keep what waits.")
    problem: str | None = Field(description="Why it is paused.")
    hint: str | None = Field(description="What there is to do about it; null: nothing.")
    position: int = Field(description="Position of the feed up to which its deliveries are queued.")
    failures: int = Field(description="Attempts in a row that failed.")
    failing_since: datetime | None = Field(description="Since when nothing was taken; null: it does well.")
    rests_until: datetime | None = Field(description="Nothing is sent before, because it failed often.")
    created_at: datetime = Field(description="When it was made.")
    created_by: str = Field(description="Who made it.")


class WebhooksOut(BaseModel):
    """All webhooks."""

    webhooks: list[WebhookOut] = Field(description="The oldest first.")


class WebhookMadeOut(WebhookOut):
    """A new webhook with its secret."""

    secret: str = Field(description="Verifies what it is sent (whsec_…). It is shown this once.")


class SecretOut(BaseModel):
    """A new secret."""

    secret: str = Field(description="Signs from now on, beside the one before for 24 hours. It is shown this once.")


class AttemptOut(BaseModel):
    """An attempt at a delivery."""

    at: datetime = Field(description="When it began.")
    seconds: float = Field(description="How long it took.")
    status: int | None = Field(description="What was answered; null: there was no answer.")
    problem: str | None = Field(description="Why there was no answer.")


class DeliveryOut(BaseModel):
    """An event on its way to a webhook."""

    id: str = Field(description="Its id.")
    position: int = Field(description="Position of the event in the feed.")
    event: str = Field(description="Id of the event, sent as `webhook-id` with every attempt.")
    type: str = Field(description="What happened.")
    time: datetime = Field(description="When it happened.")
    state: DeliveryState = Field(description="failed: all attempts were used up; it can be sent anew.")
    next_at: datetime | None = Field(description="When it is tried next; null: not again.")
    attempts: list[AttemptOut] = Field(description="What was tried, the oldest first.")


class DeliveriesOut(BaseModel):
    """Deliveries to a webhook, the newest event first, for 30 days."""

    deliveries: list[DeliveryOut] = Field(description="A page of them.")
    next: int | None = Field(description="Ask for those before this position; null: there are no more.")


class ReplayedOut(BaseModel):
    """What is sent anew."""

    deliveries: int = Field(description="How many.")

"""What the API takes of interactions that services send, and what it says of each."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints
from pydantic.config import JsonDict

from cxcore.api.problems import FieldProblem
from cxcore.api.v1.inputs import Input, Name, Sound, sound
from cxcore.api.v1.schemas import IdentifierIn
from cxcore.model.interaction import Channel, Direction, Flag, Interaction, Kind, Role

MOST_LINES = 5000
DEEPEST = 32
MOST_ATTRIBUTES = 100
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _sensible(time: datetime) -> datetime:
    if not _EARLIEST <= time < _LATEST:
        raise ValueError("must lie between the years 1900 and 2200")
    return time


def _sound_json(value: Any, depth: int = 0) -> Any:
    if depth > DEEPEST:
        raise ValueError(f"must not nest deeper than {DEEPEST}")
    if isinstance(value, str):
        return sound(value)
    if isinstance(value, dict):
        return {sound(k): _sound_json(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list):
        return [_sound_json(v, depth + 1) for v in value]
    return value


Time = Annotated[AwareDatetime, AfterValidator(_sensible)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=500), Sound]
Long = Annotated[str, StringConstraints(max_length=200_000), Sound]
Attributes = Annotated[dict[str, JsonValue], Field(max_length=MOST_ATTRIBUTES), AfterValidator(_sound_json)]


class SentIdentifierIn(IdentifierIn):
    """What tells the person from others."""

    verified: bool = Field(default=False, description="Whether the sender has made sure that it is theirs.")


class PersonIn(Input):
    """A person, as the sender knows them."""

    key: Short | None = Field(
        default=None,
        description="The sender's own id of the person, for ever the same. Left out: known by what is shown.",
    )
    name: Name | None = Field(default=None, description="The whole name, where it is not known in parts.")
    given_name: Name | None = Field(default=None, description="Given name.")
    family_name: Name | None = Field(default=None, description="Family name.")
    birth_date: date | None = Field(default=None, description="Date of birth.")
    language: Annotated[str, StringConstraints(max_length=35), Sound] | None = Field(
        default=None, description="Language (BCP 47)."
    )
    address: Annotated[str, StringConstraints(max_length=1000), Sound] | None = Field(
        default=None, description="Home address in one line."
    )
    identifiers: list[SentIdentifierIn] = Field(default=[], max_length=50, description="E-mail, phone, account, ...")


class ParticipantIn(Input):
    """Someone who took part besides the customers."""

    role: Role = Field(description="What they did.")
    name: Name | None = Field(default=None, description="Their name.")
    address: Name | None = Field(default=None, description="Their address, number or extension.")


class AttachmentIn(Input):
    """What came with it; its bytes are not sent."""

    name: Short = Field(description="Its file name.")
    media_type: Annotated[str, StringConstraints(max_length=200), Sound] = Field(description="Its media type.")
    size: int = Field(ge=0, le=2**53, description="Bytes.")


_EXAMPLE: JsonDict = {
    "id": "order-4711",
    "channel": "purchase",
    "kind": "order",
    "direction": "inbound",
    "occurred_at": "2026-11-20T14:03:00+02:00",
    "role": "buyer",
    "subject": "Order 4711",
    "customers": [
        {
            "key": "c-218",
            "name": "Anna Mäkinen",
            "identifiers": [{"scheme": "email", "value": "anna@kotiposti.example", "verified": True}],
        }
    ],
    "attributes": {"total": "99.50", "currency": "EUR"},
}


class InteractionIn(Input):
    """One exchange between customers and the company. ``id`` names it for ever; sent again it is a new version."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    id: Short = Field(description="The sender's own id of the interaction.")
    changed_at: Time | None = Field(
        default=None, description="When this version was made: the newest counts, in whatever order they come."
    )
    channel: Channel = Field(description="Where it happened.")
    kind: Kind = Field(description="What it was.")
    direction: Direction = Field(description="Seen from the company.")
    occurred_at: Time = Field(description="When it happened.")
    customers: list[PersonIn] = Field(
        default=[], max_length=50, description="The people on the customer's side; none where nobody is shown."
    )
    role: Role = Field(default=Role.SENDER, description="What the customers did in it.")
    participants: list[ParticipantIn] = Field(default=[], max_length=200, description="Who else took part.")
    subject: Annotated[str, StringConstraints(max_length=2000), Sound] | None = Field(
        default=None, description="Its subject."
    )
    text: Long | None = Field(default=None, description="What was newly said, as plain text.")
    quoted: Long | None = Field(default=None, description="What it repeats of earlier messages.")
    conversation: Short | None = Field(default=None, description="The sender's own id of the thread it belongs to.")
    duration: int | None = Field(default=None, ge=0, le=2**31 - 1, description="Seconds, of a call.")
    flags: list[Flag] = Field(default=[], max_length=10, description="What a reader should know first.")
    attachments: list[AttachmentIn] = Field(default=[], max_length=200, description="What came with it.")
    attributes: Attributes = Field(default={}, description="The sender's own facts, as JSON.")

    def meant(self) -> dict[str, JsonValue]:
        """The interaction in the core's own form, without what is left at its default."""
        told = self.model_dump(exclude={"id", "changed_at"}, exclude_defaults=True)
        return Interaction.model_validate(told).model_dump(mode="json", exclude_defaults=True)


class WithdrawIn(Input):
    """Interactions to take back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"ids": ["order-4711"]}]})

    ids: list[Short] = Field(min_length=1, max_length=MOST_LINES, description="The sender's own ids of them.")


class SentOut(BaseModel):
    """An interaction that was taken; it is on disk, and on the timeline some seconds later."""

    interaction_id: UUID = Field(description="Its id on the timeline, for ever the same.")
    status: str = Field(description="landed: it is new or changed; unchanged: it was there already.")


class LineOut(BaseModel):
    """What became of one line."""

    line: int = Field(description="Its number, from 1.")
    status: str = Field(description="landed, unchanged, or refused: then it must be mended and sent again.")
    interaction_id: UUID | None = Field(description="Its id on the timeline; null where it was refused.")
    errors: list[FieldProblem] = Field(description="What is wrong with it.")


class BulkOut(BaseModel):
    """What became of each line; those that were refused stop none of the others."""

    landed: int = Field(description="Lines that are new or changed.")
    unchanged: int = Field(description="Lines that were there already.")
    refused: int = Field(description="Lines that do not fit the contract.")
    lines: list[LineOut] = Field(description="Line by line.")


class WithdrawnOut(BaseModel):
    """What was taken back."""

    withdrawn: int = Field(description="Interactions that are taken back now; they leave the timeline in some seconds.")
    absent: int = Field(description="Ids under which nothing stood.")

"""Interaction: one exchange between a customer and the company on a channel."""

from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from cxcore.model.profile import SourceProfile


class Channel(StrEnum):
    """Where it happened."""

    CHAT = "chat"
    PHONE = "phone"
    EMAIL = "email"
    SOCIAL = "social"
    VISIT = "visit"
    PURCHASE = "purchase"
    FEEDBACK = "feedback"


class Direction(StrEnum):
    """Seen from the company: inbound comes from the customer."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


class Kind(StrEnum):
    """What it was, finer than its channel."""

    MESSAGE = "message"
    CALL = "call"
    VOICEMAIL = "voicemail"
    POST = "post"
    COMMENT = "comment"
    STAY = "stay"
    ARRIVAL = "arrival"
    DEPARTURE = "departure"
    BOOKING = "booking"
    ORDER = "order"
    SURVEY = "survey"
    APPOINTMENT = "appointment"
    NOTE = "note"


class Role(StrEnum):
    """What a participant did in the exchange."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    COPY = "copy"
    CALLER = "caller"
    CALLEE = "callee"
    AUTHOR = "author"
    AGENT = "agent"
    GUEST = "guest"
    BUYER = "buyer"


class Flag(StrEnum):
    """What a reader or a rule should know before taking the text at its word."""

    AUTO_REPLY = "auto_reply"
    BULK = "bulk"
    BOUNCE = "bounce"
    EDITED = "edited"
    CANCELLED = "cancelled"
    MISSED = "missed"
    TRUNCATED = "truncated"


class Participant(BaseModel):
    """Someone who took part besides the customers: an agent, an own mailbox, a third person."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Role
    name: str | None = Field(default=None, max_length=1000)
    address: str | None = Field(default=None, max_length=1000)


class Attachment(BaseModel):
    """What came with it; the bytes stay in the source record."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(max_length=500)
    media_type: str = Field(max_length=200)
    size: int = Field(ge=0, description="bytes, decoded")


class Interaction(BaseModel):
    """One exchange, as a connector's ``map`` gives it.

    ``customers`` are the people on the customer's side (usually one; a mail may go to several); ``role`` is what they
    did in it. An exchange that shows nobody (an anonymous call) has none and is kept under a profile of its own.
    ``conversation`` is the source's key of the thread; ``conversation_aliases`` are further keys that the same thread
    goes by (a mail's own Message-ID and all it refers to). ``text`` is what was newly said, ``quoted`` what it repeats.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: Channel
    kind: Kind
    direction: Direction
    occurred_at: AwareDatetime
    customers: tuple[SourceProfile, ...] = ()
    role: Role = Role.SENDER
    participants: tuple[Participant, ...] = ()
    subject: str | None = None
    text: str | None = None
    quoted: str | None = None
    conversation: str | None = None
    conversation_aliases: tuple[str, ...] = ()
    duration: int | None = Field(default=None, ge=0, description="seconds")
    flags: tuple[Flag, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    attributes: dict[str, JsonValue] = Field(default_factory=dict)

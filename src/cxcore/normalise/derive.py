"""What a mapped record becomes: rows of profiles, identifiers, interactions and threads. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cxcore.model.ids import ConversationId, ProfileId, RecordId, conversation_id, interaction_id
from cxcore.model.interaction import Interaction
from cxcore.model.profile import SourceProfile
from cxcore.normalise.codes import CHANNELS, DIRECTIONS, KINDS, ROLES
from cxcore.normalise.person import NOBODY, Person, Shown, person, shown
from cxcore.normalise.texts import clean, clean_json, optional
from cxcore.sdk.page import Mapped


@dataclass(slots=True)
class Thread:
    """A conversation as one interaction shows it."""

    id: ConversationId
    started_at: datetime
    subject: str | None


@dataclass(slots=True)
class Derived:
    """Rows ready to write. Interactions and participants are tuples in the order of the store's columns."""

    persons: list[Person] = field(default_factory=list)
    interactions: list[tuple[Any, ...]] = field(default_factory=list)
    participants: list[tuple[Any, ...]] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)
    unions: list[tuple[ConversationId, ConversationId]] = field(default_factory=list)

    def extend(self, other: "Derived") -> None:
        self.persons += other.persons
        self.interactions += other.interactions
        self.participants += other.participants
        self.threads += other.threads
        self.unions += other.unions


@dataclass(slots=True)  # not frozen: 3 us less a record
class Context:
    """What the rows of one source's record share."""

    source_id: int
    namespace: UUID
    region: str
    record: RecordId
    name: str
    sequence: int
    received_at: datetime
    current: bool
    known: dict[Shown, Person] = field(default_factory=dict)
    """Persons of the batch already made comparable: the same visitor shows the same in each message of a chat."""


def derive(mapped: Iterable[Mapped], context: Context) -> Derived:
    """The rows that a record becomes. A version that is no longer current still tells of people, not of interactions.

    Raises:
        TypeError: map gave something that is neither a profile nor an interaction.
        ValueError: map gave more interactions than a record can become.
    """
    rows = Derived()
    ordinal = 0
    for item in mapped:
        if isinstance(item, Interaction):  # first: to be told that a model is not of a class takes pydantic 3 us
            _interaction(rows, item, ordinal, context)
            ordinal += 1
        elif isinstance(item, SourceProfile):
            rows.persons.append(_person(item, context, item.observed_at or context.received_at))
        else:
            raise TypeError(f"map gave a {type(item).__name__}")
    return rows


def _person(profile: SourceProfile, context: Context, at: datetime) -> Person:
    key = shown(profile)
    known = context.known.get(key) if key else None
    if known is not None:
        return known.seen(profile.observed_at or at)
    made = person(profile, namespace=context.namespace, region=context.region, at=at, record=context.name)
    if key and not made.key.startswith(NOBODY):
        context.known[key] = made
    return made


def _interaction(rows: Derived, item: Interaction, ordinal: int, context: Context) -> None:
    people: dict[ProfileId, Person] = {}
    for customer in item.customers or (SourceProfile(),):
        shown = _person(customer, context, item.occurred_at).within()
        people.setdefault(shown.id, shown)
    # Threads are only ever joined, so each version tells of its own, whichever landed first.
    thread, subject = None, optional(item.subject)
    if item.conversation:
        thread = conversation_id(context.namespace, item.conversation)
        rows.threads.append(Thread(thread, item.occurred_at, subject))
        for alias in dict.fromkeys(item.conversation_aliases):
            other = conversation_id(context.namespace, alias)
            if other != thread:
                rows.threads.append(Thread(other, item.occurred_at, None))
                rows.unions.append((thread, other))
    if not context.current:
        # Who is known by what they show alone goes with the version that showed it, whichever landed first.
        rows.persons += [p for p in people.values() if p.keyed]
        return
    rows.persons += people.values()
    identity = interaction_id(context.record, ordinal)
    attributes: dict[str, Any] = clean_json(item.attributes) if item.attributes else {}
    if item.flags:
        attributes["flags"] = sorted({flag.value for flag in item.flags})
    if item.attachments:
        attributes["attachments"] = [
            {"name": clean(a.name), "media_type": clean(a.media_type), "size": a.size} for a in item.attachments
        ]
    tail = (
        item.occurred_at,
        identity,
        context.source_id,
        CHANNELS.code(item.channel),
        DIRECTIONS.code(item.direction),
        KINDS.code(item.kind),
        ROLES.code(item.role),
        context.sequence,
        thread,
        subject,
        optional(item.text),
        optional(item.quoted),
        item.duration,
        attributes,
        context.received_at,
    )
    others = [
        (identity, position, ROLES.code(p.role), optional(p.name), optional(p.address))
        for position, p in enumerate(item.participants)
    ]
    for profile in people:
        rows.interactions.append((profile, *tail))
        rows.participants += [(profile, *participant) for participant in others]

"""What a reader of a customer gets: plain values, free of the session they were read in."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cxcore.model.identifier import Scheme
from cxcore.resolve.fields import Field


@dataclass(frozen=True, slots=True)
class Living:
    """A customer by its living id; ``merged_from`` is the id asked for, where that one leads here."""

    id: UUID
    version: int
    created_at: datetime
    merged_from: UUID | None


@dataclass(frozen=True, slots=True)
class ShownIdentifier:
    scheme: Scheme
    issuer: str
    value: str
    raw: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """A value that a person put above what all sources say, as long as it is not revoked."""

    id: UUID
    profile_id: UUID
    field: Field
    value: str
    actor: str
    reason: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class LinkedProfile:
    """A profile of a customer, with what it shows, and what people put right on it.

    ``keyed``: its source has an id of its own for the person, and so says when it saw them. Others have no age:
    ``observed_at`` is 1970.
    """

    id: UUID
    source: str
    source_name: str
    name: str | None
    given_name: str | None
    family_name: str | None
    birth_date: date | None
    language: str | None
    address: str | None
    observed_at: datetime
    received_at: datetime
    since: datetime
    identifiers: tuple[ShownIdentifier, ...]
    keyed: bool = True
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """A live judgement among a customer's profiles, or between them and others: why they are one, or are not."""

    id: UUID
    left: UUID
    right: UUID
    verdict: str
    origin: str
    rule: str
    score: float | None
    evidence: dict[str, Any]
    model_version: str
    decision_id: UUID | None
    actor: str | None
    reason: str | None
    decided_at: datetime

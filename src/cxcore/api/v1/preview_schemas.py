"""What the API says of a decision before it is made."""

from uuid import UUID

from pydantic import BaseModel, Field

from cxcore.api.v1.inputs import Input
from cxcore.model.identifier import Scheme
from cxcore.model.interaction import Channel, Kind
from cxcore.resolve.effects import Doubt
from cxcore.resolve.fields import Field as ShownField


class PreviewMergeIn(Input):
    """Would these be one?"""

    customers: list[UUID] = Field(
        min_length=2, max_length=20, description="The customers that may be one and the same."
    )


class PreviewSeparateIn(Input):
    """Would these profiles be someone else?"""

    profiles: list[UUID] = Field(min_length=1, max_length=200, description="The profiles that may not belong here.")


class ShownIdentifierOut(BaseModel):
    """An identifier that a customer shows."""

    scheme: Scheme = Field(description="What kind of identifier it is.")
    issuer: str = Field(description="Who gave it out; empty for e-mail and phone.")
    value: str = Field(description="The normalised value.")


class SumOut(BaseModel):
    """A customer in numbers."""

    customer_id: UUID = Field(description="The customer's id.")
    profiles: list[UUID] = Field(description="The profiles that make it.")
    interactions: int = Field(description="Interactions on its timeline, each counted once.")
    conversations: int = Field(description="Conversations they belong to.")
    channels: dict[Channel, int] = Field(description="Interactions by channel.")
    kinds: dict[Kind, int] = Field(description="Interactions by kind: stays, orders, calls.")
    identifiers: list[ShownIdentifierOut] = Field(description="Identifiers that come together in it.")


class ShownBeforeOut(BaseModel):
    """What a customer shows today."""

    customer_id: UUID = Field(description="The customer.")
    value: str = Field(description="The value.")


class ValueChangeOut(BaseModel):
    """A shown value that would not be what it is today."""

    field: ShownField = Field(description="The field.")
    before: list[ShownBeforeOut] = Field(description="What today's customers show; one that shows nothing is left out.")
    after: str | None = Field(description="What would be shown; null for nothing.")


class ContradictionOut(BaseModel):
    """Values that one person hardly has all."""

    doubt: Doubt = Field(description="What there are several of.")
    issuer: str = Field(description="Of loyalty numbers: who gave them out.")
    values: list[str] = Field(description="The values.")
    known: bool = Field(description="Whether one of today's customers shows them all already.")


class BecomesOut(SumOut):
    """A customer as it would be."""

    of: list[UUID] = Field(description="Today's customers whose profiles it would hold.")
    changes: list[ValueChangeOut] = Field(description="Shown values that would change, by the rules of survivorship.")
    contradictions: list[ContradictionOut] = Field(description="What would contradict itself.")


class LeadOut(BaseModel):
    """An id that would lead to another customer."""

    customer_id: UUID = Field(description="The id; it stays valid.")
    into: UUID = Field(description="The customer that it would lead to.")


class JudgedOut(BaseModel):
    """A judgement of the rules that the decision would change."""

    left: UUID = Field(description="One profile.")
    right: UUID = Field(description="The other profile.")
    rule: str = Field(description="Which rule.")
    made: bool = Field(description="true: it would be made; false: it would hold no more.")
    score: float | None = Field(description="Of a new one: log2 of the odds, in bits, that they are one person.")


class EffectsOut(BaseModel):
    """What a decision would change. Nothing has been decided."""

    before: list[SumOut] = Field(description="The customers concerned as they are, most interactions first.")
    after: list[BecomesOut] = Field(description="The same profiles' customers as they would be.")
    leading: list[LeadOut] = Field(description="Ids that would lead to another customer.")
    returning: list[UUID] = Field(description="Ids that lead elsewhere today and would live again.")
    new: list[UUID] = Field(description="Ids of customers there have not been.")
    others: list[UUID] = Field(description="Customers that would change though nobody named them.")
    judgements: list[JudgedOut] = Field(description="Judgements of the rules that would change.")
    reviews_ended: list[list[UUID]] = Field(description="Pairs of today's customers that nobody would be asked about.")
    reviews_opened: list[list[UUID]] = Field(description="Pairs of customers that a person would be asked about.")

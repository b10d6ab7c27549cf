"""What the API takes and gives of customers, decisions and reviews. Output has no defaults."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from cxcore.api.v1.inputs import Input, Name, Query, Reason, Region, Sound, Value
from cxcore.api.v1.value_schemas import ExplanationOut, ValueOut
from cxcore.model.identifier import Scheme
from cxcore.resolve.compared import Outcome
from cxcore.resolve.decisions import Verdict
from cxcore.resolve.lookup import Confidence


class IdentifierIn(Input):
    """An identifier in any writing; it is normalised here."""

    scheme: Scheme = Field(description="What kind of identifier it is.")
    value: Value = Field(description="The value as it was said or written.")
    issuer: Annotated[str, StringConstraints(max_length=100), Sound] = Field(
        default="", description="Who gave it out, for account, loyalty and handle."
    )


class ResolveIn(Input):
    """Who is meant?"""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"identifiers": [{"scheme": "phone", "value": "040 123 4567"}], "name": "Anna Mäkinen"},
            ]
        },
    )

    identifiers: list[IdentifierIn] = Field(min_length=1, max_length=20, description="All that is known of the person.")
    name: Name | None = Field(default=None, description="The name given, if any.")
    region: Region = Field(
        default="FI", description="Country (ISO 3166) of phone numbers written without a country code."
    )


class SearchIn(Input):
    """What a person typed."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"query": "makinen anna"}]})

    query: Query = Field(
        description="A name, an e-mail address, a phone number in any form or its last digits, a number or a handle."
    )
    limit: int = Field(default=20, ge=1, le=100, description="How many customers at most.")


class MergeIn(Input):
    """These are one."""

    customers: list[UUID] = Field(min_length=2, max_length=20, description="The customers that are one and the same.")
    reason: Reason = Field(description="Why; kept with the decision.")


class SeparateIn(Input):
    """These profiles are someone else."""

    profiles: list[UUID] = Field(min_length=1, max_length=200, description="The profiles that do not belong here.")
    reason: Reason = Field(description="Why; kept with the decision.")


class ReviewIn(Input):
    """What a person says of two customers."""

    left: UUID = Field(description="One customer.")
    right: UUID = Field(description="The other.")
    verdict: Verdict = Field(description="same: merge them; never: keep them apart for ever; skip: do not ask again.")
    reason: Reason = Field(description="Why; kept with the decision.")


class CandidateOut(BaseModel):
    """A customer that could be meant."""

    customer_id: UUID = Field(description="The customer's id.")
    matched_on: list[Scheme] = Field(description="The kinds of identifiers that it shares with the question.")
    name_fits: bool | None = Field(description="Whether the name given fits; null when there is nothing to compare.")


class ResolveOut(BaseModel):
    """The answer, and how sure it is."""

    confidence: Confidence = Field(description="How sure the answer is.")
    customer_id: UUID | None = Field(description="The customer meant; null when unsure or none.")
    matched_on: list[Scheme] = Field(description="What the answer rests on.")
    candidates: list[CandidateOut] = Field(description="Who it could be, best first, at most five.")
    ignored: list[Scheme] = Field(description="Kinds whose values were malformed or placeholders.")


class IdentifierOut(BaseModel):
    """An identifier the customer shows."""

    scheme: Scheme = Field(description="What kind of identifier it is.")
    issuer: str = Field(description="Who gave it out; empty for e-mail and phone.")
    value: str = Field(description="The normalised value.")
    sources: list[str] = Field(description="Keys of the sources that show it.")


class ProfileOut(BaseModel):
    """The customer as one source knows them."""

    id: UUID = Field(description="The profile's id, stable for ever.")
    source: str = Field(description="Key of the source.")
    name: str | None = Field(description="The name as the source writes it.")
    since: datetime = Field(description="Since when it belongs to this customer.")


class ReasonOut(BaseModel):
    """Why two profiles are held to be one person, or not."""

    id: UUID = Field(description="The judgement's id.")
    left: UUID = Field(description="One profile.")
    right: UUID = Field(description="The other profile.")
    verdict: str = Field(description="positive, negative or unsure.")
    origin: str = Field(description="rule or person.")
    rule: str = Field(
        description="Which rule: equal, verified, linkage; suggestion, conflict, candidate; or what the person decided."
    )
    score: float | None = Field(description="log2 of the odds, in bits, that they are one person.")
    evidence: dict[str, Any] = Field(description="What it rests on.")
    decision_id: UUID | None = Field(description="The person's decision, with which it can be revoked.")
    reason: str | None = Field(description="The person's reason.")
    decided_at: datetime = Field(description="When it was decided.")


class PerhapsOut(BaseModel):
    """A customer that could be the same, where one of the two shows nothing of its own: no name, no date of birth."""

    customer_id: UUID = Field(description="The customer.")
    score: float = Field(description="log2 of the odds, in bits, that they are one person.")
    evidence: dict[str, Any] = Field(description="What it rests on.")
    records: int = Field(description="Interactions on that customer's timeline.")


class CustomerOut(BaseModel):
    """A customer, with the profiles that make it and the reasons that tie them."""

    id: UUID = Field(description="The customer's id; it stays valid through merges and splits.")
    version: int = Field(description="Counts the changes of its links.")
    name: ValueOut | None = Field(description="The name shown.")
    email: ValueOut | None = Field(description="The main e-mail address.")
    phone: ValueOut | None = Field(description="The main phone number, E.164.")
    language: ValueOut | None = Field(description="The language.")
    birth_date: ValueOut | None = Field(description="The date of birth, ISO 8601.")
    address: ValueOut | None = Field(description="The postal address.")
    identifiers: list[IdentifierOut] = Field(description="All identifiers, e-mail first.")
    profiles: list[ProfileOut] = Field(description="The profiles of all sources, newest first.")
    reasons: list[ReasonOut] = Field(description="Why these profiles are one person.")
    candidates: list[PerhapsOut] = Field(
        description="Contacts that could be this customer's, or customers that this contact could be of; the likeliest 20."
    )
    explained: list[ExplanationOut] | None = Field(description="Why each value is shown; null unless asked for.")


class HitOut(BaseModel):
    """A customer that a search found."""

    customer_id: UUID = Field(description="The customer's id.")
    name: str | None = Field(description="The name shown.")
    exact: bool = Field(description="Whether every word was met whole.")
    identifiers: list[str] = Field(description="Some normalised identifiers to tell people apart.")
    sources: list[str] = Field(description="Keys of the sources that know the person.")


class SearchOut(BaseModel):
    """What was found, exact hits first."""

    hits: list[HitOut] = Field(description="The customers found.")


class DecisionOut(BaseModel):
    """A decision of a person, and what the customers now are."""

    decision_id: UUID = Field(description="With this it can be revoked at any later time.")
    customers: list[UUID] = Field(description="The customers that hold the profiles concerned now.")


class ActOut(BaseModel):
    """What a person decided, and whether it still holds."""

    decision_id: UUID = Field(description="With this it can be revoked.")
    verdict: str = Field(description="merge, separate or skip.")
    customers: list[UUID] = Field(description="The customers that hold the profiles concerned now.")
    by: str | None = Field(description="Who decided.")
    reason: str | None = Field(description="Why.")
    decided_at: datetime = Field(description="When.")
    revoked_at: datetime | None = Field(description="When it was taken back; null while it holds.")
    revoked_by: str | None = Field(description="Who took it back.")


class DecisionsOut(BaseModel):
    """A page of decisions, newest first."""

    decisions: list[ActOut] = Field(description="The decisions.")
    next: str | None = Field(description="Cursor of the next page; null at the end.")


class ReviewOut(BaseModel):
    """Two customers that may be one."""

    customers: list[UUID] = Field(description="The two.")
    profiles: list[UUID] = Field(description="The pair of profiles that speaks loudest for it.")
    rule: str = Field(
        description="suggestion: the model cannot decide; conflict: what is verified, or a date of birth, contradicts what "
        "would join them, as `contradicts` of the evidence says."
    )
    score: float = Field(description="log2 of the odds, in bits, that they are one person.")
    evidence: dict[str, Any] = Field(description="What the score rests on.")
    records: int = Field(description="Interactions that a merge would bring together, counted to 1,000.")
    model_version: str = Field(description="The model that asks.")


class ReviewsOut(BaseModel):
    """Reviews that wait."""

    reviews: list[ReviewOut] = Field(description="The most valuable first.")


class ComparedOut(BaseModel):
    """Why two ids are one customer, or why they are not."""

    customers: list[UUID] = Field(description="The living customers of the two ids, in their order.")
    outcome: Outcome = Field(
        description="one: they are one customer; kept_apart: a person decided so; in_review: a person is asked; "
        "skipped: a person put it aside; candidate: one shows nothing of its own and could be the other; unlike: too "
        "little speaks for it to ask."
    )
    because: list[ReasonOut] = Field(
        description="Of one customer, the judgements that lead from one to the other; else those between the two."
    )
    score: float | None = Field(description="Of two customers: log2 of the odds, in bits, that they are one person.")
    profiles: list[UUID] = Field(description="Of two customers: the pair of profiles that speaks loudest for it.")
    evidence: dict[str, Any] = Field(description="What the score rests on.")
    joined_from: float = Field(description="The score from which the model joins.")
    asked_from: float = Field(description="The score from which a person is asked.")
    model_version: str = Field(description="The model that weighs.")

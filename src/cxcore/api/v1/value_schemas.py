"""What the API takes and gives of values that are shown: why they, what is corrected, and by which rules."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from cxcore.api.v1.inputs import Input, Key, Reason, Region, Value
from cxcore.resolve.fields import Field as ShownField
from cxcore.resolve.rules import Ground, Rule


class CorrectionIn(Input):
    """What is right, whatever the sources say."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"field": "birth_date", "value": "1980-12-31", "reason": "saw the passport"}]},
    )

    field: ShownField = Field(description="Which field; email and phone are the main ones.")
    value: Value = Field(
        description="The value: a date as ISO 8601, a language as BCP 47, a phone number in any writing."
    )
    reason: Reason = Field(description="Why; kept with the correction.")
    region: Region = Field(
        default="FI", description="Country (ISO 3166) of a phone number written without a country code."
    )


class ChainIn(Input):
    """By which rules a field's value is to be shown."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"rules": ["verified", "source_priority", "newest"], "sources": ["crm"]}]},
    )

    rules: list[Rule] = Field(min_length=1, max_length=5, description="Each narrows what the ones before it left.")
    sources: list[Key] = Field(
        default=[], max_length=200, description="Keys of sources for source_priority, best first."
    )


class ValueOut(BaseModel):
    """A value that is shown, and why it and not another."""

    value: str = Field(description="The value.")
    rule: Ground = Field(description="What decided for it; the fields of an explanation say more.")
    source: str | None = Field(description="Key of the source it comes from; null for a person's correction.")
    others: list[str] = Field(description="The values it was chosen over.")


class CorrectionOut(BaseModel):
    """A value that a person put above what all sources say."""

    id: UUID = Field(description="With this it can be revoked at any later time.")
    profile_id: UUID = Field(description="The profile it sits on, and goes with in every merge and split.")
    field: ShownField = Field(description="Which field.")
    value: str = Field(description="The value, normalised.")
    by: str = Field(description="Who made it.")
    reason: str = Field(description="Why.")
    made_at: datetime = Field(description="When.")


class CorrectedOut(BaseModel):
    """A correction made or revoked, and whose it is."""

    correction: CorrectionOut = Field(description="The correction.")
    customer_id: UUID | None = Field(
        description="The customer it concerns now; null when the profile it sits on is gone."
    )


class LoserOut(BaseModel):
    """A value that is not shown."""

    value: str = Field(description="The value.")
    rule: Ground = Field(description="What decided against it; best_written: it is another writing of the same name.")
    count: int = Field(description="How many profiles state it.")
    sources: list[str] = Field(description="Keys of the sources that state it.")
    observed_at: datetime | None = Field(description="When a source last saw it; null where none dates it.")
    received_at: datetime | None = Field(description="When it first reached cxcore; null where only a person said it.")
    correction: CorrectionOut | None = Field(description="The older correction that states it.")


class ExplanationOut(BaseModel):
    """Why a value is shown."""

    field: ShownField = Field(description="Which field.")
    value: str = Field(description="The value shown.")
    rule: Ground = Field(
        description="What decided: correction, a person; a rule of the chain, or newest behind it; content, the order of "
        "values that nothing else tells apart; only, no other value is known."
    )
    chain: list[Rule] = Field(description="The rules of this field, in their order.")
    priority: list[str] = Field(description="Keys of the sources that source_priority goes by, best first.")
    source: str | None = Field(description="Key of the source it comes from; null for a correction.")
    source_name: str | None = Field(description="That source's name.")
    profile_id: UUID = Field(description="The profile it comes from, or the correction sits on.")
    observed_at: datetime | None = Field(description="When the source saw it; null where it does not date it.")
    received_at: datetime | None = Field(description="When the profile reached cxcore; null for a correction.")
    count: int = Field(description="How many profiles state it.")
    sources: list[str] = Field(description="Keys of all sources that state it.")
    correction: CorrectionOut | None = Field(description="The person's correction, where one decided.")
    losers: list[LoserOut] = Field(description="The other values: corrected ones first, then the most frequent.")


class ChainOut(BaseModel):
    """By which rules a field's value is shown."""

    field: ShownField = Field(description="Which field.")
    rules: list[Rule] = Field(description="Each narrows what the ones before it left; the newest decides behind them.")
    sources: list[str] = Field(description="Keys of sources that source_priority goes by, best first.")
    default: bool = Field(description="Whether these are the rules that ship.")
    set_by: str | None = Field(description="Who set them; null for the default.")
    set_at: datetime | None = Field(description="When; null for the default.")


class SurvivorshipOut(BaseModel):
    """By which rules values are shown."""

    chains: list[ChainOut] = Field(description="One chain a field.")

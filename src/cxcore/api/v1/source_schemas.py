"""What the API takes and gives of sources."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from cxcore.api.v1.inputs import Input, Name, Region
from cxcore.model.interaction import Channel

SourceKey = Annotated[str, Field(pattern="^[a-z][a-z0-9_-]{0,62}$", description="Key of the source.")]
State = Literal["active", "paused", "stopped", "leaving"]
_CONFIG = "The connector's settings. Secrets are given as themselves, are sealed, and are never shown again."
_EVERY = "Seconds between two pulls; null: as the worker is set."
Every = Annotated[int, Field(ge=1, le=31_536_000)]


class SourceIn(Input):
    """A source to configure."""

    key: SourceKey
    connector: Annotated[str, Field(max_length=50, description="Key of the connector.")]
    config: Annotated[dict[str, Any], Field(description=_CONFIG)]
    name: Annotated[Name | None, Field(description="A name for people.")] = None
    region: Annotated[Region, Field(description="Country of phone numbers without a country code (ISO 3166).")] = "FI"
    every: Annotated[Every | None, Field(description=_EVERY)] = None


class SourcePatch(Input):
    """What to change of a source; what is left out stays."""

    config: Annotated[dict[str, Any] | None, Field(description=f"{_CONFIG} Those not named stay.")] = None
    every: Annotated[Every | None, Field(description=_EVERY)] = None


class ResetIn(Input):
    """What to read from the start."""

    stream: Annotated[str | None, Field(max_length=50, description="Only this stream; null: all.")] = None


class RunOut(BaseModel):
    """One pull of one stream."""

    id: int = Field(description="Rises with each pull.")
    stream: str = Field(description="What was pulled.")
    state: Literal["running", "done", "left", "failed", "interrupted"] = Field(
        description="left: broken off for the others' sake, and gone on with; interrupted: its process died."
    )
    pages: int = Field(description="Steps it took.")
    records: int = Field(description="Records handed over.")
    landed: int = Field(description="Of these, new or changed.")
    done: int | None = Field(description="How far the source is read, in the connector's unit.")
    total: int | None = Field(description="Of how much.")
    code: str | None = Field(description="What kind of failure ended it.")
    problem: str | None = Field(description="What ended it, in words.")
    started_at: datetime = Field(description="When it began.")
    ended_at: datetime | None = Field(description="When it ended.")


class RunsOut(BaseModel):
    """Pulls of a source, the newest first."""

    runs: list[RunOut] = Field(description="A page of them.")
    next: int | None = Field(description="Ask for those before this one; null: there are no more.")


class CredentialOut(BaseModel):
    """A sealed secret: that it is there, never what it is."""

    setting: str = Field(description="The setting that it is.")
    set_at: datetime = Field(description="When it was entered.")
    set_by: str = Field(description="Who entered it.")


class SourceOut(BaseModel):
    """A source, and how it does."""

    key: str = Field(description="Its key.")
    name: str = Field(description="Its name.")
    connector: str = Field(description="Its connector.")
    region: str = Field(description="Country of phone numbers without a country code.")
    state: State = Field(description="stopped: by a problem that a person must put right; leaving: being removed.")
    problem: str | None = Field(description="Why it is stopped, and what to do.")
    every: int | None = Field(description=_EVERY)
    channels: list[Channel] = Field(description="Channels it can bring.")
    complete_to: datetime | None = Field(
        description="Everything up to then, by the source's clock, is here; null when never read to the end."
    )
    read_at: datetime | None = Field(description="When its cursor last moved.")
    due_at: datetime = Field(description="When it is pulled next, if it is active.")
    failures: int = Field(description="Pulls in a row that failed.")
    records_per_second: float | None = Field(description="Of the last pull that brought any.")
    landed: int = Field(description="Versions of records that it ever brought.")
    waiting: int = Field(description="Of these, not in the timeline yet.")
    quarantined: int = Field(description="Records set aside because they could not be understood.")
    last_run: RunOut | None = Field(description="Its last pull.")


class SourcesOut(BaseModel):
    """All sources."""

    sources: list[SourceOut] = Field(description="By key.")


class SourceDetailOut(SourceOut):
    """A source with its settings."""

    config: dict[str, Any] = Field(description='The settings; "sealed:" where a secret is, references as they are.')
    credentials: list[CredentialOut] = Field(description="The secrets that are sealed.")


class CheckedOut(BaseModel):
    """A source that answered."""

    account: str = Field(description="The account, in words that a person recognises.")


class SetAsideOut(BaseModel):
    """A record that could not be understood."""

    sequence: int = Field(description="Its place in the order of landing.")
    code: str = Field(description="What kind of reason.")
    reason: str = Field(description="Why, free of personal data.")
    origin: str | None = Field(description="Where to look.")
    attempts: int = Field(description="How often it was tried.")
    since: datetime = Field(description="When it was set aside.")


class QuarantineOut(BaseModel):
    """Records of a source that were set aside, in order of landing."""

    records: list[SetAsideOut] = Field(description="A page of them.")
    next: int | None = Field(description="Ask for those after this one; null: there are no more.")


class ReplayedOut(BaseModel):
    """What became of the records that were set aside."""

    understood: int = Field(description="Records that are understood now.")
    quarantined: int = Field(description="Records that are still set aside.")

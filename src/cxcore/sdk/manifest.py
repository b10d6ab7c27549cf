"""Manifest: what a connector says of itself."""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from cxcore.model.interaction import Channel

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,48}$")]


class Stream(BaseModel):
    """A kind of object that a source offers.

    ``channels``: which of the connector's channels it feeds; none named: all of them. ``overlap``: how far behind its newest record a late one may still show up; every pull re-reads that much.
    ``hides_deletes``: the source does not tell when something is deleted.
    ``watched``: the connector's ``watch`` can wait for news of it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Key
    channels: frozenset[Channel] = frozenset()
    overlap: timedelta = timedelta(0)
    hides_deletes: bool = True
    watched: bool = False


class Rate(BaseModel):
    """How often the source may be called."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    calls: int = Field(ge=1)
    per: timedelta


class Manifest(BaseModel):
    """A connector's identity card. ``key`` equals the folder and the entry point and never changes.

    ``pulls``: false of a connector that is only delivered to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Key
    name: str = Field(max_length=80)
    channels: frozenset[Channel]
    streams: tuple[Stream, ...] = Field(default=(), description="left out where the configuration declares them")
    rate: Rate | None = None
    local: bool = Field(
        default=False,
        description="it reads files of the server it runs on, or databases: only the command line may configure it",
    )
    pulls: bool = True
    owner: str
    docs: str
    sdk: int = Field(default=1, description="version of the contract it was written for")
    mapping_version: int = Field(
        default=1, description="raise it when map improves: landed records are then mapped again on request"
    )

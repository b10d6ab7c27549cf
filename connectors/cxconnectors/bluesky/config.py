"""What a Bluesky source is told."""

import re

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

_DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,1000}")


class BlueskyConfig(BaseModel):
    """One account of the company, signed in with an app password."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    service: str = Field(
        default="https://bsky.social", max_length=500, description="address of the account's PDS, or its entryway"
    )
    identifier: str = Field(min_length=1, max_length=300, description="the account's handle or DID")
    app_password: SecretStr = Field(description="an app password")
    own_dids: tuple[str, ...] = Field(
        default=(), max_length=1000, description="DIDs of further accounts that write for the company"
    )
    recheck_days: int = Field(default=30, ge=1, le=365, description="how far back deletions by others are looked for")
    recheck_minutes: int = Field(default=60, ge=0, le=10_080, description="how often deletions are looked for")
    page: int = Field(default=100, ge=1, le=100, description="posts asked for at a time")
    private_network: bool = Field(default=False, description="whether the service may be at private addresses")

    @field_validator("service")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("begins with http:// or https://")
        return value.rstrip("/")

    @field_validator("identifier")
    @classmethod
    def _without_at(cls, value: str) -> str:
        return value.removeprefix("@")

    @field_validator("own_dids")
    @classmethod
    def _dids(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for did in value:
            if not _DID.fullmatch(did):
                raise ValueError("each is a DID such as did:plc:ewvi7nxzyoun6zhxrhs64oiz")
        return value

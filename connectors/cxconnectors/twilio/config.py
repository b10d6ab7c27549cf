"""What a Twilio source is told."""

import re
from datetime import date
from functools import cached_property
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

_ACCOUNT = r"^AC[0-9a-fA-F]{32}$"
_SHORTEST = 6
"""Digits of a number that is not written with its country: a number that ends with them is the same."""


class TwilioConfig(BaseModel):
    """One account, with its subaccounts if wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account_sid: str = Field(pattern=_ACCOUNT, description="The account, AC and 32 digits.")
    auth_token: SecretStr | None = Field(
        default=None, description="The account's auth token: lets us read, and proves its callbacks."
    )
    other_auth_token: SecretStr | None = Field(
        default=None, description="A second one that callbacks may be signed with, while tokens change over."
    )
    api_key: str | None = Field(
        default=None, pattern=r"^SK[0-9a-fA-F]{32}$", description="An API key to read with instead of the auth token."
    )
    api_secret: SecretStr | None = Field(default=None, description="The API key's secret.")
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^?#\s]+$",
        description="Where callbacks are sent to, without a query; needed to prove them.",
    )
    own_numbers: tuple[str, ...] = Field(
        default=(), max_length=5000, description="Numbers of the company's own people, such as agents' mobile phones."
    )
    subaccounts: bool = Field(default=False, description="Read the account's subaccounts, too.")
    recordings: bool = Field(default=True, description="Note which calls were recorded, and voicemail.")
    since: date | None = Field(
        default=None, description="First day (UTC) to read; left out: the day on which the account was made."
    )
    reread: int = Field(default=3, ge=1, le=60, description="Days that are read again once an hour.")
    page: int = Field(default=500, ge=1, le=1000, description="Calls or messages asked for at a time.")
    url: str = Field(
        default="https://api.twilio.com",
        pattern=r"^https?://[^/?#\s]+/?$",
        description="Address of the API; that of a region, such as https://api.dublin.ie1.twilio.com.",
    )

    @field_validator("url")
    @classmethod
    def _bare(cls, value: str) -> str:
        return value.rstrip("/")

    @model_validator(mode="after")
    def _can_read(self) -> Self:
        if (self.api_key is None) != (self.api_secret is None):
            raise ValueError("api_key and api_secret belong together")
        if self.api_key is None and self.auth_token is None:
            raise ValueError("give auth_token, or api_key with api_secret")
        if self.public_url is not None and self.auth_token is None:
            raise ValueError("callbacks (public_url) are proved by auth_token: give it, too")
        return self

    @cached_property
    def _own(self) -> tuple[str, ...]:
        found = {_digits(number).lstrip("0") for number in self.own_numbers}
        return tuple(number for number in found if len(number) >= _SHORTEST)

    def own(self, number: str) -> bool:
        """Whether a number (E.164) is one of the company's own people."""
        return _digits(number).endswith(self._own)


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)

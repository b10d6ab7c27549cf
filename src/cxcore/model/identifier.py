"""Identifier: what tells one person from another, as (scheme, issuer, value)."""

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field


class Scheme(StrEnum):
    """What kind of identifier it is; it decides how the value is normalised."""

    EMAIL = "email"
    PHONE = "phone"
    ACCOUNT = "account"
    LOYALTY = "loyalty"
    HANDLE = "handle"


class Identifier(BaseModel):
    """One identifier as the source wrote it; normalise makes it comparable.

    ``issuer`` is who gave it out (a shop, a network, a loyalty club); e-mail addresses and phone numbers have none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scheme: Scheme
    value: str = Field(min_length=1, max_length=1000)
    issuer: str = Field(default="", max_length=100)
    verified: bool = False

    @classmethod
    def email(cls, value: str, *, verified: bool = False) -> Self:
        return cls(scheme=Scheme.EMAIL, value=value, verified=verified)

    @classmethod
    def phone(cls, value: str, *, verified: bool = False) -> Self:
        return cls(scheme=Scheme.PHONE, value=value, verified=verified)

    @classmethod
    def account(cls, issuer: str, value: str, *, verified: bool = False) -> Self:
        """An id that one system gave the person, equal wherever that system is quoted."""
        return cls(scheme=Scheme.ACCOUNT, issuer=issuer, value=value, verified=verified)

    @classmethod
    def loyalty(cls, issuer: str, value: str, *, verified: bool = False) -> Self:
        return cls(scheme=Scheme.LOYALTY, issuer=issuer, value=value, verified=verified)

    @classmethod
    def handle(cls, network: str, value: str, *, verified: bool = False) -> Self:
        """A name on a social network, with or without the leading ``@``; or the address of an own blog."""
        return cls(scheme=Scheme.HANDLE, issuer=network, value=value, verified=verified)

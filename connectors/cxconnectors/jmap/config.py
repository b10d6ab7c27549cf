"""What an operator sets for mail accounts on a JMAP server."""

from functools import cached_property
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from cxcore.sdk.mail import own_address

MIB = 1 << 20
ROLES = ("\\All", "\\Archive", "\\Flagged", "\\Important", "\\Sent")
"""Roles of mailboxes that may be followed, written as in IMAP (RFC 8621, section 2; RFC 6154)."""
EVERY = "*"


class Limits(BaseModel):
    """Walls against broken servers, and the size of a page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mail_bytes: int = Field(default=35 * MIB, ge=1024, le=100 * MIB, description="of a longer mail the head is kept")
    kept_bytes: int = Field(default=MIB, ge=1024, le=16 * MIB, description="how much of a mail over the limit is kept")
    page_records: int = Field(default=200, ge=1, le=2000)
    page_bytes: int = Field(default=8 * MIB, ge=1, le=64 * MIB)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as exc:  # unknown; a folder; a path
        raise ValueError("there is no such time zone; write it as Europe/Helsinki") from exc
    return name


def _web_address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("it begins with http:// or https://")
    return url


def _folder(name: str) -> str:
    if not name or not name.isprintable():
        raise ValueError("it must be one line of text")
    if name.startswith("\\") and name.lower() not in {role.lower() for role in ROLES}:
        raise ValueError(f"there is no such role to follow; there are {', '.join(ROLES)}")
    return name


Web = Annotated[str, AfterValidator(_web_address), Field(max_length=500)]


class JmapConfig(BaseModel):
    """Settings of the connector ``jmap``. Folders and own addresses are written as those of ``imap``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Web = Field(description="the server, which is asked for /.well-known/jmap, or its session resource")
    also_at: tuple[Web, ...] = Field(
        default=(), max_length=10, description="further addresses of the server that may have the credentials"
    )
    token: SecretStr | None = Field(default=None, description="an access token, or user and password")
    user: str | None = Field(default=None, max_length=320)
    password: SecretStr | None = Field(default=None, description="with user, instead of a token")
    accounts: tuple[Annotated[str, Field(max_length=320)], ...] = Field(
        default=(), max_length=10, description="names of accounts, or * for all; none: the user's own"
    )
    folders: tuple[Annotated[str, AfterValidator(_folder), Field(max_length=500)], ...] = Field(
        default=("INBOX", "\\Sent"),
        min_length=1,
        max_length=50,
        description="names as Orders/2026, roles such as \\Sent, or * for all but drafts, junk and trash",
    )
    own_addresses: tuple[Annotated[str, AfterValidator(own_address)], ...] = Field(
        default=(), max_length=1000, description="the company's own addresses, or whole domains as @shop.example"
    )
    timezone: Annotated[str, AfterValidator(_zone)] | None = Field(
        default=None, description="IANA name, for mails that do not say their zone"
    )
    private_network: bool = Field(default=False, description="whether the server's name may lead to private addresses")
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if (self.token is None) == (self.password is None) or (self.password is not None and not self.user):
            raise ValueError("give a token, or user and password")
        return self

    @cached_property
    def zone(self) -> ZoneInfo | None:
        return ZoneInfo(self.timezone) if self.timezone else None

    @property
    def own(self) -> tuple[str, ...]:
        """The own addresses, the user among them where it is an address."""
        return (*self.own_addresses, self.user) if self.user and "@" in self.user else self.own_addresses

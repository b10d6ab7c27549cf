"""What an operator sets for a mailbox."""

from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from cxcore.sdk.mail import own_address

MIB = 1 << 20
ROLES = ("\\All", "\\Archive", "\\Flagged", "\\Important", "\\Sent")
"""Special uses of folders by RFC 6154 and RFC 8457 that may be followed."""


class Security(StrEnum):
    """How the connection is kept private."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Limits(BaseModel):
    """Walls against hostile or broken servers, and the size of a page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mail_bytes: int = Field(default=35 * MIB, ge=1024, le=100 * MIB, description="of a longer mail the head is kept")
    kept_bytes: int = Field(default=MIB, ge=1024, le=16 * MIB, description="how much of a mail over the limit is kept")
    page_records: int = Field(default=200, ge=1, le=2000)
    page_bytes: int = Field(default=8 * MIB, ge=1, le=64 * MIB)
    line_bytes: int = Field(default=8 * MIB, ge=65_536, le=64 * MIB, description="longest line that a server may send")
    seconds: float = Field(default=60.0, gt=0, le=600, description="longest silence of a server")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as exc:  # unknown; a folder; a path
        raise ValueError("there is no such time zone; write it as Europe/Helsinki") from exc
    return name


def _one_line(text: str) -> str:
    if not text or any(c in "\r\n\x00" for c in text):
        raise ValueError("it must be one line of text")
    return text


def _folder(name: str) -> str:
    _one_line(name)
    if name.startswith("\\") and name.lower() not in {role.lower() for role in ROLES}:
        raise ValueError(f"there is no such special use to follow; there are {', '.join(ROLES)}")
    return name


class ImapConfig(BaseModel):
    """Settings of the connector ``imap``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: Annotated[str, AfterValidator(_one_line)] = Field(max_length=253)
    port: int | None = Field(default=None, ge=1, le=65_535, description="left out: 993 with tls, else 143")
    security: Security = Security.TLS
    ca_file: Path | None = Field(default=None, description="certificates to trust in place of the system's")
    user: Annotated[str, AfterValidator(_one_line)] = Field(max_length=320)
    password: SecretStr = Field(description="or an app password, where the server wants one")
    folders: tuple[Annotated[str, AfterValidator(_folder)], ...] = Field(
        default=("INBOX", "\\Sent"),
        min_length=1,
        max_length=50,
        description="names, special uses such as \\Sent, or * for all but drafts, junk and trash",
    )
    own_addresses: tuple[Annotated[str, AfterValidator(own_address)], ...] = Field(
        default=(), max_length=1000, description="the company's own addresses, or whole domains as @shop.example"
    )
    timezone: Annotated[str, AfterValidator(_zone)] | None = Field(
        default=None, description="IANA name, for mails that do not say their zone"
    )
    limits: Limits = Limits()

    @property
    def reached_at(self) -> int:
        """The port, by the security where none is given."""
        return self.port or (993 if self.security is Security.TLS else 143)

    @cached_property
    def zone(self) -> ZoneInfo | None:
        return ZoneInfo(self.timezone) if self.timezone else None

    @property
    def own(self) -> tuple[str, ...]:
        """The own addresses, the mailbox's among them where its user is named by it."""
        return (*self.own_addresses, self.user) if "@" in self.user else self.own_addresses

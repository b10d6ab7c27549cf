"""What an Asterisk source is told."""

from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator

CSV_COLUMNS = (
    "accountcode",
    "src",
    "dst",
    "dcontext",
    "clid",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "uniqueid",
    "userfield",
    "linkedid",
    "sequence",
)
"""The order of cdr_csv; uniqueid and userfield when switched on, linkedid and sequence where cdr_custom adds them."""


class AsteriskConfig(BaseModel, extra="forbid"):
    """Either ``file`` or ``url``."""

    file: Path | None = Field(default=None, description="Master.csv as cdr_csv or cdr_custom writes it.")
    columns: tuple[str, ...] = Field(default=CSV_COLUMNS, description="The file's columns in their order.")
    url: SecretStr | None = Field(
        default=None, description="The database that holds the table, as env:NAME or file:/path."
    )
    table: str = Field(default="cdr", description="The table, with its schema before a dot if it has one.")
    timezone: str = Field(default="Europe/Helsinki", description="Zone of the times, as Asterisk writes local ones.")
    inbound_contexts: tuple[str, ...] = Field(
        default=("from-trunk", "from-pstn", "from-did", "ext-did", "incoming", "inbound"),
        description="Dialplan contexts of calls that come in from outside.",
    )
    outbound_contexts: tuple[str, ...] = Field(
        default=("from-internal", "outbound", "outgoing"), description="Contexts of calls that own people make."
    )
    own_numbers: tuple[str, ...] = Field(default=(), description="The company's own numbers, in any form.")
    extension_digits: int = Field(
        default=5, ge=1, le=8, description="Numbers with at most this many digits are extensions."
    )
    longest_call: int = Field(
        default=6 * 3600,
        ge=60,
        description="Seconds; a record is written when its call ends, so this much is read again.",
    )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
            raise ValueError("is not an IANA time zone such as Europe/Helsinki") from exc
        return value

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.file is None) == (self.url is None):
            raise ValueError("give either file or url")
        return self

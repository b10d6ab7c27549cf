"""What an operator sets for a folder or file of exports."""

import codecs
import hashlib
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from cxcore.sdk.mail import own_address
from cxcore.sdk.mapping.language import Mapping

MIB = 1 << 20


class Format(StrEnum):
    """How a file is to be read; ``auto`` goes by the file's name, its place in a Maildir and its first bytes."""

    AUTO = "auto"
    MBOX = "mbox"
    MAILDIR = "maildir"
    EML = "eml"
    CSV = "csv"
    TSV = "tsv"
    JSONL = "jsonl"


TABLES = frozenset({Format.CSV, Format.TSV, Format.JSONL})


class Limits(BaseModel):
    """Walls against hostile or broken files, and the size of a page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mail_bytes: int = Field(default=35 * MIB, ge=1024, le=100 * MIB, description="a longer mail is landed cut, unread")
    row_bytes: int = Field(default=MIB, ge=256, le=16 * MIB, description="a longer row is landed cut, unread")
    page_records: int = Field(default=2000, ge=1, le=10_000)
    page_bytes: int = Field(default=8 * MIB, ge=1, le=64 * MIB)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as exc:  # unknown; a folder; a path
        raise ValueError("there is no such time zone; write it as Europe/Helsinki") from exc
    return name


def _encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError as exc:
        raise ValueError("there is no such encoding; leave it out or write utf-8, cp1252, iso8859-15, utf-16") from exc


def _delimiter(value: str) -> str:
    value = {"tab": "\t", "\\t": "\t"}.get(value, value)
    if len(value) != 1 or value in '"\r\n':
        raise ValueError("write one character, or tab")
    return value


class FilesConfig(BaseModel):
    """Settings of the connector ``files``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path = Field(description="a file, or a folder that is read with all its subfolders")
    pattern: str = Field(default="*", min_length=1, max_length=500, description="which files: a glob on name or path")
    format: Format = Format.AUTO
    encoding: Annotated[str, AfterValidator(_encoding)] | None = Field(
        default=None, description="of tables; left out: each line UTF-8, or Windows-1252 where it is no UTF-8"
    )
    delimiter: Annotated[str, AfterValidator(_delimiter)] | None = Field(
        default=None, description="of CSV; left out: the most frequent of , ; tab | in the header row"
    )
    timezone: Annotated[str, AfterValidator(_zone)] | None = Field(
        default=None, description="IANA name, for times that do not say their zone"
    )
    own_addresses: tuple[Annotated[str, AfterValidator(own_address)], ...] = Field(
        default=(), max_length=1000, description="the company's own addresses, or whole domains as @shop.example"
    )
    mapping: Mapping | None = Field(default=None, description="what the columns of a table mean")
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _tables_need_a_mapping(self) -> Self:
        if self.format in TABLES and self.mapping is None:
            raise ValueError(f"{self.format.value} files need a mapping that says what their columns mean")
        return self

    @cached_property
    def zone(self) -> ZoneInfo | None:
        return ZoneInfo(self.timezone) if self.timezone else None

    @cached_property
    def reading_digest(self) -> str:
        """Changes whenever the same files would now be read into other records: then all is read again."""
        relevant = self.model_dump_json(
            include={"path", "pattern", "format", "encoding", "delimiter", "timezone", "limits", "mapping"},
            exclude={"limits": {"page_records", "page_bytes"}, "mapping": {"interaction", "profile", "skip"}},
        )
        return hashlib.sha256(relevant.encode()).hexdigest()[:12]

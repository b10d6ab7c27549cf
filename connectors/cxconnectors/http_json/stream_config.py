"""What an operator says of one stream: request, records, pages, since when, details, meaning."""

import hashlib
import re
from datetime import datetime, timedelta
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, field_validator, model_validator

from cxconnectors.http_json import times
from cxconnectors.http_json.language import Expression, Mapping
from cxconnectors.http_json.template import places
from cxcore.sdk import Stream
from cxcore.sdk.manifest import Key

_FORMS = frozenset({"iso", "iso_ms", "epoch_s", "epoch_ms"})
Path = Annotated[str, Field(pattern=r"^/[^?#\s]*$", max_length=500)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Whole(_Entry):
    """All records in one answer."""

    kind: Literal["none"] = "none"


class Number(_Entry):
    """Pages by number, at the place {page}; the walk ends at an empty page, or sooner if the source says so."""

    kind: Literal["number"]
    first: int = Field(default=1, ge=0, le=1)
    more: Expression | None = Field(default=None, description="true in the body while there are more")
    pages: str | None = Field(default=None, description="how many pages: an expression, or header:NAME")
    size: int | None = Field(default=None, ge=1, description="a page with fewer records is the last")


class Offset(_Entry):
    """Pages by the number of records before them, at the place {offset}; each begins ``back`` records early."""

    kind: Literal["offset"]
    more: Expression | None = None
    total: str | None = Field(default=None, description="how many records: an expression, or header:NAME")
    size: int | None = Field(default=None, ge=1, description="a page with fewer records is the last")
    back: int = Field(default=3, ge=0, le=20)


class Token(_Entry):
    """A cursor in the body, sent back at the place {cursor}; the walk ends where there is none."""

    kind: Literal["cursor"]
    next: Expression
    more: Expression | None = None


class Link(_Entry):
    """The next page's address in the Link header (RFC 8288)."""

    kind: Literal["link"]


class Next(_Entry):
    """The next page's address in the body."""

    kind: Literal["next"]
    next: Expression


Paginator = Annotated[Whole | Number | Offset | Token | Link | Next, Field(discriminator="kind")]
_PLACE_OF = {"number": "page", "offset": "offset", "cursor": "cursor"}


class Since(_Entry):
    """Only what changed: the place {since} is filled with the time up to which all has been handed over."""

    format: str = "iso"
    inclusive: bool = Field(default=True, description="whether the source means >= or >")
    precision: timedelta = Field(
        default=timedelta(0),
        ge=timedelta(0),
        le=timedelta(days=31),
        description="the source compares no finer than this",
    )
    overlap: timedelta = Field(default=timedelta(0), ge=timedelta(0), le=timedelta(days=366))
    start: AwareDatetime | None = Field(default=None, description="of the first pull; left out: from the start")
    window: timedelta | None = Field(default=None, ge=timedelta(minutes=1), description="at most asked for at once")
    order: Literal["none", "asc", "desc"] = Field(default="none", description="how the source sorts by time of change")

    @field_validator("format")
    @classmethod
    def _known(cls, form: str) -> str:
        if form not in _FORMS and "%" not in form:
            raise ValueError("write iso, iso_ms, epoch_s, epoch_ms, or a form such as %Y-%m-%dT%H:%M:%S")
        return form

    @model_validator(mode="after")
    def _windows_begin(self) -> Self:
        if self.window is not None and self.start is None:
            raise ValueError("a window needs a start")
        if self.window is not None and self.window <= self.overlap:
            raise ValueError("a window must be longer than the overlap")
        return self


class Detail(_Entry):
    """A request more for each record, such as /orders/{id}: a name in braces is a field of the record."""

    path: Path
    record: Expression = Field(default="@", description="the record in the answer")
    into: str | None = Field(default=None, min_length=1, description="a field that the answer is put into")

    @model_validator(mode="after")
    def _asks_for_one(self) -> Self:
        if not self.fields:
            raise ValueError("path names no field of the record, as in /orders/{id}")
        return self

    @property
    def fields(self) -> list[str]:
        return re.findall(r"\{([A-Za-z_][A-Za-z0-9_]*)\}", self.path)


class StreamEntry(_Entry):
    """One kind of object."""

    name: Key
    path: Path
    method: Literal["GET", "POST"] = "GET"
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    body: dict[str, JsonValue] | None = Field(default=None, description="of a POST, as JSON")
    records: Expression = "@"
    page: Paginator = Whole()
    since: Since | None = None
    detail: Detail | None = None
    mapping: Mapping

    @model_validator(mode="after")
    def _places_and_settings_agree(self) -> Self:
        asked = self.places
        wanted = {_PLACE_OF[self.page.kind]} if self.page.kind in _PLACE_OF else set()
        if self.since and (self.since.order != "desc" or "since" in asked):
            wanted |= {"since"}
        if self.since and self.since.window:
            wanted |= {"until"}
        if missing := wanted - asked:
            raise ValueError(f"parameters or body must say where {{{min(missing)}}} goes")
        if unknown := asked - wanted:
            raise ValueError(f"nothing fills {{{min(unknown)}}}: page and since do not speak of it")
        return self

    @model_validator(mode="after")
    def _parts_go_together(self) -> Self:
        if self.since and self.since.precision and self.anchored:
            raise ValueError("a source that compares so coarsely is read without order")
        if (self.body is not None) and self.method == "GET":
            raise ValueError("a body needs method = POST")
        if self.since and self.mapping.changed_at is None:
            raise ValueError("since needs the mapping to say changed_at")
        return self

    @property
    def places(self) -> set[str]:
        return places(self.parameters) | places(self.body)

    @cached_property
    def anchored(self) -> bool:
        """Whether each page is asked for from the newest time handed over on, so that shifting pages lose nothing."""
        return self.since is not None and self.since.order == "asc" and self.page.kind in {"number", "offset"}

    @cached_property
    def reading_digest(self) -> str:
        """Changes whenever the source would now be read otherwise: then all is read again."""
        relevant = self.model_dump_json(exclude={"mapping": {"interaction", "profile", "skip", "when"}})
        return hashlib.sha256(relevant.encode()).hexdigest()[:12]

    def lower(self, at: datetime) -> datetime:
        """The bound that a request asks from, for what changed at ``at`` and later."""
        since = self.since or Since()
        return times.lower(at, since.format, inclusive=since.inclusive, precision=since.precision)

    def stream(self) -> Stream:
        return Stream(
            name=self.name,
            overlap=self.since.overlap if self.since else timedelta(0),
            hides_deletes=self.mapping.deleted is None,
        )

"""Record and Page: what one step of a pull brings, and where to go on."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from typing import TypeAlias

import orjson
from pydantic import JsonValue

from cxcore.model.interaction import Interaction
from cxcore.model.profile import SourceProfile
from cxcore.sdk.place import Gone, Place, Renumbered

Cursor: TypeAlias = Mapping[str, JsonValue]
"""Opaque JSON under 4 KB, made by the connector, never read by the core; None means from the start."""

Mapped: TypeAlias = SourceProfile | Interaction

JSON = "application/json"
_AS_LANDED = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
"""For what orjson refuses or would alter: lone surrogates, long integers, NaN. Ten times slower."""


@dataclass(frozen=True, slots=True)
class Record:
    """One object as the source gave it.

    ``key`` names it within its stream for ever; the same key again is a new version of the same object.
    ``payload`` is JSON data, or the raw bytes of something with a ``media_type`` of its own.
    ``changed_at`` is the source's time of this version, where it has one: the newest wins in whatever order they land.
    ``origin`` says where to look ("orders.csv row 17"); it is not part of the content. ``deleted`` removes the object.
    ``place`` is where this copy lies, if the source has several of one object that are alike for good (mails in folders):
    the first copy is landed, of the others only their places, and the object is deleted when its last place is gone.
    Such a record has no ``changed_at``.
    """

    stream: str
    key: str
    payload: JsonValue | bytes
    changed_at: datetime | None = None
    deleted: bool = False
    media_type: str = JSON
    origin: str | None = None
    place: Place | None = None

    def body(self) -> bytes:
        """The payload as the bytes that are landed: raw as it is, JSON with sorted keys and control characters escaped."""
        if isinstance(self.payload, bytes):
            return self.payload
        try:
            body = orjson.dumps(self.payload, option=orjson.OPT_SORT_KEYS)
        except orjson.JSONEncodeError:
            return _AS_LANDED.encode(self.payload).encode("ascii")
        return _AS_LANDED.encode(self.payload).encode("ascii") if b"null" in body and _odd(self.payload) else body

    def digest(self, body: bytes) -> bytes:
        """32 bytes that are equal for equal content of equal age."""
        digest = hashlib.sha256(body)
        digest.update(
            f"\n{self.media_type}\n{self.deleted:d}\n{self.changed_at and self.changed_at.timestamp()}".encode()
        )
        return digest.digest()


def _odd(value: JsonValue) -> bool:
    """Whether a number in it is none of JSON's."""
    if isinstance(value, float):
        return not isfinite(value)
    if isinstance(value, dict):
        return any(_odd(v) for v in value.values())
    return isinstance(value, list) and any(_odd(v) for v in value)


@dataclass(frozen=True, slots=True)
class Gap:
    """A time, by the source's clock, of which the source cannot give everything any more, and why: in words free of
    personal data that a person can act on."""

    since: datetime
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """What one step of a pull brings; ``cursor`` is saved in the transaction that lands the records.

    The cursor never passes a record not yet handed over. ``complete_to``: by the source's clock, everything up to this
    time has now been handed over, but for the ``gaps``. ``done`` and ``total`` feed a progress bar, in any one unit.
    ``gone`` are places that are empty now; they are emptied after the page's records have landed.
    """

    records: Sequence[Record]
    cursor: Cursor
    complete_to: datetime | None = None
    done: int | None = None
    total: int | None = None
    notes: Sequence[str] = field(default=())
    gaps: Sequence[Gap] = field(default=())
    gone: Sequence[Gone | Renumbered] = field(default=())

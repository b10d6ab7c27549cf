"""Delivery and Received: one request that a source pushes to us, and what a connector makes of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self

from cxcore.errors import CxError
from cxcore.sdk.page import Record

LONGEST_HEADER = 4096


class Refused(CxError):
    """A delivery that is not believed. Whoever sent it is told only this, whatever the reason."""

    code: ClassVar[str] = "delivery_refused"
    status: ClassVar[int] = 401


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request as it came over the wire, before anything in it is believed.

    ``headers``: names in small letters, values as Latin-1, in order, a repeated one repeated. ``query``: raw, without
    the question mark. ``body``: the raw bytes. ``received_at``: by our clock, aware. ``path``: what stands in the address
    behind the source's key, decoded, without the slash before it.
    """

    method: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    received_at: datetime
    path: str = ""

    def header(self, name: str) -> str | None:
        """The value of a header, None without it; ``name`` in any case.

        Raises:
            Refused: it stands there twice, is longer than ``LONGEST_HEADER`` or not plain ASCII, so that two programs
                could read it differently.
        """
        name = name.lower()
        found = [value for key, value in self.headers if key == name]
        if not found:
            return None
        if len(found) > 1 or len(found[0]) > LONGEST_HEADER or not (found[0].isascii() and found[0].isprintable()):
            raise Refused("A header is repeated, too long or not plain text.")
        return found[0].strip()


class Trust(StrEnum):
    """How well a delivery is known to come from the source."""

    SIGNED = "signed"
    AUTHENTICATED = "authenticated"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Proof:
    """Why a delivery is believed.

    ``marks``: 32 bytes each; a later delivery that shares one is a repeat. ``stamped``: the time of signing is part of
    what is signed, so that an old delivery is refused by itself; without it the marks are kept for ever.
    """

    trust: Trust
    marks: frozenset[bytes] = frozenset()
    stamped: bool = False

    def named(self, name: str | None) -> Self:
        """The same with a delivery or event id as a further mark."""
        return self if not name else replace(self, marks=self.marks | {mark("id", name.encode())})


def mark(kind: str, content: bytes) -> bytes:
    """The digest by which a delivery is known again; ``kind`` keeps ids and messages apart."""
    return hashlib.sha256(kind.encode() + b"\0" + content).digest()


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a source asks us to answer when a webhook is set up."""

    text: str
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Received:
    """What a connector makes of a delivery: records to land, a sign to pull, or a challenge to answer.

    ``records`` need a proof with ``trust`` above none and at least one mark. ``wake`` makes the source due now and may
    rest on nothing. With a ``challenge`` nothing lands. ``answer``: JSON that the source expects to read once the
    delivery is taken, where an empty answer would not do.
    """

    proof: Proof
    records: Sequence[Record] = ()
    wake: bool = False
    challenge: Challenge | None = None
    answer: str | None = None

"""Place: where a copy of an object lies, for sources that say of places, not of objects, that they are empty now."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One copy of an object: a mail in a folder, which may lie in others too.

    ``scope`` is one numbering of the source, such as a folder; it must tell nothing of a person. ``epoch`` changes when
    the source numbers the scope anew (IMAP's UIDVALIDITY), and ``number`` is never given twice in an epoch (a UID).
    Both are whole numbers from 0 to 2**63 - 1.
    """

    scope: str
    epoch: int
    number: int


@dataclass(frozen=True, slots=True)
class Gone:
    """The places ``first`` to ``last`` of an epoch are empty, both ends included. Those that never held anything do no harm."""

    scope: str
    epoch: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Renumbered:
    """All places of a scope are empty but those of ``epoch``: its new numbering has been handed over whole."""

    scope: str
    epoch: int

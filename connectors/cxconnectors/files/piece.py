"""Piece: a record and where the next one begins."""

from typing import NamedTuple

from cxcore.sdk import Record

STREAM = "items"


class Piece(NamedTuple):
    """One record of a file.

    ``end`` is the offset after it; ``resume`` where to read on should the file grow: ``end``, or the piece's own start
    when it ends with the file and may have been read unfinished. ``row`` is the number of the row that ``resume``
    follows.
    """

    record: Record
    end: int
    resume: int
    row: int

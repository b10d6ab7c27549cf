"""Lines of a file with their bytes and text, in bounded memory."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from cxcore.sdk.plain_text import decode

_BOMS = ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
_CHUNK = 1 << 16


class Line(NamedTuple):
    """A line with its end: as bytes (of a too long one only the beginning), as text, and the offset after it."""

    raw: bytes
    text: str
    end: int
    too_long: bool


def wide_encoding(head: bytes, encoding: str | None) -> str | None:
    """The encoding with units of two or four bytes that a file is in, if it is, by its BOM or as configured."""
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    if encoding and encoding.startswith(("utf-16", "utf-32")):
        return encoding if encoding.endswith(("-le", "-be")) else f"{encoding}-le"
    return None


def lines(file: BinaryIO, offset: int, limit: int, encoding: str | None, wide: str | None) -> Iterator[Line]:
    """Lines from the file's position, which is ``offset``, each at most ``limit`` bytes."""
    return _wide_lines(file, offset, limit, wide) if wide else _narrow_lines(file, offset, limit, encoding)


def _narrow_lines(file: BinaryIO, offset: int, limit: int, encoding: str | None) -> Iterator[Line]:
    at_start = offset == 0
    while raw := file.readline(limit):
        offset += len(raw)
        too_long = len(raw) == limit and not raw.endswith(b"\n")
        if too_long:
            while more := file.readline(_CHUNK):
                offset += len(more)
                if more.endswith(b"\n"):
                    break
        text = decode(raw, encoding)
        if at_start:
            text, at_start = text.removeprefix("\ufeff"), False
        yield Line(raw, text, offset, too_long)


def _wide_lines(file: BinaryIO, offset: int, limit: int, encoding: str) -> Iterator[Line]:
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    unit = 2 if "16" in encoding else 4
    held, at_start, too_long = "", offset == 0, False
    while True:
        chunk = file.read(_CHUNK)
        try:
            held += decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError:
            held += "\ufffd"  # a last half unit
        whole = io.StringIO(held, newline="\n").readlines()
        held = "" if not chunk else (whole.pop() if whole and not whole[-1].endswith("\n") else "")
        for text in whole:
            raw = text.encode(encoding, "surrogatepass")
            offset += len(raw)
            yield Line(
                raw[:limit], text.removeprefix("\ufeff") if at_start else text, offset, too_long or len(raw) > limit
            )
            at_start = too_long = False
        if len(held) * unit > limit:
            offset += len(held.encode(encoding, "surrogatepass"))
            held, too_long = "", True
        if not chunk:
            return

"""Reading Master.csv from an offset on: a file that Asterisk appends to and logrotate moves away."""

import csv
import hashlib
import os
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cxconnectors.asterisk_cdr.legs import call_key, ended, leg
from cxcore.sdk import Cursor, Record, SourceUnavailable

BROKEN = "text/x-cdr-row"
_LINE_LIMIT = 64 * 1024
_LEAST_COLUMNS = 16


@dataclass(frozen=True, slots=True)
class Position:
    """Where reading stands: the file by its inode, and the offset of a row's first byte."""

    inode: int
    offset: int
    size: int

    def cursor(self) -> dict[str, int]:
        return {"inode": self.inode, "offset": self.offset, "size": self.size}

    @classmethod
    def of(cls, cursor: Cursor | None) -> "Position | None":
        return None if cursor is None else cls(*(int(str(cursor[k])) for k in ("inode", "offset", "size")))


def stat(path: Path) -> os.stat_result:
    """The file's state.

    Raises:
        SourceUnavailable: it is not there or may not be read.
    """
    try:
        found = path.stat()
        with path.open("rb"):
            return found
    except OSError as exc:
        raise SourceUnavailable(
            f"{path} cannot be read: {exc.strerror}.", hint="Check the path and its rights."
        ) from exc


def parts(path: Path, since: Position | None) -> list[tuple[Path, Position]]:
    """The files to read and where from: the rest of one that was rotated away, then the present one."""
    now = stat(path)
    if since is None:
        return [(path, Position(now.st_ino, 0, now.st_size))]
    if since.inode == now.st_ino and since.size <= now.st_size:
        return [] if since.size == now.st_size else [(path, Position(now.st_ino, since.offset, now.st_size))]
    result = [(path, Position(now.st_ino, 0, now.st_size))]
    for other in sorted(path.parent.glob(f"{path.name}*")):
        if other != path and other.is_file() and other.stat().st_ino == since.inode:
            result.insert(0, (other, Position(since.inode, since.offset, other.stat().st_size)))
    return result


async def legs(
    files: Sequence[tuple[Path, Position]], columns: Sequence[str]
) -> AsyncGenerator[tuple[dict[str, str] | Record, tuple[int, int], str]]:
    """Legs row by row, each with where it stands: which of the files, and the offset. What is none comes as a record."""
    for index, (path, start) in enumerate(files):
        for number, offset, line in _lines(path, start.offset):
            origin = f"{path.name} at byte {offset}" if number is None else f"{path.name} row {number}"
            yield _leg(line, columns, origin), (index, offset), origin


def _lines(path: Path, offset: int) -> Iterator[tuple[int | None, int, bytes]]:
    """Whole lines from an offset on; a last line without its end is still being written and is left for later."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            number = 0 if offset == 0 else None
            while line := file.readline(_LINE_LIMIT):
                if not line.endswith(b"\n") and len(line) < _LINE_LIMIT:
                    return
                number = None if number is None else number + 1
                if line.strip():
                    yield number, offset, line
                offset += len(line)
    except OSError as exc:
        raise SourceUnavailable(f"{path} cannot be read: {exc.strerror}.") from exc


def _leg(line: bytes, columns: Sequence[str], origin: str) -> dict[str, str] | Record:
    text = line.decode("utf-8", "replace").rstrip("\r\n")
    try:
        values = next(csv.reader([text], strict=True))
    except csv.Error:
        values = []
    names = columns if len(values) != len(columns) + 1 else (*columns[:-2], "peeraccount", *columns[-2:])
    found = leg(dict(zip(names, values, strict=False)))
    if len(values) >= _LEAST_COLUMNS and call_key(found) is not None and ended(found) is not None:
        return found
    if len(values) >= _LEAST_COLUMNS and ended(found) is not None:
        return {**found, "uniqueid": f"row-{hashlib.sha256(line).hexdigest()[:24]}"}
    return Record("calls", f"row-{hashlib.sha256(line).hexdigest()[:24]}", line, media_type=BROKEN, origin=origin)

"""Where a pull goes on: how far the folder is read, and how far each file that may still grow.

As JSON, always under 4 KB: ``{"v": 1, "conf": digest of the settings that decide what is read, "after": [ctime in ns,
place] of the last file wholly read, "near": [count, digest] of the files read within two seconds before it,
"late": [ctime, place, digest of the list] while late files are read, "folders": known folders, six characters each, or
"#" and one digest, "files": {place digest: [inode, ctime, size, resume, row, sample digest]}}``.
"""

import hashlib
import os
from base64 import urlsafe_b64encode
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from cxconnectors.files.scan import FileSeen, Scan
from cxcore.sdk import Cursor

NEAR_NS = 2_000_000_000
"""Clocks of file systems tick coarsely and writers race: so far behind the last file a late one may still turn up."""
MAX_FILES = 16
MAX_FOLDERS = 100
_BLOCK = 4096
_BLOCKS = 16


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one file is read: to ``size``; a grown file is read on from ``resume``, where row ``row`` + 1 begins.

    ``resume`` is before ``size`` when the last piece might not have been finished. ``sample`` digests the head, the end
    and blocks between of what was read.
    """

    inode: int
    ctime_ns: int
    size: int
    resume: int
    row: int
    sample: str


def sample(file: BinaryIO, size: int) -> str:
    """A digest of blocks spread over the first ``size`` bytes, both ends included; does not move the position."""
    digest = hashlib.sha256(str(size).encode())
    last = max(size - _BLOCK, 0)
    for offset in sorted({last * step // (_BLOCKS - 1) for step in range(_BLOCKS)}):
        digest.update(os.pread(file.fileno(), min(_BLOCK, size - offset), offset))
    return urlsafe_b64encode(digest.digest()[:9]).decode()


def _short(place: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(place.encode()).digest()[:6]).decode()


@dataclass(slots=True)
class Near:
    """The files read within ``NEAR_NS`` before the last one, as a count and an exclusive or: O(1) to compare."""

    members: deque[tuple[int, int]] = field(default_factory=deque)
    digest: int = 0

    def add(self, file: FileSeen, size: int) -> None:
        """``file`` has been read up to ``size``, which may be more or less than what the scan saw."""
        mark = file.mark(size)
        self.members.append((file.ctime_ns, mark))
        self.digest ^= mark
        self.trim(file.ctime_ns - NEAR_NS)

    def trim(self, from_ns: int) -> None:
        while self.members and self.members[0][0] < from_ns:
            self.digest ^= self.members.popleft()[1]

    def as_json(self) -> list[Any]:
        return [len(self.members), f"{self.digest:016x}"]


@dataclass(slots=True)
class State:
    """The cursor in working form."""

    conf: str
    after: tuple[int, str] = (-1, "")
    late: tuple[int, str, str] | None = None
    folders: str = ""
    files: dict[str, Progress] = field(default_factory=dict)
    near: Near = field(default_factory=Near)
    near_was: list[Any] | None = None

    @classmethod
    def read(cls, cursor: Cursor | None, conf: str) -> "State | None":
        """The state a cursor stands for; None if it belongs to other settings or is none of ours."""
        if cursor is None or cursor.get("v") != 1 or cursor.get("conf") != conf:
            return None
        saved: Any = cursor
        late = saved.get("late")
        return cls(
            conf=conf,
            after=(saved["after"][0], saved["after"][1]),
            late=(late[0], late[1], late[2]) if late else None,
            folders=saved["folders"],
            files={key: Progress(*values) for key, values in saved["files"].items()},
            near_was=saved["near"],
        )

    def as_json(self) -> dict[str, Any]:
        made: dict[str, Any] = {
            "v": 1,
            "conf": self.conf,
            "after": list(self.after),
            "near": self.near_was if self.near_was is not None else self.near.as_json(),
            "folders": self.folders,
            "files": {key: [p.inode, p.ctime_ns, p.size, p.resume, p.row, p.sample] for key, p in self.files.items()},
        }
        if self.late:
            made["late"] = list(self.late)
        return made

    def progress(self, file: FileSeen) -> Progress | None:
        return self.files.get(_short(file.place))

    def remember(self, file: FileSeen, progress: Progress) -> None:
        """Keep how far the file is read; of too many, the smallest is forgotten: it costs least to read again."""
        key = _short(file.place)
        self.files[key] = progress
        if len(self.files) > MAX_FILES:
            del self.files[min((k for k in self.files if k != key), key=lambda k: self.files[k].size)]

    def forget(self, file: FileSeen) -> None:
        self.files.pop(_short(file.place), None)


def known_folders(folders: Iterable[str]) -> str:
    marks = sorted(folders)
    if len(marks) <= MAX_FOLDERS:
        return "".join(marks)
    return "#" + hashlib.sha256("".join(marks).encode()).hexdigest()[:16]


def unknown_folders(scan: Scan, known: str) -> set[str]:
    """Places of folders that were not there before: what lies in them is new however old its ctime (``mv folder``)."""
    if known == known_folders(scan.folders.values()):
        return set()
    if known.startswith("#"):
        return set(scan.folders)
    marks = {known[at : at + 6] for at in range(0, len(known), 6)}
    return {place for place, mark in scan.folders.items() if mark not in marks}


def list_digest(files: Iterable[FileSeen]) -> str:
    digest = 0
    for file in files:
        digest ^= file.mark(file.size)
    return f"{digest:016x}"

"""Which files there are, in the order in which they are read."""

import fnmatch
import hashlib
import os
import stat
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cxconnectors.files.config import FilesConfig, Format
from cxcore.sdk import AuthFailed, SourceUnavailable

MAX_PLACE = 120
_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".tmp", ".swp", "~")


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file as the scan saw it. ``place`` is its path inside the folder as bytes in Latin-1: it sorts and is JSON."""

    path: Path
    place: str
    ctime_ns: int
    size: int
    inode: int
    in_maildir: bool

    @property
    def order(self) -> tuple[int, str]:
        """By change of the inode, which ``cp -p``, ``rsync -t`` and ``touch -d`` cannot backdate as they do mtime.

        Then by place, shortened so that a cursor can hold it.
        """
        if len(self.place) <= MAX_PLACE:
            return self.ctime_ns, self.place
        digest = hashlib.sha256(self.place.encode()).hexdigest()[:16]
        return self.ctime_ns, f"{self.place[: MAX_PLACE - 17]}#{digest}"

    @property
    def folder(self) -> str:
        return self.place.rpartition("/")[0]

    @property
    def shown(self) -> str:
        """The place as a person writes it."""
        return shown(self.place)

    def mark(self, size: int) -> int:
        """64 bits that stand for this file in this state with this size."""
        state = f"{self.place}\n{self.inode}\n{self.ctime_ns}\n{size}"
        return int.from_bytes(hashlib.sha256(state.encode()).digest()[:8])


@dataclass(frozen=True, slots=True)
class Scan:
    """All files in reading order, and the folders they may lie in (short digests by place)."""

    files: list[FileSeen]
    folders: dict[str, str]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


def shown(place: str) -> str:
    return place.encode("latin-1").decode("utf-8", "replace")


def _fits(place: str, pattern: str) -> bool:
    name = place.rpartition("/")[2]
    return fnmatch.fnmatchcase(shown(place) if "/" in pattern else shown(name), pattern)


def _folder_mark(place: str, inode: int) -> str:
    return urlsafe_b64encode(hashlib.sha256(f"{place}\n{inode}".encode()).digest())[:6].decode()


def _walk(root: Path, config: FilesConfig, folders: dict[str, str]) -> Iterator[FileSeen]:
    pending = [(os.fsencode(root), "")]
    while pending:
        folder, place = pending.pop()
        try:
            with os.scandir(folder) as found:
                entries = list(found)
            folders[place] = _folder_mark(place, os.stat(folder).st_ino)  # noqa: PTH116 - bytes paths: names may be no UTF-8
        except FileNotFoundError:
            continue
        except PermissionError as exc:
            raise SourceUnavailable(
                f"The folder {shown(place) or config.path} may not be read.",
                hint="Give cxcore's user the right to read it.",
            ) from exc
        names = {entry.name for entry in entries}
        maildir = b"cur" in names and b"new" in names
        for entry in entries:
            inside = f"{place}/{entry.name.decode('latin-1')}".lstrip("/")
            if entry.is_dir(follow_symlinks=False):
                if maildir and entry.name == b"tmp":
                    continue  # mails still being delivered
                if not entry.name.startswith(b".") or os.path.isdir(os.path.join(entry.path, b"cur")):  # noqa: PTH112, PTH118
                    pending.append((entry.path, inside))
            elif (
                (seen := _file(entry, inside))
                and (seen.in_maildir or not (maildir or config.format is Format.MAILDIR))
                and _fits(inside, config.pattern)
            ):
                yield seen


def _file(entry: "os.DirEntry[bytes]", place: str) -> FileSeen | None:
    name = shown(place.rpartition("/")[2])
    if name.startswith(".") or name.lower().endswith(_UNFINISHED):
        return None
    try:
        status = entry.stat()
        ctime = max(status.st_ctime_ns, entry.stat(follow_symlinks=False).st_ctime_ns)
    except OSError:
        return None  # it went, or is a link to nothing
    if not stat.S_ISREG(status.st_mode):
        return None  # opening a pipe or a device could wait for ever
    in_maildir = place.rpartition("/")[0].rpartition("/")[2] in {"cur", "new"}
    return FileSeen(Path(os.fsdecode(entry.path)), place, ctime, status.st_size, status.st_ino, in_maildir)


def scan(config: FilesConfig) -> Scan:
    """All files that fit the configuration, oldest change first.

    Raises:
        SourceUnavailable: path or a folder in it cannot be read.
        AuthFailed: cxcore's user may not look into the path.
    """
    root = config.path
    try:
        status = root.stat()
        if stat.S_ISDIR(status.st_mode):
            folders: dict[str, str] = {}
            os.scandir(root).close()
            files = sorted(_walk(root, config, folders), key=lambda file: file.order)
            return Scan(files, folders)
    except FileNotFoundError as exc:
        raise SourceUnavailable(f"{root} does not exist.", hint="Correct `path`, or mount the folder.") from exc
    except PermissionError as exc:
        raise AuthFailed(f"{root} may not be read.", hint="Give cxcore's user the right to read it.") from exc
    except OSError as exc:
        raise SourceUnavailable(f"{root} cannot be read: {exc.strerror}.") from exc
    if not stat.S_ISREG(status.st_mode):
        raise SourceUnavailable(f"{root} is neither a file nor a folder.", hint="Correct `path`.")
    name = os.fsencode(root.name).decode("latin-1")
    return Scan([FileSeen(root, name, status.st_ctime_ns, status.st_size, status.st_ino, in_maildir=False)], {})

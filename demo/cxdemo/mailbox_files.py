"""Mail on disk: mbox in its mboxrd form, Maildir, loose .eml files."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cxdemo.moments import SHORT_EN

_FROM = re.compile(rb"^(>*From )", re.MULTILINE)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def from_line(sender: str, at: datetime) -> bytes:
    at = at.astimezone(UTC)
    return f"From {sender or 'MAILER-DAEMON'} {_WEEKDAYS[at.weekday()]} {SHORT_EN[at.month - 1]} {at.day:2d} {at:%H:%M:%S} {at.year}\n".encode()


def mbox_entry(sender: str, at: datetime, message: bytes) -> bytes:
    """mboxrd: every line that begins with From, however deep in '>' already, gets one '>' more."""
    return from_line(sender, at) + _FROM.sub(rb">\1", message) + (b"" if message.endswith(b"\n") else b"\n") + b"\n"


def write_mbox(path: Path, entries: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(entries)


def write_maildir(root: Path, messages: Iterable[tuple[datetime, bytes, bool]]) -> list[str]:
    """Seen messages into cur, others into new; returns the file names in the given order."""
    for folder in ("cur", "new", "tmp"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    names = []
    for n, (at, message, seen) in enumerate(messages):
        name = f"{int(at.timestamp())}.M{n:06d}P4711.mx1"
        path = root / "cur" / f"{name}:2,S" if seen else root / "new" / name
        path.write_bytes(message)
        names.append(f"{path.parent.name}/{path.name}")
    return names

"""Mailboxes: what they are called, and which of them are followed."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cxconnectors.jmap.config import EVERY

_NOT_FOLLOWED = frozenset({"drafts", "junk", "trash"})
_DEEPEST = 20


def short(name: str) -> str:
    """What an account or mailbox is called in cursors and places: a digest, since people name them after people."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox with its whole name, ``Orders/2026``."""

    id: str
    name: str
    role: str | None
    total: int


def read(found: Iterable[Mapping[str, Any]]) -> list[Mailbox]:
    """Mailboxes as Mailbox/get lists them, by name."""
    by_id = {str(each["id"]): each for each in found}
    made = [
        Mailbox(key, _path(key, by_id), _role(each.get("role")), _count(each.get("totalEmails")))
        for key, each in by_id.items()
    ]
    return sorted(made, key=lambda box: (box.name, box.id))


def followed(there: Sequence[Mailbox], wanted: Iterable[str]) -> tuple[list[Mailbox], list[str]]:
    """Of the mailboxes that are there those wanted, each once; and the wishes that fit none."""
    found: dict[str, Mailbox] = {}
    unmet = []
    for wish in wanted:
        fitting = [box for box in there if _fits(box, wish)]
        found.update({box.id: box for box in fitting if box.id not in found})
        if not fitting:
            unmet.append(wish)
    return list(found.values()), unmet


def _fits(box: Mailbox, wish: str) -> bool:
    if wish == EVERY:
        return box.role not in _NOT_FOLLOWED
    if wish.upper() == "INBOX":
        return box.role == "inbox"
    return box.role == wish[1:].lower() if wish.startswith("\\") else box.name == wish


def _path(key: str, by_id: Mapping[str, Mapping[str, Any]]) -> str:
    names: list[str] = []
    at: str | None = key
    while at is not None and (box := by_id.get(at)) is not None and len(names) < _DEEPEST:
        names.append(str(box.get("name") or ""))
        parent = box.get("parentId")
        at = parent if isinstance(parent, str) else None
    return "/".join(reversed(names))


def _role(found: Any) -> str | None:
    return found.lower() if isinstance(found, str) else None


def _count(found: Any) -> int:
    return found if isinstance(found, int) and found > 0 else 0

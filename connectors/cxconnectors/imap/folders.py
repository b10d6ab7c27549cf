"""Folders: their names on the wire, and which of them are followed."""

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from cxconnectors.imap.wire import Answer, Malformed

EVERY = "*"
_NOT_FOLLOWED = frozenset({"\\drafts", "\\junk", "\\trash"})
_UNSELECTABLE = frozenset({"\\noselect", "\\nonexistent"})
_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")
_PLAIN = re.compile(r"[^\x20-\x7e]+|&")


def encoded(name: str) -> str:
    """A name in modified UTF-7 (RFC 3501, section 5.1.3)."""

    def shift(found: re.Match[str]) -> str:
        if found[0] == "&":
            return "&-"
        made = b64encode(found[0].encode("utf-16-be", "surrogatepass")).decode("ascii")
        return "&" + made.rstrip("=").replace("/", ",") + "-"

    return _PLAIN.sub(shift, name)


def decoded(name: str) -> str:
    """A name from modified UTF-7; what is none stays as it is."""

    def unshift(found: re.Match[str]) -> str:
        if not found[1]:
            return "&"
        made = found[1].replace(",", "/")
        try:
            return b64decode(made + "=" * (-len(made) % 4)).decode("utf-16-be")
        except ValueError:
            return found[0]

    return _SHIFTED.sub(unshift, name)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that can be opened. ``wire`` is its name as the server writes it, ``uses`` in small letters."""

    name: str
    wire: str
    uses: frozenset[str]

    @property
    def scope(self) -> str:
        """What the folder is called in cursors and places: a digest, since people name folders after people."""
        return _scope(self.name)


@lru_cache(maxsize=1000)
def _scope(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def listed(answers: Iterable[Answer]) -> list[Folder]:
    """The folders that a LIST names, by name.

    Raises:
        Malformed: the list follows no grammar.
    """
    found: dict[str, Folder] = {}
    for each in answers:
        if each.pieces[0][:5].upper() != b"LIST ":
            continue
        values = each.values()
        if len(values) < 4 or not isinstance(values[1], list):  # noqa: PLR2004 - LIST, attributes, delimiter, name
            raise Malformed
        flags, name = values[1], values[3]
        uses = frozenset(flag.lower() for flag in flags if isinstance(flag, str))
        wire = name.decode("utf-8", "replace") if isinstance(name, bytes) else name if isinstance(name, str) else "NIL"
        if wire.upper() == "INBOX":
            wire = "INBOX"
        if not uses & _UNSELECTABLE and wire.isascii() and wire.isprintable():
            found[wire] = Folder(decoded(wire), wire, uses)
    return sorted(found.values(), key=lambda folder: folder.name)


def followed(there: Iterable[Folder], wanted: Iterable[str]) -> tuple[list[Folder], list[str]]:
    """Of the folders that are there those wanted, each once, in the order of the wishes; and the wishes that fit none."""
    found: dict[str, Folder] = {}
    unmet = []
    there = list(there)
    for wish in wanted:
        name = "INBOX" if wish.upper() == "INBOX" else wish
        fitting = [f for f in there if _fits(f, name)]
        found.update({f.wire: f for f in fitting if f.wire not in found})
        if not fitting:
            unmet.append(wish)
    return list(found.values()), unmet


def _fits(folder: Folder, wish: str) -> bool:
    if wish == EVERY:
        return not folder.uses & _NOT_FOLLOWED
    return wish.lower() in folder.uses if wish.startswith("\\") else folder.name == wish

"""What a server's lines say (RFC 3501, section 9): answers to values. Pure; whatever the bytes, it ends or raises Malformed."""

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

Value: TypeAlias = "str | bytes | list[Value] | None"
"""An atom or number as str, a string or literal as bytes, a list, NIL as None."""

MAX_DEPTH = 20

LITERAL = re.compile(rb"~?\{(\d{1,10})\+?\}\r?\n\Z")
_TOKEN = re.compile(rb'[ \t]*(?:([()])|"((?:[^"\\\r\n]|\\.)*)"|((?:\[[^\]\r\n]*\]|[^\s()"\[])+)|(\r?\n?\Z)|([\s\S]))')
_BRACKET, _STRING, _ATOM, _ODD = 1, 2, 3, 5
_STATUS = re.compile(rb"(OK|NO|BAD|BYE|PREAUTH)\b[ \t]*(?:\[([^\]\r\n]*)\])?", re.IGNORECASE)
_ESCAPED = re.compile(rb"\\(.)")


class Malformed(Exception):
    """The server's answer follows no grammar we know."""


class Answer(NamedTuple):
    """One response. ``pieces``: lines and literals in turn, beginning and ending with a line; the tag is cut off."""

    tag: str
    pieces: Sequence[bytes]

    @property
    def status(self) -> str:
        """OK, NO, BAD, BYE, PREAUTH, or "" if it is no status response."""
        found = _STATUS.match(self.pieces[0])
        return found[1].decode("ascii").upper() if found else ""

    @property
    def code(self) -> list[str]:
        """The words of a status response's code: [UIDNEXT 17] gives UIDNEXT, 17."""
        found = _STATUS.match(self.pieces[0])
        words = found[2].decode("ascii", "replace").split() if found and found[2] else []
        return [words[0].upper(), *words[1:]] if words else []

    def values(self) -> list[Value]:
        """The response as values.

        Raises:
            Malformed: it follows no grammar, or nests too deep.
        """
        stack: list[list[Value]] = [[]]
        for number, piece in enumerate(self.pieces):
            if number % 2:
                stack[-1].append(piece)
            else:
                _tokens(piece if number == len(self.pieces) - 1 else LITERAL.sub(b"", piece), stack)
        if len(stack) != 1:
            raise Malformed
        return stack[0]


def answer(pieces: Sequence[bytes]) -> Answer:
    """A response from its lines and literals."""
    tag, _, rest = pieces[0].partition(b" ")
    if tag == b"*":
        return Answer("*", (rest, *pieces[1:]))
    return Answer(tag.decode("ascii", "replace").strip(), (rest, *pieces[1:]))


def _tokens(text: bytes, stack: list[list[Value]]) -> None:
    for found in _TOKEN.finditer(text):
        kind = found.lastindex
        if kind == _ATOM:
            atom = found[_ATOM].decode("ascii", "replace")
            stack[-1].append(None if atom.upper() == "NIL" else atom)
        elif kind == _STRING:
            said = found[_STRING]
            stack[-1].append(_ESCAPED.sub(rb"\1", said) if b"\\" in said else said)
        elif kind == _BRACKET and found[_BRACKET] == b"(":
            if len(stack) > MAX_DEPTH:
                raise Malformed
            stack.append([])
            stack[-2].append(stack[-1])
        elif kind == _BRACKET:
            if len(stack) == 1:
                raise Malformed
            stack.pop()
        elif kind == _ODD:
            raise Malformed


def pairs(values: Value) -> dict[str, Value]:
    """A list of names and values in turn, as FETCH gives it; names in capitals, of a repeated one the last.

    Raises:
        Malformed: it is no such list.
    """
    if not isinstance(values, list) or len(values) % 2:
        raise Malformed
    result: dict[str, Value] = {}
    for name, value in zip(values[::2], values[1::2], strict=True):
        if not isinstance(name, str):
            raise Malformed
        result[name.upper()] = value
    return result


def number(value: Value, most: int = (1 << 63) - 1) -> int:
    """A value that must be a whole number.

    Raises:
        Malformed: it is none, or more than ``most``.
    """
    if not isinstance(value, str) or not value.isascii() or not value.isdigit() or len(value) > 19:  # noqa: PLR2004
        raise Malformed
    if int(value) > most:
        raise Malformed
    return int(value)


def quoted(text: str) -> str:
    """ASCII text as a quoted string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

"""A kind of problem in words, and what is made of it: the page under /problems, and its part of docs/api/problems.md."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue

PATH = "/problems/"
"""Where a kind's page stands, by its code."""
_WIDTH = 140


class Again(StrEnum):
    """Whether it makes sense to send the same request again."""

    NO = "No: the same request will be answered the same."
    CHANGED = "Not as it is: send what was put right."
    LATER = "Yes, later; with the same `Idempotency-Key` it has its effect once."
    NEVER_SENT = "Nobody is answered with it over the API."


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem. ``statuses``: those it is answered with, none where it is no answer of the API; ``detail`` and
    ``errors``: as in an example. Texts are Markdown of which only `code` is used."""

    code: str
    statuses: tuple[int, ...]
    means: str
    do: str
    again: Again
    detail: str = ""
    errors: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """The code in words."""
        return title(self.code)

    def example(self, home: str) -> dict[str, JsonValue]:
        """A body as it is answered where the service stands at ``home`` ("" where that is not known)."""
        return {
            "type": uri(self.code, home),
            "title": self.title,
            "status": self.statuses[0],
            "code": self.code,
            "detail": self.detail,
            "errors": [{"pointer": pointer, "detail": detail} for pointer, detail in self.errors],
        }


def title(code: str) -> str:
    """A code in words."""
    return code.replace("_", " ").capitalize()


def uri(code: str, home: str) -> str:
    """The `type` of a problem: absolute where the service knows its own address, else a reference with its whole path,
    which a client resolves against the address it asked (RFC 9457, section 3.1.1)."""
    return f"{home}{PATH}{code}"


def markdown(kinds: Iterable[Kind]) -> str:
    """The kinds as docs/api/problems.md tells them, a heading each."""
    return "\n\n".join(f"## {kind.code}\n{_wrapped(_told(kind))}" for kind in kinds) + "\n"


def _told(kind: Kind) -> str:
    statuses = f"{' or '.join(map(str, kind.statuses))}. " if kind.statuses else ""
    return f"{statuses}{kind.means} {kind.do} *Again?* {kind.again.value}"


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False))

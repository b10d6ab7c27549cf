"""Where a pull goes on: how far each folder is read.

As JSON, always under 4 KB: ``{"v": 1, "to": newest time of arrival in s since 1970, "folders": {scope: [UIDVALIDITY,
last UID handed over, HIGHESTMODSEQ, mails up to there or -1, 1 if the folder has been read whole]}}``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cxcore.sdk import Cursor

MAX_FOLDERS = 50
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a folder is read: up to ``last``; of what has gone, all up to ``modseq`` has been told.

    ``count`` is how many mails there were up to ``last``, or UNKNOWN. ``whole`` is false until the folder has been read
    to its end once since it was numbered so.
    """

    validity: int
    last: int = 0
    modseq: int = 0
    count: int = UNKNOWN
    whole: bool = False


@dataclass(slots=True)
class State:
    """The cursor in working form."""

    folders: dict[str, Reached] = field(default_factory=dict)
    newest: int = 0

    @classmethod
    def read(cls, cursor: Cursor | None) -> "State":
        """The state a cursor stands for; that of the start if it is none of ours."""
        if cursor is None or cursor.get("v") != 1:
            return cls()
        saved: Mapping[str, Any] = cursor
        return cls(
            {
                scope: Reached(v, last, modseq, count, bool(whole))
                for scope, (v, last, modseq, count, whole) in saved["folders"].items()
            },
            saved["to"],
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "v": 1,
            "to": self.newest,
            "folders": {s: [p.validity, p.last, p.modseq, p.count, int(p.whole)] for s, p in self.folders.items()},
        }

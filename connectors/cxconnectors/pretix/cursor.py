"""Where the stream of orders stands: small, whatever the number of events."""

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cxcore.sdk import Cursor

MOST_EVENTS = 600
_BYTES = 3
"""Of an event's digest: among 600 events a new one is taken for a known one once in 28,000 times."""
MOST_TESTS = 30
"""Orders of test mode that are watched for deletion."""
_TIMES = ("since", "listed", "until", "whole")


@dataclass(frozen=True, slots=True)
class Place:
    """``asked``: what is read, digested. ``since``: all changes up to it have been handed over, by pretix's clock.
    ``known``: digests of the events whose orders of before have been; ``listed``: when events were last looked for.

    Of readings under way the page to come next, counted from the last one down: ``event`` and ``page`` of an event's
    first reading; ``news``, and ``until`` when, of what changed since; ``again`` of the reading of everything, begun
    ``whole``. ``tests``: keys of orders in test mode.
    """

    asked: str
    since: datetime | None = None
    known: frozenset[bytes] = frozenset()
    listed: datetime | None = None
    event: str | None = None
    page: int | None = None
    news: int | None = None
    until: datetime | None = None
    again: int | None = None
    whole: datetime | None = None
    tests: tuple[str, ...] = ()

    def knows(self, event: str) -> bool:
        return _digest(event) in self.known

    def learnt(self, event: str) -> "Place":
        """With an event whose orders have been handed over."""
        return replace(self, known=self.known | {_digest(event)}, event=None, page=None)

    def seeing(self, events: Collection[str], *, at: datetime) -> "Place":
        """Once all ``events`` that the token may see are known: the others are forgotten, lest one that is shown again
        be taken for known."""
        return replace(self, known=self.known & {_digest(e) for e in events}, listed=at, event=None, page=None)

    def saved(self) -> Cursor:
        told: dict[str, Any] = {"asked": self.asked}
        for name in _TIMES:
            if (at := getattr(self, name)) is not None:
                told[name] = at.isoformat()
        for name in ("event", "page", "news", "again"):
            if (value := getattr(self, name)) is not None:
                told[name] = value
        kept = sorted(self.known)[:MOST_EVENTS]
        return told | {"known": base64.b64encode(b"".join(kept)).decode(), "tests": list(self.tests)}


def place(cursor: Cursor | None, asked: str) -> Place:
    """What a cursor says; the beginning without one, or when something else was ``asked`` for."""
    told: dict[str, Any] = dict(cursor or {})
    if told.get("asked") != asked:
        return Place(asked)
    times = {name: datetime.fromisoformat(told[name]) for name in _TIMES if name in told}
    raw = base64.b64decode(told.get("known") or "")
    return Place(
        asked,
        known=frozenset(raw[n : n + _BYTES] for n in range(0, len(raw), _BYTES)),
        since=times.get("since"),
        listed=times.get("listed"),
        until=times.get("until"),
        whole=times.get("whole"),
        event=told.get("event"),
        page=told.get("page"),
        news=told.get("news"),
        again=told.get("again"),
        tests=tuple(told.get("tests") or ()),
    )


def _digest(event: str) -> bytes:
    return hashlib.sha256(event.encode()).digest()[:_BYTES]

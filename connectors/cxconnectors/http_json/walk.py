"""Walk: one way through the pages of a stream, as the cursor keeps it, and the rules by which it moves on. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from cxconnectors.http_json import times
from cxconnectors.http_json.paginate import State, Turn
from cxconnectors.http_json.stream_config import StreamEntry
from cxcore.sdk import Cursor, SourceUnavailable


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a stream stands. All times are the source's.

    ``since``: everything up to it has been handed over. Of the walk under way: ``at`` and ``to`` are the bounds of what
    is asked for, ``page`` the next page's place, ``high`` the newest change that may become ``since``, ``began`` the
    source's clock at its first answer. ``fresh``: the walk has not begun. ``ties``: digest of the pages from the first
    on that hold nothing newer than ``at``; ``before``: the same when they were read the time before.
    """

    since: datetime | None
    at: datetime | None
    to: datetime | None = None
    page: State = None
    high: datetime | None = None
    began: datetime | None = None
    fresh: bool = True
    ties: str | None = None
    before: str | None = None

    @property
    def restarted(self) -> "Walk":
        """The same walk from its first page, as when the source has forgotten the place."""
        return replace(self, page=None, ties=None, before=self.ties)


@dataclass(frozen=True, slots=True)
class Step:
    """The walk after a page. ``ended``: nothing is left for this pull. ``moved``: other pages are asked for now."""

    walk: Walk
    ended: bool
    moved: bool


def begin(entry: StreamEntry, since: datetime | None) -> Walk:
    """A new walk from what has been handed over, less the overlap, or from the configured start."""
    if entry.since is None:
        return Walk(None, None)
    at = times.earlier(since, entry.since.overlap) if since else entry.since.start
    to = at + entry.since.window if at and entry.since.window else None
    return Walk(since, at, to)


def step(
    entry: StreamEntry, walk: Walk, *, turn: Turn, changed: Sequence[datetime], digest: str, now: datetime | None
) -> Step:
    """Move on after a page.

    ``changed``: when its records changed; ``digest``: what tells it from other pages; ``now``: the source's clock.

    Raises:
        SourceUnavailable: the page is not sorted as the configuration says, or older than asked for.
    """
    _check_order(entry, walk, changed, back=turn.back)
    began = walk.began or now
    high = _high(entry, walk, changed, began=began, now=now)
    going = replace(walk, page=turn.state, high=high, began=began, fresh=False)
    if entry.anchored and changed and not turn.back:
        newest = max(changed)
        newer = walk.at is None or entry.lower(newest) > entry.lower(walk.at)
        if newer and walk.page is not None and (walk.ties is None or walk.ties != walk.before):
            # a page before may have grown or lost records since it was read: until it comes out the same, read it again
            return Step(replace(going.restarted, high=walk.high), ended=False, moved=True)
        if newer and turn.state is not None:
            return Step(replace(going, at=newest, page=None, ties=None, before=None), ended=False, moved=True)
        going = replace(going, ties=hashlib.sha256(f"{walk.ties}{digest}".encode()).hexdigest()[:24])
    if turn.state is None or _reached(entry, walk, changed):
        return _after_last(entry, walk, high=high, began=began)
    return Step(going, ended=False, moved=turn.back)


def _check_order(entry: StreamEntry, walk: Walk, changed: Sequence[datetime], *, back: bool) -> None:
    """Refuse what would make the walk pass records over, to the second."""
    if entry.since is None or not changed:
        return
    seconds = [times.floor(time, "iso") for time in changed]
    order = entry.since.order
    if (order == "asc" and seconds != sorted(seconds)) or (
        order == "desc" and seconds != sorted(seconds, reverse=True)
    ):
        raise SourceUnavailable(
            f"The source's records are not sorted {'up' if order == 'asc' else 'down'} by their time of change.",
            hint="Ask for that order in parameters, or leave out `order`.",
        )
    if entry.anchored and walk.at and not back and max(changed) < entry.lower(walk.at):
        raise SourceUnavailable(
            "The source answers with records older than asked for.", hint="Is {since} in the right place and format?"
        )


def _high(
    entry: StreamEntry, walk: Walk, changed: Sequence[datetime], *, began: datetime | None, now: datetime | None
) -> datetime | None:
    """The newest change that may become ``since``: nothing changed before it can still be unread at the walk's end.

    Sorted upwards, that is the newest there is; downwards, the newest of the first page; unsorted, nothing later than
    the walk's first answer. A record dated in the source's future does not count beyond its clock.
    """
    if entry.since is None or not changed:
        return walk.high
    if entry.since.order == "desc" and not walk.fresh:
        return walk.high
    limit = began if entry.since.order == "none" else now
    newest = max(changed) if limit is None else min(max(changed), limit)
    return newest if walk.high is None else max(walk.high, newest)


def _reached(entry: StreamEntry, walk: Walk, changed: Sequence[datetime]) -> bool:
    """Whether a walk from the newest down has come to what has been handed over before."""
    return bool(
        entry.since and entry.since.order == "desc" and walk.at and changed and min(changed) < entry.lower(walk.at)
    )


def _after_last(entry: StreamEntry, walk: Walk, *, high: datetime | None, began: datetime | None) -> Step:
    """The walk after this one: through the next window, if this one had closed when the walk began; else from anew."""
    if entry.since is None:
        return Step(Walk(None, None), ended=True, moved=True)
    if walk.to is not None and began is not None and entry.since.window and walk.to <= began - entry.since.overlap:
        return Step(begin(entry, walk.to), ended=False, moved=True)
    newest = max((time for time in (walk.since, high) if time), default=None)
    return Step(begin(entry, newest), ended=True, moved=True)


def saved(entry: StreamEntry, walk: Walk) -> Cursor:
    """The cursor: ``conf`` (what is read, digested), ``since``, and ``walk`` while one is under way."""
    cursor: dict[str, Any] = {"v": 1, "conf": entry.reading_digest, "since": _text(walk.since)}
    if not walk.fresh:
        under_way = {
            "at": _text(walk.at),
            "to": _text(walk.to),
            "page": walk.page,
            "high": _text(walk.high),
            "began": _text(walk.began),
            "ties": walk.ties,
            "before": walk.before,
        }
        cursor["walk"] = {name: value for name, value in under_way.items() if value is not None}
    return cursor


def resumed(entry: StreamEntry, cursor: Cursor | None) -> Walk:
    """The walk that a cursor tells of; a new one from the start if the source would now be read otherwise."""
    if not cursor or cursor.get("conf") != entry.reading_digest:
        return begin(entry, None)
    since = _time(cursor.get("since"))
    found = cursor.get("walk")
    if not isinstance(found, Mapping):
        return begin(entry, since)
    return Walk(
        since,
        _time(found.get("at")),
        _time(found.get("to")),
        page=found.get("page"),
        high=_time(found.get("high")),
        began=_time(found.get("began")),
        fresh=False,
        ties=_digest(found.get("ties")),
        before=_digest(found.get("before")),
    )


def _text(time: datetime | None) -> str | None:
    return time.astimezone(UTC).isoformat() if time else None


def _time(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def _digest(text: Any) -> str | None:
    return text if isinstance(text, str) else None

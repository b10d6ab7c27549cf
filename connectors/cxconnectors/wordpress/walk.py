"""Comments read from the oldest on: once all, then the last day at each pull, and the last weeks when edits, approvals
and deletions are looked for, of which WordPress does not tell.

A page begins with the last comment of the one before. Where it does not, one has gone from the list meanwhile, and the
walk begins again, so that none is skipped. A kill costs the page at work. Comments that are missing are told at the end
of a walk that was neither interrupted nor begun again.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cxconnectors.wordpress import comment
from cxconnectors.wordpress.client import Client
from cxconnectors.wordpress.comment import STREAM, Comment, number_at
from cxconnectors.wordpress.config import WordPressConfig
from cxcore.sdk import Cursor, Gone, Page, Record, SourceUnavailable

OVERLAP = timedelta(days=1)
TOGETHER = 5000
"""How many ranges of empty places a page tells at most."""
_BEGINNINGS = 5
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Way:
    """A walk under way, of comments behind ``after``: so many are read, the last of them ``last``. Times in s since
    1970, by the site's clock; ``recheck`` whether what is missing is told."""

    after: int | None
    began: int
    recheck: bool
    read: int = 0
    last: int | None = None
    newest: int = 0


@dataclass(frozen=True, slots=True)
class Reached:
    """``seen``: when the newest comment was written of those that the last whole walk met. ``checked``: when missing
    comments were last looked for."""

    seen: int | None = None
    checked: int = 0
    way: Way | None = None

    @classmethod
    def read(cls, cursor: Cursor | None) -> "Reached":
        """Where a cursor stands; at the start if it is none of ours."""
        if cursor is None or cursor.get("v") != 1:
            return cls()
        saved: Mapping[str, Any] = cursor
        return cls(saved["seen"], saved["checked"], Way(**saved["way"]) if saved["way"] else None)

    def as_json(self) -> dict[str, Any]:
        return {"v": 1, **asdict(self)}


class Walk:
    """One pull."""

    def __init__(self, client: Client, config: WordPressConfig, cursor: Cursor | None) -> None:
        self._client, self._config = client, config
        self._reached = Reached.read(cursor)
        self._whole, self._beginnings = True, 0
        self._there: set[int] = set()

    async def pages(self) -> AsyncGenerator[Page]:
        """What is new or changed, and what has gone."""
        way, self._whole = self._reached.way, self._reached.way is None
        if way is None:
            await self._client.name()  # tells the site's time
            way = self._due()
        step = await self._step(way)
        while not step.ended:
            self._reached = replace(self._reached, way=step.way)
            yield Page(step.records, self._reached.as_json(), done=step.way.read, total=step.total)
            step = await self._step(step.way)
        gone = self._ended(step.way)
        for at in range(TOGETHER, len(gone), TOGETHER):
            yield Page((), self._reached.as_json(), gone=gone[at - TOGETHER : at])
        rest = gone[(len(gone) - 1) // TOGETHER * TOGETHER :] if gone else []
        complete_to = datetime.fromtimestamp(step.way.began, UTC) if step.way.began else None
        yield Page(step.records, self._reached.as_json(), complete_to, done=step.way.read, total=step.total, gone=rest)

    async def _step(self, way: Way) -> "_Step":
        """The next comments of a walk; from its beginning again where the last one read has gone from the list."""
        while self._beginnings <= _BEGINNINGS:
            overlap = 1 if way.read else 0
            listed, total = await self._client.comments(
                after=way.after, offset=way.read - overlap, limit=self._config.page
            )
            found = [made for each in listed if (made := comment.read(each, self._config)) is not None]
            if not overlap or (found and found[0].id == way.last):
                return await self._stepped(way, found[overlap:], count=len(listed) - overlap, total=total)
            way, self._whole = replace(way, read=0, last=None), False
            self._beginnings += 1
        raise SourceUnavailable("The site's comments change too fast.", hint="It is tried again by itself.")

    async def _stepped(self, way: Way, new: Sequence[Comment], *, count: int, total: int) -> "_Step":
        self._there.update(each.number for each in new)
        read = way.read + count
        ended = count == 0 or (read >= total if total else count < self._config.page - 1)
        way = replace(
            way,
            read=read,
            last=new[-1].id if new else way.last,
            newest=max([way.newest, *(each.written for each in new)]),
        )
        return _Step(way, await self._records(new), ended, max(total, read))

    def _ended(self, way: Way) -> list[Gone]:
        """Remember that the walk has ended; answers which places it has found empty."""
        told = way.recheck and self._whole
        checked = way.began if told or self._reached.seen is None else self._reached.checked
        # a comment dated in the future must not hide those written until then
        self._reached = Reached(max(min(way.newest, way.began), self._reached.seen or 0), checked)
        return _empty(sorted(self._there), way) if told else []

    def _due(self) -> Way:
        """The walk that is due now."""
        now, seen = int(self._client.clock.timestamp()) if self._client.clock else 0, self._reached.seen
        if seen is None:
            return Way(None, now, recheck=False)
        after = seen - int(OVERLAP.total_seconds())
        if now - self._reached.checked < self._config.recheck_minutes * 60:
            return Way(max(after, 0), now, recheck=False)
        return Way(max(min(after, now - self._config.recheck_days * _DAY), 0), now, recheck=True)

    async def _records(self, found: Sequence[Comment]) -> list[Record]:
        """The records of a page; of an own comment with whom it answers, asked for where the page does not tell."""
        known = {each.id: each for each in found}
        asked = sorted({each.parent for each in found if each.own and each.parent and each.parent not in known})
        for each in await self._client.these(asked) if asked else ():
            if (made := comment.read(each, self._config)) is not None:
                known[made.id] = made
        return [record for each in found for record in each.records(known.get(each.parent) if each.own else None)]


@dataclass(frozen=True, slots=True)
class _Step:
    """A page of comments, and where the walk is with it."""

    way: Way
    records: list[Record]
    ended: bool
    total: int


def _empty(there: Sequence[int], way: Way) -> list[Gone]:
    """The ranges behind ``after`` in which the walk has met no comment.

    An hour is left out at the beginning: the site compares with its local time, which may be set back.
    """
    first, gone = number_at((way.after or 0) + 3601), []
    for number in there:
        if number >= first:
            if number > first:
                gone.append(Gone(STREAM, 0, first, number - 1))
            first = number + 1
    return [*gone, Gone(STREAM, 0, first, (1 << 63) - 1)]

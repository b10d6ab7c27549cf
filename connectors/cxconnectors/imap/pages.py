"""From a cursor to pages: first what has gone is found out, then what is new is handed over, then what has gone.

In this order a mail that is moved from folder to folder meanwhile is never taken for deleted: whatever is seen to have
gone from one folder has already come to the other when that one is read.
"""

import contextlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from cxconnectors.imap import uid_set
from cxconnectors.imap.config import ImapConfig
from cxconnectors.imap.cursor import MAX_FOLDERS, UNKNOWN, State
from cxconnectors.imap.fetching import Fetching, groups
from cxconnectors.imap.folders import Folder, followed
from cxconnectors.imap.looking import Look, look
from cxconnectors.imap.session import Opened
from cxcore.sdk import Cursor, Gone, Page, Record, Renumbered, SourceUnavailable

GONE_TOGETHER = 5000
"""How many ranges of empty places a page tells at most."""
NO_VALIDITY = 0
"""No folder is numbered so (RFC 3501: a non-zero number)."""


async def pages(config: ImapConfig, cursor: Cursor | None) -> AsyncGenerator[Page, None]:
    """Pages of all that is new since ``cursor``, each fetched when it is asked for.

    Raises:
        AuthFailed: the server refuses the credentials.
        SourceUnavailable: it cannot be reached, makes no sense, or a folder cannot be read.
    """
    async with Fetching.begun(config) as fetching:
        pull = _Pull(fetching, State.read(cursor), config)
        async with contextlib.aclosing(pull.pages()) as found:
            async for page in found:
                yield page


class _Pull:
    def __init__(self, fetching: Fetching, state: State, config: ImapConfig) -> None:
        self._fetching, self._state, self._config = fetching, state, config
        self._notes: list[str] = []
        self._done = self._total = 0

    async def pages(self) -> AsyncGenerator[Page, None]:
        looks, lost = await self._look()
        told = bool(lost) or any(each.gone for each in looks)
        ends = {}
        for each in looks:
            if each.idle and not told:
                continue
            now = await self._fetching.open(each.folder)
            if now.validity != each.opened.validity or now.next_uid < each.opened.next_uid:
                self._notes.append("A folder was numbered anew while it was read; it is read at the next pull.")
                continue
            self._state.folders[each.folder.scope] = each.reached
            async for page in self._new(each, now):
                yield page
            ends[each.folder.scope] = each.at_end(now)
        gone = [place for each in looks if each.folder.scope in ends for place in each.gone]
        gone += [Renumbered(scope, NO_VALIDITY) for scope in lost]
        for at in range(GONE_TOGETHER, len(gone), GONE_TOGETHER):
            yield self._page((), gone=gone[at - GONE_TOGETHER : at])
        for scope in lost:
            del self._state.folders[scope]
        self._state.folders.update(ends)
        yield self._page((), gone=gone[(len(gone) - 1) // GONE_TOGETHER * GONE_TOGETHER :] if gone else (), last=True)

    async def _look(self) -> tuple[list[Look], list[str]]:
        """The folders followed as they stand, and which of those known are no more."""
        there = await self._fetching.session.folders()
        wanted, unmet = followed(there, self._config.folders)
        self._notes += [f"There is no folder {name}." for name in unmet]
        if not wanted:
            raise SourceUnavailable("None of the folders is there.", hint="Correct `folders`.")
        if len(wanted) > MAX_FOLDERS:
            raise SourceUnavailable(
                f"{len(wanted)} folders are followed; {MAX_FOLDERS} is the limit.", hint="Name them in `folders`."
            )
        known = {folder.scope for folder in there}
        inbox = any(folder.name == "INBOX" for folder in there)
        lost = [scope for scope in self._state.folders if scope not in known] if inbox else []
        self._forget(wanted)
        looks = []
        for folder in wanted:
            before = self._state.folders.get(folder.scope)
            found = await look(self._fetching.session, folder, before)
            if before and not found.reached.whole and before.whole:
                self._notes.append(f"{folder.name} was numbered anew by the server and is read again.")
            looks.append(found)
        return looks, lost

    def _forget(self, wanted: Sequence[Folder]) -> None:
        """Keep no more folders in the cursor than fit: those followed first."""
        scopes = {folder.scope for folder in wanted}
        others = [scope for scope in self._state.folders if scope not in scopes]
        for scope in others[max(MAX_FOLDERS - len(scopes), 0) :]:
            del self._state.folders[scope]

    async def _new(self, found: Look, now: Opened) -> AsyncGenerator[Page, None]:
        """The mails that came to a folder, page by page."""
        scope, reached, last = found.folder.scope, found.reached, now.next_uid - 1
        if last <= reached.last:
            return
        new = await self._fetching.session.search(reached.last + 1, last, most=now.exists)
        self._total += uid_set.count(new)
        for uids in uid_set.batches(new, self._config.limits.page_records):
            listed = await self._fetching.listing(found.folder, now.validity, uids)
            taken = [each for each in listed if not each.draft]
            for group in groups(taken, self._config.limits):
                records = await self._fetching.records(found.folder, now.validity, group)
                self._seen([each.received_at for each in group])
                self._done += len(group)
                self._state.folders[scope] = replace(reached, last=group[-1].uid, count=UNKNOWN)
                yield self._page(records)
            self._state.folders[scope] = replace(reached, last=uids[-1], count=UNKNOWN)

    def _seen(self, times: Sequence[datetime | None]) -> None:
        self._state.newest = max(self._state.newest, *(int(t.timestamp()) for t in times if t), 0)

    def _page(self, records: Sequence[Record], *, gone: Sequence[Gone | Renumbered] = (), last: bool = False) -> Page:
        newest = self._state.newest
        made = Page(
            records=records,
            cursor=self._state.as_json(),
            complete_to=datetime.fromtimestamp(newest, UTC) if last and newest else None,
            done=self._done,
            total=max(self._total, self._done),
            notes=tuple(self._notes),
            gone=tuple(gone),
        )
        self._notes = []
        return made

"""One account read: what is there once, by time of arrival, and then what has changed.

The state is taken before the listing begins, and changes are asked for since then, so a kill anywhere costs a repeat at
most. Where the server has forgotten the state, the account is listed anew under another epoch; what is found no more
loses its place when that is done.
"""

import hashlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cxconnectors.jmap import mailboxes
from cxconnectors.jmap.client import Changes, Client, Email, MethodRefused
from cxconnectors.jmap.config import JmapConfig
from cxconnectors.jmap.cursor import Reached, State
from cxconnectors.jmap.fetching import Fetching, groups
from cxconnectors.jmap.mailboxes import Mailbox, short
from cxcore.sdk import Gone, Page, Record, Renumbered, SourceUnavailable

_SLACK = 86_400
"""Seconds by which servers may sort by another time of arrival than they tell of a mail that lies in several mailboxes."""
_EXPIRED = "cannotCalculateChanges"


@dataclass(slots=True)
class Progress:
    """What all accounts of a pull share: the cursor, notes for the operator, how much is done."""

    state: State
    notes: list[str] = field(default_factory=list)
    done: int = 0
    total: int = 0
    complete_to: datetime | None = None

    def page(self, records: Sequence[Record], gone: Sequence[Gone | Renumbered] = (), *, last: bool = False) -> Page:
        made = Page(
            records,
            self.state.fitting(),
            complete_to=self.complete_to if last else None,
            done=self.done,
            total=max(self.total, self.done),
            notes=tuple(self.notes),
            gone=tuple(gone),
        )
        self.notes = []
        return made


class Reading:
    """An account on its way from a cursor to the present."""

    def __init__(self, client: Client, account: str, config: JmapConfig, progress: Progress) -> None:
        self._client, self._account, self._config, self._progress = client, account, config, progress
        self._fetching = Fetching(client, account, config.limits)
        self._boxes: dict[str, Mailbox] = {}
        self._again: tuple[str, ...] = ()

    async def pages(self) -> AsyncGenerator[Page]:
        """What is new in the account; the state of ``progress`` goes along."""
        there = mailboxes.read(await self._client.mailboxes(self._account))
        wanted, unmet = mailboxes.followed(there, self._config.folders)
        self._progress.notes += [f"There is no folder {name}." for name in unmet]
        if not wanted:
            raise SourceUnavailable("None of the folders is there.", hint="Correct `folders`.")
        self._boxes = {short(box.id): box for box in wanted}
        reached = self._progress.state.accounts.get(short(self._account)) or await self._begun()
        try:
            async for page in self._up_to_date(reached):
                yield page
        except _Expired:
            self._progress.notes.append("The server has forgotten what changed; all mails are read again.")
            async for page in self._up_to_date(await self._begun()):
                yield page

    async def _begun(self) -> Reached:
        """A new beginning, under an epoch that only the very same state of the account would have again."""
        state = await self._client.state(self._account)
        seen = hashlib.sha256(f"{state}\n{self._client.clock}".encode()).digest()
        made = Reached(state, int.from_bytes(seen[:6]))
        self._progress.state.accounts[short(self._account)] = made
        return made

    async def _up_to_date(self, reached: Reached) -> AsyncGenerator[Page]:
        reached.listed &= self._boxes.keys()
        while unread := self._boxes.keys() - reached.listed:
            if not (reached.listing & self._boxes.keys()):
                reached.listing, reached.after, reached.anchor = set(unread), None, None
            async for page in self._listed(reached):
                yield page
        async for page in self._changed(reached):
            yield page
        if not reached.whole:
            reached.whole = True
            yield self._progress.page((), [Renumbered(self._fetching.scope, reached.epoch)])

    # what is there

    async def _listed(self, reached: Reached) -> AsyncGenerator[Page]:
        boxes = [self._boxes[each] for each in sorted(reached.listing & self._boxes.keys())]
        self._progress.total += sum(box.total for box in boxes)
        while ids := await self._window(reached, [box.id for box in boxes]):
            emails = await self._client.emails(self._account, ids)
            for group in groups(emails, self._config.limits):
                records = await self._fetching.records([each for each in group if self._wanted(each)], reached.epoch)
                self._progress.done += len(group)
                reached.anchor = group[-1].id
                reached.after = max(reached.after or 0, *(each.received_at for each in group))
                yield self._progress.page(records)
            reached.anchor = ids[-1]
        reached.listed |= reached.listing
        reached.listing, reached.after, reached.anchor = set(), None, None

    async def _window(self, reached: Reached, boxes: Sequence[str]) -> tuple[str, ...]:
        """The next mails in the order of their arrival; where the mail reached has gone, from its time on again."""
        after = None if reached.after is None else max(reached.after - _SLACK, 0)
        limit = min(self._config.limits.page_records, self._client.service.most_ids)
        try:
            found = await self._client.found(self._account, boxes, after=after, anchor=reached.anchor, limit=limit)
        except MethodRefused as exc:
            if exc.kind != "anchorNotFound" or reached.anchor is None:
                raise
            found = await self._client.found(self._account, boxes, after=after, anchor=None, limit=limit)
            again, self._again = self._again, found
        else:
            again = self._again = ()
        if reached.anchor in found or (found and found == again):
            raise SourceUnavailable("The server's list of mails goes in circles.", hint="It is tried again by itself.")
        return found

    def _wanted(self, email: Email) -> bool:
        return not email.draft and any(box.id in email.mailboxes for box in self._boxes.values())

    # what has changed

    async def _changed(self, reached: Reached) -> AsyncGenerator[Page]:
        more = True
        while more:
            changes, emails = await self._step(reached)
            more = changes.more
            if more and changes.to == reached.state:
                raise SourceUnavailable("The server's changes go in circles.", hint="It is tried again by itself.")
            here = [each for each in emails if self._wanted(each)]
            left = {*changes.alive, *changes.destroyed} - {each.id for each in here}
            parts = list(groups(here, self._config.limits)) or [[]]
            for part in parts[:-1]:
                yield self._progress.page(await self._part(part, reached))
            records = await self._part(parts[-1], reached)
            idle = changes.to == reached.state and not records and not left
            reached.state = changes.to
            if not idle:
                yield self._progress.page(records, [self._fetching.gone(each, reached.epoch) for each in sorted(left)])
        self._note_time()

    async def _part(self, emails: Sequence[Email], reached: Reached) -> list[Record]:
        self._progress.done += len(emails)
        return await self._fetching.records(emails, reached.epoch) if emails else []

    async def _step(self, reached: Reached) -> tuple[Changes, list[Email]]:
        """Changes of which the mails fit into a page, if the server can tell so few: the cursor then moves with each."""
        limits, most = self._config.limits, min(self._config.limits.page_records, self._client.service.most_ids)
        changes = await self._changes(reached.state, most)
        while True:
            emails = await self._client.emails(self._account, changes.alive)
            size = sum(min(each.size, limits.mail_bytes) for each in emails if self._wanted(each))
            if size <= limits.page_bytes or most == 1 or len(emails) == 1:
                return changes, emails
            most = max(min(most, len(emails)) // 2, 1)
            try:
                changes = await self._client.changes(self._account, reached.state, most=most)
            except MethodRefused as exc:
                if exc.kind != _EXPIRED:
                    raise
                return changes, emails

    async def _changes(self, since: str, most: int) -> Changes:
        """Changes since a state: few of them if the server can stop there, else all.

        Raises:
            _Expired: the server cannot tell.
        """
        for limit in (most, None):
            try:
                return await self._client.changes(self._account, since, most=limit)
            except MethodRefused as exc:
                if exc.kind == "invalidArguments" and "sinceState" in exc.arguments:
                    break
                if exc.kind != _EXPIRED:
                    raise
        raise _Expired("The server cannot tell what has changed.", hint="It is tried again by itself.")

    def _note_time(self) -> None:
        now, before = self._client.clock, self._progress.complete_to
        self._progress.complete_to = now if before is None or now is None else min(before, now)


class _Expired(SourceUnavailable):
    """The server has forgotten the state; of a new one this is a fault."""

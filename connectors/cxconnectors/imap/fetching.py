"""Fetching mails in groups; one that the server cannot hand out is set aside and does not stop the others."""

import contextlib
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Self

from cxconnectors.imap.config import ImapConfig, Limits
from cxconnectors.imap.connection import ConnectionLost, Refused
from cxconnectors.imap.fetched import Listed
from cxconnectors.imap.folders import Folder
from cxconnectors.imap.session import Opened, Session
from cxcore.sdk import Place, Record, SourceUnavailable
from cxcore.sdk.mail import CUT_MAIL, MAIL, mail_key

STREAM = "mails"
MOST_SILENT = 10
"""Of so many mails a server may be unable to speak before it is taken to be broken itself."""
_PASSING = frozenset({"UNAVAILABLE", "INUSE", "LIMIT"})


def groups(listed: Iterable[Listed], limits: Limits) -> Iterator[list[Listed]]:
    """Mails in groups that together stay below ``page_bytes``, by what the server says of them; one over ``mail_bytes``,
    or of unknown size, stands alone."""
    group: list[Listed] = []
    size = 0
    for each in listed:
        alone = each.size is None or each.size > limits.mail_bytes
        if group and (alone or size + (each.size or 0) > limits.page_bytes):
            yield group
            group, size = [], 0
        group.append(each)
        size += each.size or 0
        if alone:
            yield group
            group, size = [], 0
    if group:
        yield group


class Fetching:
    """A session that is begun again when a mail makes the server hang up."""

    def __init__(self, config: ImapConfig, sessions: contextlib.AsyncExitStack, session: Session) -> None:
        self._config, self._sessions = config, sessions
        self.session = session

    @classmethod
    @contextlib.asynccontextmanager
    async def begun(cls, config: ImapConfig) -> AsyncIterator[Self]:
        """Raises what ``Session.signed_in`` does."""
        async with contextlib.AsyncExitStack() as sessions:
            session = await sessions.enter_async_context(Session.signed_in(config))
            yield cls(config, sessions, session)

    async def open(self, folder: Folder) -> Opened:
        return await self.session.examine(folder)

    async def listing(self, folder: Folder, validity: int, uids: Sequence[int]) -> list[Listed]:
        """What the server says of mails; of one that it cannot speak of, only that it is there.

        Raises:
            SourceUnavailable: it can speak of none of many, or went away.
        """
        found: dict[int, Listed] = {}
        try:
            found = {each.uid: each for each in await self.session.listing(uids)}
        except (Refused, ConnectionLost):
            await self._begin_again(folder, validity)
        silent: list[int] = []
        for uid in [uid for uid in uids if uid not in found]:
            if not await self.session.search(uid, uid, most=1):
                continue
            try:
                found.update({each.uid: each for each in await self.session.listing([uid])})
            except (Refused, ConnectionLost):
                await self._begin_again(folder, validity)
            if uid not in found:
                silent.append(uid)
            if len(silent) > max(MOST_SILENT, len(found)):
                raise SourceUnavailable("The mail server tells of no mail.", hint="It is tried again by itself.")
        found.update({uid: Listed(uid, None, None, draft=False) for uid in silent})
        return [found[uid] for uid in sorted(found)]

    async def records(self, folder: Folder, validity: int, group: Sequence[Listed]) -> list[Record]:
        """The records of a group, by UID. A mail that has gone meanwhile gives none; one over the limit is cut.

        Raises:
            SourceUnavailable: the server hands out none of several mails, or went away.
        """
        limits = self._config.limits
        size = sum(each.size or 0 for each in group)
        long = len(group) == 1 and size > limits.mail_bytes
        most = limits.kept_bytes if long else limits.mail_bytes + 1
        together = min(size, most) if size and len(group) == 1 else size or most
        uids = [each.uid for each in group]
        found: dict[int, Record] = {}

        def take(uid: int, body: bytes | None) -> None:
            found[uid] = self._record(folder, validity, uid, body, cut=long)

        with contextlib.suppress(Refused, ConnectionLost):
            await self.session.bodies(uids, most=most, together=together, take=take)
        if missing := [uid for uid in uids if uid not in found]:
            for uid, body in (await self._one_by_one(folder, validity, missing, most)).items():
                take(uid, body)
        if len(found) > 1 and not any(isinstance(each.payload, bytes) for each in found.values()):
            raise SourceUnavailable("The mail server hands out no mail.", hint="It is tried again by itself.")
        return [found[uid] for uid in uids if uid in found]

    async def _one_by_one(
        self, folder: Folder, validity: int, uids: Sequence[int], most: int
    ) -> dict[int, bytes | None]:
        """Mails that did not come with the others: None for one that cannot be had, nothing for one that has gone."""
        found: dict[int, bytes | None] = {}
        await self._begin_again(folder, validity)
        for uid in uids:
            if not await self.session.search(uid, uid, most=1):
                continue
            try:
                found[uid] = None
                await self.session.bodies([uid], most=most, together=most, take=found.__setitem__)
            except Refused as exc:
                if exc.code in _PASSING:
                    raise SourceUnavailable("The mail server is busy.", hint="It is tried again by itself.") from exc
                found[uid] = None
            except ConnectionLost:
                found[uid] = None
                await self._begin_again(folder, validity)
        return found

    async def _begin_again(self, folder: Folder, validity: int) -> None:
        await self._sessions.aclose()
        self.session = await self._sessions.enter_async_context(Session.signed_in(self._config))
        if (await self.session.examine(folder)).validity != validity:
            raise SourceUnavailable("A folder was numbered anew while it was read.", hint="It is read again by itself.")

    def _record(self, folder: Folder, validity: int, uid: int, body: bytes | None, *, cut: bool) -> Record:
        place, origin = Place(folder.scope, validity, uid), f"{folder.name[:100]} UID {uid}"
        if body is None:
            key = f"unreadable {folder.scope} {validity} {uid}"
            return Record(STREAM, key, {"unreadable": True}, origin=origin, place=place)
        if cut or len(body) > self._config.limits.mail_bytes:
            body = body[: self._config.limits.kept_bytes]
            return Record(STREAM, mail_key(body, cut=True), body, media_type=CUT_MAIL, origin=origin, place=place)
        return Record(STREAM, mail_key(body), body, media_type=MAIL, origin=origin, place=place)

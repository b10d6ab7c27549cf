"""Fetching mails in groups; one that the server cannot hand out is set aside and does not stop the others."""

import asyncio
import hashlib
from collections.abc import Iterator, Sequence

from cxconnectors.jmap.client import Client, Email
from cxconnectors.jmap.config import Limits
from cxconnectors.jmap.mailboxes import short
from cxcore.sdk import Gone, Place, Record, SourceUnavailable
from cxcore.sdk.mail import CUT_MAIL, MAIL, mail_key

STREAM = "mails"
TOGETHER = 4
"""Mails that are fetched at once."""


def groups(emails: Sequence[Email], limits: Limits) -> Iterator[list[Email]]:
    """Mails in groups that together stay below ``page_bytes``, by what the server says of them; at least one in each."""
    group: list[Email] = []
    size = 0
    for each in emails:
        if group and (size + each.size > limits.page_bytes or len(group) >= limits.page_records):
            yield group
            group, size = [], 0
        group.append(each)
        size += min(each.size, limits.mail_bytes)
    if group:
        yield group


def number(email: str) -> int:
    """The number by which a place knows a mail: 63 bits of its id's digest."""
    return int.from_bytes(hashlib.sha256(email.encode("utf-8", "surrogatepass")).digest()[:8]) >> 1


class Fetching:
    """The mails of one account, as records."""

    def __init__(self, client: Client, account: str, limits: Limits) -> None:
        self._client, self._account, self._limits = client, account, limits
        self.scope = f"jmap-{short(account)}"

    async def records(self, group: Sequence[Email], epoch: int) -> list[Record]:
        """The records of a group. A mail that has gone meanwhile gives none; one over the limit is cut.

        Raises:
            SourceUnavailable: the server hands out none of several mails, or went away.
        """
        slots = asyncio.Semaphore(TOGETHER)
        bodies = await asyncio.gather(*(self._body(each, slots) for each in group))
        failed = [each.id for each, body in zip(group, bodies, strict=True) if isinstance(body, SourceUnavailable)]
        there = {each.id for each in await self._client.emails(self._account, failed)} if failed else set()
        if len(group) > 1 and len(there) == len(group):
            raise SourceUnavailable("The mail server hands out no mail.", hint="It is tried again by itself.")
        made = []
        for each, body in zip(group, bodies, strict=True):
            if isinstance(body, bytes) or each.id in there:
                made.append(self._record(each, body if isinstance(body, bytes) else None, epoch))
        return made

    def gone(self, email: str, epoch: int) -> Gone:
        """That a mail is no longer there."""
        return Gone(self.scope, epoch, number(email), number(email))

    async def _body(self, email: Email, slots: asyncio.Semaphore) -> bytes | SourceUnavailable:
        long = email.size > self._limits.mail_bytes
        async with slots:
            try:
                return await self._client.blob(self._account, email, most=self._limits.kept_bytes if long else None)
            except SourceUnavailable as exc:
                return exc

    def _record(self, email: Email, body: bytes | None, epoch: int) -> Record:
        place, origin = Place(self.scope, epoch, number(email.id)), f"JMAP Email {email.id[:100]}"
        if body is None:
            return Record(STREAM, f"unreadable {email.id}", {"unreadable": True}, origin=origin, place=place)
        if email.size > self._limits.mail_bytes or len(body) > self._limits.mail_bytes:
            body = body[: self._limits.kept_bytes]
            return Record(STREAM, mail_key(body, cut=True), body, media_type=CUT_MAIL, origin=origin, place=place)
        return Record(STREAM, mail_key(body), body, media_type=MAIL, origin=origin, place=place)

"""What is asked of a mailbox, command by command (RFC 3501; RFC 4731 ESEARCH, RFC 7162 QRESYNC where they are offered)."""

import asyncio
import contextlib
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass

from cxconnectors.imap import fetched, uid_set
from cxconnectors.imap.config import ImapConfig
from cxconnectors.imap.connection import Connection, Refused, nonsense, refused_for_good
from cxconnectors.imap.fetched import Listed
from cxconnectors.imap.folders import Folder, listed
from cxconnectors.imap.uid_set import MAX_UID, Ranges
from cxconnectors.imap.wire import Answer, Malformed, Value, number, quoted
from cxcore.sdk import AuthFailed, RateLimited, SourceUnavailable

LATER = 300.0
ARRIVING = 1000
"""So many mails may arrive between opening a folder and searching it."""
_FAREWELL = 2.0
_NEWS = re.compile(rb"\d{1,10} (?:EXISTS|EXPUNGE)\b|VANISHED ", re.IGNORECASE)
_ANSWER_BYTES = 4096
"""What an answer to FETCH may take besides the mail."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A folder as it stood when it was opened. ``modseq`` is 0 where the server keeps none."""

    validity: int
    next_uid: int
    exists: int
    modseq: int


class Session:
    """A connection that is signed in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.resyncs = False

    @classmethod
    @contextlib.asynccontextmanager
    async def signed_in(cls, config: ImapConfig) -> AsyncIterator["Session"]:
        """Connect and sign in.

        Raises:
            AuthFailed: the server refuses the credentials.
            SourceUnavailable: it cannot be reached, or makes no sense.
        """
        async with Connection.opened(config) as connection:
            made = cls(connection)
            try:
                if not connection.preauthenticated:
                    await made._sign_in(config.user, config.password.get_secret_value())
                await connection.ask_capabilities()
                await made._enable()
            except Malformed as exc:
                raise nonsense() from exc
            yield made
            with contextlib.suppress(SourceUnavailable, Refused, TimeoutError):
                async with asyncio.timeout(_FAREWELL):
                    await connection.run("LOGOUT")

    async def _sign_in(self, user: str, password: str) -> None:
        offered = self._connection.capabilities
        try:
            if "AUTH=PLAIN" in offered:
                secret = b64encode(f"\0{user}\0{password}".encode())
                await self._connection.run("AUTHENTICATE", "PLAIN", secret=secret)
            elif "LOGINDISABLED" in offered:
                raise AuthFailed(
                    "The mail server takes no password over this connection.", hint="Use security tls or starttls."
                )
            elif not (user.isascii() and password.isascii() and password.isprintable()):
                raise AuthFailed("The mail server takes only plain letters in user and password.")
            else:
                await self._connection.run("LOGIN", quoted(user), quoted(password))
        except Refused as exc:
            if refused_for_good(exc.code):
                raise AuthFailed(
                    "The mail server refuses the user or the password.", hint="Correct them; see the README on apps."
                ) from None
            raise self._passing(exc) from None

    async def _enable(self) -> None:
        if {"QRESYNC", "ENABLE"} <= self._connection.capabilities:
            with contextlib.suppress(Refused):
                enabled = await self._connection.run("ENABLE", "QRESYNC")
                self.resyncs = any(b"QRESYNC" in each.pieces[0].upper() for each in enabled[:-1])

    @staticmethod
    def _passing(refused: Refused) -> SourceUnavailable | RateLimited:
        if refused.code in {"LIMIT", "INUSE"}:
            return RateLimited("The mail server asks to come back later.", retry_after=LATER)
        return SourceUnavailable("The mail server refuses what it should do.", hint="It is tried again by itself.")

    async def _ask(self, *words: str, bytes_: int = 0) -> list[Answer]:
        try:
            return await self._connection.run(*words, bytes_=bytes_)
        except Refused as exc:
            raise self._passing(exc) from exc

    async def folders(self) -> list[Folder]:
        """All folders that can be opened."""
        uses = {"LIST-EXTENDED", "SPECIAL-USE"} <= self._connection.capabilities
        try:
            return listed(await self._ask("LIST", '""', '"*"', *(("RETURN", "(SPECIAL-USE)") if uses else ())))
        except Malformed as exc:
            raise nonsense() from exc

    async def examine(self, folder: Folder) -> Opened:
        """Open a folder for reading only: nothing becomes seen by it."""
        answers = await self._ask("EXAMINE", quoted(folder.wire))
        codes = {each.code[0]: each.code[1:] for each in answers if each.code}
        try:
            exists = 0
            for each in answers:
                first, _, rest = each.pieces[0].partition(b" ")
                if rest.strip().upper() == b"EXISTS":
                    exists = number(first.decode("ascii", "replace"), MAX_UID)
            validity = number(codes["UIDVALIDITY"][0], MAX_UID)
            modseq = number(codes["HIGHESTMODSEQ"][0]) if "HIGHESTMODSEQ" in codes else 0
            if "UIDNEXT" in codes:
                return Opened(validity, number(codes["UIDNEXT"][0], MAX_UID + 1), exists, modseq)
        except (KeyError, IndexError, Malformed) as exc:
            raise nonsense() from exc
        there = await self.search(1, MAX_UID, most=exists)
        return Opened(validity, there[-1][1] + 1 if there else 1, exists, modseq)

    async def search(self, first: int, last: int, *, most: int) -> Ranges:
        """Which UIDs between two there are; at most ``most`` and a few."""
        asked = f"UID {first}:{last}"
        try:
            if "ESEARCH" in self._connection.capabilities:
                answers = await self._ask("UID SEARCH RETURN (ALL)", asked)
                texts = [each.values() for each in answers if each.pieces[0][:8].upper() == b"ESEARCH "]
                ranges = uid_set.merged(pair for values in texts for pair in _all_of(values))
            else:
                answers = await self._ask("UID SEARCH", asked)
                found = [each.values()[1:] for each in answers if each.pieces[0][:6].upper() == b"SEARCH"]
                ranges = uid_set.merged((n, n) for values in found for n in (number(v, MAX_UID) for v in values))
        except (Malformed, ValueError) as exc:
            raise nonsense() from exc
        ranges = uid_set.within(ranges, first, last)
        if uid_set.count(ranges) > most + ARRIVING:
            raise SourceUnavailable("The mail server finds more mails than it says there are.")
        return ranges

    async def vanished(self, last: int, since: int) -> Ranges:
        """Which UIDs up to ``last`` have gone since a HIGHESTMODSEQ; may name some that never were."""
        answers = await self._ask("UID FETCH", f"1:{last}", f"(UID) (CHANGEDSINCE {since} VANISHED)")
        ranges: Ranges = []
        try:
            for each in answers:
                if each.pieces[0][:9].upper() == b"VANISHED ":
                    told = each.values()[-1]
                    ranges += uid_set.parse(told if isinstance(told, str) else "")
        except (Malformed, ValueError) as exc:
            raise nonsense() from exc
        return uid_set.within(uid_set.merged(ranges), 1, last)

    async def listing(self, uids: Iterable[int]) -> list[Listed]:
        """What is said of mails before they are fetched, by UID. Those that are gone are left out.

        Raises:
            Refused: the server cannot say it of all.
        """
        wanted = set(uids)
        answers = await self._connection.run(
            "UID FETCH", uid_set.written(wanted), "(UID RFC822.SIZE INTERNALDATE FLAGS)", bytes_=len(wanted) * 65_536
        )
        found = {each.uid: each for each in fetched.listed(answers) if each.uid in wanted}
        return [found[uid] for uid in sorted(found)]

    async def bodies(
        self, uids: Iterable[int], *, most: int, together: int, take: Callable[[int, bytes], None]
    ) -> None:
        """Give the first ``most`` bytes of mails, which together are about ``together``, to ``take`` as they come.
        Those that cannot be had are left out.

        Raises:
            Refused: the server hands out none, or not all; some may have been taken.
        """
        wanted = set(uids)

        def came(each: Answer) -> None:
            for uid, body in fetched.bodies([each]):
                if uid in wanted:
                    take(uid, body[:most])

        await self._connection.run(
            "UID FETCH",
            uid_set.written(wanted),
            f"(UID BODY.PEEK[]<0.{most}>)",
            bytes_=2 * together + most + _ANSWER_BYTES * len(wanted),
            take=came,
        )

    @property
    def idles(self) -> bool:
        """Whether the server tells of news by itself."""
        return "IDLE" in self._connection.capabilities

    async def news(self, seconds: float) -> bool:
        """Wait until mails come to the open folder or go from it; False if none did in ``seconds``. A change of flags
        is no news.

        Raises:
            SourceUnavailable: the connection ended, or the server does not wait with us.
        """
        try:
            return await self._connection.idle(seconds, _NEWS)
        except Refused as exc:
            raise self._passing(exc) from exc


def _all_of(values: list[Value]) -> Ranges:
    """The set in an answer to ESEARCH, which is left out when it is empty."""
    words = [value.upper() if isinstance(value, str) else "" for value in values]
    if "ALL" not in words[:-1]:
        return []
    told = values[words.index("ALL") + 1]
    return uid_set.parse(told if isinstance(told, str) else "")

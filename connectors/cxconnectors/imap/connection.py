"""The connection to a server: lines and literals within limits, commands and their answers.

Our own, not imaplib: that has no way to wait for IDLE, reads a literal of any size that a server announces, puts no
limit on how much a command may answer, and blocks a thread that cannot be stopped.
"""

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Self

from cxconnectors.imap.config import ImapConfig, Security
from cxconnectors.imap.inflow import Inflow
from cxconnectors.imap.wire import LITERAL, Answer, answer
from cxcore.sdk import AuthFailed, SourceUnavailable

COMMAND_LINES = 2
"""How many of the longest lines a command that brings no mails may answer."""
COMMAND_SECONDS = 1800.0
_ANNOUNCING = (b"}\r\n", b"}\n")
_PRIVACY = frozenset({"PRIVACYREQUIRED", "CONTACTADMIN", "EXPIRED", "AUTHORIZATIONFAILED", "AUTHENTICATIONFAILED"})


class ConnectionLost(SourceUnavailable):
    """The server hung up, or the line went dead, in the middle of it."""


class Refused(Exception):
    """The server said NO. ``code`` is its response code or ""."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _lost() -> ConnectionLost:
    return ConnectionLost("The mail server ended the connection.", hint="It is tried again by itself.")


def nonsense() -> SourceUnavailable:
    return SourceUnavailable("The mail server answers what IMAP does not know.", hint="Is it an IMAP server?")


def _trusting(config: ImapConfig) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=config.ca_file)
    except OSError as exc:
        raise SourceUnavailable(
            f"The certificates in {config.ca_file} cannot be read.", hint="Name a file of certificates in PEM form."
        ) from exc


@dataclass(slots=True)
class Connection:
    """An open connection; not for several commands at a time."""

    inflow: Inflow
    writer: asyncio.StreamWriter
    seconds: float
    line_bytes: int
    literal_bytes: int
    capabilities: frozenset[str] = frozenset()
    preauthenticated: bool = False
    _count: int = field(default=0)
    _left: int = field(default=0)

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(cls, config: ImapConfig) -> AsyncIterator[Self]:
        """A connection that has been greeted and is as private as the configuration asks.

        Raises:
            SourceUnavailable: nobody answers there, not in time, or not as an IMAP server does.
            AuthFailed: the server does not offer the security asked for.
        """
        where, limits = f"{config.host}:{config.reached_at}", config.limits
        secure = None if config.security is Security.NONE else _trusting(config)
        try:
            async with asyncio.timeout(limits.seconds):
                reader, writer = await asyncio.open_connection(
                    config.host,
                    config.reached_at,
                    ssl=secure if config.security is Security.TLS else None,
                    limit=limits.line_bytes,
                )
        except ssl.SSLCertVerificationError as exc:
            raise SourceUnavailable(
                f"The certificate of {where} is not trusted.",
                hint="Correct `host`, or name its authority in `ca_file`.",
            ) from exc
        except (OSError, TimeoutError) as exc:
            raise SourceUnavailable(
                f"{where} does not answer ({type(exc).__name__}).", hint="Correct `host`, `port` and `security`."
            ) from exc
        made = cls(
            Inflow(reader), writer, limits.seconds, limits.line_bytes, max(limits.mail_bytes, limits.kept_bytes) + 1
        )
        made._left = limits.line_bytes
        try:
            await made._greeted()
            if config.security is Security.STARTTLS:
                await made._start_tls(secure, config.host)
            if not made.capabilities:
                await made.ask_capabilities()
            yield made
        finally:
            writer.close()
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(1):
                    await writer.wait_closed()

    async def _greeted(self) -> None:
        greeting = await self.answer()
        if greeting.tag != "*" or greeting.status not in {"OK", "PREAUTH", "BYE"}:
            raise nonsense()
        if greeting.status == "BYE":
            raise SourceUnavailable("The mail server turns connections away.", hint="It is tried again by itself.")
        self.preauthenticated = greeting.status == "PREAUTH"
        self._heard(greeting)

    async def _start_tls(self, secure: ssl.SSLContext | None, host: str) -> None:
        if not self.capabilities:
            await self.ask_capabilities()
        if "STARTTLS" not in self.capabilities or self.preauthenticated:
            raise AuthFailed("The mail server does not offer STARTTLS.", hint="Use security tls.")
        try:
            await self.run("STARTTLS")
        except Refused as exc:
            raise AuthFailed("The mail server refuses STARTTLS.", hint="Use security tls.") from exc
        if self.inflow.unread:  # what was sent in the clear must not be read as private
            raise nonsense()
        try:
            async with asyncio.timeout(self.seconds):
                await self.writer.start_tls(secure, server_hostname=host)  # type: ignore[arg-type]  # made for STARTTLS
        except ssl.SSLCertVerificationError as exc:
            raise SourceUnavailable(
                f"The certificate of {host} is not trusted.", hint="Correct `host`, or name its authority in `ca_file`."
            ) from exc
        except (OSError, TimeoutError) as exc:
            raise _lost() from exc
        self.capabilities = frozenset()

    async def ask_capabilities(self) -> None:
        """Ask what the server can do; it may be more after signing in."""
        for each in await self.run("CAPABILITY"):
            self._heard(each)

    def _heard(self, each: Answer) -> None:
        words = each.code
        if not words and each.pieces[0][:11].upper() == b"CAPABILITY ":
            words = each.pieces[0].decode("ascii", "replace").upper().split()
        if words and words[0] == "CAPABILITY":
            self.capabilities = frozenset(word.upper() for word in words[1:])

    async def run(
        self,
        *words: str,
        secret: bytes | None = None,
        bytes_: int = 0,
        take: Callable[[Answer], None] | None = None,
    ) -> list[Answer]:
        """Send a command and gather what comes before its end, the ending answer last.

        ``secret`` is sent when the server asks for more; ``bytes_`` limits the answers together, if they are
        to be mails. With ``take`` all but the last are given to it as they come, while the server goes on.

        Raises:
            Refused: the server says NO.
            ConnectionLost: it hung up.
            SourceUnavailable: it does not know the command, or says too much, or nothing in time.
        """
        tag = self.send(*words, bytes_=bytes_)
        found: list[Answer] = []
        take = take or found.append
        try:
            async with asyncio.timeout(COMMAND_SECONDS):
                while True:
                    each = await self.answer()
                    if each.tag == "+" and secret is not None:
                        self.writer.write(secret + b"\r\n")
                        secret = None
                    elif each.tag == tag:
                        found.append(each)
                        return self._ended(each, found)
                    elif each.tag != "*":
                        raise nonsense()
                    else:
                        take(each)
        except TimeoutError as exc:
            raise _lost() from exc

    def send(self, *words: str, bytes_: int = 0) -> str:
        """Send a command; answers its tag."""
        self._count += 1
        self._left = bytes_ or COMMAND_LINES * self.line_bytes
        tag = f"C{self._count}"
        self.writer.write(" ".join((tag, *words)).encode("ascii") + b"\r\n")
        return tag

    async def idle(self, seconds: float, news: re.Pattern[bytes]) -> bool:
        """Wait until the server tells unasked what is ``news`` (RFC 2177); False if it did not within ``seconds``.

        Raises:
            Refused: it does not wait with us now.
        """
        tag = self.send("IDLE")
        heard = False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not heard:
                    each = await self.answer(seconds + self.seconds)
                    if each.tag == tag:
                        self._ended(each, [])
                        raise nonsense()
                    heard = news.match(each.pieces[0]) is not None
        self.writer.write(b"DONE\r\n")
        while (each := await self.answer()).tag != tag:
            heard = heard or news.match(each.pieces[0]) is not None
        return heard

    def _ended(self, ending: Answer, found: list[Answer]) -> list[Answer]:
        if ending.status == "OK":
            self._heard(ending)
            return found
        code = next(iter(ending.code), "")
        if ending.status == "NO":
            raise Refused(code)
        raise SourceUnavailable(
            "The mail server does not understand a command that it should.", hint="Is it an IMAP4rev1 server?"
        )

    async def answer(self, seconds: float | None = None) -> Answer:
        """The next response.

        Raises:
            ConnectionLost: the server says BYE, hangs up or is silent for too long.
            SourceUnavailable: a line, a literal or all of it is longer than the limits.
        """
        until = asyncio.get_running_loop().time() + (seconds or self.seconds)
        try:
            pieces = [self._held_line() or await self._line(until)]
            while pieces[-1].endswith(_ANNOUNCING) and (announced := LITERAL.search(pieces[-1])):
                pieces.append(await self._literal(int(announced[1]), until))
                pieces.append(self._held_line() or await self._line(until))
        except (asyncio.IncompleteReadError, OSError, TimeoutError) as exc:
            raise _lost() from exc
        found = answer(pieces)
        if found.tag == "*" and found.status == "BYE" and self._count:
            raise _lost()
        return found

    async def _line(self, until: float) -> bytes:
        while self.inflow.held <= self.line_bytes:
            await self._more(until)
            if (line := self._held_line()) is not None:
                return line
        raise SourceUnavailable("The mail server sends a line longer than the limit.")

    def _held_line(self) -> bytes | None:
        """The next line if it has come whole."""
        line = self.inflow.line()
        if line is not None:
            if len(line) > self.line_bytes:
                raise SourceUnavailable("The mail server sends a line longer than the limit.")
            self._spend(len(line))
        return line

    async def _literal(self, size: int, until: float) -> bytes:
        if size > self.literal_bytes:
            raise SourceUnavailable("The mail server announces more bytes at once than the limit.")
        self._spend(size)
        while (literal := self.inflow.literal(size)) is None:
            await self._more(until)
        return literal

    async def _more(self, until: float) -> None:
        async with asyncio.timeout_at(until):
            await self.writer.drain()
            await self.inflow.more()

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise SourceUnavailable("The mail server answers more bytes to one command than the limit.")


def refused_for_good(code: str) -> bool:
    """Whether a refusal to sign in needs a person, and is no passing trouble of the server."""
    return code in _PRIVACY or code not in {"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "CLIENTBUG"}

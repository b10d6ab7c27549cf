"""A receiver of webhooks on a socket of loopback, which answers as a test wants and checks signatures by the book."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

HELD = None
"""In place of a status: never answer."""


@dataclass(frozen=True)
class Got:
    """A message as it came."""

    headers: dict[str, str]
    body: bytes
    path: str

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def fits(self, secret: str) -> bool:
        """Whether one of its signatures is the secret's, after the text of Standard Webhooks 1.0.0 alone."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return wanted in self.headers["webhook-signature"].split(" ")


Answering = Callable[[Got], int | None]


class Receiver:
    """What came, and how it is answered."""

    def __init__(self, answer: Answering) -> None:
        self.answer = answer
        self.got: list[Got] = []
        self.port = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    async def open(self) -> None:
        """Listen, at the same port as before if there was one."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Refuse connections, and end those there are."""
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                status = self.answer(got := await self._read(reader))
                self.got.append(got)
                if status is HELD:
                    await reader.read()
                    break
                location = "Location: http://127.0.0.1:1/inner\r\n" if 300 <= status < 400 else ""
                writer.write(f"HTTP/1.1 {status} x\r\n{location}Content-Length: 2\r\n\r\nok".encode())
                await writer.drain()
        self._writers.discard(writer)
        writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Got:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {n.strip().lower(): v.strip() for n, _, v in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        return Got(headers, body, head[0].split(" ")[1])


@contextlib.asynccontextmanager
async def receiver(answer: Answering = lambda _: 200) -> AsyncIterator[Receiver]:
    """A receiver at work."""
    made = Receiver(answer)
    await made.open()
    try:
        yield made
    finally:
        await made.close()

"""A hostile HTTP server on a real socket of loopback: what it does to a request is a coroutine a test gives it."""

import asyncio
import socket
import struct
import threading
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

Behaviour = Callable[["Call"], Awaitable[None]]


class Call:
    """One request, and the wire to answer it on."""

    def __init__(
        self, method: str, target: str, headers: dict[str, str], body: bytes, out: asyncio.StreamWriter
    ) -> None:
        self.method, self.target, self.headers, self.body = method, target, headers, body
        self._out = out

    async def send(self, data: bytes) -> None:
        self._out.write(data)
        await self._out.drain()

    async def answer(self, body: bytes, *, status: str = "200 OK", headers: str = "") -> None:
        kind = "" if "content-type" in headers.lower() else "Content-Type: application/json\r\n"
        await self.send(f"HTTP/1.1 {status}\r\n{kind}Content-Length: {len(body)}\r\n{headers}\r\n".encode() + body)

    async def reset(self) -> None:
        """Tear the connection, so that the other side sees a reset."""
        linger = struct.pack("ii", 1, 0)
        self._out.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._out.transport.abort()


class Hostile:
    """``with Hostile(behaviour) as server``: ``server.url``, and ``server.calls``, all that were made."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.calls: list[Call] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(5)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _start(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def _stop(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)

    async def _serve(self, incoming: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while head := await incoming.readuntil(b"\r\n\r\n"):
                lines = head.decode("latin-1").split("\r\n")
                method, target, _ = lines[0].split(" ", 2)
                headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:]) if k}
                body = await incoming.readexactly(int(headers.get("content-length", 0)))
                call = Call(method, target, headers, body, out)
                self.calls.append(call)
                await self.behaviour(call)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the other side has had enough, which is what the tests ask of it
        finally:
            self._tasks.discard(task)
            out.transport.abort()

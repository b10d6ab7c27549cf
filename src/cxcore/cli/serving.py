"""Serving: the API and the pages as one ASGI application, and the server around it."""

import asyncio
import contextlib
import errno
import gc
import importlib.util
import signal
import socket
from collections.abc import Callable, Iterator
from types import FrameType

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from cxcore import log, settings
from cxcore.api import app as api
from cxcore.api import time_limit
from cxcore.auth import oidc
from cxcore.db.connect import connected, cursor_key
from cxcore.db.session import Database
from cxcore.errors import OperatorError
from cxcore.pull import keyring
from cxcore.settings import Settings
from cxcore.web import app as web

_MIB = 1024 * 1024
_API = ("/v1/", "/problems/", "/healthz", "/openapi.json", "/mcp")
_SECOND_LINE = 5.0
"""Seconds after the end of the longest request in which its process has to end it, before the database's server does."""


class Front:
    """The API under its paths, the pages under all others, on connections of their own to the database."""

    def __init__(self, database: Database, read: Settings) -> None:
        key, vault = cursor_key(read), keyring.vault(read)
        self._database = database = database.patient(seconds=read.request_seconds + time_limit.LONGEST + _SECOND_LINE)
        home = (read.public_url or "").rstrip("/")
        created = api.create(
            database,
            cursor_key=key,
            vault=vault,
            rate_limit=read.rate_limit,
            webhook_private_network=read.webhook_private_network,
            audit_services=read.audit_services,
            public_url=home,
            request_seconds=read.request_seconds,
        )
        self.close_streams: Callable[[], None] = created.state.pulse.close
        """Ends what would go on for ever, so that a process can stop."""
        created.state.assistants = _assistants(created, read)
        self._api = api.surrounded(created, cache_bytes=read.cache_mib * _MIB)
        self._web: ASGIApp = web.create(
            database,
            cursor_key=key,
            timezone=read.timezone,
            secure=read.environment == "production",
            vault=vault,
            relying=oidc.relying(read),
            audit_services=read.audit_services,
            rate_limit=read.rate_limit,
        )

    async def close(self) -> None:
        """Close its connections to the database."""
        await self._database.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            chosen = self._api if scope["path"].startswith(_API) else self._web
            await chosen(scope, receive, send)


def _assistants(api: ASGIApp, read: Settings) -> ASGIApp | None:
    """What answers assistants at /mcp; None where the SDK is not installed. It is loaded when the first of them asks, beside
    the loop, since it takes most of a second."""
    if importlib.util.find_spec("mcp") is None:
        return None
    origin = (read.public_url or f"http://{read.host}:{read.port}").rstrip("/")
    made: list[ASGIApp] = []

    def load() -> ASGIApp:
        from cxcore.mcp.over_http import Assistants

        return Assistants(api, origin=origin)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if not made:
            made.append(await asyncio.to_thread(load))
        await made[0](scope, receive, send)

    return answer


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket bound to where the service will answer.

    Raises:
        OperatorError: the port is taken, may not be used, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, port))
        except OSError as exc:
            reason = {errno.EADDRINUSE: "is taken", errno.EACCES: "may not be used by this user"}.get(
                exc.errno or 0, "cannot be used"
            )
            raise OperatorError(f"Port {port} on {host} {reason}.", hint="Choose another with CX_PORT.") from exc
        bound.listen(2048)
        yield bound


class Server(uvicorn.Server):
    """uvicorn's server, stopped by an event. Its own handling of signals ends the process before we have cleaned up."""

    def __init__(self, config: uvicorn.Config, *, close_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._close_streams = close_streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._close_streams()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def serve_until(self, bound: socket.socket, stop: asyncio.Event) -> None:
        """Serve until SIGINT, SIGTERM or ``stop``; requests under way are answered first."""

        async def watch() -> None:
            await stop.wait()
            self.should_exit = True

        gc.collect()
        gc.freeze()  # what serves lives as long as the process: no collection need look at it again
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        watcher = asyncio.create_task(watch())
        try:
            await self.serve(sockets=[bound])
        finally:
            stop.set()
            await watcher


def server(front: ASGIApp, *, close_streams: Callable[[], None] = lambda: None) -> Server:
    """A server for the application, quiet: requests are not logged, since ids of people stand in their paths.
    ``close_streams`` is called before it waits for the answers under way."""
    return Server(
        uvicorn.Config(
            front, log_config=None, log_level="warning", access_log=False, lifespan="off", server_header=False
        ),
        close_streams=close_streams,
    )


def worker_process() -> ASGIApp:
    """The application for one of several worker processes, which reads its own settings."""
    read = settings.load()
    log.configure(read.log_level)
    held = contextlib.ExitStack()
    front = Front(held.enter_context(connected(read)), read)
    for number in (signal.SIGTERM, signal.SIGINT):
        _before(number, front.close_streams)
    return front


def _before(number: signal.Signals, act: Callable[[], None]) -> None:
    """Act when the signal comes, then leave it to whom it was for: here uvicorn, which waits for all answers."""
    former = signal.getsignal(number)

    def handle(received: int, frame: FrameType | None) -> None:
        act()
        if callable(former):
            former(received, frame)

    signal.signal(number, handle)

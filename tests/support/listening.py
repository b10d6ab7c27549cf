"""The API on a real socket of loopback, for senders in other processes."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable

from starlette.types import ASGIApp

from cxcore.cli import serving


@contextlib.asynccontextmanager
async def listening(
    app: ASGIApp, *, port: int = 0, close_streams: Callable[[], None] = lambda: None
) -> AsyncIterator[str]:
    """Serve an application in this event loop; gives its address. Call others from it in threads only."""
    with socket.create_server(("127.0.0.1", port)) as bound:
        server = serving.server(app, close_streams=close_streams)
        serve = asyncio.create_task(server.serve(sockets=[bound]))
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serve

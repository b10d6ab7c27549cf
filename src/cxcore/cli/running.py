"""cxcore up, serve, worker: the running service.

The API and the pages are loaded by those verbs that serve them: it takes a second, which no other verb need wait for.
"""

import asyncio
import os
import signal
import socket
from typing import Annotated

import typer

from cxcore import log, settings
from cxcore.cli import runtime
from cxcore.db.connect import connected
from cxcore.db.session import Database
from cxcore.pull import keyring
from cxcore.settings import Settings
from cxcore.worker import main as working


def up() -> None:
    """Run everything in one process: the database (embedded if none is named), the API, the pages and a worker."""

    async def work(read: Settings, database: Database) -> None:
        await everything(read, database)

    runtime.run(work)


async def everything(read: Settings, database: Database) -> None:
    """Serve and work until a signal."""
    from cxcore.cli.serving import listening

    with listening(read.host, read.port) as bound:
        stop = asyncio.Event()
        host, port = bound.getsockname()[:2]
        typer.echo(f"cxcore answers on http://{host}:{port}/  (Ctrl-C stops it)")
        pulling = asyncio.create_task(_working(database, read, stop))
        try:
            await _serving(database, read, bound, stop)
        finally:
            stop.set()
            await pulling


def serve(
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer requests.")] = 1,
) -> None:
    """Serve the API and the pages."""
    import uvicorn

    from cxcore.cli.serving import listening

    if workers == 1:

        async def work(read: Settings, database: Database) -> None:
            with listening(read.host, read.port) as bound:
                typer.echo(f"cxcore answers on http://{read.host}:{bound.getsockname()[1]}/")
                await _serving(database, read, bound, asyncio.Event())

        runtime.run(work)
        return
    read = settings.load()
    log.configure(read.log_level)
    with listening(read.host, read.port):
        pass
    with connected(read):
        typer.echo(f"cxcore answers on http://{read.host}:{read.port}/ with {workers} processes")
        uvicorn.run(
            "cxcore.cli.serving:worker_process",
            factory=True,
            host=read.host,
            port=read.port,
            workers=workers,
            log_config=None,
            log_level="warning",
            access_log=False,
            lifespan="off",
            server_header=False,
        )


def worker() -> None:
    """Pull what is due and put it into the timelines. Run as many as you like."""

    async def work(read: Settings, database: Database) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        typer.echo(f"worker {os.getpid()} at work")
        await _working(database, read, stop)

    runtime.run(work)


async def _serving(database: Database, read: Settings, bound: socket.socket, stop: asyncio.Event) -> None:
    from cxcore.cli.serving import Front, server

    front = Front(database, read)
    try:
        await server(front, close_streams=front.close_streams).serve_until(bound, stop)
    finally:
        await front.close()


async def _working(database: Database, read: Settings, stop: asyncio.Event) -> None:
    await working.run(
        database,
        every=read.pull_every,
        stop=stop,
        vault=keyring.vault(read),
        webhook_private_network=read.webhook_private_network,
    )

"""What is measured over HTTP: `cxcore serve` as it is run for real, and FastAPI alone, each in processes of its own."""

import asyncio
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


@asynccontextmanager
async def plain(size: int, *, processes: int) -> AsyncIterator[int]:
    """`bench.plain_app` under uvicorn, its page of ``size`` bytes; answers the port."""
    port = _free_port()
    command = [
        "-m",
        "uvicorn",
        "bench.plain_app:app",
        "--port",
        str(port),
        "--workers",
        str(processes),
        "--no-access-log",
    ]
    environment = {**os.environ, "CXBENCH_STATIC_BYTES": str(size)}
    async with _running([sys.executable, *command, "--log-level", "warning", "--lifespan", "off"], environment, port):
        yield port


@asynccontextmanager
async def product(url: str, *, pool_size: int, processes: int = 1) -> AsyncIterator[int]:
    """`cxcore serve` as it is run for real, in processes of its own, without a rate limit; answers the port."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="cxbench-") as folder:
        environment = {
            **os.environ,
            "CX_DATABASE_URL": url,
            "CX_DATA_DIR": folder,
            "CX_PORT": str(port),
            "CX_POOL_SIZE": str(pool_size),
            "CX_LOG_LEVEL": "warning",
            "CX_RATE_LIMIT": "0",
        }
        command = [str(Path(sys.executable).with_name("cxcore")), "serve", "--workers", str(processes)]
        async with _running(command, environment, port):
            yield port


@asynccontextmanager
async def _running(command: list[str], environment: dict[str, str], port: int) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                _, sink = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                sink.close()
                break
        await asyncio.sleep(2)  # the other processes of it come up, too
        yield
    finally:
        process.terminate()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

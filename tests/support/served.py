"""The service as a process of its own, under uvicorn on a free port, with what a client needs to call it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from support.private import free_port

_PATIENCE = 60.0
_START = "import sys; sys.path.insert(0, sys.argv[1]); from support import served; served.serve()"


def serve() -> None:
    """`cxcore serve`, with Parley among the connectors."""
    from cxcore.cli import main
    from cxcore.sdk import registry
    from support.parley import Parley

    known = {**registry.installed(), "parley": Parley}
    registry.installed = lambda: known
    sys.argv = ["cxcore", "serve"]
    main()


@dataclass(frozen=True)
class Service:
    """Where it answers, the database behind it, and the process."""

    url: str
    database_url: str
    process: subprocess.Popen[bytes]


@contextmanager
def served(database_url: str, folder: Path, **settings: str) -> Iterator[Service]:
    """A running service; what it writes is in ``folder/service.txt``. It is killed at the end."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CX_")}
    environment |= {"CX_DATABASE_URL": database_url, "CX_PORT": str(port), "CX_DATA_DIR": str(folder / "data")}
    with (folder / "service.txt").open("wb") as told:
        process = subprocess.Popen(
            [sys.executable, "-c", _START, str(Path(__file__).parents[1])],
            env=environment | settings,
            stdout=told,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        try:
            _answering(f"http://127.0.0.1:{port}", process, folder / "service.txt")
            yield Service(f"http://127.0.0.1:{port}", database_url, process)
        finally:
            process.kill()
            process.wait()


def _answering(url: str, process: subprocess.Popen[bytes], told: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, told.read_text(encoding="utf-8")
        try:
            httpx2.get(f"{url}/healthz", trust_env=False)
        except httpx2.ConnectError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"{url} does not answer: {told.read_text(encoding='utf-8')}")

"""The service by several processes on one socket, as a supervisor runs it: one that dies is replaced at once.

Run as ``python -m support.workers URL PROCESSES [RATE_LIMIT]``: prints the port, then each child's pid as it starts.
"""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cxcore.api.app import application
from cxcore.cli import serving
from cxcore.db.session import Database
from cxcore.sdk import registry
from support.calling import CURSOR_KEY


@dataclass
class Workers:
    """The running processes."""

    url: str
    process: subprocess.Popen[str]

    def started(self) -> int:
        """The pid of the next process that starts."""
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())


@contextlib.contextmanager
def workers(database_url: str, *, processes: int, rate_limit: int = 0) -> Iterator[Workers]:
    """The service on loopback."""
    command = [sys.executable, "-m", "support.workers", database_url, str(processes), str(rate_limit)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        try:
            yield Workers(f"http://127.0.0.1:{int(process.stdout.readline())}", process)
        finally:
            process.terminate()


def _serve(url: str, bound: socket.socket, rate_limit: int) -> None:
    database = Database(url, pool_size=6)
    app = application(database, cursor_key=CURSOR_KEY, rate_limit=rate_limit)
    asyncio.run(serving.server(app).serve_until(bound, asyncio.Event()))


def tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def main() -> None:
    url, processes, rate_limit = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    registry.installed()
    gc.collect()
    gc.freeze()  # else each child walks through all that is imported, just when it should answer
    children: set[int] = set()

    def stop(*_: object) -> None:
        for child in children:
            os.kill(child, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen(2048)
        tell(bound.getsockname()[1])
        while True:
            while len(children) < processes:
                child = os.fork()
                if child == 0:
                    signal.signal(signal.SIGTERM, signal.SIG_DFL)
                    _serve(url, bound, rate_limit)
                    os._exit(0)
                children.add(child)
                tell(child)
            children.discard(os.wait()[0])


if __name__ == "__main__":
    main()

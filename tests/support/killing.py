"""Processes that pull and are killed with -9, and what is left in the database."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cxcore.db.session import Database
from support.state import State, state


@contextmanager
def forker(url: str) -> Iterator[subprocess.Popen[str]]:
    here = Path(__file__).resolve().parents[1]
    environment = {**os.environ, "PYTHONPATH": str(here)}
    process = subprocess.Popen(
        [sys.executable, "-m", "support.forker", url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    with process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def run_once(process: subprocess.Popen[str], *, kill_after: float | None) -> int:
    """Let a child run, kill it if asked, and answer how it ended, as os.waitpid says it."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    child = int(process.stdout.readline())
    if kill_after is not None:
        time.sleep(kill_after)
        with contextlib.suppress(ProcessLookupError):  # it was done already
            os.kill(child, signal.SIGKILL)
    return int(process.stdout.readline())


async def final_state(url: str) -> State:
    database = Database(url)
    found = await state(database)
    await database.close()
    return found

"""The embedded PostgreSQL server: started by the first process that needs it, shared, stopped by the last one out.

Below ``home``: ``data`` is the database, ``s`` holds the unix socket, ``log`` is the server's own log, ``lock`` is held
while somebody starts or stops, ``users`` is held by everybody who uses the server. Both locks are flocks, which vanish
with their process; a list of process ids would keep the names of the dead. Linux and macOS; Windows has no flock.
"""

import atexit
import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from cxcore.db.binaries import account_for
from cxcore.db.cluster import PATIENCE_SECONDS, START_SECONDS, Cluster, prepare, unusable
from cxcore.errors import OperatorError


class EmbeddedServer:
    """One process's share in a running server: given back by release(), by ``with``, or at exit."""

    def __init__(self, cluster: "Cluster", *, database: str, started_by_us: bool, share: int) -> None:
        self.url = f"postgresql+asyncpg://postgres@/{quote(database)}?host={quote(str(cluster.sockets))}"
        self.socket_dir = cluster.sockets
        self.major = cluster.programs.major
        self.started_by_us = started_by_us
        self._cluster = cluster
        self._share: int | None = share
        self._pid = os.getpid()
        atexit.register(self._release_at_exit)

    def release(self) -> None:
        """Give the share back, and stop the server if nobody else uses it. A second call does nothing.

        Connections of this very process do not count: a pool that was not closed must not keep the server running.

        Raises:
            OperatorError: the server should stop and does not.
        """
        if self._share is None or self._pid != os.getpid():  # a forked child has no share of its own
            return
        share, self._share = self._share, None
        atexit.unregister(self._release_at_exit)
        os.close(share)
        try:
            with _locked(self._cluster.home / "lock"):
                if _nobody_holds(self._cluster.home / "users"):
                    self._cluster.stop_if_unused()
        except FileNotFoundError:
            # Somebody removed the home. A server whose data is gone notices within a minute and ends by itself.
            return
        except OSError as exc:
            raise unusable(self._cluster.home, exc) from exc

    def _release_at_exit(self) -> None:
        try:
            self.release()
        except OperatorError as exc:
            # Nobody is left to handle it; the next process adopts the server and tries again.
            logging.getLogger(__name__).warning("The embedded PostgreSQL was not stopped: %s", exc)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def acquire(home: Path, *, bindir: Path | None = None, name: str = "cxcore") -> EmbeddedServer:
    """Start the server of ``home``, or share the one that runs, and make the database ``name`` if it is missing.

    Blocks for about a second on the first start, for some milliseconds when the server runs. The share is given back
    at exit by itself; a process that dies by a signal leaves the server to the next one.

    Raises:
        OperatorError: there are no programs, ``home`` cannot be used, or the server does not start; the message
            quotes the decisive line.
    """
    home = home.expanduser().resolve()
    try:
        # Root's home lets the server's account pass, but not look around.
        home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        account = account_for(home / "data")
        with _locked(home / "lock"):
            cluster = prepare(home, account, bindir)
            started = cluster.bring_up(name)
            # Taken before the lock is let go, so that nobody who is leaving can overlook this process.
            share = _open_lock(home / "users")
            fcntl.flock(share, fcntl.LOCK_SH)
    except OSError as exc:
        raise unusable(home, exc) from exc
    return EmbeddedServer(cluster, database=name, started_by_us=started, share=share)


release = EmbeddedServer.release


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock ``path`` alone; wait for it as long as another process may reasonably need."""
    fd = _open_lock(path)
    try:
        until = time.monotonic() + START_SECONDS + PATIENCE_SECONDS
        while not _take(fd):
            if time.monotonic() > until:
                raise OperatorError(f"Another process keeps {path} locked.", hint="End the cxcore that hangs.")
            time.sleep(0.02)
        yield
    finally:
        # Explicitly, because a child forked meanwhile by another thread would keep a merely closed one locked.
        fcntl.flock(fd, fcntl.LOCK_UN)
        os.close(fd)


def _take(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _nobody_holds(path: Path) -> bool:
    fd = _open_lock(path)
    try:
        return _take(fd)
    finally:
        os.close(fd)

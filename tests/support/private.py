"""A PostgreSQL of a test's own, on loopback, that asks for a password and can be stopped and started."""

import contextlib
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cxcore.db.binaries import Account, Binaries, account_for, find, runnable_by

USER, PASSWORD = "postgres", "swordfish-4711"


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


class PrivateServer:
    """One cluster below a directory that every user may enter."""

    def __init__(self, home: Path) -> None:
        self.home, self.data, self.port = home, home / "data", free_port()
        self.account: Account = account_for(self.data)
        found = find(None, data=self.data)
        self.programs: Binaries = runnable_by(self.account, found, copies=home / "bin")
        password = home / "password"
        password.write_text(PASSWORD, encoding="ascii")
        self.data.mkdir(mode=0o700)
        for path in (home, self.data, password):
            os.chown(path, self.account.uid, self.account.gid)
        self._run("initdb", "-U", USER, "-E", "UTF8", "--locale=C", "-A", "scram-sha-256", f"--pwfile={password}", "-N")

    def _run(self, program: str, *args: str) -> None:
        log = (self.home / "log").open("ab")
        with log:
            done = self.account.run([self.programs.bindir / program, *args], data=str(self.data), output=log)
        assert done.returncode == 0, (self.home / "log").read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.home} -c fsync=off -c shared_buffers=16MB"
        self._run("pg_ctl", "start", "-s", "-w", "-o", options)

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "stop", "-s", "-w", "-m", mode)

    def url(self, database: str = "postgres", *, password: str = PASSWORD) -> str:
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{database}"


@contextlib.contextmanager
def private_server() -> Iterator[PrivateServer]:
    """A running server; stopped and removed afterwards."""
    home = Path(tempfile.mkdtemp(prefix="cxcore-private-", dir="/tmp"))
    home.chmod(0o755)
    try:
        server = PrivateServer(home)
        server.start()
        try:
            yield server
        finally:
            with contextlib.suppress(AssertionError):  # a test may have stopped it
                server.stop("immediate")
    finally:
        shutil.rmtree(home, ignore_errors=True)

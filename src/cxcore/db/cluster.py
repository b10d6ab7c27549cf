"""One data directory of the embedded PostgreSQL: making it, starting and stopping a server on it, as root too."""

import errno
import hashlib
import os
import re
import shlex
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from cxcore.db.binaries import Account, Binaries, find, runnable_by
from cxcore.errors import OperatorError

_SOCKET_FILE: Final = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH: Final = 103  # bytes; macOS has 104 and Linux 108, a closing zero included
START_SECONDS: Final = 300  # recovery after a crash replays up to max_wal_size
PATIENCE_SECONDS = 60  # for a server that neither answers nor is gone
_LOG_BYTES: Final = 8 * 2**20
_WAL_SEGMENT_BYTES: Final = 16 * 2**20
_NO_SUCH_PID: Final = 2**31 - 1  # above the highest process id of every supported system

# For bulk loads on a workstation (engine study, section 1). The log keeps what concerns the server and drops failed
# statements and the details of errors: both quote customers' values.
_CONFIGURATION: Final = """
# Set by cxcore when it made this directory; edit freely, it is not written again.
jit = off
shared_buffers = 256MB
max_wal_size = 2GB
checkpoint_timeout = 15min
random_page_cost = 1.1
log_min_messages = log
log_error_verbosity = terse
"""

# A start that fails with one of these may succeed in a moment: the server before it is not quite gone.
_PASSING: Final = ('lock file "postmaster.pid" already exists', "pre-existing shared memory block")


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data directory with everything that is needed to run a server on it."""

    home: Path
    data: Path
    sockets: Path
    account: Account
    programs: Binaries
    hidden: bool  # whether ``account`` may not pass a directory on the way to home

    @property
    def address(self) -> str:
        return str(self.sockets / _SOCKET_FILE)

    def create(self) -> None:
        """Make the data directory, under another name first: what is there under its own name is whole."""
        if self.data.exists() and any(self.data.iterdir()):
            raise OperatorError(
                f"{self.data} holds files, but no PostgreSQL data.",
                hint="Move them away, or choose another CX_DATA_DIR.",
            )
        for leftover in self.home.glob("data.new.*"):
            shutil.rmtree(leftover, ignore_errors=True)
        draft = Path(tempfile.mkdtemp(prefix="data.new.", dir=self.home))
        _give(draft, self.account)
        options = ["-U", "postgres", "-E", "UTF8", "--auth=trust", "-k", "--no-instructions"]
        # macOS long had no C.UTF-8; these two together mean the same (not run there).
        options += ["--locale=C", "--lc-ctype=UTF-8"] if sys.platform == "darwin" else ["--locale=C.UTF-8"]
        if self.programs.major >= 17:  # noqa: PLR2004 - the version that brought this provider
            options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        code, said = self._run_logged("initdb", *options, data=draft)
        if code != 0:
            failure = self._failure("The embedded database cannot be made", said)
            shutil.rmtree(draft, ignore_errors=True)  # only now: it may be what fills the disk
            raise failure
        configuration = _CONFIGURATION
        # Asked of the server itself: builds differ, and the wheel's has no lz4.
        if self._run("postgres", "-C", "wal_compression", "-c", "wal_compression=lz4", data=draft).returncode == 0:
            configuration += "wal_compression = lz4\n"
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(configuration)
        draft.rename(self.data)

    def bring_up(self, database: str) -> bool:
        """See to it that the server answers and has ``database``; whether it had to be started."""
        started = False
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            if answers(self.address):
                problem = self._make_database(database)
                if problem is None:
                    return started
            else:
                problem = self._start()
                started = problem is None
            if problem is not None and time.monotonic() > until:
                raise self._failure("The embedded PostgreSQL does not start", problem)
            if problem is not None:
                time.sleep(0.1)

    def stop_if_unused(self) -> None:
        """Stop the server, unless somebody from outside is connected, such as psql or pg_basebackup."""
        for _ in range(10):  # a connection that was closed a moment ago is still listed; wait for it a little
            if not answers(self.address):
                return
            own = _own_connections(self.address)
            listed = self._sql(
                "select count(*) from pg_stat_activity where pid <> pg_backend_pid()"
                " and backend_type in ('client backend', 'walsender')"
            )
            if listed.returncode != 0:
                return  # such as "too many clients already": in use, or not ours to judge
            if int(listed.stdout.splitlines()[-1]) <= own:
                break
            time.sleep(0.05)
        else:
            return
        stopped = self._run("pg_ctl", "stop", "-s", "-w", "-t", "120", "-m", "fast", data=self.data)
        if stopped.returncode != 0 and answers(self.address):
            raise self._failure("The embedded PostgreSQL does not stop", stopped.stdout)
        if self.sockets.parent != self.home:
            with suppress(OSError):
                self.sockets.rmdir()

    def _start(self) -> str | None:
        """Try once; None when the server runs, else why it may run in a moment."""
        self._clear_stale_locks()
        code, said = self._run_logged("pg_ctl", "start", "-s", "-w", "-t", str(START_SECONDS), data=self.data)
        if code == 0:
            return None
        if any(sign in said for sign in _PASSING):
            return said
        raise self._failure("The embedded PostgreSQL does not start", said)

    def _clear_stale_locks(self) -> None:
        """Take away what a killed server left behind and PostgreSQL itself would trip over.

        It respects its lock file as long as *some* process has the number in it: a killed server that nobody reaps
        (containers without an init), or a stranger that got the number after a restart.
        """
        file = self.data / "postmaster.pid"
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True) if file.exists() else []
        if lines and lines[0].strip().isdecimal():
            if _works_in(int(lines[0]), self.data):
                return
            # Not removed: its last line lets PostgreSQL see whether children of the killed server still live.
            file.write_text("".join([f"{_NO_SUCH_PID}\n", *lines[1:]]), encoding="utf-8")
        else:
            file.unlink(missing_ok=True)  # empty: the disk was full, or the power went
        Path(f"{self.address}.lock").unlink(missing_ok=True)

    def _make_database(self, database: str) -> str | None:
        """Make ``database`` if it is missing; None when it is there, else why it may be in a moment."""
        # template0, because a session of somebody else in template1 would be in the way.
        made = self._sql(
            "select format('create database %I template template0', :'name')"
            " where not exists (select from pg_database where datname = :'name') \\gexec",
            f"--set=name={database}",
        )
        if made.returncode == 0:
            return None
        # Starting up or shutting down, by the hand of somebody who does not hold our lock.
        if "the database system is" in made.stdout or not answers(self.address):
            return made.stdout
        raise self._failure(f"The database {database} cannot be made", made.stdout)

    def _sql(self, statement: str, *options: str) -> subprocess.CompletedProcess[str]:
        psql = str(self.programs.bindir / "psql")
        to = ["-h", str(self.sockets), "-p", "5432", "-U", "postgres", "-d", "postgres"]
        return Account.ours().run([psql, "-XAtq", "--set=ON_ERROR_STOP=1", *to, *options], stdin=statement)

    def _run_logged(self, program: str, *args: str, data: Path) -> tuple[int, str]:
        """_run() into the server's log; the exit code and what was added to the log."""
        log = self.home / "log"
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.replace(self.home / "log.1")
        # Opened by us and handed over: the server's account need not be able to write to home.
        with os.fdopen(os.open(log, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "ab+") as output:
            before = output.seek(0, os.SEEK_END)
            code = self._run(program, *args, data=data, output=output).returncode
            output.seek(before)
            return code, output.read().decode(errors="replace")

    def _run(
        self, program: str, *args: str, data: Path, output: IO[bytes] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a server program on ``data`` under the server's account.

        PostgreSQL refuses to run as root, and the account it steps down to often may not pass a directory above home:
        a clone below /root is the usual case. Opening those directories to others is not ours to do, and data put
        elsewhere would outlive the removal of home. But a process that *inherits* an open directory reaches it as
        /proc/self/fd/N without passing its parents, and so do all children of the server (run on 15 and 18).
        """
        opened = [os.open(path, os.O_RDONLY) for path in (data, self.sockets)] if self.hidden else []
        seen, sockets = [f"/proc/self/fd/{fd}" for fd in opened] or [str(data), str(self.sockets)]
        command: list[str | Path] = [self.programs.bindir / program, *args]
        if args[0] == "start":
            # pg_ctl hands these to a shell.
            options = f"-p 5432 -c listen_addresses= -c unix_socket_permissions=0700 -k {shlex.quote(sockets)}"
            command += ["-o", options]
        try:
            return self.account.run(command, data=seen, pass_fds=opened, output=output)
        finally:
            for fd in opened:
                os.close(fd)

    def _failure(self, what: str, said: str) -> OperatorError:
        lines = [line.strip() for line in said.splitlines() if line.strip() and not line.startswith("Examine the log")]
        # A full disk makes several things fail after another, and only the first of them says why.
        decisive = (
            [line for line in lines if os.strerror(errno.ENOSPC) in line]
            or [line for line in lines if re.search(r"\b(FATAL|PANIC|ERROR|error):", line)]
            or lines
            or ["it gives no reason"]
        )
        # Without the time and the process number before it.
        reason = re.sub(r"^.*?\b(FATAL|PANIC|ERROR): +", "", decisive[-1]).rstrip(".")
        free = shutil.disk_usage(self.home).free
        full = f" The disk is full ({free // 1024} kB free)." if free < _WAL_SEGMENT_BYTES else ""
        return OperatorError(f"{what}: {reason}.{full}", hint=f"See {self.home / 'log'} for more.")


def prepare(home: Path, account: Account, bindir: Path | None) -> Cluster:
    """Settle programs, socket and data of ``home``; the lock must be held."""
    data = home / "data"
    found = find(bindir, data=data)
    hidden = not account.reaches(home)
    if hidden and not Path("/proc/self/fd").is_dir():
        raise OperatorError(
            f"The user {account.name}, under whom the server runs, cannot reach {home}.",
            hint="Choose a CX_DATA_DIR that every user can reach, or run cxcore as an ordinary user.",
        )
    programs = runnable_by(account, found, copies=None if hidden else home / "bin")
    cluster = Cluster(home, data, socket_dir(home), account, programs, hidden)
    _make_private(cluster.sockets, account)
    if not (data / "PG_VERSION").exists():
        cluster.create()
    return cluster


def socket_dir(home: Path) -> Path:
    """``home``/s, or if a socket cannot be named there a short directory that every process of this home works out."""
    usual = home / "s"
    # A comma or a colon separates hosts in a URL, and a comma or a quote directories in the server's own setting.
    if len(os.fsencode(usual / _SOCKET_FILE)) <= _LONGEST_SOCKET_PATH and not set(str(usual)) & set(",:\"'\\\n"):
        return usual
    # Not tempfile.gettempdir(): TMPDIR may differ between the processes that are to meet there.
    return Path("/tmp", f"cxcore-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}")  # noqa: S108 - see _make_private


def _make_private(directory: Path, account: Account) -> None:
    """Make ``directory`` for ``account`` alone, or see that it is so: who reaches the socket is a superuser."""
    with suppress(FileExistsError):
        directory.mkdir(mode=0o700)
    found = directory.lstat()  # not stat: a link laid by somebody else must not be followed
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {account.uid, os.geteuid()}:
        raise OperatorError(
            f"{directory} is to hold the server's socket, but belongs to somebody else.",
            hint="Remove it, or choose another CX_DATA_DIR.",
        )
    directory.chmod(0o700)
    _give(directory, account)


def _give(directory: Path, account: Account) -> None:
    if directory.stat().st_uid != account.uid:
        os.chown(directory, account.uid, account.gid)


def answers(address: str) -> bool:
    """Whether somebody listens on the socket. Process ids prove nothing: numbers are reused, and zombies keep theirs."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(5)
        try:
            probe.connect(address)
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except TimeoutError:
            return True  # too busy to take the call, so alive
    return True


def _works_in(pid: int, data: Path) -> bool:
    """Whether ``pid`` is a server of ``data``: its working directory is. Without /proc any process counts as one."""
    if not Path("/proc/self/cwd").exists():
        return True
    try:
        return Path(f"/proc/{pid}/cwd").samefile(data)
    except OSError:  # no such process, a zombie, or another user's
        return False


def _own_connections(address: str) -> int:
    """How many connections to the server this process has open; 0 where the system cannot tell."""
    if sys.platform != "linux":
        return 0
    count = 0
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.connect(address)
        server = probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)  # the process that listens
        for fd in {int(entry.name) for entry in Path("/proc/self/fd").iterdir()} - {probe.fileno()}:
            with suppress(OSError):  # closed meanwhile, or connected to nobody
                if stat.S_ISSOCK(os.fstat(fd).st_mode):
                    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, fileno=os.dup(fd)) as ours:
                        count += ours.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12) == server
    return count


def unusable(home: Path, exc: OSError) -> OperatorError:
    return OperatorError(
        f"The embedded server cannot use {exc.filename or home}: {exc.strerror}.",
        hint="Make it writable for the user who runs cxcore, or choose another CX_DATA_DIR.",
    )

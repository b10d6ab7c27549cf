"""The embedded server with real servers and real processes: who starts it, who stops it, what it survives.

Run as root and as an ordinary user: what one of them cannot show is skipped for it, and said so.
"""

import asyncio
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from cxcore.db import binaries, cluster, embedded
from cxcore.errors import OperatorError

IS_ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not IS_ROOT, reason="shows what root must be spared; needs root")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")

# An app: takes the server, says so, and ends when its standard input does.
APP = """
    import sys
    from pathlib import Path
    from cxcore.db import embedded

    server = embedded.acquire(Path(sys.argv[1]))
    print("started" if server.started_by_us else "shared", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home nobody has used; for root it lies below a directory of mode 0700, as a clone in /root does."""
    home = tmp_path / "home"
    yield home
    kill(home)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.EmbeddedServer]:
    """A server for tests that only look at it."""
    with embedded.acquire(tmp_path_factory.mktemp("shared") / "home") as server:
        yield server


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A directory that every user may enter, unlike tmp_path."""
    place = Path(tempfile.mkdtemp(prefix="cxcore-test-", dir="/tmp"))
    place.chmod(0o755)
    yield place
    kill(place / "home")
    shutil.rmtree(place)


def kill(home: Path) -> None:
    """Take down what a failed test left running."""
    if (home / "data" / "postmaster.pid").exists():
        with suppress(ProcessLookupError):
            os.kill(postmaster(home), signal.SIGQUIT)


def postmaster(home: Path) -> int:
    return int((home / "data" / "postmaster.pid").read_text().splitlines()[0])


def runs(server: embedded.EmbeddedServer) -> bool:
    return cluster.answers(str(server.socket_dir / ".s.PGSQL.5432"))


def ask_by_url(url: str) -> Any:
    """The name of the database that ``url`` leads to."""

    async def ask() -> Any:
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            found = await connection.scalar(text("select current_database()"))
        await engine.dispose()
        return found

    return asyncio.run(ask())


def ask(server: embedded.EmbeddedServer, *statements: str) -> Any:
    """The single value of the last of ``statements``."""

    async def ask() -> Any:
        connection = await asyncpg.connect(host=str(server.socket_dir), user="postgres", database="cxcore")
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    return asyncio.run(ask())


@contextmanager
def process(code: str, *args: Path | str, session: bool = False) -> Iterator[subprocess.Popen[str]]:
    """Another process that runs ``code``; it has ended when the block has."""
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=session,
    ) as child:
        try:
            yield child
            if child.poll() is None:
                child.communicate(timeout=60)
        finally:
            child.kill()


def said(child: subprocess.Popen[str]) -> str:
    assert child.stdout
    assert child.stderr
    line = child.stdout.readline().strip()
    return line or child.stderr.read()


def run(code: str, *args: Path | str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *args], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class TestSharing:
    def test_the_first_process_starts_the_server_and_the_last_one_stops_it(self, home: Path) -> None:
        with embedded.acquire(home) as server:
            assert server.started_by_us
            assert server.major == binaries.find(None, data=Path("/nonexistent")).major
            assert ask(server, "select current_database()") == "cxcore"
        assert not runs(server)

    def test_of_two_processes_that_start_cold_at_once_one_starts_the_server(self, home: Path) -> None:
        with process(APP, home) as one, process(APP, home) as two:
            assert sorted([said(one), said(two)]) == ["shared", "started"]
            with embedded.acquire(home) as server:
                assert ask(server, "select count(*) from pg_database where datname = 'cxcore'") == 1
            assert runs(server)
        assert not runs(server)

    def test_whoever_leaves_first_leaves_the_server_to_the_other(self, home: Path) -> None:
        first, second = embedded.acquire(home), embedded.acquire(home)
        assert (first.started_by_us, second.started_by_us) == (True, False)
        embedded.release(first)
        assert ask(second, "select 1") == 1
        embedded.release(first)
        assert ask(second, "select 1") == 1
        embedded.release(second)
        assert not runs(second)

    def test_a_process_that_has_not_connected_yet_counts(self, home: Path) -> None:
        with embedded.acquire(home) as server, process(APP, home) as other:
            assert said(other) == "shared"
            server.release()
            assert runs(server)
            other.communicate(timeout=30)
            assert not runs(server)

    def test_a_client_from_outside_counts(self, home: Path) -> None:
        psql = """
            import asyncio, asyncpg, sys

            async def main():
                connection = await asyncpg.connect(host=sys.argv[1], user="postgres", database="postgres")
                print("connected", flush=True)
                await asyncio.to_thread(sys.stdin.read)
                await connection.close()

            asyncio.run(main())
        """
        server = embedded.acquire(home)
        with process(psql, str(server.socket_dir)) as client:
            assert said(client) == "connected"
            server.release()
            assert runs(server)
        with embedded.acquire(home) as server:
            assert not server.started_by_us
        assert not runs(server)

    @on_linux
    def test_a_pool_that_was_left_open_does_not_keep_the_server(self, home: Path) -> None:
        careless = """
            import asyncio, asyncpg, sys, warnings
            from pathlib import Path
            from cxcore.db import embedded

            warnings.simplefilter("ignore")
            server = embedded.acquire(Path(sys.argv[1]))
            loop = asyncio.new_event_loop()
            connect = asyncpg.connect(host=str(server.socket_dir), user="postgres", database="cxcore")
            connection = loop.run_until_complete(connect)
            print(server.socket_dir)
        """
        socket_dir = Path(run(careless, home))
        assert list(socket_dir.iterdir()) == []

    def test_many_comings_and_goings_never_leave_anybody_without_a_server(self, home: Path) -> None:
        restless = """
            import asyncio, asyncpg, sys
            from pathlib import Path
            from cxcore.db import embedded

            async def one(server):
                connection = await asyncpg.connect(host=str(server.socket_dir), user="postgres", database="cxcore")
                print(await connection.fetchval("select 1"))
                await connection.close()

            for _ in range(4):
                with embedded.acquire(Path(sys.argv[1])) as server:
                    asyncio.run(one(server))
        """
        with process(restless, home) as one, process(restless, home) as two, process(restless, home) as three:
            for child in (one, two, three):
                out, err = child.communicate(timeout=60)
                assert out.split() == ["1"] * 4, err
        assert list((home / "s").iterdir()) == []

    def test_nothing_is_left_open_or_allocated(self, home: Path) -> None:
        embedded.acquire(home).release()
        before = psutil.Process().num_fds()
        with embedded.acquire(home):
            segment = (home / "data" / "postmaster.pid").read_text().splitlines()[6].split()[1]
        assert psutil.Process().num_fds() == before
        if sys.platform == "linux":
            table = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
            assert segment not in [line.split()[1] for line in table]


class TestMishaps:
    def test_a_killed_server_comes_back_with_everything_that_was_committed(self, home: Path) -> None:
        server = embedded.acquire(home)
        ask(server, "create table kept as select generate_series(1, 100000) as n", "select 1")
        os.kill(postmaster(home), signal.SIGKILL)
        with embedded.acquire(home) as again:
            assert again.started_by_us
            assert ask(again, "select count(*) from kept") == 100_000
            server.release()
            assert runs(again)
        assert not runs(again)

    def test_children_of_a_killed_server_that_still_write_hold_the_next_one_off(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 0.5)
        first = embedded.acquire(home)
        killed = psutil.Process(postmaster(home))
        child = killed.children()[0]
        child.suspend()
        killed.kill()
        try:
            with pytest.raises(OperatorError, match="does not start: pre-existing shared memory block"):
                embedded.acquire(home)
            monkeypatch.undo()
            threading.Timer(0.5, child.resume).start()
        except BaseException:
            child.resume()
            raise
        with embedded.acquire(home) as server:
            assert server.started_by_us
            first.release()
        assert not runs(server)

    def test_a_killed_app_leaves_its_server_to_the_next(self, home: Path) -> None:
        with process(APP, home) as app:
            assert said(app) == "started"
            app.kill()
        with embedded.acquire(home) as server:
            assert not server.started_by_us
            assert ask(server, "select 1") == 1
        assert not runs(server)

    def test_ctrl_c_ends_the_app_but_not_the_server(self, home: Path) -> None:
        with process(APP, home, session=True) as app:
            assert said(app) == "started"
            with embedded.acquire(home) as server:
                assert os.getsid(postmaster(home)) != os.getsid(app.pid)
                os.killpg(app.pid, signal.SIGINT)
                app.communicate(timeout=30)
                assert ask(server, "select 1") == 1
        assert not runs(server)

    @on_linux
    def test_a_killed_server_that_nobody_reaps_is_not_in_the_way(self, home: Path) -> None:
        init_that_does_not_reap = """
            import ctypes, os, signal, sys, time
            from pathlib import Path
            from cxcore.db import embedded

            PR_SET_CHILD_SUBREAPER = 36
            assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
            home = Path(sys.argv[1])
            first = embedded.acquire(home)
            pid = int((home / "data/postmaster.pid").read_text().split()[0])
            os.kill(pid, signal.SIGKILL)
            second = embedded.acquire(home)
            print(Path(f"/proc/{pid}/stat").read_text().split()[2], second.started_by_us)
        """
        assert run(init_that_does_not_reap, home) == "Z True"
        assert list((home / "s").iterdir()) == []

    @on_linux
    def test_a_stranger_with_the_number_of_a_killed_server_is_not_in_the_way(self, home: Path) -> None:
        embedded.acquire(home).release()
        account = binaries.account_for(home / "data")
        with subprocess.Popen(["sleep", "60"], user=account.uid if IS_ROOT else None, cwd="/") as stranger:
            lock = home / "data" / "postmaster.pid"
            lock.write_text(f"{stranger.pid}\n{home}/data\n1\n5432\n{home}/s\n\n   1   1\nready   \n")
            (home / "s" / ".s.PGSQL.5432.lock").write_text(f"{stranger.pid}\n")
            for file in (lock, home / "s" / ".s.PGSQL.5432.lock"):
                os.chown(file, account.uid, account.gid)
                file.chmod(0o600)
            with embedded.acquire(home) as server:
                assert server.started_by_us
            stranger.kill()

    def test_an_empty_lock_file_is_not_in_the_way(self, home: Path) -> None:
        embedded.acquire(home).release()
        (home / "data" / "postmaster.pid").touch()
        (home / "s" / ".s.PGSQL.5432").touch()
        with embedded.acquire(home) as server:
            assert ask(server, "select 1") == 1

    def test_a_first_start_that_was_cut_off_is_begun_again(self, home: Path) -> None:
        (home / "data.new.cut" / "base").mkdir(parents=True)
        with embedded.acquire(home):
            assert not list(home.glob("data.new*"))

    def test_a_home_that_was_removed_is_let_go_in_peace(self, home: Path) -> None:
        server = embedded.acquire(home)
        pid = postmaster(home)
        shutil.rmtree(home)
        server.release()
        os.kill(pid, signal.SIGQUIT)


class TestMessages:
    def test_no_programs(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(binaries, "_candidates", lambda: iter(()))
        with pytest.raises(OperatorError, match=r"pip install 'cxcore\[embedded\]'"):
            embedded.acquire(home)

    def test_a_file_where_home_should_be(self, home: Path) -> None:
        home.touch()
        with pytest.raises(OperatorError, match=r"cannot use .*home: File exists"):
            embedded.acquire(home)

    def test_files_of_something_else_in_the_data_directory(self, home: Path) -> None:
        (home / "data").mkdir(parents=True)
        (home / "data" / "thesis.txt").touch()
        os.chown(home / "data", *server_ids())
        with pytest.raises(OperatorError, match="holds files, but no PostgreSQL data"):
            embedded.acquire(home)

    def test_a_start_that_fails_quotes_the_line_that_decides(self, home: Path) -> None:
        embedded.acquire(home).release()
        with (home / "data" / "postgresql.conf").open("a") as file:
            file.write("shared_buffers = banana\n")
        with pytest.raises(OperatorError, match=r"does not start: configuration file .* contains errors.*home/log"):
            embedded.acquire(home)

    @pytest.mark.parametrize(
        ("said", "quoted"),
        [
            ("initdb: error: no such thing\\ninitdb: removing it\\n", "initdb: error: no such thing"),
            ("FATAL:  could not write: No space left on device\\nPANIC:  cannot abort\\n", "could not write: No space"),
            ("", "it gives no reason"),
        ],
    )
    def test_a_first_start_that_fails_quotes_the_line_that_decides_and_leaves_nothing(
        self, said: str, quoted: str, open_place: Path
    ) -> None:
        home, broken = open_place / "home", open_place / "bin"
        broken.mkdir()
        for program in ("pg_ctl", "postgres", "psql"):
            (broken / program).symlink_to(binaries.find(None, data=home / "data").bindir / program)
        initdb = broken / "initdb"
        initdb.write_text(f"#!/bin/sh\n[ $1 = --version ] && exit\nprintf '{said}'\nexit 1\n")
        initdb.chmod(0o755)
        with pytest.raises(OperatorError, match=f"cannot be made: {quoted}"):
            embedded.acquire(home, bindir=broken)
        assert not list(home.glob("data*"))

    def test_a_server_that_somebody_started_by_hand_elsewhere(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 0.5)
        with embedded.acquire(home) as server:
            hidden = server.socket_dir / "hidden"
            (server.socket_dir / ".s.PGSQL.5432").rename(hidden)
            with pytest.raises(OperatorError, match=r'does not start: lock file "postmaster.pid" already exists'):
                embedded.acquire(home)
            hidden.rename(server.socket_dir / ".s.PGSQL.5432")
            assert ask(server, "select 1") == 1

    @as_root
    def test_data_of_an_ordinary_user_under_root(self, home: Path) -> None:
        (home / "data").mkdir(parents=True)
        os.chown(home / "data", 4711, 4711)
        with pytest.raises(OperatorError, match=r"belongs to the user 4711, but .* as postgres|nobody.*chown -R"):
            embedded.acquire(home)

    @as_root
    def test_data_of_root_and_a_closed_home_under_an_ordinary_user(self, open_place: Path) -> None:
        attempt = """
            try:
                embedded.acquire(home)
            except embedded.OperatorError as exc:
                print(exc)
        """
        closed = open_place / "closed"
        closed.mkdir(mode=0o755)
        assert "cannot use" in as_nobody(attempt, closed / "home")
        assert "Permission denied" in as_nobody(attempt, closed / "home")
        embedded.acquire(open_place / "home").release()
        message = as_nobody(attempt, open_place / "home")
        assert f"belongs to the user {pwd.getpwuid(server_ids()[0]).pw_name}, but the server would run as" in message


class TestAccounts:
    @as_root
    def test_root_changes_neither_the_directories_above_nor_the_list_of_users(self, home: Path) -> None:
        def modes() -> list[tuple[Path, int, int]]:
            return [(p, p.stat().st_mode, p.stat().st_uid) for p in home.parents]

        users = Path("/etc/passwd").read_text()
        before = modes()
        assert stat.S_IMODE(home.parent.stat().st_mode) == 0o700
        with embedded.acquire(home) as server:
            assert ask(server, "select 1") == 1
            owner = psutil.Process(postmaster(home)).uids().effective
            assert owner == server_ids()[0] != 0
            assert (home / "data").stat().st_uid == owner
        assert modes() == before
        assert Path("/etc/passwd").read_text() == users

    @as_root
    def test_root_works_without_detours_where_everybody_may_go(self, open_place: Path) -> None:
        with embedded.acquire(open_place / "home") as server:
            assert ask(server, "show data_directory") == str(open_place / "home" / "data")

    @as_root
    def test_root_without_a_postgres_account_takes_nobody_and_stays_with_it(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(binaries, "_ACCOUNTS_FOR_ROOT", ("nobody",))
            embedded.acquire(home).release()
        with embedded.acquire(home):
            assert psutil.Process(postmaster(home)).username() == "nobody"

    @as_root
    @pytest.mark.parametrize("place", ["closed", "open"])
    def test_programs_that_the_account_cannot_reach_are_copied_once(
        self, place: str, tmp_path: Path, open_place: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wheel = next(binaries._from_wheel()).bindir.parent.parent
        shutil.copytree(wheel, tmp_path / wheel.name)
        libraries = wheel.with_name(f"{wheel.name}.libs")
        shutil.copytree(libraries, tmp_path / libraries.name)
        hidden = binaries.Binaries(tmp_path / wheel.name / "pginstall" / "bin", 18, "wheel")
        monkeypatch.setattr(binaries, "_candidates", lambda: iter([hidden]))
        monkeypatch.setattr(binaries, "_SHARED_COPIES", open_place / "cache")
        home, copies = {
            "closed": (tmp_path / "home", open_place / "cache"),
            "open": (open_place / "home", open_place / "home" / "bin"),
        }[place]
        with embedded.acquire(home) as server:
            assert ask(server, "show server_version").startswith("18.")
        monkeypatch.delattr(shutil, "copytree")
        with embedded.acquire(home) as server:
            assert ask(server, "select 1") == 1
        assert len(list(copies.iterdir())) == 1

    def test_an_ordinary_user_needs_nothing_special(self, open_place: Path) -> None:
        visit = """
            async def visit():
                connection = await asyncpg.connect(host=str(server.socket_dir), user="postgres", database="cxcore")
                print(await connection.fetchval("select 1"), os.geteuid(), os.stat(home / "data").st_uid)
                await connection.close()

            with embedded.acquire(home, bindir=bindir) as server:
                asyncio.run(visit())
        """
        place = open_place / "own"
        place.mkdir()
        if IS_ROOT:
            nobody = pwd.getpwnam("nobody")
            os.chown(place, nobody.pw_uid, nobody.pw_gid)
        uid = pwd.getpwnam("nobody").pw_uid if IS_ROOT else os.geteuid()
        assert as_nobody(visit, place / "home", copies=open_place).split() == ["1", str(uid), str(uid)]
        assert list((place / "home" / "s").iterdir()) == []


class TestPlaces:
    def test_data_of_an_older_version_gets_its_own_programs(self, home: Path) -> None:
        found = older_programs()
        embedded.acquire(home, bindir=found.bindir).release()
        assert (home / "data" / "PG_VERSION").read_text().strip() == str(found.major)
        with embedded.acquire(home) as server:
            assert server.major == found.major
            assert ask(server, "show server_version").startswith(f"{found.major}.")
            assert ask(server, "show data_checksums") == "on"

    def test_a_data_directory_that_initdb_made_by_hand_is_taken_as_it_is(self, open_place: Path) -> None:
        found = older_programs()
        data = open_place / "home" / "data"
        data.mkdir(parents=True)
        os.chown(data, *server_ids())
        made = binaries.account_for(data).run(
            [found.bindir / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N"]
        )
        assert made.returncode == 0, made.stdout
        with embedded.acquire(open_place / "home") as server:
            assert ask(server, "show server_version").startswith(f"{found.major}.")
            assert ask(server, "show listen_addresses") == ""

    def test_a_home_too_deep_for_a_socket_meets_at_a_short_place(self, tmp_path: Path) -> None:
        home = tmp_path / ("d" * 60) / ("e" * 60) / "home"
        with embedded.acquire(home) as server, process(APP, home) as other:
            assert said(other) == "shared"
            assert server.socket_dir.parent == Path("/tmp")  # noqa: S108 - the place under test
            assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
            assert ask(server, "select 1") == 1
        server.release()
        assert not server.socket_dir.exists()

    @pytest.mark.parametrize("folder", ["a,b:c", "d 'e' $f å+ß%20&g#h?i@j"])
    def test_places_and_databases_with_unusual_names_work(self, folder: str, tmp_path: Path) -> None:
        with embedded.acquire(tmp_path / folder, name='cx "core" & co') as server:
            assert ask_by_url(server.url) == 'cx "core" & co'

    def test_a_short_place_that_somebody_else_took_is_refused(self, tmp_path: Path) -> None:
        home = tmp_path / ("d" * 120)
        place = cluster.socket_dir(home)
        place.symlink_to(tmp_path)
        try:
            with pytest.raises(OperatorError, match="is to hold the server's socket, but belongs to somebody else"):
                embedded.acquire(home)
        finally:
            place.unlink()

    def test_a_log_that_has_grown_is_put_aside(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        embedded.acquire(home).release()
        monkeypatch.setattr(cluster, "_LOG_BYTES", 100)
        embedded.acquire(home).release()
        assert "initdb" not in (home / "log").read_text()
        assert (home / "log.1").stat().st_size > 100


class TestConfiguration:
    def test_only_the_user_reaches_the_server_and_its_log(self, server: embedded.EmbeddedServer) -> None:
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
        assert stat.S_IMODE((server.socket_dir / ".s.PGSQL.5432").stat().st_mode) == 0o700
        assert stat.S_IMODE((server.socket_dir.parent / "log").stat().st_mode) == 0o600
        assert ask(server, "show listen_addresses") == ""

    def test_the_log_keeps_no_values_of_failed_statements(self, server: embedded.EmbeddedServer) -> None:
        ask(server, "create table person (mail text primary key)", "select 1")
        ask(server, "insert into person values ('ada@example.org')", "select 1")
        with pytest.raises(asyncpg.UniqueViolationError):
            ask(server, "insert into person values ('ada@example.org')")
        with pytest.raises(asyncpg.InvalidTextRepresentationError):
            ask(server, "select 'ada@example.org'::uuid")
        log = (server.socket_dir.parent / "log").read_text()
        assert "ready to accept connections" in log
        assert "ada@example.org" not in log

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("jit", "off"),
            ("max_wal_size", "2GB"),
            ("checkpoint_timeout", "15min"),
            ("shared_buffers", "256MB"),
            ("data_checksums", "on"),
            ("server_encoding", "UTF8"),
            ("TimeZone", "UTC"),
        ],
    )
    def test_it_is_set_as_decided(self, name: str, value: str, server: embedded.EmbeddedServer) -> None:
        assert ask(server, f"show {name}") == value

    def test_text_is_sorted_by_code_point_and_letters_are_known(self, server: embedded.EmbeddedServer) -> None:
        assert ask(server, "select string_agg(l, '' order by l) from unnest('{b,B,ä,a,Z}'::text[]) l") == "BZabä"
        assert ask(server, "select upper('äö') || lower('ÅÖ')") == "ÄÖåö"


def older_programs() -> binaries.Binaries:
    for found in binaries._from_system():
        if found.major != binaries.find(None, data=Path("/nonexistent")).major:
            return found
    pytest.skip("needs a second version on the system: apt install postgresql-15")


def server_ids() -> tuple[int, int]:
    """User and group that the server of a new home runs under."""
    account = binaries.account_for(Path("/nonexistent"))
    return account.uid, account.gid


def as_nobody(code: str, home: Path, *, copies: Path | None = None) -> str:
    """What ``code`` prints when an ordinary user runs it with ``home``; under root that is nobody.

    Everything is imported first: the interpreter and its packages may lie where only root can read.
    """
    bindir = ""
    if IS_ROOT and copies:
        entry = pwd.getpwnam("nobody")
        account = binaries.Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
        found = binaries.find(None, data=home / "data")
        bindir = str(binaries.runnable_by(account, found, copies=copies).bindir)
    prelude = """
        import asyncio, encodings.ascii, encodings.idna, os, pwd, sys
        from pathlib import Path
        import asyncpg
        from cxcore.db import embedded

        home, bindir = Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2] else None
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
    """
    return run(textwrap.dedent(prelude) + textwrap.dedent(code), home, bindir)

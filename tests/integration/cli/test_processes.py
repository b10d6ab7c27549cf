"""serve, worker and up as processes: they answer, they work, and they end on SIGTERM with nothing half done."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

PATIENCE = 60.0


@contextmanager
def cxcore(*arguments: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """A cxcore process; killed if it is still there at the end."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CX_")}
    process = subprocess.Popen(
        [sys.executable, "-c", "from cxcore.cli import main; main()", *arguments],
        env=environment | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[str]) -> httpx2.Response:
    """The first answer of a service that is starting."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, process.communicate()
        try:
            return httpx2.get(url, trust_env=False)
        except httpx2.ConnectError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


def ended(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(PATIENCE)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_serve_answers_and_ends_when_told(database_url: str, tmp_path: Path, workers: str) -> None:
    port = free_port()
    settings = {"CX_DATABASE_URL": database_url, "CX_PORT": str(port), "CX_DATA_DIR": str(tmp_path)}
    with cxcore("serve", "--workers", workers, **settings) as process:
        assert wait_for(f"http://127.0.0.1:{port}/healthz", process).json() == {"status": "ok"}
        page = httpx2.get(f"http://127.0.0.1:{port}/", trust_env=False, follow_redirects=True)
        assert "Sign in" in page.text
        assert ended(process) == 0


@pytest.mark.parametrize("workers", ["1", "2"])
def test_serve_ends_when_told_while_somebody_follows(
    tmp_path: Path, server_url: str, worker_id: str, workers: str
) -> None:
    from support import server as servers

    name, port = f"cxcore_following_{worker_id}", free_port()
    url = servers.fresh_database(server_url, name)
    settings = {"CX_DATABASE_URL": url, "CX_PORT": str(port), "CX_DATA_DIR": str(tmp_path)}
    with cxcore("key", "create", "follower", "--scope", "changes:read", **settings) as making:
        key = making.communicate()[0].strip()
    with cxcore("serve", "--workers", workers, **settings) as process:
        wait_for(f"http://127.0.0.1:{port}/healthz", process)
        with httpx2.stream(
            "GET",
            f"http://127.0.0.1:{port}/v1/changes/stream",
            headers={"Authorization": f"Bearer {key}"},
            trust_env=False,
        ) as answer:
            lines = answer.iter_lines()
            assert next(lines) == "retry: 1000"
            assert ended(process) == 0
            assert list(lines) == [""]
    servers.drop_database(server_url, name)


def test_up_starts_a_database_of_its_own_and_stops_it(tmp_path: Path) -> None:
    port = free_port()
    with cxcore("up", CX_PORT=str(port), CX_DATA_DIR=str(tmp_path / "data")) as process:
        assert wait_for(f"http://127.0.0.1:{port}/healthz", process).status_code == 200
        assert ended(process) == 0
    assert not list((tmp_path / "data" / "postgres" / "data").glob("postmaster.pid"))


def test_a_worker_pulls_what_is_due_and_ends_when_told(tmp_path: Path, server_url: str, worker_id: str) -> None:
    from support import server as servers

    name = f"cxcore_worker_{worker_id}"
    url = servers.fresh_database(server_url, name)
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "1.eml").write_text("From: a@x.example\nDate: Mon, 2 Mar 2026 10:00:00 +0200\n\nHello\n")
    settings = {"CX_DATABASE_URL": url, "CX_DATA_DIR": str(tmp_path / "data"), "CX_PULL_EVERY": "1"}
    with cxcore("source", "add", "mail", "files", "--set", f"path={tmp_path / 'mail'}", **settings) as adding:
        assert adding.wait(PATIENCE) == 0
    with cxcore("worker", **settings) as process:
        until = time.monotonic() + PATIENCE
        while _interactions(url) == 0 and time.monotonic() < until:
            time.sleep(0.2)
        assert _interactions(url) == 1
        (tmp_path / "mail" / "2.eml").write_text("From: a@x.example\nDate: Mon, 2 Mar 2026 11:00:00 +0200\n\nAgain\n")
        while _interactions(url) == 1 and time.monotonic() < until:
            time.sleep(0.2)
        assert _interactions(url) == 2
        assert ended(process) == 0
    servers.drop_database(server_url, name)


def _interactions(url: str) -> int:
    import asyncio

    from sqlalchemy import text

    from cxcore.db.session import Database

    async def count() -> int:
        database = Database(url)
        async with database.unit() as session:
            found = await session.execute(text("select count(*) from interaction"))
        await database.close()
        return int(found.scalar_one())

    return asyncio.run(count())

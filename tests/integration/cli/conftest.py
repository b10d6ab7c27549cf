"""Running the command line in this process, as its entry point does."""

import asyncio
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from cxcore import cli
from cxcore.db.session import Database
from support.emptying import empty
from support.private import PrivateServer, private_server
from support.saying import Ended, Run


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Commands set logging up for their process; here it must not outlive the test whose output it writes to."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.getLogger("uvicorn.access").disabled = False
    structlog.reset_defaults()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run ``cxcore`` with arguments; nothing of this machine's settings gets in."""
    for name in ("CX_DATABASE_URL", "CX_ENVIRONMENT", "CX_SECRET_KEY", "CX_PORT", "CX_TIMEZONE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CX_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["cxcore", *arguments])
        capsys.readouterr()
        status = 0
        try:
            cli.main()
        except SystemExit as exc:
            status = exc.code if isinstance(exc.code, int) else 1
        said = capsys.readouterr()
        return Ended(status, said.out, said.err)

    return run


@pytest.fixture
def on_database(run: Run, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The same on the tests' database, emptied afterwards."""
    monkeypatch.setenv("CX_DATABASE_URL", database_url)
    yield run
    asyncio.run(_empty(database_url))


async def _empty(url: str) -> None:
    opened = Database(url)
    async with opened.unit() as session:
        await empty(session)
    await opened.close()


@pytest.fixture(scope="session")
def private() -> Iterator[PrivateServer]:
    """A server on loopback that asks for a password."""
    with private_server() as server:
        yield server

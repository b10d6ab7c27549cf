"""Fixtures for all tests: the shared data, a server, a database emptied after each test."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from cxcore.db.session import Database
from cxcore.db.statistics import Statistics
from cxcore.sdk import registry
from support import cyrus as cyruses
from support import dovecot as dovecots
from support import pretix as pretixes
from support import server as servers
from support import synapse as synapses
from support.emptying import empty
from support.synapse import Homeserver

SHARED = ("homeserver", "pretix", "cyrus", "dovecot", "plain_dovecot", "mastodon_judge", "service")
"""Fixtures that start something once a process."""
SHARED_BY_MODULE = ("running", "figures")
"""Fixtures that do so once a module, too."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests that share a server run in one process, which starts it once (`--dist loadgroup`)."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if name := next((name for name in SHARED if name in names), None):
            item.add_marker(pytest.mark.xdist_group(name))
        elif any(name in names for name in SHARED_BY_MODULE):
            item.add_marker(pytest.mark.xdist_group(f"{item.path.parent.name}-{item.path.stem}"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Vendors' samples that are not part of the repository."""
    if not servers.SHARED.is_dir():
        pytest.skip("../shared/data is missing: vendors' samples are not part of the repository")
    return servers.SHARED


@pytest.fixture(scope="session")
def server_url(worker_id: str) -> Iterator[str]:
    """A server on which this worker can make databases."""
    with servers.server() as url:
        yield url


@pytest.fixture(scope="session")
def database_url(server_url: str, worker_id: str) -> Iterator[str]:
    """A database of this worker, with the present schema."""
    name = f"cxcore_test_{worker_id}_{os.getpid()}"
    yield servers.fresh_database(server_url, name)
    servers.drop_database(server_url, name)


@pytest.fixture(scope="session")
async def warm(database_url: str) -> AsyncIterator[Database]:
    """The worker's database; its connections stay open, since what they and the engine have prepared holds for all tests."""
    opened = Database(database_url, pool_size=10)
    yield opened
    await opened.close()


@pytest.fixture
async def database(warm: Database) -> AsyncIterator[Database]:
    """An empty database."""
    warm.statistics = Statistics()
    yield warm
    async with warm.unit() as session:
        await empty(session)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[dovecots.Dovecot]:
    """A running Dovecot; tests that need it are skipped, with what to install, where there is none."""
    if not dovecots.installed():
        pytest.skip(dovecots.MISSING)
    with dovecots.running() as server:
        yield server


@pytest.fixture(scope="session")
def plain_dovecot() -> Iterator[dovecots.Dovecot]:
    """A Dovecot that offers neither QRESYNC nor CONDSTORE nor anything else beyond RFC 3501."""
    if not dovecots.installed():
        pytest.skip(dovecots.MISSING)
    with dovecots.running(more=dovecots.PLAIN) as server:
        yield server


@pytest.fixture(scope="session")
def homeserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homeserver]:
    """A running Synapse with an administrator; tests that need it are skipped, with what to install, where there is none."""
    if synapses.python() is None:
        pytest.skip(synapses.MISSING)
    with synapses.homeserver(tmp_path_factory.mktemp("synapse")) as server:
        server.person("admin", admin=True)
        yield server


@pytest.fixture(scope="session")
def pretix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pretixes.Pretix]:
    """A running pretix; tests that need it are skipped, with what to install, where there is none."""
    if pretixes.python() is None:
        pytest.skip(pretixes.MISSING)
    with pretixes.server(tmp_path_factory.mktemp("pretix")) as server:
        yield server


@pytest.fixture(scope="session")
def cyrus() -> Iterator[cyruses.Cyrus]:
    """A running Cyrus that speaks JMAP; tests that need it are skipped, with what to install, where there is none."""
    if not cyruses.installed():
        pytest.skip(cyruses.MISSING)
    with cyruses.running() as server:
        yield server


@pytest.fixture
def connectors(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The connectors installed, and whatever a test adds to them."""
    known: dict[str, object] = dict(registry.installed())
    monkeypatch.setattr(registry, "installed", lambda: known)
    return known

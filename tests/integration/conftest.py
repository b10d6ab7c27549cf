"""What integration tests share: Parley as an installed connector, and the service as a process."""

from collections.abc import Iterator

import pytest

from support.parley import Parley
from support.postbox import Postbox
from support.served import Service, served
from support.signing import secret_of


@pytest.fixture
def parley(connectors: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> type[Parley]:
    """Parley, with no messages yet."""
    connectors["parley"] = Parley
    monkeypatch.setattr(Parley, "messages", [])
    monkeypatch.setattr(Parley, "fail", None)
    monkeypatch.setattr(Parley, "fail_after", 0)
    return Parley


@pytest.fixture
def postbox(connectors: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> type[Postbox]:
    """Postbox, with no letters yet, and its secret where a source looks for it."""
    connectors["postbox"] = Postbox
    monkeypatch.setattr(Postbox, "letters", [])
    monkeypatch.setattr(Postbox, "broken", None)
    monkeypatch.setenv("POSTBOX_SECRET", secret_of("standard"))
    return Postbox


@pytest.fixture(scope="session")
def service(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service on the database that is emptied after each test."""
    with served(database_url, tmp_path_factory.mktemp("service")) as running:
        yield running

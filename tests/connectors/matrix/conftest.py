"""A homeserver for the tests of `matrix`; without Synapse they are skipped, and say what to install."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support import synapse
from support.synapse import Homeserver, Person


@pytest.fixture(scope="session")
def homeserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homeserver]:
    if synapse.python() is None:
        pytest.skip(
            "Synapse is missing: make an environment, `pip install matrix-synapse` there, and name it in CX_TEST_SYNAPSE"
        )
    folder: Path = tmp_path_factory.mktemp("synapse")
    with synapse.homeserver(folder) as server:
        server.person("admin", admin=True)
        yield server


@pytest.fixture
def admin(homeserver: Homeserver) -> Person:
    return homeserver.people["admin"]

"""A Bluesky for each test, and sessions that no test inherits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cxconnectors.bluesky import client
from support.bluesky import Bluesky
from support.lexicon import Lexicons


@pytest.fixture(autouse=True)
def no_sessions() -> Iterator[None]:
    client._SESSIONS.clear()
    yield
    client._SESSIONS.clear()


@pytest.fixture
def bluesky(shared_data: Path) -> Bluesky:
    return Bluesky(Lexicons(shared_data / "vendors" / "bluesky" / "lexicons"))

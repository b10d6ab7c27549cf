"""Prism over Mastodon's document, for the tests of the connector."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support import mastodon_document, prism
from support.prism import Judge


@pytest.fixture(scope="session")
def mastodon_judge(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    with prism.judge(mastodon_document.read(shared_data), tmp_path_factory.mktemp("prism")) as judge:
        yield judge

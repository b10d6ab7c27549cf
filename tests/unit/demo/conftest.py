"""A small demo world, written once for the folder's tests."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cxdemo.generate import Summary, generate
from cxdemo.moments import HELSINKI

END = datetime(2026, 3, 12, 20, 0, tzinfo=HELSINKI)
PEOPLE, INTERACTIONS = 120, 2600


@pytest.fixture(scope="session")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    out = tmp_path_factory.mktemp("world")
    return generate(out, people=PEOPLE, interactions=INTERACTIONS, seed=7, end=END)


@pytest.fixture(scope="session")
def world(summary: Summary) -> Path:
    return summary.out


@pytest.fixture(scope="session")
def truth(world: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((world / "truth.json").read_text(encoding="utf-8"))
    return document

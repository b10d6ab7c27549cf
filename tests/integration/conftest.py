"""What integration tests share: Parley as an installed connector."""

import pytest

from support.parley import Parley


@pytest.fixture
def parley(connectors: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> type[Parley]:
    """Parley, with no messages yet."""
    connectors["parley"] = Parley
    monkeypatch.setattr(Parley, "messages", [])
    monkeypatch.setattr(Parley, "fail", None)
    monkeypatch.setattr(Parley, "fail_after", 0)
    return Parley

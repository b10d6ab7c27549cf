"""Data and helpers for the tests of the connector files."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[4] / "shared" / "data" / "vendors" / "rfc822"


@pytest.fixture
def sample_mails() -> list[Path]:
    """The 62 mails of CPython's and Chatwoot's tests; skipped where the folder is not at hand."""
    if not SHARED.is_dir():
        pytest.skip("shared data missing")
    return sorted([*SHARED.glob("cpython/msg_*.txt"), *SHARED.glob("chatwoot/*.eml")])

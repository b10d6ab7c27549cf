"""What a command may say when it fails."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


Run = Callable[..., Ended]


def one_line(ended: Ended, *says: str) -> None:
    """The command failed with one line that holds all of this."""
    assert ended.status == 1, ended
    lines = [line for line in ended.err.splitlines() if not line.startswith("{")]
    assert len(lines) == 1, ended.err
    assert lines[0].startswith("cxcore: ")
    assert "Traceback" not in ended.err
    for text in says:
        assert text in lines[0], lines[0]

"""Showing on a terminal what people and sources wrote: as it is, whole, and without any power over the terminal."""

from collections.abc import Collection

from rich.table import Table
from rich.text import Text


def harmless(text: str) -> str:
    """The text on one line, with U+FFFD for what would move the cursor, turn the text around or not be printed."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)


def table(*columns: str, whole: Collection[str] = ()) -> Table:
    """An empty table. The columns named ``whole`` are never broken: ids are there to be copied."""
    result = Table(box=None, pad_edge=False)
    for name in columns:
        result.add_column(name, no_wrap=name in whole, overflow="fold")
    return result


def add(result: Table, *values: str | None) -> None:
    """Add a row of texts, none of which is taken for markup."""
    result.add_row(*(Text(harmless(value or "")) for value in values))

"""Pulling with progress bars, and the table of what was pulled."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from cxcore import pipeline
from cxcore.cli import shown
from cxcore.db.session import Database
from cxcore.pull.sources import Configured
from cxcore.pull.vault import Vault
from cxcore.sdk.page import Page


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull of one source brought."""

    source: Configured
    records: int
    landed: int
    interactions: int
    quarantined: int
    seconds: float


async def pull_all(database: Database, sources: Sequence[Configured], *, vault: Vault | None = None) -> list[Pulled]:
    """Pull and digest sources one after another, showing how far each is.

    Raises:
        ConnectorFailure: a source could not be read; what was landed before stays.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[what]}"),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        return [await _pull(database, source, bars, vault) for source in sources]


async def _pull(database: Database, source: Configured, bars: Progress, vault: Vault | None) -> Pulled:
    began = time.monotonic()
    seen = 0
    reading = bars.add_task(f"{source.name}: pull", total=None, what="records")

    def page_landed(page: Page, _: int) -> None:
        nonlocal seen
        seen += len(page.records)
        if page.total:
            bars.update(reading, completed=page.done or 0, total=page.total, what=f"{seen} records")
        else:
            bars.update(reading, completed=seen)

    pulled = await pipeline.pull(database, source, vault=vault, watch=page_landed)
    bars.update(reading, total=seen, completed=seen, what="records")
    digesting = bars.add_task(f"{source.name}: who and when", total=pulled.landed, what="records")
    digested = await pipeline.digest(
        database,
        source=source,
        watch=lambda p: bars.update(digesting, completed=p.normalised + p.quarantined),
    )
    bars.update(digesting, total=digested.normalised + digested.quarantined)
    return Pulled(
        source=source,
        records=pulled.records,
        landed=pulled.landed,
        interactions=digested.interactions,
        quarantined=digested.quarantined,
        seconds=time.monotonic() - began,
    )


def table(pulled: Sequence[Pulled]) -> Table:
    """What came from which system."""
    result = Table("system", "connector", box=None, pad_edge=False)
    for column in ("records", "new", "interactions", "set aside", "seconds"):
        result.add_column(column, justify="right")
    for p in pulled:
        result.add_row(
            Text(shown.harmless(p.source.name)),
            p.source.connector,
            f"{p.records:,}",
            f"{p.landed:,}",
            f"{p.interactions:,}",
            f"{p.quarantined:,}",
            f"{p.seconds:.1f}",
        )
    return result

"""What a bench prints: the machine, and tables of ratios with the goal beside each."""

import gc
import os
import platform
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cxcore import clock
from cxcore.db.session import Database


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@contextmanager
def timed() -> Iterator[list[float]]:
    """Seconds that the block took, in the list's only place."""
    gc.collect()
    taken: list[float] = []
    began = time.perf_counter()
    yield taken
    taken.append(time.perf_counter() - began)


@dataclass(frozen=True, slots=True)
class Goal:
    """What a ratio should be: at least, or at most, a bound."""

    bound: float
    at_least: bool = True

    def met(self, ratio: float) -> bool:
        return ratio >= self.bound if self.at_least else ratio <= self.bound

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {self.bound:g}"


@dataclass(slots=True)
class Report:
    """Prints as it goes, and counts the goals that are missed."""

    missed: int = 0
    console: Console = field(default_factory=lambda: Console(width=140, highlight=False))

    async def machine(self, database: Database) -> None:
        """One line that says on what the figures were taken."""
        async with database.unit() as session:
            version = (await (await session.connection()).exec_driver_sql("show server_version")).scalar_one()
        load = ", ".join(f"{n:.1f}" for n in os.getloadavg())
        self.line(
            f"{clock.now():%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores (load {load}), PostgreSQL {version}, "
            f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
        )

    def line(self, text: str) -> None:
        self.console.print(text, markup=False)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        table = Table(title=title, title_justify="left", box=None, pad_edge=False)
        for number, column in enumerate(columns):
            table.add_column(column, justify="left" if number == 0 else "right", no_wrap=number != 0)
        for row in rows:
            table.add_row(*map(escape, row))
        self.console.print()
        self.console.print(table)

    def judged(self, ratio: float, goal: Goal) -> tuple[str, str, str]:
        """The cells of a ratio that has a goal."""
        met = goal.met(ratio)
        self.missed += not met
        return f"{ratio:.2f}", str(goal), "met" if met else "NOT MET"

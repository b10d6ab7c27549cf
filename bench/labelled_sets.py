"""The labelled sets that identity is measured on, read through the product's normalisers."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.report import Goal
from cxcore.resolve import labelled
from cxcore.resolve.labelled import Labelled

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "er"


@dataclass(frozen=True, slots=True)
class Data:
    """A labelled set: its files, whose national numbers are meant, and the pairwise F1 that is wanted."""

    files: tuple[str, ...]
    region: str
    goal: Goal


DATA = {
    "fake_1000": Data(("fake_1000.csv",), "US", Goal(0.97)),
    "febrl4": Data(("febrl4a.csv", "febrl4b.csv"), "AU", Goal(0.9995)),
    "anonlink5": Data(("anonlink5.parquet",), "AU", Goal(0.9955)),
    "crm_dev": Data(("crm_dev.parquet",), "US", Goal(0.89)),
}
LOAD = Data(("crm_load.parquet",), "US", Goal(0))


def read(folder: Path, data: Data) -> Labelled:
    """A labelled set through the product's normalisers."""
    rows = [row for name in data.files for row in _rows(folder / name)]
    beside = folder / f"{Path(data.files[0]).stem}_truth.csv"
    truth = {r["rec_id"] or "": r["entity_id"] or "" for r in _rows(beside)} if beside.is_file() else None
    return labelled.read(rows, region=data.region, truth=truth)


def _rows(path: Path) -> list[Mapping[str, str | None]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, skipinitialspace=True))
    import duckdb

    found = duckdb.read_parquet(str(path))
    names = list(found.columns)
    return [dict(zip(names, (None if v is None else str(v) for v in row), strict=True)) for row in found.fetchall()]

"""What commands of identities read from files: tables of people, their truth, and models."""

import csv
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cxcore.errors import InvalidInput, OperatorError
from cxcore.resolve import base, calibration, labelled, model, training
from cxcore.resolve.model import Model

Data = Annotated[list[Path], typer.Argument(help="CSV, TSV or Parquet files of people; several are read as one.")]
Region = Annotated[str, typer.Option(help="Country whose national telephone numbers are meant.")]
_ID_AND_ENTITY = 2


def stored(path: str) -> Model:
    """The model in a file."""
    try:
        return model.parse(Path(path).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as exc:
        raise OperatorError(f"The model {path} cannot be read.") from exc


def chosen(use: str, collected: base.Base, traits: tuple[str, ...]) -> Model:
    """A model by name: the one that ships, fitted to the data's size; one learnt from this data; or one in a file."""
    fitted = calibration.fitted(model.default(), len(collected.payloads))
    if use == "default":
        return fitted
    if use == "train":
        if len(collected.payloads) < training.LEAST:
            typer.echo("Too few to learn from; the model that ships with cxcore is used.", err=True)
            return fitted
        return training.train(collected.payloads, traits=traits)
    return stored(use)


def read(data: list[Path], truth: Path | None, region: str, *, labels: bool = True) -> labelled.Labelled:
    """People from files, with who they are where a file says it."""
    rows = [row for path in data for row in _rows(path)]
    entities = None
    if labels:
        beside = data[0].with_name(f"{data[0].stem}_truth.csv")
        named = truth or (beside if beside.is_file() else None)
        entities = _truth(named) if named is not None else None
    return labelled.read(rows, region=region, truth=entities)


def _truth(path: Path) -> dict[str, str]:
    rows = _rows(path)
    if not rows or len(rows[0]) < _ID_AND_ENTITY:
        raise InvalidInput(f"{path} is not a table of record id and entity.")
    first, second = list(rows[0])[:2]
    return {row[first] or "": row[second] or "" for row in rows}


def _rows(path: Path) -> list[Mapping[str, str | None]]:
    try:
        if path.suffix == ".parquet":
            return _parquet(path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            dialect = "excel-tab" if path.suffix == ".tsv" else "excel"
            csv.field_size_limit(sys.maxsize)
            found = csv.DictReader(file, dialect=dialect, skipinitialspace=True)
            return [{(k or "").strip(): v for k, v in row.items() if not isinstance(v, list)} for row in found]
    except OSError as exc:
        raise OperatorError(f"{path} cannot be read: {exc.strerror}.") from exc
    except (UnicodeDecodeError, csv.Error) as exc:
        raise InvalidInput(f"{path} is no table in UTF-8: {exc}.") from exc


def _parquet(path: Path) -> list[Mapping[str, str | None]]:
    try:
        import duckdb
    except ImportError as exc:
        raise OperatorError("Parquet needs DuckDB.", hint="pip install 'cxcore[train]'") from exc
    try:
        found: Any = duckdb.read_parquet(str(path))
        names = list(found.columns)
        return [dict(zip(names, (None if v is None else str(v) for v in row), strict=True)) for row in found.fetchall()]
    except duckdb.Error as exc:
        raise InvalidInput(f"{path} is no Parquet file that can be read.") from exc

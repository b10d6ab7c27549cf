"""cxcore identity: train a model, measure it, and see why two are one or are not."""

import csv
import sys
import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from cxcore import clock
from cxcore.cli import runtime, shown
from cxcore.cli.customer import Reason, actor, grounds, tell, uuid
from cxcore.cli.customer import why as how
from cxcore.db.session import Database
from cxcore.errors import InvalidInput, OperatorError
from cxcore.resolve import (
    base,
    blocking,
    compared,
    decisions,
    evaluation,
    labelled,
    model,
    reviews,
    spark,
    training,
)
from cxcore.resolve import rebuild as rebuilding
from cxcore.resolve import training_figures as figuring
from cxcore.resolve import training_report as reporting
from cxcore.resolve.compared import Compared, Outcome
from cxcore.resolve.decisions import Decision
from cxcore.resolve.model import Model
from cxcore.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Identity resolution: who is who, why, and how well.")

Data = Annotated[list[Path], typer.Argument(help="CSV, TSV or Parquet files of people; several are read as one.")]
Region = Annotated[str, typer.Option(help="Country whose national telephone numbers are meant.")]
_ID_AND_ENTITY = 2


@app.command()
def evaluate(
    data: Data,
    truth: Annotated[
        Path | None, typer.Option(help="CSV of record id and entity, where the data does not say it.")
    ] = None,
    region: Region = "US",
    use: Annotated[
        str,
        typer.Option(help="train: learn from the data, without its labels; default: the model that ships; or a file."),
    ] = "train",
) -> None:
    """Resolve labelled data as the service does, and print how well: pairwise and B-cubed."""
    people = _read(data, truth, region)
    known = [n for n, entity in enumerate(people.entities) if entity is not None]
    if not known:
        raise InvalidInput(
            "The data says of no record who it is.", hint="Add a column named cluster or entity_id, or give --truth."
        )
    began = time.perf_counter()
    collected = base.collect(people.payloads)
    chosen = _model(use, collected, people.traits)
    trained = time.perf_counter()
    clustered = base.partition(collected.payloads, chosen)
    done = time.perf_counter()
    cluster_of = {node: n for n, nodes in enumerate(clustered.clusters) for node in nodes}
    quality = evaluation.measure(
        [cluster_of[collected.node_of[n]] for n in known], [people.entities[n] or "" for n in known]
    )
    asked = sum(step.shown for step in clustered.refused)
    table = shown.table("", "precision", "recall", "F1")
    shown.add(table, "pairwise", *(f"{v:.4f}" for v in (quality.precision, quality.recall, quality.f1)))
    shown.add(table, "B-cubed", *(f"{v:.4f}" for v in (quality.b_precision, quality.b_recall, quality.b_f1)))
    typer.echo(
        f"{quality.records:,} records of {quality.entities:,} people became {quality.clusters:,} customers; "
        f"the largest has {quality.largest}. Model {chosen.version}."
    )
    Console().print(table)
    typer.echo(
        f"For review: {asked:,} pairs ({asked / quality.records:.1%} of records); candidates for contacts that show "
        f"nothing of their own: {len(clustered.refused) - asked:,}. "
        f"Model {trained - began:.1f} s, resolving {done - trained:.1f} s "
        f"({len(people.payloads) / (done - trained):,.0f} records/s)."
    )


@app.command()
def train(
    data: Data,
    to: Annotated[Path, typer.Option(help="Where the model goes, as JSON.")],
    region: Region = "US",
    plain: Annotated[
        bool, typer.Option(help="Without the data's names, and with the keys of a customer base only.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            help="A page (HTML) of weights, examples and thresholds; with precision where the data has labels."
        ),
    ] = None,
) -> None:
    """Learn a model from files of people, without labels."""
    people = _read(data, None, region, labels=report is not None)
    collected = base.collect(people.payloads)
    made = training.train(collected.payloads, traits=() if plain else people.traits, trained_on=data[0].name)
    if plain:
        made = replace(made, frequencies={}, keys=blocking.CUSTOMERS)
    _write(to, model.dump(made) + "\n")
    typer.echo(f"Model {made.version} is in {to}.")
    if report is not None:
        found = figuring.figures(collected, made, entities=people.entities, watch=_told)
        _write(report, reporting.page(found, made, made=f"{clock.now():%Y-%m-%d}"))
        typer.echo(f"The report is in {report}.")


@app.command()
def rebuild(
    use: Annotated[
        str | None, typer.Option(help="A model's file, or default: it becomes the active one. Without: the active one.")
    ] = None,
    engine: Annotated[
        Literal["local", "spark"], typer.Option(help="What compares the pairs: this process, or Spark.")
    ] = "local",
    spark_master: Annotated[
        str, typer.Option(help="Spark's master; by default all cores of this machine.")
    ] = spark.LOCAL,
) -> None:
    """Compare all profiles anew and derive all customers; after an upgrade, or with another model.

    One transaction: nobody sees half of it. Decisions of people and customers' ids stay.
    """
    chosen = None if use is None else model.default() if use == "default" else _stored(use)

    with spark.running(spark_master) if engine == "spark" else nullcontext() as started:

        async def work(_: Settings, database: Database) -> tuple[int, int, int]:
            async with database.unit() as session:
                before = (await session.execute(_CUSTOMERS)).scalar_one()
                profiles = await rebuilding.rebuild(session, chosen=chosen, spark=started, watch=_told)
                return profiles, before, (await session.execute(_CUSTOMERS)).scalar_one()

        profiles, before, after = runtime.run(work)
    typer.echo(f"{profiles:,} profiles: {before:,} customers before, {after:,} now.")


@app.command()
def review(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, the most valuable first.")] = 20,
) -> None:
    """List pairs of customers that may be one and want a person's eye, with what speaks for it."""

    async def work(_: Settings, database: Database) -> Table:
        table = shown.table("customer", "other", "records", "bits", "because of", whole=["customer", "other"])
        async with database.unit() as session:
            for item in await reviews.waiting(session, limit=limit):
                shown.add(
                    table,
                    str(item.left),
                    str(item.right),
                    str(item.records),
                    f"{item.score:+.1f}",
                    grounds(item.evidence),
                )
        return table

    Console().print(runtime.run(work))
    typer.echo(
        "`cxcore customer merge` joins two; `cxcore identity never` keeps them apart for ever; `skip` puts it aside."
    )


@app.command()
def never(customer: str, other: str, reason: Reason) -> None:
    """Decide that two customers are not the same, whatever the model finds."""

    async def work(_: Settings, database: Database) -> Decision:
        async with database.unit() as session:
            return await decisions.never(session, customers=(uuid(customer), uuid(other)), actor=actor(), reason=reason)

    tell(runtime.run(work))


@app.command()
def skip(customer: str, other: str, reason: Reason) -> None:
    """Put a review of two customers aside; it comes back only if something new speaks for it."""

    async def work(_: Settings, database: Database) -> Decision:
        async with database.unit() as session:
            return await decisions.skip(session, customers=(uuid(customer), uuid(other)), actor=actor(), reason=reason)

    tell(runtime.run(work))


Named = Annotated[str, typer.Argument(help="A customer's id, present or past, or a profile's.")]
_OUTCOMES = {
    Outcome.ONE: "One customer",
    Outcome.KEPT_APART: "Not one: a person keeps them apart",
    Outcome.IN_REVIEW: "Not one: a person is asked",
    Outcome.SKIPPED: "Not one: a person put the question aside",
    Outcome.CANDIDATE: "Not one: this is somebody it could be, but it shows nothing of its own",
    Outcome.UNLIKE: "Not one: too little speaks for it",
}


@app.command()
def why(left: Named, right: Named) -> None:
    """Say why two ids are one customer, or why they are not."""

    async def work(_: Settings, database: Database) -> Compared:
        async with database.unit() as session:
            return await compared.compare(session, uuid(left), uuid(right))

    found = runtime.run(work)
    typer.echo(f"{_OUTCOMES[found.outcome]}: {' and '.join(dict.fromkeys(map(str, found.customers)))}.")
    if found.score is not None:
        typer.echo(
            f"{found.score:+.1f} bits; joined from {found.joined_from:+.1f}, asked from {found.asked_from:+.1f} "
            f"(model {found.model_version})."
        )
        table = shown.table("attribute", "how", "bits", "value")
        shown.add(table, f"prior, against {found.evidence['against']}", "", f"{found.evidence['prior']:+.1f}", "")
        for a in found.evidence["attributes"]:
            shown.add(table, a["name"], a.get("level", "mixed"), f"{a['bits']:+.1f}", a.get("value", ""))
        Console().print(table)
    if found.because:
        table = shown.table("rule", "profile", "other", "because of", "decision", whole=["profile", "other"])
        for r in found.because:
            because = r.reason or grounds(r.evidence)
            shown.add(table, f"{r.rule} ({r.verdict})", str(r.left), str(r.right), because, str(r.decision_id or ""))
        Console().print(table)


app.command("why-not", help="The same as why.")(why)
app.command("how", help="The same as cxcore customer why: the profiles of a customer, and what makes them one.")(how)


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as exc:
        raise OperatorError(f"{path} cannot be written: {exc.strerror}.") from exc


def _told(what: str, done: int, total: int) -> None:
    typer.echo(f"{what} {done:,} of {total:,}", err=True)


_CUSTOMERS = text("select count(*) from customer where merged_into is null")


def _stored(path: str) -> Model:
    try:
        return model.parse(Path(path).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as exc:
        raise OperatorError(f"The model {path} cannot be read.") from exc


def _model(use: str, collected: base.Base, traits: tuple[str, ...]) -> Model:
    if use == "default":
        return model.default()
    if use == "train":
        if len(collected.payloads) < training.LEAST:
            typer.echo("Too few to learn from; the model that ships with cxcore is used.", err=True)
            return model.default()
        return training.train(collected.payloads, traits=traits)
    return _stored(use)


def _read(data: list[Path], truth: Path | None, region: str, *, labels: bool = True) -> labelled.Labelled:
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
            read = csv.DictReader(file, dialect=dialect, skipinitialspace=True)
            return [{(k or "").strip(): v for k, v in row.items() if not isinstance(v, list)} for row in read]
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

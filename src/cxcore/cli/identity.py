"""cxcore identity: train a model, measure it, and see why two are one or are not."""

import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from cxcore import clock
from cxcore.cli import calibration as calibrating
from cxcore.cli import models, people_files, runtime, shown
from cxcore.cli.customer import Reason, actor, grounds, tell, uuid
from cxcore.cli.customer import why as how
from cxcore.cli.people_files import Data, Region
from cxcore.db.session import Database, driver
from cxcore.errors import InvalidInput, OperatorError
from cxcore.resolve import (
    base,
    blocking,
    calibration,
    compared,
    decisions,
    evaluation,
    model,
    reviews,
    spark,
    training,
    training_splink,
    versions,
)
from cxcore.resolve import rebuild as rebuilding
from cxcore.resolve import training_figures as figuring
from cxcore.resolve import training_report as reporting
from cxcore.resolve.compared import Compared, Outcome
from cxcore.resolve.decisions import Decision
from cxcore.resolve.model import Model
from cxcore.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Identity resolution: who is who, why, and how well.")


@app.command()
def evaluate(
    data: Data,
    truth: Annotated[
        Path | None, typer.Option(help="CSV of record id and entity, where the data does not say it.")
    ] = None,
    region: Region = "US",
    use: Annotated[
        str,
        typer.Option(
            help="train: learn from the data, without its labels; default: the model that ships, calibrated to the "
            "data's size; or a file."
        ),
    ] = "train",
) -> None:
    """Resolve labelled data as the service does, and print how well: pairwise and B-cubed."""
    people = people_files.read(data, truth, region)
    known = [n for n, entity in enumerate(people.entities) if entity is not None]
    if not known:
        raise InvalidInput(
            "The data says of no record who it is.", hint="Add a column named cluster or entity_id, or give --truth."
        )
    began = time.perf_counter()
    collected = base.collect(people.payloads)
    chosen = people_files.chosen(use, collected, people.traits)
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
        f"the largest has {quality.largest}. Model {chosen.version}{_made_for(chosen)}."
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
    *,
    engine: Annotated[
        Literal["own", "splink"],
        typer.Option(help="What learns: cxcore's own training, or Splink, which needs cxcore[train] and identifiers."),
    ] = "own",
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
    people = people_files.read(data, None, region, labels=report is not None)
    collected = base.collect(people.payloads)
    learn = training_splink.train if engine == "splink" else training.train
    made = learn(collected.payloads, traits=() if plain else people.traits, trained_on=data[0].name)
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
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="With the model fitted to the base's size, where it does not fit.")
    ] = False,
) -> None:
    """Compare all profiles anew and derive all customers; after an upgrade, or with another model.

    One transaction: nobody sees half of it. Decisions of people and customers' ids stay.
    """
    chosen = None if use is None else model.default() if use == "default" else people_files.stored(use)

    with spark.running(spark_master) if engine == "spark" else nullcontext() as started:

        async def work(_: Settings, database: Database) -> tuple[int, int, int]:
            async with database.unit() as session:
                before = (await session.execute(_CUSTOMERS)).scalar_one()
                used = chosen
                connection = await driver(session)
                if calibrate:
                    used = used or (await versions.active(connection)).model
                    used = calibration.fitted(used, await versions.population(connection))
                profiles = await rebuilding.rebuild(session, chosen=used, by=actor(), spark=started, watch=_told)
                active = (await versions.active(connection)).model
                models.outgrown(active, await versions.population(connection))
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
for _verb in (models.models, models.shadow, models.switch, models.rollback, calibrating.calibrate):
    app.command()(_verb)
app.command("how", help="The same as cxcore customer why: the profiles of a customer, and what makes them one.")(how)


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as exc:
        raise OperatorError(f"{path} cannot be written: {exc.strerror}.") from exc


def _made_for(chosen: Model) -> str:
    return f", made for {chosen.population:,} different profiles" if chosen.population else ""


def _told(what: str, done: int, total: int) -> None:
    typer.echo(f"{what} {done:,} of {total:,}", err=True)


_CUSTOMERS = text("select count(*) from customer where merged_into is null")

"""cxcore identity models, shadow, switch and rollback: another model tried, made the active one, and taken back."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cxcore.cli import people_files, runtime, shown
from cxcore.cli.customer import actor, grounds
from cxcore.cli.people_files import Region
from cxcore.db.session import Database, driver
from cxcore.errors import InvalidInput, OperatorError
from cxcore.resolve import base, calibration, difference, evaluation, model, versions
from cxcore.resolve import shadow as shadowing
from cxcore.resolve import switch as switching
from cxcore.resolve.difference import Kind, Weight
from cxcore.resolve.evaluation import Quality
from cxcore.resolve.model import Model
from cxcore.resolve.shadow import OPEN_DAYS, Sample, Shadow
from cxcore.resolve.switch import Switch
from cxcore.resolve.versions import State
from cxcore.settings import Settings

Grounds = Annotated[str, typer.Option(help="Why; kept with the switch.")]
Samples = Annotated[int, typer.Option(min=0, max=1000, help="So many changes of each kind, the heaviest.")]
MostMoved = Annotated[float, typer.Option(min=0, max=1, help="The share of records that may change their customer.")]


def models() -> None:
    """List the stored models: which is active, which were, which are only tried."""

    async def work(_: Settings, database: Database) -> Table:
        table = shown.table(
            *("model", "state", "stored", "activated", "by", "instead of", "made for", "trained on"),
            whole=["model", "instead of"],
        )
        async with database.unit() as session:
            connection = await driver(session)
            active = (await versions.active(connection)).model
            outgrown(active, await versions.population(connection))
            for m in await versions.everything(connection):
                state = m.state.value if m.derived is None else f"{m.state.value}, {m.derived:.0%} derived"
                times = (_time(m.stored_at), _time(m.activated_at))
                shown.add(
                    table, m.version, state, *times, m.activated_by, m.previous, _count(m.population), m.trained_on
                )
                if m.state is State.SWITCHING:
                    typer.echo(f"The switch to {m.version} is not finished: run `cxcore identity switch --resume`.")
        return table

    Console().print(runtime.run(work))


def outgrown(active: Model, population: int) -> None:
    """Warn where a base of so many different profiles is too large for the active model."""
    if calibration.outgrown(active, population):
        made_for = calibration.known(active.version, active.population)
        typer.echo(
            f"The base has {population:,} different profiles, and {active.version} was made for {made_for:,}: "
            "run `cxcore identity calibrate`.",
            err=True,
        )


def shadow(
    name: Annotated[str, typer.Argument(metavar="MODEL", help="A model's file, a stored version, or default.")],
    *,
    labels: Annotated[
        list[Path] | None,
        typer.Option(help="Labelled people, as `identity evaluate` reads them: it must not do worse."),
    ] = None,
    truth: Annotated[Path | None, typer.Option(help="CSV of record id and entity, for --labels.")] = None,
    region: Region = "US",
    samples: Samples = 5,
    most_moved: MostMoved = 0.01,
    to: Annotated[Path | None, typer.Option("--json", help="Write the whole difference there too.")] = None,
) -> None:
    """Say what another model would change, without changing anything; status 1 if it should not become active."""

    given = model.default() if name == "default" else people_files.stored(name) if Path(name).is_file() else None

    async def work(_: Settings, database: Database) -> tuple[Shadow, Model, Model]:
        async with database.unit() as session:
            connection = await driver(session)
            active, candidate = (
                (await versions.active(connection)).model,
                given or await versions.named(connection, name),
            )
            await versions.store(connection, candidate)
        async with database.unit() as session:
            return await shadowing.run(session, candidate, samples=samples, watch=telling()), active, candidate

    found, active, candidate = runtime.run(work)
    qualities = None if not labels else _qualities(labels, truth, region, active, candidate)
    reasons = difference.refused(found.difference, most_moved=most_moved, qualities=qualities)
    told(found, qualities)
    if to is not None:
        _write(to, json.dumps(_as_json(found, qualities, reasons), indent=1) + "\n")
    if reasons:
        typer.echo(f"The gate is shut: {'; '.join(reasons)}.")
        raise typer.Exit(1)
    typer.echo(f'The gate is open: `cxcore identity switch {found.version} --reason "..."` makes it the active one.')


def switch(
    version: Annotated[str | None, typer.Argument(help="A stored version, as `identity models` lists it.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why; kept with the switch.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a switch that was cut short.")] = False,
) -> None:
    """Make a stored model the active one, component by component, while the service goes on."""

    async def work(_: Settings, database: Database) -> tuple[Switch, int]:
        async with database.unit() as session:
            connection = await driver(session)
            begun = await switching.unfinished(connection)
            chosen = None if version is None else await versions.named(connection, version)
            if begun is None and resume:
                raise InvalidInput("No switch is unfinished.", hint="`cxcore identity models` says what is active.")
            if begun is None or (chosen is not None and chosen.version != begun.version):
                if chosen is None or not reason:
                    raise InvalidInput(
                        "A switch needs a version and a reason.", hint='cxcore identity switch VERSION --reason "..."'
                    )
                begun = await switching.begin(session, chosen, actor=actor(), reason=reason, watch=telling())
        return await finished(database, begun)

    switched(*runtime.run(work))


def rollback(reason: Grounds) -> None:
    """Go back to the model that was active before, and to the customers' ids of then."""

    async def work(_: Settings, database: Database) -> tuple[Switch, int]:
        async with database.unit() as session:
            begun = await switching.back(session, actor=actor(), reason=reason, watch=telling())
        return await finished(database, begun)

    switched(*runtime.run(work))


async def finished(database: Database, begun: Switch) -> tuple[Switch, int]:
    """Derive what a switch has left; answers it, and how many customers there are now."""
    await switching.go_on(database, begun, watch=telling())
    async with database.unit() as session:
        count = await (await driver(session)).fetchval("select count(*) from customer where merged_into is null")
    return begun, count


def switched(begun: Switch, customers: int) -> None:
    """Say what is active now."""
    typer.echo(f"{begun.version} is active instead of {begun.previous}; {customers:,} customers now.")


def _qualities(
    labels: list[Path], truth: Path | None, region: str, active: Model, candidate: Model
) -> tuple[Quality, Quality]:
    people = people_files.read(labels, truth, region)
    known = [n for n, entity in enumerate(people.entities) if entity is not None]
    if not known:
        raise InvalidInput(
            "The labels say of no record who it is.", hint="Add a column named cluster, or give --truth."
        )
    collected = base.collect(people.payloads)
    found = []
    for each in (active, candidate):
        clusters = base.partition(collected.payloads, each).clusters
        cluster_of = {node: n for n, nodes in enumerate(clusters) for node in nodes}
        ours = [cluster_of[collected.node_of[n]] for n in known]
        found.append(evaluation.measure(ours, [people.entities[n] or "" for n in known]))
    return found[0], found[1]


def told(found: Shadow, qualities: tuple[Quality, Quality] | None = None) -> None:
    """Print the difference that a model would make."""
    d = found.difference
    typer.echo(f"{found.version} instead of {found.active}, on {d.profiles:,} profiles:")
    table = shown.table("", "now", "then")
    shown.add(table, "customers", f"{d.before:,}", f"{d.after:,}")
    shown.add(table, "reviews", *(f"{n:,}" for n in found.reviews))
    if qualities is not None:
        shown.add(table, "pairwise F1 on the labels", *(f"{q.f1:.4f}" for q in qualities))
        shown.add(table, "B-cubed F1 on the labels", *(f"{q.b_f1:.4f}" for q in qualities))
    parts = shown.table("change", "customers", "profiles", "records", f"open ({OPEN_DAYS} days)")
    shown.add(parts, "unchanged", f"{d.unchanged:,}")
    for kind, count in ((Kind.MERGED, d.merged), (Kind.SPLIT, d.split), (Kind.MOVED, None)):
        moved = d.transfers[kind]
        weight = sum((t.weight for t in moved), Weight())
        profiles = sum(len(t.profiles) for t in moved)
        shown.add(
            parts,
            kind.value,
            "" if count is None else f"{count:,}",
            *(f"{n:,}" for n in (profiles, weight.records, weight.matters)),
        )
    shown.add(parts, "all that move", "", f"{d.moved:,}", f"{d.moved_weight.records:,}", f"{d.moved_weight.matters:,}")
    Console().print(table, parts, sep="\n\n")
    typer.echo(f"{d.share:.2%} of {d.weight.records:,} records change their customer.")
    for s in found.samples:
        t = s.transfer
        before = "" if s.active_score is None else f"{s.active_score:+.1f} bits now, "
        to = "to one of its own" if t.to is None else f"into {t.to}"
        typer.echo(
            f"{t.kind.value}: {t.customer} {to}, {t.weight.records:,} records, {t.weight.matters:,} open: "
            f"{before}{s.score:+.1f} then; {shown.harmless(grounds(s.evidence))}"
        )


def _as_json(found: Shadow, qualities: tuple[Quality, Quality] | None, reasons: list[str]) -> dict[str, Any]:
    d = found.difference
    return {
        "model": found.version,
        "active": found.active,
        "profiles": d.profiles,
        "customers": {
            "before": d.before,
            "after": d.after,
            "unchanged": d.unchanged,
            "merged": d.merged,
            "split": d.split,
        },
        "moved": {
            "profiles": d.moved,
            "records": d.moved_weight.records,
            "open": d.moved_weight.matters,
            "share": d.share,
        },
        "all": {"records": d.weight.records, "open": d.weight.matters, "open_days": OPEN_DAYS},
        "reviews": {"before": found.reviews[0], "after": found.reviews[1]},
        "labels": None
        if qualities is None
        else {
            name: {"pairwise_f1": q.f1, "b_cubed_f1": q.b_f1}
            for name, q in zip(("active", "candidate"), qualities, strict=True)
        },
        "refused": reasons,
        "changes": [
            {
                "kind": t.kind.value,
                "customer": str(t.customer),
                "to": None if t.to is None else str(t.to),
                "profiles": [str(p) for p in t.profiles],
                "records": t.weight.records,
                "open": t.weight.matters,
            }
            for kind in Kind
            for t in d.transfers[kind]
        ],
        "samples": [_sample(s) for s in found.samples],
    }


def _sample(s: Sample) -> dict[str, Any]:
    return {
        "kind": s.transfer.kind.value,
        "customer": str(s.transfer.customer),
        "to": None if s.transfer.to is None else str(s.transfer.to),
        "records": s.transfer.weight.records,
        "open": s.transfer.weight.matters,
        "bits": s.score,
        "active_bits": s.active_score,
        "evidence": s.evidence,
    }


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as exc:
        raise OperatorError(f"{path} cannot be written: {exc.strerror}.") from exc


def telling() -> Callable[[str, int, int], None]:
    """Say how far it is, a line for each whole percent."""
    said: set[tuple[str, int]] = set()

    def tell(what: str, done: int, total: int) -> None:
        percent = (what, 100 * done // total if total else 100)
        if percent not in said:
            said.add(percent)
            typer.echo(f"{what} {done:,} of {total:,}", err=True)

    return tell


def _count(population: int) -> str:
    return f"{population:,}" if population else ""


def _time(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M}"

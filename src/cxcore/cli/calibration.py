"""cxcore identity calibrate: the active model fitted to the size that the base has come to."""

from typing import Annotated

import typer

from cxcore.cli import models, runtime
from cxcore.cli.customer import actor
from cxcore.cli.models import MostMoved, Samples
from cxcore.db.session import Database, driver
from cxcore.errors import Conflict
from cxcore.resolve import calibration, difference, versions
from cxcore.resolve import shadow as shadowing
from cxcore.resolve import switch as switching
from cxcore.resolve.model import Model
from cxcore.resolve.shadow import Shadow
from cxcore.resolve.switch import Switch
from cxcore.settings import Settings


def calibrate(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would change, and change nothing.")] = False,
    samples: Samples = 5,
    most_moved: MostMoved = 0.01,
    reason: Annotated[str | None, typer.Option(help="Why; kept with the switch. By default the two sizes.")] = None,
) -> None:
    """Fit the active model to the base's size and make that the active one, if the base is twice or half of what the model
    was made for; status 1, and nothing changed, if too many records would change their customer."""

    async def attempt(_: Settings, database: Database) -> tuple[Model, Model, int, Shadow | None]:
        async with database.unit() as session:
            connection = await driver(session)
            if (other := await switching.unfinished(connection)) is not None:
                raise Conflict(
                    f"The switch to {other.version} is not finished.",
                    hint="Run `cxcore identity switch --resume` first.",
                )
            active = (await versions.active(connection)).model
            population = await versions.population(connection)
            made = calibration.fitted(active, population)
            if made is active:
                return active, made, population, None
            if not dry_run:
                await versions.store(connection, made)
        async with database.unit() as session:
            found = await shadowing.run(session, made, samples=samples, watch=models.telling())
        return active, made, population, found

    active, made, population, found = runtime.run(attempt)
    made_for = calibration.known(active.version, active.population)
    typer.echo(f"{active.version} was made for {made_for:,} different profiles; the base has {population:,}.")
    if found is None:
        typer.echo("It fits.")
        return
    typer.echo(f"The prior goes from {active.prior:+.1f} to {made.prior:+.1f} bits.")
    models.told(found)
    if refused := difference.refused(found.difference, most_moved=most_moved):
        typer.echo(f"The gate is shut: {'; '.join(refused)}. Nothing was changed.")
        raise typer.Exit(1)
    if dry_run:
        typer.echo("The gate is open. Nothing was changed: this was a dry run.")
        return

    async def work(_: Settings, database: Database) -> tuple[Switch, int]:
        async with database.unit() as session:
            why = reason or f"calibrated from {made_for:,} to {population:,} different profiles"
            begun = await switching.begin(session, made, actor=actor(), reason=why, watch=models.telling())
        return await models.finished(database, begun)

    models.switched(*runtime.run(work))

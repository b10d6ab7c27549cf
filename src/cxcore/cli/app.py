"""The verbs at the top: up, serve, worker, migrate, openapi; the others in modules of their own."""

import json
import re
from pathlib import Path
from typing import Annotated

import typer
from alembic.util.exc import CommandError

from cxcore.cli import (
    connector,
    customer,
    demo,
    identity,
    key,
    mcp,
    running,
    runtime,
    set_aside,
    source,
    staff,
    survivorship,
    vault,
    webhook,
)
from cxcore.db import migrate as migrations
from cxcore.db.session import Database
from cxcore.errors import InvalidInput, OperatorError
from cxcore.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="One customer, one record, one timeline.",
)
app.add_typer(connector.app, name="connector")
app.add_typer(source.app, name="source")
source.app.command()(set_aside.quarantine)
source.app.command()(set_aside.replay)
source.app.command()(set_aside.normalise)
app.add_typer(customer.app, name="customer")
app.add_typer(identity.app, name="identity")
app.add_typer(survivorship.app, name="survivorship")
customer.app.command()(survivorship.correct)
customer.app.command()(survivorship.uncorrect)
customer.app.command()(survivorship.explain)
app.add_typer(key.app, name="key")
app.add_typer(staff.app, name="staff")
app.add_typer(vault.app, name="vault")
app.add_typer(webhook.app, name="webhook")
app.command("demo")(demo.demo)
app.command("up")(running.up)
app.command("serve")(running.serve)
app.command("worker")(running.worker)
app.command("mcp")(mcp.mcp)


@app.command()
def migrate(revision: Annotated[str, typer.Argument(help="Where to: head, base, or a revision.")] = "head") -> None:
    """Bring the database's schema to what this version needs."""

    async def work(_: Settings, database: Database) -> None:
        await migrations.migrate(database, revision)

    if not re.fullmatch("head|base|[0-9a-f]{8,40}", revision):
        raise InvalidInput(
            f"{revision!r} is no revision.", hint="Write head, base, or a number from migrations/versions."
        )
    try:
        runtime.run(work, migrated=False)
    except CommandError as exc:
        raise InvalidInput(
            f"There is no revision {revision}.", hint="`cxcore migrate` without one brings the schema up to date."
        ) from exc
    typer.echo(f"The schema is at {revision}.")


@app.command()
def openapi(
    check: Annotated[Path | None, typer.Option(help="Compare with this file instead of printing.")] = None,
) -> None:
    """Print the API's OpenAPI document, or check that a file holds it."""
    from cxcore.api.app import create

    document = json.dumps(create(Database("postgresql://"), cursor_key=b"").openapi(), indent=2, ensure_ascii=False)
    if check is None:
        typer.echo(document)
        return
    try:
        same = check.read_text(encoding="utf-8").strip() == document.strip()
    except OSError as exc:
        raise OperatorError(f"{check} cannot be read: {exc.strerror}.") from exc
    if not same:
        raise OperatorError(f"{check} is not what the app says.", hint=f"Run `cxcore openapi > {check}`.")
    typer.echo(f"{check} matches.")

"""The verbs at the top: up, serve, worker, migrate, openapi, connectors; the others in modules of their own."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cxcore.api.app import create
from cxcore.cli import customer, demo, key, running, runtime, source
from cxcore.db import migrate as migrations
from cxcore.db.session import Database
from cxcore.errors import OperatorError
from cxcore.sdk import registry
from cxcore.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="One customer, one record, one timeline.",
)
app.add_typer(source.app, name="source")
app.add_typer(customer.app, name="customer")
app.add_typer(key.app, name="key")
app.command("demo")(demo.demo)
app.command("up")(running.up)
app.command("serve")(running.serve)
app.command("worker")(running.worker)


@app.command()
def migrate(revision: Annotated[str, typer.Argument(help="Where to: head, base, or a revision.")] = "head") -> None:
    """Bring the database's schema to what this version needs."""

    async def work(_: Settings, database: Database) -> None:
        await migrations.migrate(database, revision)

    runtime.run(work, migrated=False)
    typer.echo(f"The schema is at {revision}.")


@app.command()
def openapi(
    check: Annotated[Path | None, typer.Option(help="Compare with this file instead of printing.")] = None,
) -> None:
    """Print the API's OpenAPI document, or check that a file holds it."""
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


@app.command()
def connectors() -> None:
    """List the connectors installed here."""
    table = Table("connector", "name", "channels", "documentation", box=None, pad_edge=False)
    for found_key, found in registry.installed().items():
        if isinstance(found, registry.Broken):
            table.add_row(found_key, "cannot be used", "", found.reason)
        else:
            m = found.manifest
            table.add_row(m.key, m.name, ", ".join(sorted(m.channels)), m.docs)
    Console().print(table)

"""cxcore connector: the kinds of systems that can be read, and one of your own."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cxcore.cli import shown
from cxcore.sdk import registry
from cxcore.sdk.scaffold import scaffold

app = typer.Typer(no_args_is_help=True, help="Connectors: the kinds of systems that can be read.")


@app.command("list")
def list_() -> None:
    """List the connectors installed here."""
    table = shown.table("connector", "name", "channels", "documentation", whole=["connector"])
    for found_key, found in registry.installed().items():
        if isinstance(found, registry.Broken):
            shown.add(table, found_key, "cannot be used", "", found.reason)
        else:
            m = found.manifest
            shown.add(table, m.key, m.name, ", ".join(sorted(m.channels)), m.docs)
    Console().print(table)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Its key: small letters, digits and _.")],
    *,
    into: Annotated[Path, typer.Option(help="The folder to write it into.")] = Path(),
) -> None:
    """Write a connector of your own: a distribution with an invented system that passes the conformance suite."""
    folder = scaffold(name, into)
    typer.echo(f"{folder} is there and passes its tests; README.md tells what to change.")
    typer.echo(f"  cd {folder} && pip install --editable '.[testing]' && pytest")

"""cxcore key: make, list, rotate and revoke API keys."""

from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cxcore import clock
from cxcore.auth import keys
from cxcore.auth.policy import AccessRole
from cxcore.auth.scopes import DESCRIPTIONS, Scope
from cxcore.cli import runtime, shown
from cxcore.db.session import Database
from cxcore.settings import Settings

app = typer.Typer(no_args_is_help=True, help="API keys: who may call.")


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose key it is, e.g. 'desk Tampere'.")],
    scope: Annotated[
        list[Scope] | None,
        typer.Option(help="What it may do; can be given several times. Default: customers:read. "),
    ] = None,
    role: Annotated[
        AccessRole, typer.Option(help="Whose view it has: what the role does not see, it does not give.")
    ] = AccessRole.SERVICE,
    days: Annotated[
        int | None, typer.Option(min=1, max=36500, help="Days until it expires; without it, never.")
    ] = None,
) -> None:
    """Make a key and print it. It is shown this once."""
    scopes = scope or [Scope.READ_CUSTOMERS]

    async def work(_: Settings, database: Database) -> str:
        async with database.unit() as session:
            lifetime = timedelta(days=days) if days else None
            return await keys.create(session, name=name, scopes=scopes, role=role, expires_in=lifetime)

    typer.echo(runtime.run(work))


@app.command("list")
def list_() -> None:
    """List the keys, without their secrets."""

    async def work(_: Settings, database: Database) -> Table:
        table = shown.table("id", "name", "scopes", "role", "made", "last used", "state", whole=["id"])
        async with database.unit() as session:
            for k in await keys.everything(session):
                used = f"{k.last_used_at:%Y-%m-%d %H:%M}" if k.last_used_at else "never"
                expired = k.expires_at is not None and k.expires_at <= clock.now()
                state = "revoked" if k.revoked_at else "expired" if expired else "live"
                shown.add(table, k.id, k.name, " ".join(k.scopes), k.role, f"{k.created_at:%Y-%m-%d}", used, state)
        return table

    Console().print(runtime.run(work))


@app.command()
def revoke(key_id: Annotated[str, typer.Argument(help="The key's id, as `cxcore key list` shows it.")]) -> None:
    """End a key. It stops working within seconds."""

    async def work(_: Settings, database: Database) -> None:
        async with database.unit() as session:
            await keys.revoke(session, key_id=key_id)

    runtime.run(work)
    typer.echo(f"The key {key_id} is revoked.")


@app.command()
def rotate(
    key_id: Annotated[str, typer.Argument(help="The key's id, as `cxcore key list` shows it.")],
    overlap: Annotated[int, typer.Option(min=0, max=720, help="Hours for which the secret before works, too.")] = 24,
) -> None:
    """Give a key a new secret and print it, this once. The one before goes on for a day."""

    async def work(_: Settings, database: Database) -> str:
        async with database.unit() as session:
            return (await keys.rotate(session, key_id=key_id, overlap=timedelta(hours=overlap))).secret

    typer.echo(runtime.run(work))


@app.command()
def scopes() -> None:
    """List what keys can be allowed to do."""
    for known, meaning in DESCRIPTIONS.items():
        typer.echo(f"{known.value:<20} {meaning}")

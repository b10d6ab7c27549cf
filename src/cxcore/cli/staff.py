"""cxcore staff: who may sign in to the pages, and as what."""

from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from cxcore.auth import passwords, staff
from cxcore.auth.policy import AccessRole
from cxcore.cli import runtime, shown
from cxcore.db.session import Database
from cxcore.errors import InvalidInput
from cxcore.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Staff: who may sign in to the pages, and as what.")
Id = Annotated[UUID, typer.Argument(help="Their id, as `cxcore staff list` shows it.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What they are called here.")],
    role: Annotated[AccessRole, typer.Option(help="What they are here.")],
    subject: Annotated[str, typer.Option(help="Their id at the provider; without one, the name to sign in with.")],
    issuer: Annotated[
        str | None, typer.Option(help="The provider's issuer. Default: CX_OIDC_ISSUER, or local: no provider.")
    ] = None,
    email: Annotated[str | None, typer.Option(help="Shown beside the name; nobody is known by it.")] = None,
) -> None:
    """Take somebody on."""

    async def work(read: Settings, database: Database) -> UUID:
        async with database.unit() as session:
            at = issuer or read.oidc_issuer or staff.LOCAL
            row = await staff.add(session, issuer=at, subject=subject, name=name, role=role, email=email)
            return row.id

    typer.echo(runtime.run(work))


@app.command("list")
def list_() -> None:
    """List everybody, who has left included."""

    async def work(_: Settings, database: Database) -> Table:
        table = shown.table("id", "name", "role", "provider", "last signed in", "state", whole=["id"])
        async with database.unit() as session:
            for s in await staff.everybody(session):
                seen = f"{s.last_sign_in_at:%Y-%m-%d %H:%M}" if s.last_sign_in_at else "never"
                state = ("active" if s.active else "ended") + (", password" if s.password else "")
                shown.add(table, str(s.id), s.name, s.role, s.issuer, seen, state)
        return table

    Console().print(runtime.run(work))


@app.command()
def role(staff_id: Id, role: Annotated[AccessRole, typer.Argument(help="What they are from now on.")]) -> None:
    """Give somebody another role. Their sessions go on with it."""
    _change(staff_id, role=role)
    typer.echo(f"{staff_id} is {role.value} now.")


@app.command()
def deactivate(staff_id: Id) -> None:
    """End somebody's access, and all their sessions. `cxcore staff activate` lets them in again."""
    _change(staff_id, active=False)
    typer.echo(f"{staff_id} is signed out and cannot sign in.")


@app.command()
def activate(staff_id: Id) -> None:
    """Let somebody in again."""
    _change(staff_id, active=True)
    typer.echo(f"{staff_id} can sign in again.")


@app.command()
def password(
    staff_id: Id, *, replace: Annotated[bool, typer.Option(help="Set another where there is one.")] = False
) -> None:
    """Give somebody of the provider `local` a password for when the provider does not answer; asked for twice."""
    chosen = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)

    async def work(_: Settings, database: Database) -> None:
        async with database.unit() as session:
            if (await staff.find(session, staff_id)).issuer != staff.LOCAL:
                raise InvalidInput("Only staff of the provider local sign in with a password.")
            await passwords.choose(session, staff_id, chosen, replace=replace)

    runtime.run(work)
    typer.echo("The password is set.")


def _change(staff_id: UUID, *, role: AccessRole | None = None, active: bool | None = None) -> None:
    async def work(_: Settings, database: Database) -> None:
        async with database.unit() as session:
            await staff.change(session, staff_id, role=role, active=active)

    runtime.run(work)

"""cxcore webhook: where events are sent, how each does, and what was sent."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from cxcore import clock
from cxcore.cli import runtime, shown
from cxcore.cli.customer import actor
from cxcore.db.session import Database
from cxcore.errors import InvalidInput
from cxcore.events.outbox import EventType
from cxcore.pull import keyring
from cxcore.settings import Settings
from cxcore.webhooks import deliveries, endpoints
from cxcore.webhooks.deliveries import Logged
from cxcore.webhooks.tables import Webhook

app = typer.Typer(no_args_is_help=True, help="Webhooks: where events are sent, how each does, and what was sent.")
Id = Annotated[UUID, typer.Argument(help="Its id, as `cxcore webhook list` shows it.")]
Types = Annotated[
    list[EventType] | None,
    typer.Option("--type", help="Send only this type of event; can be given several times. Default: all."),
]


class DeliveryState(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Where to: https, port 443 or 8443, a public address.")],
    types: Types = None,
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> None:
    """Send events to an address, from now on. Prints the webhook's id and the secret that verifies, this once."""

    async def work(read: Settings, database: Database) -> tuple[Webhook, str]:
        async with database.unit() as session:
            return await endpoints.add(
                session,
                keyring.vault(read),
                url=url,
                description=description,
                types=types,
                actor=actor(),
                at=clock.now(),
                private_network=read.webhook_private_network,
            )

    made, secret = runtime.run(work)
    typer.echo(f"{made.id} {secret}")


@app.command("list")
def list_() -> None:
    """List the webhooks and how each does."""

    async def work(_: Settings, database: Database) -> Table:
        table = shown.table("id", "url", "types", "state", "problem", whole=["id"])
        async with database.unit() as session:
            for w in await endpoints.everything(session):
                shown.add(table, str(w.id), w.url, " ".join(w.types or ["all"]), w.state, w.problem)
        return table

    Console().print(runtime.run(work))


@app.command()
def show(webhook_id: Id) -> None:
    """Show a webhook, how it does, and what there is to do about it."""

    async def work(_: Settings, database: Database) -> Webhook:
        async with database.unit() as session:
            return await endpoints.find(session, webhook_id)

    found = runtime.run(work)
    for name, value in (
        ("url", found.url),
        ("description", found.description),
        ("types", " ".join(found.types or ["all"])),
        ("state", found.state),
        ("problem", found.problem),
        ("to do", endpoints.advice(found)),
        ("failures in a row", str(found.failures) if found.failures else None),
        ("nothing taken since", _time(found.failing_since)),
        ("rests until", _time(found.rests_until)),
        ("queued up to position", str(found.reached)),
        ("made", f"{_time(found.created_at)} by {found.created_by}"),
    ):
        if value:
            typer.echo(f"{name}: {shown.harmless(value)}")


@app.command()
def change(
    webhook_id: Id,
    url: Annotated[str | None, typer.Option(help="Another address; what waits goes there, too.")] = None,
    types: Types = None,
    all_types: Annotated[bool, typer.Option("--all-types", help="Send all types from now on.")] = False,
    description: Annotated[str | None, typer.Option(help="What it is for.")] = None,
) -> None:
    """Change a webhook; what is not named stays."""
    if types and all_types:
        raise InvalidInput("Some types and all types exclude each other.", hint="Give --type or --all-types.")

    async def work(read: Settings, database: Database) -> None:
        async with database.unit() as session:
            await endpoints.change(
                session,
                webhook_id,
                url=url,
                description=description,
                types=types or None,
                every_type=all_types,
                private_network=read.webhook_private_network,
            )

    runtime.run(work)
    typer.echo(f"{webhook_id} is changed.")


@app.command()
def enable(webhook_id: Id) -> None:
    """Send again: what waits, and what happened meanwhile, up to 30 days back."""

    async def work(_: Settings, database: Database) -> None:
        async with database.unit() as session:
            await endpoints.enable(session, webhook_id)

    runtime.run(work)
    typer.echo(f"{webhook_id} is sent to again.")


@app.command()
def disable(webhook_id: Id) -> None:
    """Send nothing until `cxcore webhook enable`; what happens meanwhile waits."""

    async def work(_: Settings, database: Database) -> None:
        async with database.unit() as session:
            await endpoints.disable(session, webhook_id)

    runtime.run(work)
    typer.echo(f"{webhook_id} is sent nothing until it is enabled.")


@app.command()
def rotate(webhook_id: Id) -> None:
    """Make a new secret and print it, this once. For 24 hours messages are signed with the one before, too."""

    async def work(read: Settings, database: Database) -> str:
        async with database.unit() as session:
            return await endpoints.rotate(session, keyring.vault(read), webhook_id, at=clock.now())

    typer.echo(runtime.run(work))


@app.command()
def test(webhook_id: Id) -> None:
    """Send an event cxcore.webhook.tested to this webhook alone."""

    async def work(_: Settings, database: Database) -> None:
        async with database.unit() as session:
            await endpoints.test(session, webhook_id, actor=actor())

    runtime.run(work)
    typer.echo(f"An event is on its way. `cxcore webhook deliveries {webhook_id}` shows what comes of it.")


@app.command("deliveries")
def deliveries_(
    webhook_id: Id,
    state: Annotated[DeliveryState | None, typer.Option(help="Only those in this state.")] = None,
    before: Annotated[int | None, typer.Option(min=1, help="Only of events before this position.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many, the newest event first.")] = 20,
) -> None:
    """List what was sent, with the last attempt of each."""

    async def work(_: Settings, database: Database) -> Table:
        columns = "id", "position", "type", "state", "attempts", "last attempt", "answer"
        table = shown.table(*columns, whole=["id", "position"])
        async with database.unit() as session:
            found = await deliveries.page(
                session, webhook_id, before=before, state=state.value if state else None, limit=limit
            )
            for d in found:
                shown.add(table, str(d.id), str(d.sequence), d.type, d.state, str(d.attempts), *_last(d))
        return table

    Console().print(runtime.run(work))


@app.command()
def resend(
    webhook_id: Id,
    delivery_id: Annotated[UUID, typer.Argument(help="Its id, as `cxcore webhook deliveries` shows it.")],
) -> None:
    """Send one delivery anew, under the id it had."""

    async def work(_: Settings, database: Database) -> None:
        async with database.unit() as session:
            await deliveries.resend(session, webhook_id, delivery_id, at=clock.now())

    runtime.run(work)
    typer.echo(f"{delivery_id} is sent anew.")


@app.command()
def replay(
    webhook_id: Id,
    since: Annotated[str, typer.Option(help="From when on, such as 2026-11-20T14:00:00+02:00; without a zone, UTC.")],
) -> None:
    """Send all that happened since a time anew, under the ids it had."""
    begin = _since(since)

    async def work(_: Settings, database: Database) -> int:
        async with database.unit() as session:
            return await deliveries.replay(session, webhook_id, since=begin, at=clock.now())

    typer.echo(f"{runtime.run(work):,} deliveries are sent anew.")


@app.command()
def remove(webhook_id: Id) -> None:
    """Take a webhook away with its secrets, its log and what waits."""

    async def work(_: Settings, database: Database) -> None:
        async with database.unit() as session:
            await endpoints.remove(session, webhook_id)

    runtime.run(work)
    typer.echo(f"{webhook_id} is gone.")


def _time(at: datetime | None) -> str | None:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else None


def _last(found: Logged) -> tuple[str | None, str | None]:
    """When the last attempt was made, and what came of it."""
    if not found.log:
        return None, None
    last = found.log[-1]
    return f"{last.at:%Y-%m-%d %H:%M:%S}", str(last.status) if last.status else last.problem


def _since(given: str) -> datetime:
    try:
        at = datetime.fromisoformat(given)
    except ValueError as exc:
        raise InvalidInput(f"{given!r} is no time.", hint="Write 2026-11-20T14:00:00+02:00.") from exc
    return at if at.tzinfo else at.replace(tzinfo=UTC)

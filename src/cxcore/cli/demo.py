"""cxcore demo: an invented hotel chain's five systems, pulled through the real connectors and served."""

import functools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from sqlalchemy import text

from cxcore import clock
from cxcore.auth import keys, sign_in
from cxcore.auth.scopes import Scope
from cxcore.cli import demo_told, progress, running, runtime
from cxcore.db.session import Database
from cxcore.errors import OperatorError
from cxcore.pull import sources
from cxcore.pull.sources import Configured
from cxcore.settings import Settings
from cxcore.timeline import search

_SERVED_AT = time(20, 0)


def demo(
    people: Annotated[int, typer.Option(min=60, help="How many people the world has.")] = 2000,
    interactions: Annotated[int, typer.Option(min=600, help="How many interactions they have.")] = 40000,
    seed: Annotated[int, typer.Option(help="Another number, another world.")] = 7,
    *,
    serve: Annotated[bool, typer.Option(help="Serve the API and the pages when all is pulled.")] = True,
) -> None:
    """Make an invented hotel chain, pull its five systems through the real connectors, and serve what they became."""

    async def work(read: Settings, database: Database) -> None:
        world = _world(read, people=people, interactions=interactions, seed=seed)
        with _feeds(world / "social") as address:
            await _refuse_real_data(database)
            chosen = await _configured(database, world, address)
            pulled = await progress.pull_all(database, chosen)
            console = Console()
            console.print()
            console.print(progress.table(pulled))
            await _tell(console, read, database, world)
            if serve:
                await running.everything(read, database)

    runtime.run(work)


def _world(read: Settings, *, people: int, interactions: int, seed: int) -> Path:
    """The generated world; made once and kept, since its last day is the day it was made."""
    from cxdemo.generate import generate

    folder = read.data_dir.resolve() / "demo" / f"{people}-{interactions}-{seed}"
    if not (folder / "truth.json").exists():
        typer.echo(f"Making a world of {people:,} people and {interactions:,} interactions …")
        zone = ZoneInfo("Europe/Helsinki")
        today = clock.now().astimezone(zone).date()
        try:
            generate(
                folder,
                people=people,
                interactions=interactions,
                seed=seed,
                end=datetime.combine(today, _SERVED_AT, zone).astimezone(UTC),
            )
        except OSError as exc:
            raise OperatorError(f"The world cannot be written to {folder}: {exc.strerror}.") from exc
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    """Serves the feeds, with Last-Modified, and does not chat about it."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass


@contextmanager
def _feeds(folder: Path) -> Iterator[str]:
    """The world's blogs on a web of their own: a server on loopback."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


async def _refuse_real_data(database: Database) -> None:
    """The demo is not mixed into a database that holds anything else.

    Raises:
        OperatorError: there are sources that are not the demo's.
    """
    from cxdemo.systems import systems

    ours = {s.key for s in systems(Path(), lambda name: f"http://127.0.0.1/{name}")}
    async with database.unit() as session:
        others = {s.key for s in await sources.everything(session)} - ours
    if others:
        raise OperatorError(
            "This database holds sources that are not the demo's.", hint="Name an empty one, or another CX_DATA_DIR."
        )


async def _configured(database: Database, world: Path, address: str) -> list[Configured]:
    """The world's systems as sources; the feeds' address changes with each start."""
    from cxdemo.systems import systems

    result = []
    async with database.unit() as session:
        known = {s.key for s in await sources.everything(session)}
        for system in systems(world, lambda name: f"{address}/{name}"):
            if system.key in known:
                result.append(await sources.reconfigure(session, key=system.key, config=system.config))
            else:
                result.append(
                    await sources.add(
                        session, key=system.key, connector=system.connector, config=system.config, name=system.name
                    )
                )
    return result


async def _tell(console: Console, read: Settings, database: Database, world: Path) -> None:
    """How many customers it all became, and what to open."""
    truth = json.loads((world / "truth.json").read_text(encoding="utf-8"))
    async with database.unit() as session:
        count = await session.execute(
            text("""
                select (select count(*) from customer where merged_into is null) as customers,
                       (select count(*) from profile) as profiles, (select count(*) from interaction) as interactions
            """)
        )
        found = count.one()
        key = await keys.create(session, name="demo", scopes=list(Scope))
        guest = await _guest(session, truth)
        told = await demo_told.told(session, truth)
        ticket = await sign_in.issue_ticket(session, key_id=key.split("_")[1])
    at = f"http://{read.host}:{read.port}"
    to = f"&to=/customers/{guest}" if guest else ""
    console.print(
        f"\n{found.interactions:,} interactions of {found.profiles:,} profiles became {found.customers:,} customers.\n"
    )
    console.print(told, soft_wrap=True, highlight=False, markup=False)
    rows = [
        ("The hockey guest", f"{at}/sign-in?ticket={ticket}{to}"),
        ("Search", f"{at}/"),
        ("API document", f"{at}/openapi.json"),
        ("Key for pages and API", key),
    ]
    for label, value in rows:
        console.print(f"  {label:<22} {value}", soft_wrap=True, highlight=False, markup=False)
    console.print(
        "\n  The first link signs in, once and within the hour; later, sign in with the key.\n", soft_wrap=True
    )


async def _guest(session: Any, truth: dict[str, Any]) -> UUID | None:
    """The hockey guest's customer."""
    person = truth["stories"]["hockey_guest"]["people"][0]
    emails: list[str] = next((p["emails"] for p in truth["people"] if p["id"] == person["id"]), [])
    for email in emails:
        if hits := await search.search(session, str(email)):
            return hits[0].customer_id
    return None

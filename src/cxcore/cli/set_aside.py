"""cxcore source quarantine, replay and normalise: what could not be understood, and trying it again."""

import typer
from rich.console import Console
from rich.table import Table

from cxcore import pipeline
from cxcore.cli import runtime, shown
from cxcore.cli.source import Key
from cxcore.db.session import Database
from cxcore.land import quarantine as quarantined
from cxcore.pull import sources
from cxcore.settings import Settings


def quarantine(key: Key) -> None:
    """List the records of a source that were set aside, with the reason."""

    async def work(_: Settings, database: Database) -> Table:
        table = shown.table("sequence", "where", "reason", "attempts", "since")
        async with database.unit() as session:
            source = await sources.find(session, key)
            for q in await quarantined.waiting(session, source_id=source.id):
                since = f"{q.quarantined_at:%Y-%m-%d %H:%M}"
                shown.add(table, str(q.sequence), q.origin, q.reason, str(q.attempts), since)
        return table

    Console().print(runtime.run(work))


def replay(key: Key) -> None:
    """Try the records that were set aside again, as after a better mapping."""

    async def work(_: Settings, database: Database) -> pipeline.Progress:
        async with database.unit() as session:
            source = await sources.find(session, key)
        return await pipeline.replay(database, source)

    done = runtime.run(work)
    typer.echo(f"{done.normalised} understood now, {done.quarantined} still set aside.")


def normalise(key: Key) -> None:
    """Derive everything of a source again from its landed records, as after a better mapping."""

    async def work(_: Settings, database: Database) -> pipeline.Progress:
        async with database.unit() as session:
            source = await sources.find(session, key)
        return await pipeline.normalise_again(database, source)

    done = runtime.run(work)
    typer.echo(f"{done.normalised} records gave {done.interactions} interactions; {done.quarantined} set aside.")

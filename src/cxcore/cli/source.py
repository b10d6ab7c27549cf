"""cxcore source: configure systems to pull from, try them, pull them, and look after what was set aside."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cxcore import log, removal
from cxcore.cli import loop, progress, runtime, shown
from cxcore.cli.source_config import read_config
from cxcore.db.session import Database
from cxcore.errors import InvalidInput
from cxcore.normalise.rehearse import rehearse
from cxcore.pull import credentials, cursors, keyring, reader, sources
from cxcore.pull import schedule as schedules
from cxcore.pull.sources import Configured
from cxcore.settings import Settings, load
from cxcore.timeline import coverage

app = typer.Typer(no_args_is_help=True, help="Sources: the systems that cxcore pulls from.")

Key = Annotated[str, typer.Argument(help="The source's key.")]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="A TOML file with the connector's settings.")]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", help="A TOML mapping file, for connectors that take one.")
]
Values = Annotated[list[str] | None, typer.Option("--set", help="A setting as name=value; can be given several times.")]
Region = Annotated[str, typer.Option(help="Country of phone numbers without a country code (ISO 3166).")]
_SHOWN = 50


@app.command()
def add(
    key: Key,
    connector: Annotated[str, typer.Argument(help="The connector, as `cxcore connector list` lists it.")],
    *,
    config: ConfigFile = None,
    mapping: MappingFile = None,
    values: Values = None,
    name: Annotated[str | None, typer.Option(help="A name for people.")] = None,
    region: Region = "FI",
) -> None:
    """Configure a source. Secrets are given as env:NAME or file:/path and stay where they are, or are sealed as they come;
    `cxcore source credential` asks for one, so that it does not stay in the shell's history."""
    settings = read_config(config, mapping, values or [])

    async def work(read: Settings, database: Database) -> Configured:
        vault = keyring.vault(read)
        async with database.unit() as session:
            return await credentials.add(
                session,
                vault,
                key=key,
                connector=connector,
                config=settings,
                name=name,
                actor="command line",
                region=region,
            )

    source = runtime.run(work)
    typer.echo(f"Source {source.key} is configured. Try it with `cxcore source check {source.key}`.")


@app.command()
def check(key: Key) -> None:
    """Reach a source and name its account; nothing is written."""

    async def work(read: Settings, database: Database) -> str:
        async with database.unit() as session:
            source = await sources.find(session, key)
            secrets = await credentials.reveal(session, keyring.vault(read), source)
        return await reader.check(source, secrets=secrets)

    typer.echo(shown.harmless(runtime.run(work)))


@app.command("try")
def try_(
    connector: Annotated[str, typer.Argument(help="The connector.")],
    *,
    config: ConfigFile = None,
    mapping: MappingFile = None,
    values: Values = None,
    region: Region = "FI",
    limit: Annotated[int, typer.Option(min=1, help="How many records to try.")] = 1000,
) -> None:
    """A dry run: read and map some records, write nothing, and show what would become of them."""
    source = sources.unsaved(connector=connector, config=read_config(config, mapping, values or []), region=region)
    log.configure(load().log_level)
    tried = loop.run(rehearse(source, limit=limit))
    typer.echo(
        f"{tried.records} records: {tried.interactions} interactions, {tried.profiles} sightings of people, "
        f"{len(tried.rejected)} set aside."
    )
    for rejection in tried.rejected[:_SHOWN]:
        typer.echo(shown.harmless(f"  {rejection.origin or f'record {rejection.sequence}'}: {rejection.reason}"))
    if len(tried.rejected) > _SHOWN:
        typer.echo(f"  and {len(tried.rejected) - _SHOWN} more")
    for record, mapped in tried.samples:
        typer.echo(f"\n{shown.harmless(record.origin or record.stream)} becomes")
        for item in mapped:
            for line in item.model_dump_json(indent=2, exclude_defaults=True).splitlines():
                typer.echo(shown.harmless(line))


@app.command("list")
def list_() -> None:
    """List the sources and how complete the view of each is."""

    async def work(_: Settings, database: Database) -> Table:
        table = shown.table(
            "source", "connector", "state", "complete to", "waiting", "set aside", "problem", whole=["source"]
        )
        async with database.unit() as session:
            for c in await coverage.coverage(session):
                complete = f"{c.complete_to:%Y-%m-%d %H:%M}" if c.complete_to else "-"
                problem = c.problem or c.last_error or ""
                shown.add(table, c.source, c.connector, c.state, complete, str(c.waiting), str(c.quarantined), problem)
        return table

    Console().print(runtime.run(work))


@app.command()
def pull(
    key: Annotated[list[str] | None, typer.Argument(help="The sources' keys; without any, all active ones.")] = None,
) -> None:
    """Pull sources now, and put what they bring into the timelines."""

    async def work(read: Settings, database: Database) -> Table:
        chosen = await _chosen(database, key or [])
        return progress.table(await progress.pull_all(database, chosen, vault=keyring.vault(read)))

    Console().print(runtime.run(work))


@app.command()
def reconfigure(key: Key, *, config: ConfigFile = None, mapping: MappingFile = None, values: Values = None) -> None:
    """Change settings of a source, such as its mapping; the others stay. Then run normalise or replay."""
    changes = read_config(config, mapping, values or [])

    async def work(read: Settings, database: Database) -> None:
        vault = keyring.vault(read)
        async with database.unit() as session:
            await credentials.reconfigure(session, vault, key=key, config=changes, actor="command line")

    runtime.run(work)
    typer.echo(f"Source {key} is changed. `cxcore source replay {key}` tries what was set aside again.")


@app.command()
def credential(key: Key, setting: Annotated[str, typer.Argument(help="The setting that is a secret.")]) -> None:
    """Enter a secret of a source, or a new one in its place. It is asked for, or read from standard input, and sealed; it
    is never shown again."""
    value = typer.prompt(setting, hide_input=True) if sys.stdin.isatty() else sys.stdin.read().strip("\r\n")

    async def work(read: Settings, database: Database) -> None:
        vault = keyring.vault(read)
        async with database.unit() as session:
            source = await sources.find(session, key)
            secret = sources.secret_fields(source.connector)
            if setting not in secret:
                raise InvalidInput(
                    f"{setting} is no secret of the connector {source.connector}.",
                    hint=f"Its secrets: {', '.join(secret) or 'none'}.",
                )
            await credentials.reconfigure(session, vault, key=key, config={setting: value}, actor="command line")

    runtime.run(work)
    typer.echo(f"{setting} of the source {key} is sealed.")


@app.command()
def runs(key: Key, *, limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 20) -> None:
    """List the last pulls of a source: what each brought, how far it read, and how it ended."""

    async def work(_: Settings, database: Database) -> Table:
        table = shown.table(
            "began", "stream", "state", "pages", "records", "new or changed", "read", "seconds", "problem"
        )
        async with database.unit() as session:
            source = await sources.find(session, key)
            for r in await cursors.runs(session, source_id=source.id, limit=limit):
                read = f"{r.done} of {r.total}" if r.done is not None and r.total else ""
                seconds = f"{(r.ended_at - r.started_at).total_seconds():.1f}" if r.ended_at else ""
                counts = (str(r.pages), str(r.records), str(r.landed))
                shown.add(
                    table, f"{r.started_at:%Y-%m-%d %H:%M}", r.stream, r.state, *counts, read, seconds, r.error or ""
                )
        return table

    Console().print(runtime.run(work))


@app.command()
def reset(
    key: Key,
    *,
    stream: Annotated[str | None, typer.Option(help="Only this stream.")] = None,
) -> None:
    """Forget how far a source is read: the next pull begins at the start. What is there already is not doubled."""

    async def work(_: Settings, database: Database) -> None:
        async with database.unit() as session:
            source = await sources.find(session, key)
            if stream is not None and stream not in source.streams:
                raise InvalidInput(f"There is no stream {stream!r}.", hint=f"Known: {', '.join(source.streams)}.")
            await cursors.reset(session, source_id=source.id, stream=stream)

    runtime.run(work)
    typer.echo(f"Source {key} is read from the start with its next pull.")


@app.command()
def remove(
    key: Key,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a source away with all that it ever brought; customers are what they are without it. This cannot be undone."""
    if not yes:
        typer.confirm(f"Remove the source {key} and everything that came from it?", abort=True)

    async def work(_: Settings, database: Database) -> int:
        async with database.unit() as session:
            source = await sources.find(session, key)
        return await removal.remove(database, source)

    typer.echo(f"Source {key} is removed, with {runtime.run(work)} profiles.")


@app.command()
def schedule(
    key: Key,
    seconds: Annotated[int, typer.Argument(min=0, help="Seconds between pulls; 0: as CX_PULL_EVERY says.")],
) -> None:
    """Say how often the worker pulls a source."""

    async def work(_: Settings, database: Database) -> None:
        async with database.unit() as session:
            await schedules.set_every(session, key=key, seconds=seconds or None)

    runtime.run(work)
    typer.echo(
        f"Source {key} is pulled every {seconds} seconds." if seconds else f"Source {key} is pulled as set for all."
    )


@app.command()
def pause(key: Key) -> None:
    """Stop pulling a source until it is resumed."""
    _set_state(key, "paused")


@app.command()
def resume(key: Key) -> None:
    """Pull a source again that was paused, or stopped by a problem that is put right."""
    _set_state(key, "active")


async def _chosen(database: Database, keys: Sequence[str]) -> list[Configured]:
    async with database.unit() as session:
        if keys:
            return [await sources.find(session, key) for key in keys]
        return [s for s in await sources.everything(session) if s.state == "active"]


def _set_state(key: str, state: str) -> None:
    async def work(_: Settings, database: Database) -> None:
        async with database.unit() as session:
            await sources.set_state(session, key=key, state=state)

    runtime.run(work)
    typer.echo(f"Source {key} is {state}.")

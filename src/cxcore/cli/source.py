"""cxcore source: configure systems to pull from, try them, pull them, and look after what was set aside."""

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cxcore import log, pipeline
from cxcore.cli import loop, progress, runtime, shown
from cxcore.db.session import Database
from cxcore.errors import InvalidInput, OperatorError
from cxcore.land import quarantine as quarantined
from cxcore.normalise.rehearse import rehearse
from cxcore.pull import sources
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
    connector: Annotated[str, typer.Argument(help="The connector, as `cxcore connectors` lists it.")],
    *,
    config: ConfigFile = None,
    mapping: MappingFile = None,
    values: Values = None,
    name: Annotated[str | None, typer.Option(help="A name for people.")] = None,
    region: Region = "FI",
) -> None:
    """Configure a source. Secrets are written as env:NAME or file:/path, never as themselves."""
    settings = read_config(config, mapping, values or [])

    async def work(_: Settings, database: Database) -> Configured:
        async with database.unit() as session:
            return await sources.add(session, key=key, connector=connector, config=settings, name=name, region=region)

    source = runtime.run(work)
    typer.echo(f"Source {source.key} is configured. Try it with `cxcore source check {source.key}`.")


@app.command()
def check(key: Key) -> None:
    """Reach a source and name its account; nothing is written."""

    async def work(_: Settings, database: Database) -> str:
        async with database.unit() as session:
            source = await sources.find(session, key)
        return await source.reader().check()

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

    async def work(_: Settings, database: Database) -> Table:
        chosen = await _chosen(database, key or [])
        return progress.table(await progress.pull_all(database, chosen))

    Console().print(runtime.run(work))


@app.command()
def reconfigure(key: Key, *, config: ConfigFile = None, mapping: MappingFile = None, values: Values = None) -> None:
    """Change settings of a source, such as its mapping; the others stay. Then run normalise or replay."""
    changes = read_config(config, mapping, values or [])

    async def work(_: Settings, database: Database) -> None:
        async with database.unit() as session:
            source = await sources.find(session, key)
            await sources.reconfigure(session, key=key, config={**source.config, **changes})

    runtime.run(work)
    typer.echo(f"Source {key} is changed. `cxcore source replay {key}` tries what was set aside again.")


@app.command()
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


@app.command()
def replay(key: Key) -> None:
    """Try the records that were set aside again, as after a better mapping."""

    async def work(_: Settings, database: Database) -> pipeline.Progress:
        async with database.unit() as session:
            source = await sources.find(session, key)
        return await pipeline.replay(database, source)

    done = runtime.run(work)
    typer.echo(f"{done.normalised} understood now, {done.quarantined} still set aside.")


@app.command()
def normalise(key: Key) -> None:
    """Derive everything of a source again from its landed records, as after a better mapping."""

    async def work(_: Settings, database: Database) -> pipeline.Progress:
        async with database.unit() as session:
            source = await sources.find(session, key)
        return await pipeline.normalise_again(database, source)

    done = runtime.run(work)
    typer.echo(f"{done.normalised} records gave {done.interactions} interactions; {done.quarantined} set aside.")


@app.command()
def pause(key: Key) -> None:
    """Stop pulling a source until it is resumed."""
    _set_state(key, "paused")


@app.command()
def resume(key: Key) -> None:
    """Pull a source again that was paused, or stopped by a problem that is put right."""
    _set_state(key, "active")


def read_config(config: Path | None, mapping: Path | None, values: Sequence[str]) -> dict[str, Any]:
    """The connector's settings from a file, a mapping file and single values.

    Raises:
        OperatorError: a file cannot be read.
        InvalidInput: it is not TOML, or a value is not name=value.
    """
    result: dict[str, Any] = _toml(config) if config else {}
    if mapping:
        result["mapping"] = _toml(mapping)
    for item in values:
        name, equals, value = item.partition("=")
        if not equals:
            raise InvalidInput(f"{item!r} is not a setting.", hint="Write --set name=value.")
        result[name.strip()] = _typed(value)
    return result


def _typed(value: str) -> Any:
    """Numbers, true, false and JSON lists as themselves; anything else as text."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise OperatorError(f"{path} cannot be read: {exc.strerror}.") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise InvalidInput(f"{path} is not TOML: {exc}.", hint="See docs/connectors.md for the form.") from exc


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

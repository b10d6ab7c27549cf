"""Migrations on a real server: up, down and up again, two at once, a database from tomorrow, a server of yesterday."""

import asyncio
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from cxcore.db import migrate
from cxcore.db.base import Base
from cxcore.db.session import Database
from cxcore.errors import OperatorError

CATALOG = {
    "relations": """select relname, relkind, reloptions from pg_class
        where relnamespace = 'public'::regnamespace order by 1""",
    "columns": """select table_name, column_name, data_type, is_nullable, column_default, is_identity, collation_name
        from information_schema.columns where table_schema = 'public' order by 1, 2""",
    "constraints": """select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
        where connamespace = 'public'::regnamespace order by 1, 2""",
    "indexes": "select tablename, indexname, indexdef from pg_indexes where schemaname = 'public' order by 1, 2",
    "types": """select typname from pg_type where typnamespace = 'public'::regnamespace
        and typtype in ('d', 'e', 'r') order by 1""",
    "functions": "select proname from pg_proc where pronamespace = 'public'::regnamespace order by 1",
    "triggers": "select tgrelid::regclass::text, tgname from pg_trigger where not tgisinternal order by 1, 2",
    "extensions": "select extname from pg_extension where extname <> 'plpgsql' order by 1",
}
"""All that a migration can leave behind. Positions of columns are not compared: a later one stands at the end."""


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(migrate.scripts()))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


REVISIONS = [script.revision for script in reversed(list(scripts().walk_revisions()))]


async def catalog(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    async with database.unit() as session:
        return {name: [tuple(r) for r in await session.execute(text(sql))] for name, sql in CATALOG.items()}


async def tables(database: Database) -> set[str]:
    async with database.unit() as session:
        found = await session.execute(text("select tablename from pg_tables where schemaname = 'public'"))
        return set(found.scalars())


async def revision(database: Database) -> str | None:
    async with database.unit() as session:
        return (await session.execute(text("select version_num from alembic_version"))).scalar_one_or_none()


def run_migrate(url: str) -> subprocess.CompletedProcess[str]:
    """`cxcore migrate` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from cxcore.cli import main; main()", "migrate"],
        env=os.environ | {"CX_DATABASE_URL": url},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


async def test_up_makes_every_table_there_is(empty: Database) -> None:
    await migrate.migrate(empty)
    assert await tables(empty) == {table.name for table in Base.metadata.sorted_tables} | {"alembic_version"}
    assert await revision(empty) == migrate.head()


async def test_up_agrees_with_the_definitions(empty: Database) -> None:
    await migrate.migrate(empty)
    assert await migrate.drift(empty) == []


async def test_a_difference_would_be_noticed(empty: Database) -> None:
    await migrate.migrate(empty)
    async with empty.unit() as session:
        await session.execute(text("alter table customer drop column retired_at cascade"))
        await session.execute(text("drop index ix_link_customer"))
    assert len(await migrate.drift(empty)) == 2


async def test_base_leaves_nothing_but_alembics_own_table(empty: Database) -> None:
    await migrate.migrate(empty)
    await migrate.migrate(empty, "base")
    left = await catalog(empty)
    assert {row[0] for row in left["relations"]} == {"alembic_version", "alembic_version_pkc"}
    assert left["types"] == left["functions"] == left["triggers"] == left["extensions"] == []
    assert await revision(empty) is None


async def test_up_down_up_is_the_same_as_up(empty: Database) -> None:
    await migrate.migrate(empty)
    first = await catalog(empty)
    await migrate.migrate(empty, "base")
    await migrate.migrate(empty)
    assert await catalog(empty) == first


@pytest.mark.parametrize("step", REVISIONS)
async def test_each_step_can_be_taken_back(empty: Database, step: str) -> None:
    position = REVISIONS.index(step)
    below = REVISIONS[position - 1] if position else "base"
    await migrate.migrate(empty, step)
    first = await catalog(empty)
    await migrate.migrate(empty, below)
    await migrate.migrate(empty, step)
    assert await catalog(empty) == first
    assert await revision(empty) == step


async def test_up_on_the_newest_changes_nothing(empty: Database) -> None:
    await migrate.migrate(empty)
    first = await catalog(empty)
    await migrate.migrate(empty)
    assert await catalog(empty) == first


def test_there_is_one_way_up() -> None:
    assert scripts().get_heads() == [migrate.head()]


def test_processes_that_migrate_at_once_wait_for_each_other(empty_url: str) -> None:
    """As many instances of a service that are started together do."""
    with ThreadPoolExecutor() as threads:
        ended = list(threads.map(run_migrate, [empty_url] * 3))
    assert [(e.stdout, e.stderr, e.returncode) for e in ended] == [("The schema is at head.\n", "", 0)] * 3


async def test_a_database_from_a_newer_version_is_left_alone(empty: Database) -> None:
    await migrate.migrate(empty)
    first = await catalog(empty)
    async with empty.unit() as session:
        await session.execute(text("update alembic_version set version_num = 'feedfacecafe'"))
    for target in ("head", "base", REVISIONS[0]):
        with pytest.raises(OperatorError, match=r"made by a newer cxcore \(revision feedfacecafe\)"):
            await migrate.migrate(empty, target)
    assert await catalog(empty) == first
    assert await revision(empty) == "feedfacecafe"


async def test_the_command_line_says_in_one_line_that_the_database_is_newer(empty: Database, empty_url: str) -> None:
    await migrate.migrate(empty)
    async with empty.unit() as session:
        await session.execute(text("update alembic_version set version_num = 'feedfacecafe'"))
    ended = await asyncio.to_thread(run_migrate, empty_url)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("cxcore: The database was made by a newer cxcore")
    assert ended.stderr.count("\n") == 1


async def test_an_old_server_is_refused_before_anything_is_written(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LEAST_VERSION", 99)
    with pytest.raises(OperatorError, match=r"^PostgreSQL \d\d is too old\. cxcore needs 99 or newer\.$"):
        await migrate.migrate(empty)
    assert await tables(empty) == set()


async def test_a_step_that_must_wait_gives_up_and_leaves_all_as_it_was(empty: Database) -> None:
    """A long transaction of somebody's must not make all others queue behind a waiting migration."""
    await migrate.migrate(empty)
    await migrate.migrate(empty, "6cfedd15fe20")  # steps that went before stay
    first = await catalog(empty)
    async with empty.unit() as reader:
        await reader.execute(text("select count(*) from interaction"))
        with pytest.raises(OperatorError, match=r"^The migration failed: .*lock timeout"):
            await migrate.migrate(empty, "base")
    assert await catalog(empty) == first
    assert await revision(empty) == "6cfedd15fe20"
    await migrate.migrate(empty, "base")
    assert await revision(empty) is None

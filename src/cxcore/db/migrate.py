"""Migrations: bring a database to the schema this version needs."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from cxcore.db.base import Base
from cxcore.db.session import Database
from cxcore.errors import OperatorError

LEAST_VERSION = 15
_LOCK = 0x6378636F7265  # "cxcore": one migration at a time, whoever starts it


def scripts() -> Path:
    """Where the migrations are: beside the sources in a checkout, inside the package when installed.

    Raises:
        OperatorError: neither is there, so the installation is broken.
    """
    here = Path(__file__).resolve()
    for candidate in (here.parents[1] / "_migrations", here.parents[3] / "migrations"):
        if (candidate / "env.py").is_file():
            return candidate
    raise OperatorError("The migrations are missing from this installation.", hint="Install cxcore again.")


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d-%%(hour).2d%%(minute).2d_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def head() -> str | None:
    """The revision this version of cxcore needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def migrate(database: Database, revision: str = "head") -> None:
    """Bring the schema to ``revision``, up or down (``base`` is empty). Safe to call from many processes at once.

    Raises:
        OperatorError: the server is older than PostgreSQL 15, or refuses a statement.
        DatabaseUnavailable: it does not answer.
    """
    async with database.unit() as session:
        version = int((await session.execute(text("show server_version_num"))).scalar_one()) // 10000
    if version < LEAST_VERSION:
        raise OperatorError(f"PostgreSQL {version} is too old.", hint=f"cxcore needs {LEAST_VERSION} or newer.")
    try:
        async with database.engine.connect() as connection:
            await connection.run_sync(_run, revision)
    except DBAPIError as exc:
        raise OperatorError(
            f"The migration failed: {str(exc.orig).splitlines()[0]}.",
            hint="Nothing was changed by the failing step; run `cxcore migrate` again when it is put right.",
        ) from exc


def _run(connection: Connection, revision: str) -> None:
    connection.execute(text("select pg_advisory_lock(:key)"), {"key": _LOCK})
    connection.commit()
    try:
        config = _config(connection)
        current = MigrationContext.configure(connection).get_current_revision()
        connection.rollback()
        known = {s.revision for s in ScriptDirectory.from_config(config).walk_revisions()}
        if current is not None and current not in known:
            raise OperatorError(
                f"The database was made by a newer cxcore (revision {current}).", hint="Install that version or newer."
            )
        if revision == "base" or (revision in known and _is_behind(config, revision, current)):
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
        connection.commit()
    finally:
        connection.rollback()
        connection.execute(text("select pg_advisory_unlock(:key)"), {"key": _LOCK})
        connection.commit()


def _is_behind(config: Config, revision: str, current: str | None) -> bool:
    if current is None:
        return False
    behind = {s.revision for s in ScriptDirectory.from_config(config).iterate_revisions(current, "base")}
    return revision in behind and revision != current


async def drift(database: Database) -> list[object]:
    """Differences between the database and the table definitions; empty when they agree (``alembic check``)."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(
            lambda c: list(
                compare_metadata(MigrationContext.configure(c, opts={"compare_server_default": True}), Base.metadata)
            )
        )


async def revise(database: Database, message: str) -> None:
    """Write a new migration file from the difference (developers only)."""
    async with database.engine.connect() as connection:
        await connection.run_sync(lambda c: command.revision(_config(c), message, autogenerate=True))


async def is_empty(database: Database) -> bool:
    """Whether the database holds no schema of cxcore's yet."""
    async with database.unit() as session:
        found = await session.execute(text("select to_regclass('alembic_version')"))
        return found.scalar_one() is None

"""Reading tables for connectors: any database that SQLAlchemy has an async driver for, read only, row by row."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from cxcore.sdk.errors import AuthFailed, SourceUnavailable

_DRIVERS = {
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
    "mysql": "mysql+aiomysql",
    "mariadb": "mariadb+aiomysql",
}
_AUTHENTICATION = frozenset({"28P01", "28000", "42501", "1044", "1045", "1142"})


class Table:
    """A connection to a source's database, for reading."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    def quote(self, name: str) -> str:
        """A table's or column's name, with its schema before a dot, as it may stand in a statement."""
        preparer = self._connection.dialect.identifier_preparer
        return ".".join(preparer.quote_identifier(part) for part in name.split("."))

    async def clock(self) -> datetime:
        """What time it is, by the clock of the source's database.

        Raises:
            AuthFailed: the user may not read.
            SourceUnavailable: the server goes away.
        """
        utc = "select utc_timestamp(6) as now" if self._connection.dialect.name == "mysql" else "select now() as now"
        async with aclosing(self.rows(utc)) as rows:
            found = [row["now"] async for row in rows]
        now: datetime = found[0]
        return now if now.tzinfo else now.replace(tzinfo=UTC)

    async def rows(self, statement: str, **values: Any) -> AsyncGenerator[Mapping[str, Any]]:
        """Rows of a statement with ``:name`` places, fetched as they are asked for.

        Raises:
            AuthFailed: the user may not read.
            SourceUnavailable: the statement fails or the server goes away.
        """
        try:
            options = {"yield_per": 1000}
            async with self._connection.stream(text(statement), values, execution_options=options) as result:
                async for row in result.mappings():
                    yield {str(name): value for name, value in row.items()}
        except (SQLAlchemyError, OSError) as exc:
            raise _failure(exc) from exc


@asynccontextmanager
async def reading(url: str) -> AsyncIterator[Table]:
    """Open a source's database by its URL (postgresql://…, mysql://…) in a read-only transaction.

    Raises:
        AuthFailed: user, password or database are refused.
        SourceUnavailable: the server does not answer, or there is no driver for it.
    """
    try:
        parsed = make_url(url)
        parsed = parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))
        engine = create_async_engine(parsed, pool_size=1, max_overflow=0)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, SQLAlchemyError) as exc:
        raise SourceUnavailable(
            "The database URL cannot be used.",
            hint="Write postgresql://user:password@host/name; for MySQL install aiomysql.",
        ) from exc
    try:
        connection = await _connected(engine)
        try:
            yield Table(connection)
        finally:
            await connection.close()
    finally:
        await engine.dispose()


async def _connected(engine: AsyncEngine) -> AsyncConnection:
    try:
        connection = await engine.connect()
        if engine.dialect.name == "postgresql":
            await connection.execute(text("set transaction read only"))
    except Exception as exc:
        if isinstance(exc, SQLAlchemyError | OSError | TimeoutError) or type(exc).__module__.startswith("asyncpg"):
            raise _failure(exc) from exc
        raise
    return connection


def _failure(exc: BaseException) -> AuthFailed | SourceUnavailable:
    cause: Any = exc.orig if isinstance(exc, DBAPIError) else exc
    state = str(getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or "")
    number = str(cause.args[0]) if getattr(cause, "args", None) else ""
    if state in _AUTHENTICATION or number in _AUTHENTICATION:
        return AuthFailed("The source's database refuses the user.", hint="Check user, password and rights.")
    name = type(getattr(cause, "__cause__", None) or cause).__name__
    return SourceUnavailable(
        f"The source's database cannot be read: {name}.", hint="Check its address, name and table."
    )

"""Engine and unit of work: one transaction a request, job or page, committed at the edge."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from cxcore.db.statistics import Statistics
from cxcore.errors import CxError, DatabaseUnavailable, OperatorError, TimedOut

_AUTHENTICATION = (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError)
_IDLE = 1.0
"""Seconds after which a pooled connection is asked whether it lives."""
_LAST_ACTS = "cxcore.db.last_acts"
_GONE = (OSError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, asyncpg.AdminShutdownError)


class Database:
    """The one way to the database; made once by the edge (cli, api, worker) and passed on."""

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 8,
        pgbouncer: bool = False,
        schema: str | None = None,
        patience: float | None = None,
    ) -> None:
        """``patience``: seconds after which the server itself ends a statement, or a transaction in which nothing
        happens; None: never. Behind pgbouncer, which takes no such settings, the role has to have them."""
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError) as exc:
            raise OperatorError(
                "CX_DATABASE_URL is not a database URL.", hint="Write postgresql://user:password@host:5432/name."
            ) from exc
        if not parsed.drivername.startswith("postgres"):
            raise OperatorError(
                f"cxcore needs PostgreSQL, not {parsed.drivername}.",
                hint="Write postgresql://user:password@host:5432/name in CX_DATABASE_URL.",
            )
        self.url = parsed.set(drivername="postgresql+asyncpg")
        self._given: dict[str, Any] = {"pool_size": pool_size, "pgbouncer": pgbouncer, "schema": schema}
        self._connect: dict[str, Any] = {
            "timeout": 10,
            "server_settings": {"application_name": "cxcore", "timezone": "UTC"},
        }
        if schema is not None:
            self._connect["server_settings"]["search_path"] = schema
        if patience is not None and not pgbouncer:
            ends = f"{int(patience * 1000)}ms"
            self._connect["server_settings"] |= {"statement_timeout": ends, "idle_in_transaction_session_timeout": ends}
        if pgbouncer:
            self._connect["statement_cache_size"] = 0
        ours = {"prepared_statement_cache_size": 0} if pgbouncer else {}
        self.engine: AsyncEngine = create_async_engine(
            self.url, pool_size=pool_size, max_overflow=0, connect_args=self._connect | ours
        )
        _ping_the_idle(self.engine)
        self.statistics = Statistics()
        self._apart: list[asyncpg.Connection] = []

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[AsyncSession]:
        """A transaction: committed when the block ends, rolled back when it raises.

        Raises:
            DatabaseUnavailable: the server does not answer or went away.
            OperatorError: it refuses the user, password or database.
            TimedOut: a statement took longer than the connection's patience.
        """
        try:
            async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
                yield session
                await _last_acts(session)
        except (DBAPIError, OSError, TimeoutError, asyncpg.PostgresError) as exc:
            if (reason := _explain(exc)) is not None:
                raise reason from exc
            raise

    async def apart(self) -> asyncpg.Connection:
        """A connection beside the pool, for what is asked all the time; it ends with the database, or before.

        Raises:
            DatabaseUnavailable: the server does not answer.
            OperatorError: it refuses the user, password or database.
        """
        try:
            url = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
            connection = await asyncpg.connect(url, **self._connect)
        except (OSError, TimeoutError, asyncpg.PostgresError) as exc:
            if (reason := _explain(exc)) is not None:
                raise reason from exc
            raise
        self._apart = [*(c for c in self._apart if not c.is_closed()), connection]
        return connection

    def patient(self, *, seconds: float) -> "Database":
        """The same database by connections of their own, on which the server ends what takes longer."""
        return Database(self.url.render_as_string(hide_password=False), **self._given, patience=seconds)

    async def close(self) -> None:
        for connection in self._apart:
            connection.terminate()
        await self.engine.dispose()


def before_commit(session: AsyncSession, act: Callable[[AsyncSession], Awaitable[None]]) -> None:
    """Have this done as the last of the unit, before it is committed; an act that is asked for again is done once."""
    acts = session.info.setdefault(_LAST_ACTS, [])
    if act not in acts:
        acts.append(act)


async def _last_acts(session: AsyncSession) -> None:
    for act in session.info.pop(_LAST_ACTS, ()):
        await act(session)


def _ping_the_idle(engine: AsyncEngine) -> None:
    """Ask a connection that has lain idle whether it still lives, and take another if not. SQLAlchemy's own way asks each
    time, which takes four journeys to the server; within a second a dead one shows by the first statement."""
    dialect = engine.sync_engine.dialect

    @event.listens_for(engine.sync_engine, "checkin")
    def left(_: Any, record: Any) -> None:
        record.info["left"] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def taken(connection: Any, record: Any, _: Any) -> None:
        if time.monotonic() - record.info.get("left", time.monotonic()) < _IDLE:
            return
        try:
            dialect.do_ping(connection)
        except (DBAPIError, dialect.loaded_dbapi.Error, OSError) as exc:
            raise DisconnectionError from exc


def _explain(exc: BaseException) -> CxError | None:
    """What an operator can do about a driver's error; None when it is about the statement, not the server."""
    causes = [exc]
    while (cause := causes[-1].__cause__ or getattr(causes[-1], "orig", None)) is not None and cause not in causes:
        causes.append(cause)
    for cause in causes:
        if isinstance(cause, _AUTHENTICATION):
            return OperatorError("The database refuses the user or password.", hint="Check CX_DATABASE_URL.")
        if isinstance(cause, asyncpg.InvalidCatalogNameError):
            return OperatorError("The database named does not exist.", hint="Create it, or check CX_DATABASE_URL.")
        if isinstance(cause, asyncpg.UndefinedTableError):
            return OperatorError("The database has not been set up.", hint="Run `cxcore migrate`.")
        if isinstance(cause, asyncpg.QueryCanceledError):
            return TimedOut.of_request()
        if isinstance(cause, _GONE) or (
            isinstance(cause, OperationalError | InterfaceError) and getattr(cause, "connection_invalidated", False)
        ):
            return DatabaseUnavailable(
                "The database does not answer.", hint="Is the server running and CX_DATABASE_URL right?"
            )
    return None


class Unwritable(Exception):
    """Rows that PostgreSQL will never take, however often they are tried; ``reason`` is free of what they hold."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_NEVER = ("22", "23", "54")
"""SQLSTATE classes of the data's own fault: data exception, constraint violation, limit exceeded."""


@asynccontextmanager
async def unwritable() -> AsyncIterator[None]:
    """Tell errors that are the data's own fault from those of the moment, which pass through.

    Raises:
        Unwritable: the rows cannot be written.
    """
    try:
        yield
    except (DBAPIError, asyncpg.PostgresError) as exc:
        state = str(getattr(exc.orig if isinstance(exc, DBAPIError) else exc, "sqlstate", None) or "")
        if not state.startswith(_NEVER):
            raise
        raise Unwritable(f"the database refuses it (SQLSTATE {state})") from exc
    except (asyncpg.DataError, OverflowError, ValueError, TypeError, RecursionError) as exc:
        raise Unwritable(f"it cannot be written: {type(exc).__name__}") from exc


async def driver(session: AsyncSession) -> asyncpg.Connection:
    """The asyncpg connection below a session, inside the session's transaction: for COPY and hot paths."""
    connection = await session.connection()
    raw = cast("asyncpg.Connection", (await connection.get_raw_connection()).driver_connection)
    if not raw.is_in_transaction():  # SQLAlchemy begins with its own first statement
        await session.execute(text("select 1"))
    return raw


async def by_index(session: AsyncSession) -> None:
    """Have this transaction's statements reach rows by index alone: for batches that write into growing tables, and for
    what reads much right after them.

    PostgreSQL keeps the plan of a statement's sixth run, and of each foreign key's check. Made while the tables were
    small, it reads them whole for each row when they no longer are: on a first load a batch's look-up of shared
    identifiers took 58 to 204 s instead of 0.05 s. (Planning each run anew costs more: it plans each key's check too.)
    """
    await session.execute(text("set local enable_seqscan = off"))


async def commit_soon(session: AsyncSession) -> None:
    """Let this transaction's commit return before it is on disk: for what a crash loses whole and a repeat brings again.

    The order on disk is that of the commits, so a later ordinary commit makes this one safe too.
    """
    await session.execute(text("set local synchronous_commit = off"))


async def copy_rows(connection: asyncpg.Connection, table: str, columns: Sequence[str], rows: Iterable[Any]) -> None:
    """COPY rows (tuples in the order of ``columns``) into a table, in binary.

    Rows made on the way, by a generator, are made while the server stores those before.
    """
    if not isinstance(rows, list) or rows:
        await connection.copy_records_to_table(table, columns=list(columns), records=rows)

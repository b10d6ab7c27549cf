"""The lookout: what has been committed since the last look, so that a process may keep answers and never give an old one.

Positions of the outbox are given before the commit and those of the feed some time after it, so neither tells at once
what is new. Here each look remembers its snapshot, and the next asks for events of transactions that this one did not
see (PostgreSQL: "System Information Functions and Operators", pg_visible_in_snapshot). One look serves all who came
before it began.
"""

import asyncio
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from cxcore.db.session import Database
from cxcore.errors import DatabaseUnavailable

MOST = 1000
"""Events that one look takes; after more than that nothing that is kept counts as current."""
_BY_INDEX = "set enable_seqscan = off"
_FIRST = "select pg_current_snapshot()::text, '[]'"
_SINCE = """
select pg_current_snapshot()::text, (
    select coalesce(json_agg(json_build_array(e.type, e.subject, e.data)), '[]')::text from (
        select type, subject, data from outbox
        where transaction >= pg_snapshot_xmin($1::text::pg_snapshot)::text::bigint
          and not pg_visible_in_snapshot(transaction::text::xid8, $1::text::pg_snapshot) limit $2
    ) e
)
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """An event that was committed since the look before."""

    type: str
    subject: str
    data: dict[str, Any]


@dataclass(slots=True)
class Lookout:
    """Looks at the database when asked, and tells ``hear`` what is new before whoever asked goes on; None: too much to
    tell, or not known, after a connection was lost."""

    database: Database
    hear: Callable[[Collection[Seen] | None], None]
    _connection: asyncpg.Connection | None = None
    _snapshot: str | None = None
    _running: asyncio.Task[None] | None = field(default=None, repr=False)
    _next: asyncio.Task[None] | None = field(default=None, repr=False)

    async def look(self) -> None:
        """Wait for a look that began after this call.

        Raises:
            DatabaseUnavailable: the server does not answer; nothing is known to be current.
        """
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._running))
        await asyncio.shield(self._next)

    async def _after(self, before: asyncio.Task[None] | None) -> None:
        if before is not None and not before.done():
            await asyncio.wait({before})
        self._running, self._next = self._next, None  # whoever comes from here on waits for the look after this one
        try:
            await self._ask()
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await self._ask_anew()
        except BaseException:
            self._lose()
            raise

    async def _ask_anew(self) -> None:
        self._lose()
        try:
            await self._ask()
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as exc:
            self._lose()
            raise DatabaseUnavailable("The database does not answer.", hint="Is the server running?") from exc

    async def _ask(self) -> None:
        if self._connection is None or self._connection.is_closed():
            self.hear(None)
            self._connection, self._snapshot = await self.database.apart(), None
            await self._connection.execute(_BY_INDEX)
        if self._snapshot is None:
            row = await self._connection.fetchrow(_FIRST)
        else:
            row = await self._connection.fetchrow(_SINCE, self._snapshot, MOST + 1)
        self._snapshot = row[0]
        if row[1] != "[]":
            found = [Seen(*each) for each in json.loads(row[1])]
            self.hear(found if len(found) <= MOST else None)

    def _lose(self) -> None:
        """Forget the connection; what was heard by it is no longer known to be all."""
        connection, self._connection, self._snapshot = self._connection, None, None
        self.hear(None)
        if connection is not None:
            connection.terminate()

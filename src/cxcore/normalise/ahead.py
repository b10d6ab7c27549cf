"""Batches of landed records, the next one mapped while the database writes the one before."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.land import store
from cxcore.land.store import Landed
from cxcore.normalise import mapper
from cxcore.normalise.mapper import Outcome
from cxcore.pull.sources import Configured
from cxcore.sdk.connector import Connector


@dataclass(frozen=True, slots=True)
class _Prepared:
    source: Configured
    after: int
    records: Sequence[Landed]
    mapping: asyncio.Task[Outcome]


class Batches:
    """The batches of one run. Mapping and writing take about equally long and use a core each (docs/bench.md)."""

    def __init__(self) -> None:
        self._next: _Prepared | None = None

    async def take(
        self, session: AsyncSession, source: Configured, connector: Connector[Any], *, after: int, limit: int
    ) -> tuple[Sequence[Landed], Outcome]:
        """The records behind a sequence, mapped. What was prepared counts only for the very source and place.

        A version that lands after a record was read here has a higher sequence: its own batch replaces what this one
        writes, as it does between any two batches.
        """
        held, self._next = self._next, None
        if held is not None and held.source == source and held.after == after:
            return held.records, await held.mapping
        if held is not None:
            held.mapping.cancel()
        records = await store.batch(session, source_id=source.id, after=after, limit=limit)
        return records, await mapper.run_by_turns(source, connector, records)

    async def prepare(
        self, session: AsyncSession, source: Configured, connector: Connector[Any], *, after: int, limit: int
    ) -> None:
        """Read the records behind a sequence, and begin to map them."""
        if records := await store.batch(session, source_id=source.id, after=after, limit=limit):
            mapping = asyncio.create_task(mapper.run_by_turns(source, connector, records))
            self._next = _Prepared(source, after, records, mapping)

    def drop(self) -> None:
        """Forget what was prepared."""
        held, self._next = self._next, None
        if held is not None:
            held.mapping.cancel()

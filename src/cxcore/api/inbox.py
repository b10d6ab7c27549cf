"""The inbox: which source a delivery is for, known without asking the database for each stranger who knocks."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import structlog

from cxcore.db.session import Database
from cxcore.errors import CxError
from cxcore.pull import credentials, sources
from cxcore.pull.sources import Configured
from cxcore.pull.vault import Vault
from cxcore.sdk.connector import Connector

FRESH = 1.0
"""Seconds for which sources and their secrets are known; a new source takes deliveries after as long."""
QUIET = 10.0
"""Seconds between two log lines on refused deliveries of one source."""
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Inbox:
    """The sources as they were a second ago, each with its connector once it has been asked for."""

    database: Database
    vault: Vault
    _known: dict[str, Configured] = field(default_factory=dict)
    _connectors: dict[str, Connector[Any]] = field(default_factory=dict)
    _read_at: float | None = None
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    _told_at: dict[str, float] = field(default_factory=dict)

    async def source(self, key: str) -> Configured | None:
        """The source with this key, None without one."""
        async with self._reading:
            if self._read_at is None or time.monotonic() - self._read_at >= FRESH:
                async with self.database.unit() as session:
                    found = await sources.everything(session)
                self._known, self._connectors = {source.key: source for source in found}, {}
                self._read_at = time.monotonic()
        return self._known.get(key)

    async def connector(self, source: Configured) -> Connector[Any]:
        """A source's connector with its secrets.

        Raises:
            OperatorError: it or a secret cannot be used.
            ValidationError: the configuration no longer fits the connector.
        """
        if source.key not in self._connectors:
            async with self.database.unit() as session:
                secrets = await credentials.reveal(session, self.vault, source)
            self._connectors[source.key] = source.reader(secrets)
        return self._connectors[source.key]

    def tell(self, source: Configured, refused: CxError) -> None:
        """Log why a delivery was refused, for the operator who waits for it; now and then, since strangers may knock."""
        if time.monotonic() - self._told_at.get(source.key, -QUIET) >= QUIET:
            self._told_at[source.key] = time.monotonic()
            _log.warning("delivery refused", source=source.key, error=refused.message)

"""One writer of identities at a time, so that two profiles that share a key always meet."""

import asyncpg

LOCK = 0x6378_7265_736F_6C76


async def hold(connection: asyncpg.Connection) -> None:
    """Wait for the lock and keep it to the end of the transaction."""
    await connection.execute("select pg_advisory_xact_lock($1)", LOCK)

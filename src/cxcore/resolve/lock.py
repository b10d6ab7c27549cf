"""One writer of identities at a time, so that two profiles that share a key always meet."""

import asyncpg

LOCK = 0x6378_7265_736F_6C76


async def hold(connection: asyncpg.Connection) -> None:
    """Wait for the lock and keep it to the end of the transaction."""
    await connection.execute("select pg_advisory_xact_lock($1)", LOCK)


async def share(connection: asyncpg.Connection) -> None:
    """Wait until nobody writes identities, and keep it so to the end of the transaction, with others who only ask this."""
    await connection.execute("select pg_advisory_xact_lock_shared($1)", LOCK)

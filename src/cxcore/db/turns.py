"""Turns: whoever changes the same thing does so one after the other."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_SPACE = 0x6574


async def hold(session: AsyncSession, kind: str, key: object) -> None:
    """Have callers who change the same thing wait for each other until the transaction ends."""
    given = {"space": _SPACE, "what": f"{kind} {key}"}
    await session.execute(text("select pg_advisory_xact_lock(:space, hashtext(:what))"), given)

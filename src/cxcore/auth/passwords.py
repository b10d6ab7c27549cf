"""Passwords for when the provider does not answer: argon2id, few at once, slower with each failure, and no oracle."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache
from typing import TypeVar
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.auth import audit, staff
from cxcore.auth.audit import Act
from cxcore.auth.policy import operator
from cxcore.auth.tables import Staff
from cxcore.db.session import Database
from cxcore.errors import Conflict, InvalidInput, Unauthenticated

AT_ONCE = 4
"""Passwords a process checks at once: each takes 64 MiB."""
SHORTEST, LONGEST = 15, 200
FREE = 3
"""Failures that cost no waiting; the fourth costs a second, and each further one twice as much, up to an hour."""
_LONGEST_LOCK = timedelta(hours=1)
ResultT = TypeVar("ResultT")
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
_hashing = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")


async def choose(session: AsyncSession, staff_id: UUID, password: str, *, replace: bool = False) -> None:
    """Give somebody a password; only where they have none, unless ``replace``.

    Raises:
        NotFound: there is nobody of this id.
        InvalidInput: it is too short or too long.
        Conflict: they have one.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidInput(f"A password has {SHORTEST} to {LONGEST} characters.")
    row = await staff.find(session, staff_id, lock=True)
    if row.password and not replace:
        raise Conflict("They have a password already.", hint="`--replace` sets another.")
    row.password = await _in_turn(_hasher.hash, password)
    row.failures, row.locked_until = 0, None
    await session.flush()
    await audit.note(session, Act.PASSWORD_SET, actor=operator().actor, about=str(staff_id))


async def check(database: Database, login: str, password: str) -> UUID:
    """Who of the staff signs in with this password. Each use is in the audit.

    The answer is the same, and takes as long, whether nobody is known by that name, the password is wrong, or too many
    were wrong before: in each case one hash is computed. An attempt is counted before its password is looked at, and
    committed, so that attempts at once, in however many processes, count as many.

    Raises:
        Unauthenticated: it is not right, or may not be tried now.
    """
    async with database.unit() as session:
        tried = await session.execute(
            update(Staff)
            .where(
                Staff.issuer == staff.LOCAL,
                Staff.subject == login[:LONGEST].replace("\x00", ""),
                Staff.active,
                Staff.password.is_not(None),
                func.coalesce(Staff.locked_until, func.now()) <= func.now(),
            )
            .values(
                failures=Staff.failures + 1,
                locked_until=func.now() + func.make_interval(0, 0, 0, 0, 0, 0, _wait(Staff.failures + 1)),
            )
            .returning(Staff.id, Staff.password, Staff.failures)
        )
        row = tried.one_or_none()
        if row is not None and row.failures > FREE:
            await audit.note(session, Act.LOCKED, actor=f"staff:{row.id}", about=str(row.failures))
    right = await _in_turn(_right, row.password if row else None, password[:LONGEST])
    if row is None or not right:
        raise Unauthenticated("The name or the password is not right, or was wrong too often.")
    async with database.unit() as session:
        await session.execute(update(Staff).where(Staff.id == row.id).values(failures=0, locked_until=None))
        await staff.note_sign_in(session, row.id, act=Act.SIGNED_IN_BY_PASSWORD)
    found: UUID = row.id
    return found


def _wait(failures: object) -> object:
    """Seconds until the next attempt after so many failures, in SQL."""
    doubled = func.power(2, func.least(failures - FREE, 12))  # type: ignore[operator]
    return func.least(func.greatest(doubled, 1) - 1, _LONGEST_LOCK.total_seconds())


async def _in_turn(work: Callable[..., ResultT], *given: str | None) -> ResultT:
    return await asyncio.get_running_loop().run_in_executor(_hashing, work, *given)


def _right(kept: str | None, password: str) -> bool:
    try:
        return _hasher.verify(kept or _nobodys(), password)
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """The hash that is checked where there is nobody, so that it takes as long."""
    return _hasher.hash("nobody has this password")

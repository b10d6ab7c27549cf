"""Passwords: kept by argon2id, answered alike whoever asks, slower with each failure, however many processes count."""

import asyncio
import time
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from cxcore.auth import audit, passwords, staff
from cxcore.auth.policy import AccessRole
from cxcore.db.session import Database
from cxcore.errors import Conflict, InvalidInput, Unauthenticated

RIGHT = "correct horse battery staple"


async def account(database: Database, login: str = "kaisa") -> UUID:
    async with database.unit() as session:
        row = await staff.add(session, issuer=staff.LOCAL, subject=login, name="Kaisa", role=AccessRole.ADMIN)
        await passwords.choose(session, row.id, RIGHT)
        return row.id


async def refused(database: Database, login: str, password: str) -> str:
    with pytest.raises(Unauthenticated) as found:
        await passwords.check(database, login, password)
    return str(found.value)


async def locked(database: Database, failures: int, seconds: float) -> None:
    """After so many failures one more costs so much waiting."""
    async with database.unit() as session:
        await session.execute(text("update staff set locked_until = null, failures = :f"), {"f": failures})
        before = (await session.execute(text("select clock_timestamp()"))).scalar_one()
    await refused(database, "kaisa", "wrong")
    async with database.unit() as session:
        until, after = (await session.execute(text("select locked_until, clock_timestamp() from staff"))).one()
    assert before <= until - timedelta(seconds=seconds) <= after, (failures, seconds)


async def test_the_right_password_signs_in_and_is_in_the_audit(database: Database) -> None:
    who = await account(database)
    assert await passwords.check(database, "kaisa", RIGHT) == who
    async with database.unit() as session:
        kept = (await session.execute(text("select password from staff"))).scalar_one()
        acts = [row.act for row in await audit.page(session)]
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert RIGHT not in kept
    assert acts == ["staff.signed_in_by_password", "staff.password_set", "staff.added"]


async def test_every_refusal_reads_alike(database: Database) -> None:
    who = await account(database)
    said = {
        await refused(database, *given) for given in (("kaisa", "wrong"), ("nobody", RIGHT), ("", ""), ("\x00", "\x00"))
    }
    async with database.unit() as session:
        await session.execute(text("update staff set locked_until = now() + interval '1 minute'"))
    said.add(await refused(database, "kaisa", RIGHT))
    async with database.unit() as session:
        await session.execute(text("update staff set locked_until = null, active = false"))
    said.add(await refused(database, "kaisa", RIGHT))
    assert len(said) == 1, said
    assert who


async def test_an_unknown_name_costs_one_hash_as_a_known_one_does(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await account(database)
    hashed: list[str] = []
    monkeypatch.setattr(passwords, "_right", lambda kept, _: hashed.append("known" if kept else "nobody") is not None)
    for login in ("kaisa", "nobody"):
        await refused(database, login, "wrong")
    async with database.unit() as session:
        await session.execute(text("update staff set locked_until = now() + interval '1 minute'"))
    await refused(database, "kaisa", RIGHT)
    assert hashed == ["known", "nobody", "nobody"]


async def test_failures_cost_twice_the_waiting_each_until_an_hour_and_a_success_ends_it(database: Database) -> None:
    await account(database)
    for failures, seconds in enumerate([0, 0, 0, 1, 3, 7, 15]):
        await locked(database, failures, seconds)
    await locked(database, 400, 3600)
    assert await refused(database, "kaisa", RIGHT)
    async with database.unit() as session:
        await session.execute(text("update staff set locked_until = now()"))
    await passwords.check(database, "kaisa", RIGHT)
    async with database.unit() as session:
        assert (await session.execute(text("select failures, locked_until from staff"))).one() == (0, None)


async def test_attempts_at_once_count_as_many_and_take_few_hashes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await account(database)
    under_way, most, looked_at = 0, 0, 0

    def counted(kept: str | None, _: str) -> bool:
        nonlocal under_way, most, looked_at
        under_way += 1
        looked_at += kept is not None
        most = max(most, under_way)
        time.sleep(0.01)
        under_way -= 1
        return False

    monkeypatch.setattr(passwords, "_right", counted)
    await asyncio.gather(*(refused(database, "kaisa", "wrong") for _ in range(40)))
    assert most <= passwords.AT_ONCE
    assert looked_at == passwords.FREE + 1


async def test_a_password_is_set_once_and_is_neither_short_nor_endless(database: Database) -> None:
    who = await account(database)
    async with database.unit() as session:
        with pytest.raises(Conflict):
            await passwords.choose(session, who, RIGHT)
        for wrong in ("x" * 14, "x" * 201):
            with pytest.raises(InvalidInput):
                await passwords.choose(session, who, wrong, replace=True)
        await passwords.choose(session, who, "another long password", replace=True)
    await refused(database, "kaisa", RIGHT)
    assert await passwords.check(database, "kaisa", "another long password") == who


async def test_whoever_signs_in_at_a_provider_has_no_password_here(database: Database) -> None:
    async with database.unit() as session:
        row = await staff.add(session, issuer="https://id.example", subject="kaisa", name="K", role=AccessRole.ADMIN)
        await passwords.choose(session, row.id, RIGHT)
    await refused(database, "kaisa", RIGHT)

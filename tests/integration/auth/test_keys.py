"""Keys: shown once, kept as a digest, and their use noted now and then."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from cxcore.auth import keys, sign_in
from cxcore.auth.scopes import DESCRIPTIONS, Scope
from cxcore.db.session import Database
from cxcore.errors import InvalidInput, NotFound, PermissionDenied, Unauthenticated


async def make(database: Database, *scopes: Scope, **kwargs: Any) -> str:
    async with database.unit() as session:
        return await keys.create(session, name="desk", scopes=scopes or list(Scope), **kwargs)


async def one(database: Database, sql: str) -> Any:
    async with database.unit() as session:
        return (await session.execute(text(sql))).one()


async def test_a_key_is_kept_as_its_digest_alone(database: Database) -> None:
    key = await make(database)
    _, number, secret = key.split("_", 2)
    dump = str(await one(database, "select k::text, encode(digest, 'hex') as hex from api_key k"))
    assert number in dump
    assert secret not in dump
    assert key not in dump
    assert len(secret) >= 43


async def test_no_two_keys_are_alike(database: Database) -> None:
    made = {await make(database) for _ in range(20)}
    assert len(made) == len({k.split("_")[1] for k in made}) == 20


async def test_a_key_says_who_it_is_and_what_it_may(database: Database) -> None:
    key = await make(database, Scope.READ_SOURCES)
    async with database.unit() as session:
        who = await keys.authenticate(session, key)
    assert (who.key_id, who.name, who.scopes) == (key.split("_")[1], "desk", frozenset({Scope.READ_SOURCES}))
    who.require(Scope.READ_SOURCES)
    with pytest.raises(PermissionDenied):
        who.require(Scope.READ_CUSTOMERS)


async def test_the_database_s_clock_ends_a_key(database: Database) -> None:
    key = await make(database, expires_in=timedelta(hours=1))
    async with database.unit() as session:
        await keys.authenticate(session, key)
        await session.execute(text("update api_key set expires_at = now() - interval '1 microsecond'"))
    async with database.unit() as session:
        with pytest.raises(Unauthenticated):
            await keys.authenticate(session, key)


async def test_the_use_of_a_key_is_noted_once_a_minute(database: Database) -> None:
    key = await make(database)
    assert (await one(database, "select last_used_at as at from api_key")).at is None

    async def use() -> Any:
        async with database.unit() as session:
            await keys.authenticate(session, key)
        return (await one(database, "select last_used_at as at from api_key")).at

    first = await use()
    assert first is not None
    assert await use() == first
    async with database.unit() as session:
        await session.execute(text("update api_key set last_used_at = now() - interval '2 minutes'"))
    assert await use() > first


async def test_a_key_revoked_twice_was_revoked_the_first_time(database: Database) -> None:
    number = (await make(database)).split("_")[1]
    times = []
    for _ in range(2):
        async with database.unit() as session:
            await keys.revoke(session, key_id=number)
        times.append((await one(database, "select revoked_at as at from api_key")).at)
    assert times[0] == times[1]
    async with database.unit() as session:
        with pytest.raises(NotFound):
            await keys.revoke(session, key_id="nobody")


@pytest.mark.parametrize(("name", "scopes"), [("", list(Scope)), ("  ", list(Scope)), ("desk", [])])
async def test_a_key_needs_a_name_and_a_scope(database: Database, name: str, scopes: list[Scope]) -> None:
    async with database.unit() as session:
        with pytest.raises(InvalidInput):
            await keys.create(session, name=name, scopes=scopes)


async def test_every_scope_is_described() -> None:
    assert set(DESCRIPTIONS) == set(Scope)


async def test_signing_out_clears_away_what_is_over(database: Database) -> None:
    number = (await make(database)).split("_")[1]
    async with database.unit() as session:
        old = await sign_in.open_session(session, key_id=number)
        await session.execute(text("update sign_in set expires_at = now() - interval '1 second'"))
        mine, other = [await sign_in.open_session(session, key_id=number) for _ in range(2)]
        await sign_in.issue_ticket(session, key_id=number)
    async with database.unit() as session:
        await sign_in.close_session(session, mine)
    assert (await one(database, "select count(*) as n from sign_in")).n == 2
    async with database.unit() as session:
        assert (await sign_in.whose(session, other)).key_id == number
        for gone in (old, mine):
            with pytest.raises(Unauthenticated):
                await sign_in.whose(session, gone)


async def test_a_ticket_raced_for_opens_one_session(database: Database) -> None:
    import asyncio

    number = (await make(database)).split("_")[1]
    async with database.unit() as session:
        ticket = await sign_in.issue_ticket(session, key_id=number)

    async def redeem() -> str | None:
        try:
            async with database.unit() as session:
                return await sign_in.redeem(session, ticket)
        except Unauthenticated:
            return None

    opened = await asyncio.gather(*(redeem() for _ in range(8)))
    assert sum(o is not None for o in opened) == 1

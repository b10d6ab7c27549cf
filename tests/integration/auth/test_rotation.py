"""Rotation: a new secret beside the old one for a chosen while, and no older one."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from cxcore.auth import keys
from cxcore.auth.policy import AccessRole
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.errors import Conflict, InvalidInput, NotFound, Unauthenticated


async def works(database: Database, key: str) -> bool:
    try:
        async with database.unit() as session:
            await keys.authenticate(session, key)
    except Unauthenticated:
        return False
    return True


async def rotated(database: Database, key: str, overlap: timedelta = keys.OVERLAP) -> str:
    async with database.unit() as session:
        return (await keys.rotate(session, key_id=key.split("_")[1], overlap=overlap)).secret


async def make(database: Database) -> str:
    async with database.unit() as session:
        return await keys.create(session, name="desk", scopes=[Scope.READ_CUSTOMERS])


async def test_both_secrets_work_until_the_overlap_ends(database: Database) -> None:
    first = await make(database)
    second = await rotated(database, first)
    assert first.split("_")[1] == second.split("_")[1]
    assert first != second
    assert [await works(database, k) for k in (first, second)] == [True, True]
    async with database.unit() as session:
        kept = (await session.execute(text("select previous_until - now() from api_key"))).scalar_one()
        assert timedelta(hours=23, minutes=59) < kept <= timedelta(hours=24)
        await session.execute(text("update api_key set previous_until = now()"))
    assert [await works(database, k) for k in (first, second)] == [False, True]


async def test_a_second_rotation_ends_the_secret_before_the_last(database: Database) -> None:
    first = await make(database)
    second = await rotated(database, first)
    third = await rotated(database, second)
    assert [await works(database, k) for k in (first, second, third)] == [False, True, True]


async def test_without_an_overlap_the_old_secret_stops_at_once(database: Database) -> None:
    first = await make(database)
    second = await rotated(database, first, timedelta(0))
    assert [await works(database, k) for k in (first, second)] == [False, True]


async def test_revoking_ends_both(database: Database) -> None:
    first = await make(database)
    second = await rotated(database, first)
    async with database.unit() as session:
        await keys.revoke(session, key_id=first.split("_")[1])
    assert [await works(database, k) for k in (first, second)] == [False, False]
    with pytest.raises(Conflict):
        await rotated(database, first)


async def test_what_is_over_or_was_never_there_is_not_rotated(database: Database) -> None:
    first = await make(database)
    async with database.unit() as session:
        await session.execute(text("update api_key set expires_at = now()"))
    with pytest.raises(Conflict):
        await rotated(database, first)
    with pytest.raises(NotFound):
        await rotated(database, "cx_none_x")


async def test_a_key_of_a_role_is_made_with_no_scope_beyond_it(database: Database) -> None:
    async with database.unit() as session:
        with pytest.raises(InvalidInput, match="sources:write"):
            await keys.create(session, name="desk", scopes=[Scope.WRITE_SOURCES], role=AccessRole.FRONT_DESK)
        key = await keys.create(session, name="desk", scopes=[Scope.READ_CUSTOMERS], role=AccessRole.FRONT_DESK)
        assert (await keys.authenticate(session, key)).role is AccessRole.FRONT_DESK

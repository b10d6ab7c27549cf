"""Staff: known by issuer and subject, given no more than whoever gives it has, gone at once when it ends."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cxcore.auth import audit, keys, sign_in, staff
from cxcore.auth.policy import SCOPES, AccessRole, Principal
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.errors import Conflict, InvalidInput, NotFound, PermissionDenied, Unauthenticated
from support.judging import staff_of

AT = "https://id.example"


async def arrive(database: Database, role: AccessRole | None, subject: str = "1", issuer: str = AT) -> str:
    async with database.unit() as session:
        row = await staff.arrive(
            session, issuer=issuer, subject=subject, name="Kaisa", email="kaisa@desk.example", role=role
        )
        return f"{row.id} {row.role}"


async def test_somebody_unknown_comes_in_only_with_a_role(database: Database) -> None:
    with pytest.raises(Unauthenticated):
        await arrive(database, None)
    first = await arrive(database, AccessRole.AGENT)
    assert first.endswith(" agent")
    assert await arrive(database, None) == first
    assert await arrive(database, AccessRole.STEWARD) == first.replace("agent", "steward")


async def test_the_same_address_at_another_issuer_or_of_another_subject_is_somebody_else(database: Database) -> None:
    found = {
        await arrive(database, AccessRole.AGENT),
        await arrive(database, AccessRole.AGENT, issuer="https://other.example"),
        await arrive(database, AccessRole.AGENT, subject="2"),
    }
    assert len(found) == 3


async def test_a_session_of_staff_has_the_rights_of_their_role_and_ends_with_their_access(database: Database) -> None:
    who = await staff_of(database, AccessRole.STEWARD)
    async with database.unit() as session:
        secret = await sign_in.open_session(session, staff_id=who, method="oidc")
    async with database.unit() as session:
        found = await sign_in.whose(session, secret)
    assert (found.actor, found.role, found.scopes) == (f"staff:{who}", AccessRole.STEWARD, SCOPES[AccessRole.STEWARD])
    async with database.unit() as session:
        await staff.change(session, who, role=AccessRole.FRONT_DESK)
        assert (await sign_in.whose(session, secret)).role is AccessRole.FRONT_DESK
        await staff.change(session, who, active=False)
    async with database.unit() as session:
        with pytest.raises(Unauthenticated):
            await sign_in.whose(session, secret)
        late = await sign_in.open_session(session, staff_id=who, method="oidc")
        with pytest.raises(Unauthenticated):
            await sign_in.whose(session, late)
    with pytest.raises(Unauthenticated, match="ended"):
        async with database.unit() as session:
            await staff.arrive(session, issuer=AT, subject="steward-Kaisa", name="K", email=None, role=AccessRole.ADMIN)


@pytest.mark.parametrize(
    ("role", "minutes"), [(AccessRole.FRONT_DESK, 15), (AccessRole.AGENT, 60), (AccessRole.ADMIN, 60)]
)
async def test_a_session_without_requests_is_over_at_the_desk_sooner(
    database: Database, role: AccessRole, minutes: int
) -> None:
    who = await staff_of(database, role)
    async with database.unit() as session:
        secret = await sign_in.open_session(session, staff_id=who, method="oidc")

    async def idle(for_: int, seconds: int) -> bool:
        async with database.unit() as session:
            await session.execute(
                text("update sign_in set seen_at = now() - make_interval(mins => :m, secs => :s)"),
                {"m": for_, "s": seconds},
            )
        try:
            async with database.unit() as session:
                await sign_in.whose(session, secret)
        except Unauthenticated:
            return False
        return True

    assert await idle(minutes - 1, 50)
    async with database.unit() as session:
        moved = (await session.execute(text("select now() - seen_at < interval '5 seconds' from sign_in"))).scalar()
    assert moved, "a request does not count as a sign of life"
    assert not await idle(minutes, 1)


async def test_nobody_gives_more_than_they_have(database: Database) -> None:
    steward = Principal("", "S", SCOPES[AccessRole.STEWARD] | {Scope.WRITE_ACCESS}, AccessRole.ADMIN, "1")
    agent, admin = await staff_of(database, AccessRole.AGENT), await staff_of(database, AccessRole.ADMIN)
    async with database.unit() as session:
        with pytest.raises(PermissionDenied):
            await staff.change(session, agent, role=AccessRole.ADMIN, maker=steward)
        with pytest.raises(PermissionDenied):
            await staff.change(session, admin, active=False, maker=steward)
        with pytest.raises(PermissionDenied):
            await staff.add(session, issuer=AT, subject="9", name="N", role=AccessRole.ADMIN, maker=steward)
        await staff.change(session, agent, role=AccessRole.STEWARD, maker=steward)
        with pytest.raises(PermissionDenied):
            await keys.make(session, name="all", scopes=list(Scope), maker=steward)
        made = await keys.make(session, name="less", scopes=[Scope.READ_SOURCES], maker=steward)
        assert made.row.made_by == "staff:1"
        stronger = await keys.create(session, name="all", scopes=list(Scope))
        with pytest.raises(PermissionDenied):
            await keys.rotate(session, key_id=stronger.split("_")[1], maker=steward)


async def test_nobody_changes_their_own_access(database: Database) -> None:
    who = await staff_of(database, AccessRole.ADMIN)
    me = Principal("", "A", SCOPES[AccessRole.ADMIN], AccessRole.ADMIN, str(who))
    async with database.unit() as session:
        with pytest.raises(Conflict):
            await staff.change(session, who, role=AccessRole.AGENT, maker=me)


async def test_what_cannot_be_is_refused(database: Database) -> None:
    who = await staff_of(database, AccessRole.AGENT)
    async with database.unit() as session:
        for wrong in ({"name": " "}, {"subject": ""}, {"issuer": "x" * 201}, {"role": AccessRole.SERVICE}):
            with pytest.raises(InvalidInput):
                await staff.add(
                    session,
                    **{"issuer": AT, "subject": "s", "name": "N", "role": AccessRole.AGENT, **wrong},  # type: ignore[arg-type]
                )
        with pytest.raises(Conflict):
            await staff.add(session, issuer=AT, subject="agent-Kaisa", name="N", role=AccessRole.AGENT)
        with pytest.raises(InvalidInput):
            await staff.change(session, who, role=AccessRole.SERVICE)
        with pytest.raises(NotFound):
            await staff.find(session, UUID(int=0))


async def test_what_is_done_to_access_is_in_the_audit_and_stays_there(database: Database) -> None:
    who = await staff_of(database, AccessRole.AGENT)
    async with database.unit() as session:
        await staff.change(session, who, active=False)
        rows = await audit.page(session)
    assert [(r.act, r.about, r.actor) for r in rows] == [
        ("staff.changed", str(who), "operator"),
        ("staff.added", str(who), "operator"),
    ]
    for sql in ("update audit set actor = 'x'", "delete from audit"):
        with pytest.raises(DBAPIError, match="added to only"):
            async with database.unit() as session:
                await session.execute(text(sql))

"""Sessions and staff on the pages: one's own listed and ended, a new one at each sign-in, access ended at once."""

import httpx2
import pytest
from sqlalchemy import text

from cxcore.auth import passwords, sign_in, staff
from cxcore.auth.policy import AccessRole
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from support.browsing import page
from support.calling import new_key
from support.html import read
from support.judging import staff_of

PASSWORD = "a long password of ours"


async def signed_in(client: httpx2.AsyncClient, database: Database, role: AccessRole) -> None:
    who = await staff_of(database, role)
    async with database.unit() as session:
        client.cookies.set("cx", await sign_in.open_session(session, staff_id=who, method="oidc"))


async def test_one_sees_one_s_own_sessions_alone_and_ends_one(outside: httpx2.AsyncClient, database: Database) -> None:
    key = await new_key(database)
    await outside.post("/sign-in", data={"key": key})
    other = outside.cookies["cx"]
    outside.cookies.clear()
    await outside.post("/sign-in", data={"key": key})
    async with database.unit() as session:
        await sign_in.open_session(session, staff_id=await staff_of(database, AccessRole.AGENT), method="oidc")
    shown = await page(outside, "/sessions")
    ids = [e.attributes["value"] for e in shown.all("input") if e.attributes["name"] == "session"]
    assert len(ids) == 2
    async with database.unit() as session:
        asked = text("select id::text from sign_in where seen_at = (select min(seen_at) from sign_in)")
        first = (await session.execute(asked)).scalar_one()
        theirs = (await session.execute(text("select id::text from sign_in where staff_id is not null"))).scalar_one()
    assert (await outside.post("/sessions", data={"session": theirs})).status_code == 404
    assert (await outside.post("/sessions", data={"session": first})).status_code == 303
    assert (await outside.get("/", headers={"Cookie": f"cx={other}"})).headers["location"] == "/sign-in"
    assert (await outside.get("/sessions")).status_code == 200
    assert (await outside.post("/sessions", data={"session": "x"})).status_code == 400


async def test_signing_in_ends_the_session_before_it_in_the_same_browser(
    outside: httpx2.AsyncClient, database: Database
) -> None:
    key = await new_key(database)
    outside.cookies.set("cx", "planted-by-somebody-else", domain="cx.example")
    await outside.post("/sign-in", data={"key": key})
    first = outside.cookies["cx"]
    assert first != "planted-by-somebody-else"
    await outside.post("/sign-in", data={"key": key})
    assert outside.cookies["cx"] != first
    stale = await outside.get("/", headers={"Cookie": f"cx={first}"})
    assert stale.headers["location"] == "/sign-in"


async def test_a_password_signs_in_and_its_use_is_told(outside: httpx2.AsyncClient, database: Database) -> None:
    async with database.unit() as session:
        row = await staff.add(session, issuer=staff.LOCAL, subject="kaisa", name="Kaisa", role=AccessRole.ADMIN)
        await passwords.choose(session, row.id, PASSWORD)
    wrong = await outside.post("/sign-in/password", data={"name": "kaisa", "password": "not this one"})
    assert wrong.status_code == 401
    assert "set-cookie" not in wrong.headers
    assert read(wrong.text).all("p", "wrong")[0].attributes["role"] == "alert"
    answer = await outside.post("/sign-in/password", data={"name": " kaisa ", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sessions")
    assert "This is kept in the audit." in (await page(outside, "/sessions")).text


async def test_an_administrator_adds_changes_and_ends(outside: httpx2.AsyncClient, database: Database) -> None:
    await signed_in(outside, database, AccessRole.ADMIN)
    form = {"issuer": "https://id.example", "subject": "7", "name": "Pirkko <b>", "role": "agent"}
    assert (await outside.post("/staff", data=form)).status_code == 303
    assert "Pirkko <b>" in (await page(outside, "/staff")).text
    async with database.unit() as session:
        [row] = [s for s in await staff.everybody(session) if s.subject == "7"]
        theirs = await sign_in.open_session(session, staff_id=row.id, method="oidc")
    seen = await outside.get("/", headers={"Cookie": f"cx={theirs}"})
    assert seen.status_code == 200
    assert (await outside.post(f"/staff/{row.id}", data={"act": "role", "role": "steward"})).status_code == 303
    assert (await outside.post(f"/staff/{row.id}", data={"act": "end"})).status_code == 303
    ended = await outside.get("/", headers={"Cookie": f"cx={theirs}"})
    assert ended.headers["location"] == "/sign-in"
    assert "access ended" in (await page(outside, "/staff")).text
    for wrong in ({"act": "role", "role": "service"}, {"act": "x"}, {}):
        assert (await outside.post(f"/staff/{row.id}", data=wrong)).status_code == 400


async def test_what_one_may_not_is_not_offered(outside: httpx2.AsyncClient, database: Database) -> None:
    await outside.post("/sign-in", data={"key": await new_key(database, Scope.READ_ACCESS)})
    await staff_of(database, AccessRole.AGENT)
    shown = await page(outside, "/staff")
    assert [f.attributes["action"] for f in shown.all("form") if "/staff" in (f.attributes["action"] or "")] == []


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
@pytest.mark.parametrize("path", ["/sign-in", "/sessions", "/staff"])
async def test_the_pages_are_sound_in_each_language(
    outside: httpx2.AsyncClient, database: Database, path: str, language: str
) -> None:
    await signed_in(outside, database, AccessRole.ADMIN)
    shown = await page(outside, path, headers={"Accept-Language": language})
    assert shown.slips == []

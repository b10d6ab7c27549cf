"""Keys on the pages: made, given a new secret and ended, each secret shown this once and kept nowhere else."""

import re
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from cxcore.auth import keys, sign_in
from cxcore.auth.policy import AccessRole
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.errors import Unauthenticated
from cxcore.web.words import WORDS
from support.browsing import page
from support.calling import new_key
from support.html import read
from support.judging import staff_of

SECRET = re.compile(r"cx_[0-9a-f]{12}_[\w-]{43}")
FORM: dict[str, Any] = {"name": "till <b>", "role": "service", "days": "30", "right": ["customers:read", "audit:read"]}


async def signed_in(client: httpx2.AsyncClient, database: Database, role: AccessRole = AccessRole.ADMIN) -> None:
    who = await staff_of(database, role)
    async with database.unit() as session:
        client.cookies.set("cx", await sign_in.open_session(session, staff_id=who, method="oidc"))


async def works(database: Database, secret: str) -> bool:
    try:
        async with database.unit() as session:
            await keys.authenticate(session, secret)
    except Unauthenticated:
        return False
    return True


def shown(answer: httpx2.Response) -> str:
    """The one secret on a page."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    (secret,) = SECRET.findall(answer.text)
    return str(secret)


async def test_a_key_is_made_and_its_secret_is_on_this_one_page_alone(
    outside: httpx2.AsyncClient, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await signed_in(outside, database)
    answer = await outside.post("/keys", data=FORM)
    secret = shown(answer)
    assert "location" not in answer.headers
    assert await works(database, secret)
    again = await page(outside, "/keys")
    assert "till <b>" in again.text
    assert "read the audit · read customers" in again.text
    assert not SECRET.search(again.text)
    async with database.unit() as session:
        row = (await session.execute(text("select * from api_key"))).one()
        noted = (await session.execute(text("select * from audit where act = 'key.made'"))).one()
    assert (row.role, sorted(row.scopes)) == ("service", ["audit:read", "customers:read"])
    assert (row.expires_at - row.created_at + timedelta(minutes=1)).days == 30
    assert (noted.about, row.made_by) == (row.id, noted.actor)
    assert secret.split("_", 2)[2] not in f"{row}{noted}{capsys.readouterr()}"


async def test_a_key_gets_a_new_secret_beside_the_one_before_and_ends_with_both(
    outside: httpx2.AsyncClient, database: Database
) -> None:
    await signed_in(outside, database)
    first = shown(await outside.post("/keys", data={**FORM, "days": "0"}))
    one = f"/keys/{first.split('_')[1]}"
    second = shown(await outside.post(one, data={"act": "rotate"}))
    assert first != second
    assert [await works(database, s) for s in (first, second)] == [True, True]
    assert "The secret before it works until" in (await page(outside, "/keys")).text
    assert (await outside.post(one, data={"act": "revoke"})).headers["location"] == "/keys"
    assert [await works(database, s) for s in (first, second)] == [False, False]
    left = await page(outside, "/keys")
    assert "Keys that are over" in left.text
    assert [f for f in left.all("form") if (f.attributes["action"] or "").startswith("/keys/")] == []
    assert (await outside.post(one, data={"act": "rotate"})).status_code == 409
    assert (await outside.post("/keys/none", data={"act": "revoke"})).status_code == 404


async def test_what_is_no_key_is_asked_for_again_with_what_was_typed(
    outside: httpx2.AsyncClient, database: Database
) -> None:
    await signed_in(outside, database)
    for wrong in ({"right": []}, {"name": " "}, {"role": "front_desk"}):
        answer = await outside.post("/keys", data={**FORM, **wrong})
        assert answer.status_code == 422
        assert "A key needs a name" in read(answer.text).text
        assert not SECRET.search(answer.text)
    checked = [e.attributes["value"] for e in read(answer.text).all("input") if "checked" in e.attributes]
    assert sorted(checked) == ["audit:read", "customers:read"]
    for wrong in ({"role": "king"}, {"days": "7"}, {"right": ["everything"]}):
        assert (await outside.post("/keys", data={**FORM, **wrong})).status_code == 400
    assert (await outside.post("/keys/none", data={"act": "x"})).status_code == 400
    async with database.unit() as session:
        assert (await session.execute(text("select count(*) from api_key"))).scalar_one() == 0


async def test_nobody_gives_more_than_they_have_and_whoever_may_only_look_has_no_forms(
    outside: httpx2.AsyncClient, database: Database
) -> None:
    await outside.post("/sign-in", data={"key": await new_key(database, Scope.WRITE_ACCESS, Scope.READ_ACCESS)})
    offered = {
        e.attributes["value"] for e in (await page(outside, "/keys")).all("input") if e.attributes["name"] == "right"
    }
    assert offered == {"access:read", "access:write"}
    assert (await outside.post("/keys", data=FORM)).status_code == 403
    outside.cookies.clear()
    await outside.post("/sign-in", data={"key": await new_key(database, Scope.READ_ACCESS)})
    seen = await page(outside, "/keys")
    assert [f for f in seen.all("form") if "/keys" in (f.attributes["action"] or "")] == []
    outside.cookies.clear()
    await signed_in(outside, database, AccessRole.STEWARD)
    assert (await outside.get("/keys")).status_code == 403


def test_each_right_has_words() -> None:
    assert {f"right_{scope.value.replace(':', '_')}" for scope in Scope} <= WORDS.keys()

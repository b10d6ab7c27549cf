"""Signing in at a certified provider: in, and not with another's code, verifier, address or secret."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from cxcore.auth import oidc, staff
from cxcore.db.session import Database
from support import openid
from support.identity import back, before, known


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    if openid.folder() is None:
        pytest.skip(openid.MISSING)
    with openid.running() as issuer:
        yield issuer


@pytest.mark.parametrize("client", ["public", "confidential"])
async def test_somebody_comes_in_once(running: str, database: Database, client: str) -> None:
    provider = known(running)
    if client == "confidential":
        provider = replace(provider, client_id="kept", client_secret="a secret between the two of us")
    async with before(provider, database) as browser:
        sent = await browser.get("/sign-in/provider")
        answer = await openid.signed_in_at(sent.headers["location"])
        assert answer["iss"] == running
        let_in = await back(browser, **answer)
        assert (let_in.status_code, let_in.headers["location"]) == (303, "/"), let_in.text
        assert (await browser.get("/")).status_code == 200
        browser.cookies.delete("cx")
        assert (await back(browser, **answer)).status_code == 401
        sent = await browser.get("/sign-in/provider")
        fresh = await openid.signed_in_at(sent.headers["location"])
        assert (await back(browser, **{**answer, "state": fresh["state"]})).status_code == 401
    async with database.unit() as session:
        [row] = await staff.everybody(session)
    assert (row.issuer, row.subject, row.name, row.role) == (running, "kaisa", "Kaisa Laine", "front_desk")


async def test_a_wrong_verifier_is_refused(running: str, database: Database) -> None:
    async with before(known(running), database) as browser:
        sent = await browser.get("/sign-in/provider")
        answer = await openid.signed_in_at(sent.headers["location"])
        async with database.unit() as session:
            await session.execute(text("update oidc_login set verifier = repeat('x', 43)"))
        assert (await back(browser, **answer)).status_code == 401
        assert "cx" not in browser.cookies


async def test_a_wrong_nonce_is_refused(running: str, database: Database) -> None:
    async with before(known(running), database) as browser:
        sent = await browser.get("/sign-in/provider")
        answer = await openid.signed_in_at(sent.headers["location"])
        async with database.unit() as session:
            await session.execute(text("update oidc_login set nonce = 'x'"))
        assert (await back(browser, **answer)).status_code == 401


async def test_a_wrong_secret_is_refused(running: str, database: Database) -> None:
    async with before(replace(known(running), client_id="kept", client_secret="wrong"), database) as browser:
        sent = await browser.get("/sign-in/provider")
        answer = await openid.signed_in_at(sent.headers["location"])
        assert (await back(browser, **answer)).status_code == 401


async def test_the_provider_knows_the_way_out(running: str, database: Database) -> None:
    out = await oidc.Relying(known(running)).leaving("http://cx.example/sign-in")
    assert out is not None
    assert out.startswith(f"{running}/session/end?client_id=cxcore&")

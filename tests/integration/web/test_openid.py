"""Signing in at a certified provider: in, and not with another's code, verifier, address or secret."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl

import httpx2
import pytest
from sqlalchemy import text

from cxcore.auth import oidc, staff
from cxcore.auth.oidc import TOLD as WAY_TO_US
from cxcore.db.session import Database
from cxcore.sdk.testing.local_server import LocalServer, Reply
from support import openid
from support.identity import back, before, known

TOLD: dict[str, LocalServer] = {}
"""What each provider told us by itself."""


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    if openid.folder() is None:
        pytest.skip(openid.MISSING)
    with LocalServer(lambda _: Reply({})) as receiver, openid.running(f"{receiver.url}/told") as issuer:
        TOLD[issuer] = receiver
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


async def test_a_session_that_ends_at_the_provider_ends_here(running: str, database: Database) -> None:
    async with before(known(running), database) as browser, httpx2.AsyncClient(trust_env=False) as there:
        sent = await browser.get("/sign-in/provider")
        let_in = await back(browser, **await openid.led_back(there, sent.headers["location"]))
        assert (let_in.status_code, (await browser.get("/")).status_code) == (303, 200)
        out = await oidc.Relying(known(running)).leaving("http://cx.example/sign-in")
        assert out is not None
        await openid.signed_out_at(there, out)
        (said,) = TOLD[running].requests
        token = dict(parse_qsl(said.raw.decode()))["logout_token"]
        assert (await browser.post(WAY_TO_US, data={"logout_token": token})).status_code == 200
        assert (await browser.get("/")).headers["location"] == "/sign-in"
        assert (await browser.post(WAY_TO_US, data={"logout_token": token})).status_code == 400

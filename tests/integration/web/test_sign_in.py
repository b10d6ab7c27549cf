"""Signing in: with a key or a ticket, into our own pages only, and out again."""

from datetime import timedelta
from urllib.parse import quote

import httpx2
import pytest
from sqlalchemy import text

from cxcore.auth import keys, sign_in
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.web.app import create
from support.calling import CURSOR_KEY, calling, new_key
from support.html import read

COOKIE = "cx"


async def ticket(database: Database) -> str:
    key = await new_key(database)
    async with database.unit() as session:
        return await sign_in.issue_ticket(session, key_id=key.split("_")[1])


@pytest.mark.parametrize("path", ["/", "/customers/6f0c2d1e-5a0b-5d6e-9a53-0b6c7c1c4f11"])
async def test_who_is_not_signed_in_is_led_to_the_door(outside: httpx2.AsyncClient, path: str) -> None:
    answer = await outside.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


async def test_a_search_without_a_session_is_led_to_the_door(outside: httpx2.AsyncClient) -> None:
    answer = await outside.post("/search", data={"query": "anna"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


async def test_a_key_opens_a_session(outside: httpx2.AsyncClient, database: Database) -> None:
    page = read((await outside.get("/sign-in")).text)
    assert {e.attributes["name"]: e.attributes.get("type") for e in page.all("input")} == {
        "key": "password",
        "name": None,
        "password": "password",
    }
    answer = await outside.post("/sign-in", data={"key": f"  {await new_key(database)}\n"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
    assert (await outside.get("/")).status_code == 200


async def test_in_production_the_cookie_is_for_this_host_and_https_alone(database: Database) -> None:
    app = create(database, cursor_key=CURSOR_KEY, timezone="Europe/Helsinki", secure=True)
    async with calling(app, base="https://cx.example") as client:
        answer = await client.post("/sign-in", data={"key": await new_key(database)})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-cx=")
        assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= {part.strip() for part in cookie.split(";")}
        assert "domain" not in cookie.lower()
        assert (await client.get("/")).status_code == 200


@pytest.mark.parametrize(
    "key", ["", " ", "x", "cx_", "cx_a_b", "cx_\x00_b", "cx_ä_b", "cx_000000000000_secret", "a" * 5000]
)
async def test_a_wrong_key_stays_outside(outside: httpx2.AsyncClient, key: str) -> None:
    answer = await outside.post("/sign-in", data={"key": key})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    page = read(answer.text)
    assert page.all("p", "wrong")[0].attributes["role"] == "alert"
    if len(key) > 2:
        assert key not in answer.text


async def test_a_revoked_key_stays_outside_and_ends_its_sessions(
    browser: httpx2.AsyncClient, database: Database
) -> None:
    assert (await browser.get("/")).status_code == 200
    async with database.unit() as session:
        for key in await keys.everything(session):
            await keys.revoke(session, key_id=key.id)
    assert (await browser.get("/")).headers["location"] == "/sign-in"


async def test_a_session_is_over_after_its_time(browser: httpx2.AsyncClient, database: Database) -> None:
    async with database.unit() as session:
        await session.execute(text("update sign_in set expires_at = now()"))
    assert (await browser.get("/")).headers["location"] == "/sign-in"


async def test_a_session_lasts_half_a_day_and_a_ticket_an_hour() -> None:
    assert (timedelta(hours=12), timedelta(hours=1)) == (sign_in.SESSION, sign_in.TICKET)


async def test_a_made_up_session_is_none(outside: httpx2.AsyncClient) -> None:
    for value in ("x", "", "a" * 5000, '"; drop table sign_in; --'):
        answer = await outside.get("/", headers={"Cookie": f"{COOKIE}={quote(value)}"})
        assert answer.headers["location"] == "/sign-in"


async def test_each_sign_in_is_a_session_of_its_own(outside: httpx2.AsyncClient, database: Database) -> None:
    key = await new_key(database)
    first = (await outside.post("/sign-in", data={"key": key})).headers["set-cookie"]
    second = (await outside.post("/sign-in", data={"key": key})).headers["set-cookie"]
    assert first != second


async def test_a_session_is_not_kept_as_it_is(browser: httpx2.AsyncClient, database: Database) -> None:
    secret = browser.cookies[COOKIE]
    async with database.unit() as session:
        rows = (
            (await session.execute(text("select encode(digest, 'escape') || api_key_id from sign_in"))).scalars().all()
        )
    assert rows
    assert not any(secret in row for row in rows)


# tickets


async def test_a_ticket_signs_in_once(outside: httpx2.AsyncClient, database: Database) -> None:
    link = f"/sign-in?ticket={await ticket(database)}&to=/customers/6f0c2d1e-5a0b-5d6e-9a53-0b6c7c1c4f11"
    answer = await outside.get(link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/customers/6f0c2d1e-5a0b-5d6e-9a53-0b6c7c1c4f11")
    assert (await outside.get("/")).status_code == 200
    outside.cookies.clear()
    again = await outside.get(link)
    assert again.status_code == 401
    assert "set-cookie" not in again.headers


async def test_looking_at_a_tickets_address_does_not_use_it_up(outside: httpx2.AsyncClient, database: Database) -> None:
    """Programs that preview links ask with HEAD."""
    link = f"/sign-in?ticket={await ticket(database)}"
    assert "set-cookie" not in (await outside.head(link)).headers
    assert (await outside.get(link)).status_code == 303


async def test_a_ticket_is_over_after_its_time(outside: httpx2.AsyncClient, database: Database) -> None:
    link = f"/sign-in?ticket={await ticket(database)}"
    async with database.unit() as session:
        await session.execute(text("update sign_in set expires_at = now()"))
    assert (await outside.get(link)).status_code == 401


async def test_a_ticket_is_no_session_and_a_session_no_ticket(browser: httpx2.AsyncClient, database: Database) -> None:
    session_secret = browser.cookies[COOKIE]
    browser.cookies.clear()
    assert (await browser.get(f"/sign-in?ticket={session_secret}")).status_code == 401
    answer = await browser.get("/", headers={"Cookie": f"{COOKIE}={await ticket(database)}"})
    assert answer.headers["location"] == "/sign-in"


@pytest.mark.parametrize("value", ["", "x", "%00", "%ED%A0%80", "a" * 5000])
async def test_a_wrong_ticket_stays_outside(outside: httpx2.AsyncClient, value: str) -> None:
    assert (await outside.get(f"/sign-in?ticket={value}")).status_code == 401


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        " //evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nLocation: https://evil.example",
        "\t//evil.example",
        "/\x00/evil.example",
        "@evil.example",
        ".evil.example",
        "/%09/evil.example",
        "/%5cevil.example",
    ],
)
async def test_no_link_leads_to_another_site(outside: httpx2.AsyncClient, database: Database, to: str) -> None:
    answer = await outside.get(f"/sign-in?ticket={await ticket(database)}&to={quote(to)}")
    assert answer.status_code == 303
    landed = httpx2.URL("http://cx.example/sign-in").join(answer.headers["location"])
    assert landed.host == "cx.example"
    assert not answer.headers["location"].startswith(("//", "/\\"))
    assert not set(answer.headers["location"]) & set("\t\r\n\x00\\")
    assert answer.headers.get_list("location") == [answer.headers["location"]]


# out again


async def test_signing_out_ends_the_session_for_good(browser: httpx2.AsyncClient, database: Database) -> None:
    secret = browser.cookies[COOKIE]
    answer = await browser.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert COOKIE not in browser.cookies
    stolen = await browser.get("/", headers={"Cookie": f"{COOKIE}={secret}"})
    assert stolen.headers["location"] == "/sign-in"
    async with database.unit() as session:
        assert (await session.execute(text("select count(*) from sign_in"))).scalar_one() == 0


async def test_signing_out_twice_is_no_error(outside: httpx2.AsyncClient) -> None:
    assert (await outside.post("/sign-out")).status_code == 303


async def test_no_link_signs_anybody_out(browser: httpx2.AsyncClient) -> None:
    assert (await browser.get("/sign-out")).status_code == 405
    assert (await browser.get("/")).status_code == 200


# other sites


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://cx.example.evil.example"},
    {"Origin": "http://cx.example:8080"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://cx.example"},
]
OWN = [{}, {"Origin": "http://cx.example"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}]
FORMS = {"/search": {"query": "anna"}, "/sign-out": {}, "/sign-in": {"key": "cx_a_b"}}


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("form", FORMS)
async def test_a_form_of_another_site_is_refused(
    browser: httpx2.AsyncClient, form: str, headers: dict[str, str]
) -> None:
    answer = await browser.post(form, data=FORMS[form], headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert (await browser.get("/")).status_code == 200


@pytest.mark.parametrize("headers", OWN, ids=str)
async def test_a_form_of_ours_is_taken(browser: httpx2.AsyncClient, headers: dict[str, str]) -> None:
    assert (await browser.post("/search", data={"query": "anna"}, headers=headers)).status_code == 200


# rights


async def test_a_key_that_may_not_read_sees_an_error_and_no_customer(
    outside: httpx2.AsyncClient, database: Database
) -> None:
    await outside.post("/sign-in", data={"key": await new_key(database, Scope.READ_SOURCES)})
    for answer in (
        await outside.get("/"),
        await outside.post("/search", data={"query": "anna"}),
        await outside.get("/customers/6f0c2d1e-5a0b-5d6e-9a53-0b6c7c1c4f11"),
    ):
        assert answer.status_code == 403
        assert "customers:read" in read(answer.text).text

"""Adding, changing and removing a source on its pages."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.pull import credentials, schedule, sources, versions
from cxcore.pull.vault import Vault
from cxcore.web.app import create
from support.browsing import ALLOWED_URL, HOSTILE
from support.calling import CURSOR_KEY, calling, new_key
from support.html import read

VAULT = Vault.of(["v" * 40])
SECRET = "swordfish-4711"
WAITING = """
select count(*) from pg_locks where locktype = 'advisory' and not granted
and database = (select oid from pg_database where datname = current_database())
"""
MAIL = {
    "connector": "imap",
    "key": "mail",
    "name": "Front desk's mail",
    "region": "fi",
    "set_host": "mail.example",
    "set_user": "desk@hotel.example",
    "set_password": SECRET,
    "set_security": "tls",
    "set_folders": "INBOX",
}


@pytest.fixture
async def writer(database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser whose key may configure sources, where there is a vault."""
    app = create(database, cursor_key=CURSOR_KEY, timezone="Europe/Helsinki", secure=False, vault=VAULT)
    async with calling(app) as client:
        await client.post("/sign-in", data={"key": await new_key(database)})
        yield client


async def stored(database: Database, key: str = "mail") -> tuple[dict[str, Any], dict[str, str]]:
    """The settings of a source, and its secrets opened."""
    async with database.unit() as session:
        source = await sources.find(session, key)
        return dict(source.config), await credentials.reveal(session, VAULT, source)


async def seen(browser: httpx2.AsyncClient) -> dict[str, str]:
    """What the form says of the version of the settings that it shows."""
    [version] = re.findall(r'name="version" value="(\w+)"', (await browser.get("/sources/mail/settings")).text)
    return {"version": version}


async def every(database: Database) -> int | None:
    async with database.unit() as session:
        return (await sources.find(session, "mail")).every


async def test_a_source_is_added_with_its_secret_sealed(writer: httpx2.AsyncClient, database: Database) -> None:
    kinds = (await writer.get("/new-source")).text
    assert "/new-source?connector=imap" in kinds
    assert "/new-source?connector=asterisk_cdr" not in kinds, "it reads this server's files"
    answer = await writer.post("/new-source", data=MAIL)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sources/mail")
    config, secrets = await stored(database)
    assert config == {"host": "mail.example", "user": "desk@hotel.example", "password": "sealed:", "folders": ["INBOX"]}
    assert secrets == {"password": SECRET}
    for path in ("/sources/mail", "/sources/mail/settings", "/sources"):
        page = (await writer.get(path)).text
        assert "Front desk&#39;s mail" in page
        assert SECRET not in page


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"key": "Mail!"}, "cannot be a source"),
        ({"set_port": "x"}, "port is not a number"),
        ({"set_host": ""}, "host"),
        ({"region": "XX"}, "not a country"),
        ({"other": "limits ="}, "neither TOML nor JSON"),
        ({"other": 'ca_file = "/etc/passwd"'}, "file of this server"),
        ({"set_password": "env:PATH"}, "environment or files"),
        ({"other": "shoe_size = 44"}, "shoe_size"),
    ],
    ids=["key", "number", "missing", "region", "toml", "file", "environment", "unknown"],
)
async def test_what_does_not_fit_is_said_and_what_was_entered_stays(
    writer: httpx2.AsyncClient, database: Database, wrong: dict[str, str], told: str
) -> None:
    answer = await writer.post("/new-source", data=MAIL | wrong)
    assert answer.status_code == 400
    assert told in answer.text
    assert "desk@hotel.example" in answer.text
    assert SECRET not in answer.text
    async with database.unit() as session:
        assert await sources.everything(session) == []


async def test_settings_change_with_the_secret_and_not_without(writer: httpx2.AsyncClient, database: Database) -> None:
    await writer.post("/new-source", data=MAIL)
    elsewhere = MAIL | {"set_host": "elsewhere.example", "set_password": "", "every": "60"} | await seen(writer)
    refused = await writer.post("/sources/mail/settings", data=elsewhere)
    assert refused.status_code == 400
    assert "where secrets are sent" in refused.text
    assert (await stored(database))[0]["host"] == "mail.example"
    done = await writer.post("/sources/mail/settings", data=elsewhere | {"set_password": "another"})
    assert done.status_code == 303
    config, secrets = await stored(database)
    assert (config["host"], secrets) == ("elsewhere.example", {"password": "another"})
    async with database.unit() as session:
        assert (await session.execute(text("select every from source"))).scalar_one() == 60
    wrong = elsewhere | await seen(writer) | {"every": "-1"}
    assert (await writer.post("/sources/mail/settings", data=wrong)).status_code == 400


async def test_an_outdated_form_changes_nothing_and_says_so(writer: httpx2.AsyncClient, database: Database) -> None:
    await writer.post("/new-source", data=MAIL)
    mine, theirs = await seen(writer), await seen(writer)
    assert (await writer.post("/sources/mail/settings", data=MAIL | theirs | {"every": "60"})).status_code == 303
    for form in (mine, {}, {"version": "x"}):
        refused = await writer.post("/sources/mail/settings", data=MAIL | form | {"every": "90"})
        assert refused.status_code == 412
        page = read(refused.text)
        assert "Somebody has changed these settings since you opened them" in page.text
        assert 'value="60"' in refused.text
        assert f'name="version" value="{(await seen(writer))["version"]}"' in refused.text
        assert await every(database) == 60


async def test_a_page_waits_for_who_changes_the_same_settings_and_then_overwrites_nothing(
    writer: httpx2.AsyncClient, database: Database
) -> None:
    await writer.post("/new-source", data=MAIL)
    form = MAIL | await seen(writer) | {"every": "90"}
    async with database.unit() as session:
        await versions.hold(session, "mail")
        saving = asyncio.create_task(writer.post("/sources/mail/settings", data=form))
        waiting = 0
        while not waiting:
            waiting = (await session.execute(text(WAITING))).scalar_one()
        await schedule.set_every(session, key="mail", seconds=60)
    assert (await saving).status_code == 412
    assert await every(database) == 60


async def test_a_source_goes_when_its_key_is_written(writer: httpx2.AsyncClient, database: Database) -> None:
    await writer.post("/new-source", data=MAIL)
    assert (await writer.post("/sources/mail", data={"act": "remove", "confirm": "mai"})).status_code == 400
    assert (await writer.post("/sources/mail", data={"act": "remove"})).status_code == 400
    assert (await writer.post("/sources/mail", data={"act": "remove", "confirm": "mail"})).status_code == 303
    async with database.unit() as session:
        assert (await sources.find(session, "mail")).state == "leaving"
    assert 'value="remove"' not in (await writer.get("/sources/mail")).text


async def test_hostile_names_stay_text_and_addresses_hold_nobody(writer: httpx2.AsyncClient) -> None:
    await writer.post("/new-source", data=MAIL | {"name": HOSTILE[0], "set_user": HOSTILE[0]})
    for path in ("/sources/mail/settings", "/new-source", "/new-source?connector=http_json"):
        page = read((await writer.get(path)).text)
        assert all(ALLOWED_URL.fullmatch(url) for url in page.addresses()), page.addresses()
        assert HOSTILE[0] not in (await writer.get(path)).text


async def test_who_may_only_read_is_refused(database: Database) -> None:
    app = create(database, cursor_key=CURSOR_KEY, timezone="Europe/Helsinki", secure=False, vault=VAULT)
    async with calling(app) as client:
        key = await new_key(database, Scope.READ_CUSTOMERS, Scope.READ_SOURCES)
        await client.post("/sign-in", data={"key": key}, headers={"Origin": "http://cx.example"})
        assert "/new-source" not in (await client.get("/sources")).text
        for path in ("/new-source", "/new-source?connector=imap"):
            assert (await client.get(path)).status_code == 403
        own = {"Origin": "http://cx.example"}
        assert (await client.post("/new-source", data=MAIL, headers=own)).status_code == 403


async def test_another_sites_form_is_refused_and_so_is_a_connector_that_is_not_there(
    writer: httpx2.AsyncClient,
) -> None:
    answer = await writer.post("/new-source", data=MAIL, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert (await writer.get("/new-source?connector=none")).status_code == 404
    assert (
        await writer.post("/new-source", data={**MAIL, "connector": "files", "set_path": "/etc"})
    ).status_code == 400

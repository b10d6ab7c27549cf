"""The sources' pages: how each does, what a person can do about it, and nothing that is secret."""

import html

import httpx2
import pytest

from cxcore import pipeline
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.pull import credentials, cursors, sources
from cxcore.pull.sources import Configured
from cxcore.pull.vault import Vault
from cxcore.sdk import AuthFailed
from cxcore.web.app import create
from cxcore.worker import main as worker
from support.browsing import HOSTILE
from support.calling import CURSOR_KEY, calling, new_key
from support.parley import Parley

TOKEN = "tok-4711-geheim"


@pytest.fixture
async def desk(database: Database, parley: type[Parley]) -> Configured:
    parley.messages = [{"id": i, "emails": [f"p{i}@x.example"]} for i in range(25)]
    parley.messages[3] |= {"poison": "rejected"}
    async with database.unit() as session:
        made = await credentials.add(
            session,
            Vault.of(["v" * 40]),
            key="desk",
            connector="parley",
            config={"token": TOKEN},
            name=HOSTILE[0],
            actor="tests",
        )
    await pipeline.pull(database, made, vault=Vault.of(["v" * 40]))
    await pipeline.digest(database)
    return made


@pytest.mark.usefixtures("desk")
async def test_a_source_shows_how_it_does(browser: httpx2.AsyncClient) -> None:
    listed = (await browser.get("/sources")).text
    assert html.escape(HOSTILE[0]) in listed
    assert HOSTILE[0] not in listed
    for text in ("up to date", "complete to", "set aside"):
        assert text in listed, text
    shown = (await browser.get("/sources/desk")).text
    for text in ("done", "the text is missing", "message 3", "sealed", "Pull now", "Read from the start"):
        assert text in shown, text
    assert TOKEN not in listed + shown


@pytest.mark.usefixtures("desk")
async def test_one_that_is_stopped_comes_first_and_says_what_to_do(
    browser: httpx2.AsyncClient, database: Database, parley: type[Parley]
) -> None:
    async with database.unit() as session:
        await sources.add(session, key="a_fine_one", connector="parley", config={}, name="A fine one")
    parley.fail = AuthFailed("The source refuses us (401).", hint="Check its address and credentials.")
    async with database.unit() as session:
        source = await sources.find(session, "desk")
    await worker.pull_one(database, source, every=60, vault=Vault.of(["v" * 40]))
    listed = (await browser.get("/sources")).text
    assert "The source refuses us (401)." in listed
    assert listed.index("stopped") < listed.index("A fine one")
    assert listed.count("Resume") == 1, "what helps stands beside it"


async def test_what_is_done_on_the_page_is_done(
    browser: httpx2.AsyncClient, database: Database, desk: Configured
) -> None:
    async def state() -> str:
        async with database.unit() as session:
            return (await sources.find(session, "desk")).state

    for act, after in (("pause", "paused"), ("resume", "active"), ("pull", "active"), ("reset", "active")):
        answer = await browser.post("/sources/desk", data={"act": act})
        assert answer.status_code == 303, answer.text
        assert await state() == after
    async with database.unit() as session:
        assert await cursors.read(session, source_id=desk.id, stream="messages") is None
    assert (await browser.post("/sources/desk", data={"act": "burn"})).status_code == 400


@pytest.mark.usefixtures("desk")
async def test_a_check_says_what_hinders_it(browser: httpx2.AsyncClient) -> None:
    answer = await browser.post("/sources/desk", data={"act": "check"})
    assert answer.status_code == 200
    assert "which is not here" in answer.text, "these pages have no vault"


@pytest.mark.usefixtures("desk")
async def test_who_may_only_read_is_offered_nothing_and_refused(database: Database) -> None:
    app = create(database, cursor_key=CURSOR_KEY, timezone="Europe/Helsinki", secure=False)
    async with calling(app) as client:
        key = await new_key(database, Scope.READ_CUSTOMERS, Scope.READ_SOURCES)
        await client.post("/sign-in", data={"key": key}, headers={"Origin": "http://cx.example"})
        shown = await client.get("/sources/desk")
        assert shown.status_code == 200
        assert "Pull now" not in shown.text
        refused = await client.post("/sources/desk", data={"act": "pause"}, headers={"Origin": "http://cx.example"})
        assert refused.status_code == 403


@pytest.mark.usefixtures("desk")
async def test_who_may_not_read_sources_sees_none(database: Database) -> None:
    app = create(database, cursor_key=CURSOR_KEY, timezone="Europe/Helsinki", secure=False)
    async with calling(app) as client:
        key = await new_key(database, Scope.READ_CUSTOMERS)
        await client.post("/sign-in", data={"key": key}, headers={"Origin": "http://cx.example"})
        for path in ("/sources", "/sources/desk"):
            answer = await client.get(path)
            assert answer.status_code == 403
            assert "desk" not in answer.text.replace(path, "")


@pytest.mark.parametrize(("language", "word"), [("fi", "Lähteet"), ("sv", "Källor")])
@pytest.mark.usefixtures("desk")
async def test_in_the_readers_language(browser: httpx2.AsyncClient, language: str, word: str) -> None:
    assert word in (await browser.get("/sources", headers={"Accept-Language": language})).text


async def test_a_source_that_is_not_there(browser: httpx2.AsyncClient) -> None:
    assert (await browser.get("/sources/none")).status_code == 404

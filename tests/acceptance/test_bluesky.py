"""Bluesky on the vendor's own network, through the pipeline: what was said is there, as it stands, however often the pull
is killed. Run by `make test-servers`."""

import asyncio
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cxconnectors.bluesky import client as sessions
from cxcore import pipeline
from cxcore.db.session import Database
from cxcore.pull import sources
from cxcore.pull.sources import Configured
from support import atproto
from support import server as servers
from support.atproto import Account, Network
from support.forker import pull_and_digest
from support.killing import final_state, forker, run_once

pytestmark = pytest.mark.test_servers

SECRET = "CX_TEST_BLUESKY_PASSWORD"
STEPS, KILLS = 4, 10


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    folder = os.environ.get("CX_TEST_ATPROTO")
    assert folder, "`make test-servers` installs the network and names it in CX_TEST_ATPROTO"
    with atproto.network(Path(folder)) as found:
        yield found


class Desk:
    """A company's account and two guests, anew for each test."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.desk = network.account("desk", "The desk")
        self.anna, self.bo = network.account("anna", "Anna Virtanen"), network.account("bo", "Bo Berg")
        self.password = self.desk.app_password()

    def ask(self, words: str, who: Account | None = None) -> dict[str, Any]:
        """A guest's post that names the desk."""
        return (who or self.anna).post(words, names=self.desk)

    def config(self, **more: Any) -> dict[str, Any]:
        return {
            "service": self.network.url,
            "identifier": self.desk.handle,
            "app_password": f"env:{SECRET}",
            "recheck_minutes": 0,
            "page": 5,
            **more,
        }


@pytest.fixture
def desk(network: Network, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(network)
    monkeypatch.setenv(SECRET, made.password)
    return made


async def added(database: Database, desk: Desk, **more: Any) -> Configured:
    async with database.unit() as session:
        return await sources.add(session, key="bluesky", connector="bluesky", config=desk.config(**more), name=None)


async def read(database: Database, source: Configured, desk: Desk) -> dict[str, tuple[str | None, str]]:
    """Pull and digest; every post by its address, with its words and which way it went."""
    await asyncio.to_thread(desk.network.settle)
    await pipeline.pull(database, source)
    assert (await pipeline.digest(database)).quarantined == 0
    async with database.unit() as session:
        found = await session.execute(
            text(
                "select r.key, i.text, i.direction from interaction i join source_record r using (source_id, sequence)"
            )
        )
        ways = {0: "inbound", 1: "outbound", 2: "internal"}
        return {row.key: (row.text, ways.get(row.direction, str(row.direction))) for row in found}


async def people(database: Database) -> dict[str, str | None]:
    async with database.unit() as session:
        return {row.key: row.name for row in await session.execute(text("select key, name from profile"))}


async def handles(database: Database) -> set[str]:
    async with database.unit() as session:
        found = await session.execute(text("select raw from identifier where raw like '%.test'"))
        return set(found.scalars())


async def test_what_concerns_the_desk_is_there_with_its_answers_and_nothing_else(
    database: Database, desk: Desk
) -> None:
    asked = desk.ask("when do you open?")
    answer = desk.desk.post("at ten", answers=asked)
    thanks = desk.anna.post("thank you", answers=answer)
    alone = desk.desk.post("new rooms, come and see")
    quote = desk.bo.post("look at this", quotes=alone)
    desk.bo.like(alone)
    desk.bo.repost(alone)
    desk.bo.post("nothing to do with you")
    source = await added(database, desk)
    found = await read(database, source, desk)
    assert set(found) == {post["uri"] for post in (asked, answer, thanks, quote)}
    assert {found[post["uri"]][0] for post in (asked, answer, thanks, quote)} == {
        "when do you open?",
        "at ten",
        "thank you",
        "look at this",
    }
    assert len({found[post["uri"]][1] for post in (asked, thanks, quote)}) == 1
    assert found[answer["uri"]][1] != found[asked["uri"]][1]
    assert await people(database) == {desk.anna.did: "Anna Virtanen", desk.bo.did: "Bo Berg"}
    assert await handles(database) == {desk.anna.handle, desk.bo.handle}
    async with database.unit() as session:
        threads = await session.execute(text("select count(distinct conversation_id) from interaction"))
        assert threads.scalar_one() == 2
    assert await read(database, source, desk) == found, "an idle pull changes nothing"


async def test_new_posts_come_and_deleted_ones_go(database: Database, desk: Desk) -> None:
    posts = [desk.ask(f"question {n}") for n in range(13)]
    answers = [desk.desk.post(f"answer {n}", answers=posts[n]) for n in range(8)]
    source = await added(database, desk)
    assert len(await read(database, source, desk)) == 21
    desk.anna.erase(posts[4])
    desk.anna.erase(posts[12])
    desk.desk.erase(answers[0])
    late = desk.ask("one more", desk.bo)
    found = await read(database, source, desk)
    gone = {posts[4]["uri"], posts[12]["uri"], answers[0]["uri"]}
    assert set(found) == {post["uri"] for post in [*posts, *answers, late]} - gone


async def test_whom_the_desk_mutes_or_blocks_stays_known(database: Database, desk: Desk) -> None:
    rude, ruder = desk.ask("this is rude"), desk.ask("this is ruder", desk.bo)
    source = await added(database, desk)
    await read(database, source, desk)
    desk.desk.mute(desk.anna)
    desk.desk.block(desk.bo)
    for _ in range(3):
        assert set(await read(database, source, desk)) == {rude["uri"], ruder["uri"]}
    cleo = desk.network.account("cleo")
    kept, gone = desk.ask("hello", cleo), desk.ask("oops", cleo)
    assert {kept["uri"], gone["uri"]} < set(await read(database, source, desk))
    cleo.erase(gone)
    assert set(await read(database, source, desk)) == {rude["uri"], ruder["uri"], kept["uri"]}


async def test_a_new_handle_and_name_belong_to_the_same_person(database: Database, desk: Desk) -> None:
    desk.ask("hello")
    source = await added(database, desk)
    await read(database, source, desk)
    before = desk.anna.handle
    desk.anna.rename(before.replace("anna", "anneli"))
    await read(database, source, desk)
    assert await handles(database) >= {before.replace("anna", "anneli")}
    assert await people(database) == {desk.anna.did: "Anna Virtanen"}


async def test_a_session_that_was_ended_is_begun_anew(database: Database, desk: Desk) -> None:
    first = desk.ask("hello")
    source = await added(database, desk)
    await read(database, source, desk)
    for key, session in list(sessions._SESSIONS.items()):
        sessions._SESSIONS[key] = sessions.Session(session.did, session.handle, "no.such.token", "no.such.token")
    second = desk.ask("hello again")
    assert set(await read(database, source, desk)) == {first["uri"], second["uri"]}


async def test_killed_again_and_again_it_loses_and_doubles_nothing(server_url: str, worker_id: str, desk: Desk) -> None:
    names = [f"cxcore_bluesky_{kind}_{worker_id}_{os.getpid()}" for kind in ("killed", "calm")]
    killed_url, calm_url = [await asyncio.to_thread(servers.fresh_database, server_url, name) for name in names]
    for url in (killed_url, calm_url):
        database = Database(url)
        await added(database, desk)
        await database.close()
    rng, kills, there = random.Random(7), 0, []
    with forker(killed_url) as process:
        for step in range(STEPS):
            for n in range(15):
                there.append(desk.ask(f"question {step}-{n}", (desk.anna, desk.bo)[n % 2]))
                if n % 3 == 0:
                    desk.desk.post(f"answer {step}-{n}", answers=there[-1])
            desk.anna.erase(there.pop(-1 if len(there) % 2 else -2))
            await asyncio.to_thread(desk.network.settle)
            began = time.monotonic()
            await pull_and_digest(calm_url)
            takes = time.monotonic() - began
            for _ in range(KILLS):  # soon enough that most come while there is work left
                ended = await asyncio.to_thread(run_once, process, kill_after=rng.uniform(0.0, 0.5) * takes)
                kills += os.WIFSIGNALED(ended)
            for _ in range(2):  # what has gone is told by a walk that was not interrupted
                assert await asyncio.to_thread(run_once, process, kill_after=None) == 0
    killed, calm = await final_state(killed_url), await final_state(calm_url)
    assert kills >= 30
    assert len({row[2] for row in calm["interaction"]}) == len(there) + 5 * STEPS
    for name in calm.keys() - {"observation", "profile"}:  # people are seen when they are asked about
        assert killed[name] == calm[name], name
    assert [row[:4] for row in killed["profile"]] == [row[:4] for row in calm["profile"]]
    for name in names:
        await asyncio.to_thread(servers.drop_database, server_url, name)

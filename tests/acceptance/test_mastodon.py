"""mastodon through the pipeline, between it and a small Mastodon the vendor's document as judge."""

import asyncio
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cxcore import pipeline
from cxcore.db.session import Database
from cxcore.pull import credentials
from cxcore.pull.sources import Configured
from cxcore.pull.vault import Vault
from support import mastodon_document, prism
from support import server as servers
from support.fediverse import Instance
from support.forker import pull_and_digest
from support.killing import final_state, forker, run_once
from support.prism import Judge

VAULT = Vault.of(["v" * 40])
KILLS = 30


@pytest.fixture(scope="module")
def running(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    with prism.judge(mastodon_document.read(shared_data), tmp_path_factory.mktemp("prism")) as judge:
        yield judge


@pytest.fixture
def judge(running: Judge) -> Iterator[Judge]:
    with running.watching():
        yield running


@pytest.fixture
def server(judge: Judge) -> Instance:
    made = Instance()
    judge.fake.answer, judge.fake.now = made.answer, made.now
    return made


async def added(database: Database, server: Instance, judge: Judge, **more: Any) -> Configured:
    config = {"url": judge.url, "token": server.token, "domain": "social.example", "reread_every": 0, "calls": 100_000}
    async with database.unit() as session:
        return await credentials.add(
            session, VAULT, key="social", connector="mastodon", config={**config, **more}, name=None, actor="tests"
        )


async def read(database: Database, source: Configured) -> dict[str, str]:
    """Pull and digest; every post by its id, with its words."""
    await pipeline.pull(database, source, vault=VAULT)
    assert (await pipeline.digest(database)).quarantined == 0
    async with database.unit() as session:
        found = await session.execute(
            text("select r.key, i.text from interaction i join source_record r using (source_id, sequence)")
        )
        return {row.key: row.text for row in found}


async def test_what_was_said_is_there_then_what_is_new_changed_and_deleted(
    database: Database, server: Instance, judge: Judge
) -> None:
    anna = server.person("anna@home.example", shown="Anna Virtanen")
    said = {}
    for n in range(23):
        asked = server.says(anna, f"question {n}", to=(server.desk,))
        answer = server.says(server.desk, f"answer {n}", to=(anna,), answers=asked)
        said |= {asked: f"question {n}", answer: f"answer {n}"}
    source = await added(database, server, judge, page=10)
    assert await read(database, source) == said
    assert await read(database, source) == said, "an idle pull changes nothing"
    edited, deleted = list(said)[-4:-2]
    server.edits(edited, "other words")
    server.deletes(deleted)
    new = server.says(anna, "one more", to=(server.desk,))
    del said[deleted]
    assert await read(database, source) == said | {edited: "other words", new: "one more"}
    async with database.unit() as session:
        people = await session.execute(
            text("select p.key, name, i.value from profile p join identifier i on p.id = profile_id")
        )
        assert [tuple(row) for row in people] == [(anna, "Anna Virtanen", "anna@home.example")]


async def test_answers_to_answers_are_one_conversation(database: Database, server: Instance, judge: Judge) -> None:
    anna, eva = server.person("anna@home.example"), server.person("eva@home.example")
    first = server.says(server.desk, "new hours")
    asked = server.says(anna, "since when?", to=(server.desk,), answers=first)
    answer = server.says(server.desk, "since Monday", to=(anna,), answers=asked)
    server.says(eva, "thank you", to=(server.desk, anna), answers=answer)
    server.says(eva, "something else", to=(server.desk,))
    assert len(await read(database, await added(database, server, judge))) == 4
    async with database.unit() as session:
        roots = await session.execute(
            text(
                "select count(*) from interaction i join conversation c on c.id = i.conversation_id group by c.root_id"
            )
        )
        assert sorted(roots.scalars()) == [1, 3]


async def test_killed_again_and_again_it_loses_and_doubles_nothing(
    server_url: str, worker_id: str, server: Instance, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASTODON_TOKEN", server.token)
    names = [f"cxcore_mastodon_{kind}_{worker_id}" for kind in ("killed", "calm")]
    killed_url, calm_url = [await asyncio.to_thread(servers.fresh_database, server_url, name) for name in names]
    for url in (killed_url, calm_url):
        database = Database(url)
        await added(database, server, judge, token="env:MASTODON_TOKEN", page=5)
        await database.close()
    anna = server.person("anna@home.example", shown="Anna Virtanen")
    rng, kills, said = random.Random(7), 0, 0
    with forker(killed_url) as process:
        while kills < KILLS:
            recent = [server.says(anna, f"question {said + n}", to=(server.desk,)) for n in range(12)]
            said += len(recent)
            server.edits(recent[3], f"changed after {kills} kills")
            server.deletes(recent[5])
            said -= 1
            began = time.monotonic()
            await pull_and_digest(calm_url)
            takes = time.monotonic() - began
            for _ in range(10):
                ended = await asyncio.to_thread(run_once, process, kill_after=rng.uniform(0.0, 0.6) * takes)
                kills += os.WIFSIGNALED(ended)
            assert await asyncio.to_thread(run_once, process, kill_after=None) == 0
    killed, calm = await final_state(killed_url), await final_state(calm_url)
    assert len(calm["interaction"]) == said
    for name in calm:
        assert killed[name] == calm[name], name
    for name in names:
        await asyncio.to_thread(servers.drop_database, server_url, name)

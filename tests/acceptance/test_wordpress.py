"""WordPress, a real one, through the pipeline: its comments by `wordpress`, its feeds by `feed`. Run by
`make test-servers`."""

import asyncio
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cxconnectors.wordpress import WordPress as Connector
from cxcore import pipeline
from cxcore.db.session import Database
from cxcore.pull import sources
from cxcore.pull.sources import Configured
from cxcore.sdk import AuthFailed
from cxcore.sdk.testing import ConnectorConformance
from support import server as servers
from support import wordpress
from support.blog import Blog
from support.forker import pull_and_digest
from support.killing import final_state, forker, run_once
from support.wordpress import USER, WordPress

pytestmark = pytest.mark.test_servers

SECRET = "CX_TEST_WORDPRESS_PASSWORD"
STEPS, KILLS = 4, 10


@pytest.fixture(scope="module")
def running() -> Iterator[WordPress]:
    with wordpress.running() as site:
        yield site


@pytest.fixture
def site(running: WordPress, monkeypatch: pytest.MonkeyPatch) -> WordPress:
    """The site without the comments of earlier tests."""
    monkeypatch.setenv(SECRET, running.password)
    running.clear()
    return running


class TestRealWordPress(ConnectorConformance):
    connector = Connector
    source_type = Blog

    @pytest.fixture
    def source(self, tmp_path: Path, site: WordPress) -> Blog:
        return Blog(tmp_path, site)


async def added(database: Database, site: WordPress, **more: Any) -> Configured:
    config = {"url": site.url, "user": USER, "app_password": f"env:{SECRET}", "own_users": [1], "page": 5,
              "recheck_minutes": 0, **more}  # fmt: skip
    given = {name: value for name, value in config.items() if value is not None}
    async with database.unit() as session:
        return await sources.add(session, key="blog", connector="wordpress", config=given, name=None)


async def read(database: Database, source: Configured) -> dict[str, str | None]:
    """Pull and digest; every comment by its id, with its words."""
    await pipeline.pull(database, source)
    assert (await pipeline.digest(database)).quarantined == 0
    async with database.unit() as session:
        found = await session.execute(
            text("select r.key, i.text from interaction i join source_record r using (source_id, sequence)")
        )
        return {row.key: row.text for row in found}


async def test_comments_are_there_with_their_writers_and_the_answers_to_them(
    database: Database, site: WordPress
) -> None:
    post = site.post("Rooms & suites")
    said = {str(site.comment(post, f"Guest{n}", f"question <b>{n}</b>")): f"question {n}" for n in range(13)}
    first = int(next(iter(said)))
    said[str(site.comment(post, "", "we answer", author=1, parent=first))] = "we answer"
    site.comment(post, "", "to nobody", author=1)
    source = await added(database, site)
    assert await read(database, source) == said
    async with database.unit() as session:
        found = await session.execute(
            text(
                "select p.name, d.value, count(*) from interaction i join profile p on p.id = i.profile_id"
                " join identifier d on d.profile_id = p.id where p.name in ('Guest0', 'Guest1') group by 1, 2 order by 1"
            )
        )
        assert [tuple(row) for row in found] == [
            ("Guest0", "guest0@home.example", 2),
            ("Guest1", "guest1@home.example", 1),
        ]
        assert set((await session.execute(text("select subject from interaction"))).scalars()) == {"Rooms & suites"}
    assert await read(database, source) == said, "an idle pull changes nothing"


async def test_edits_erasures_and_moderation_are_seen(database: Database, site: WordPress) -> None:
    post = site.post()
    ids = [site.comment(post, f"Guest{n}", f"words {n}") for n in range(12)]
    source = await added(database, site)
    said = {str(each): f"words {n}" for n, each in enumerate(ids)}
    assert await read(database, source) == said
    site.change(ids[2], content="other words")
    site.erase(ids[11])
    site.change(ids[4], status="trash")
    site.change(ids[5], status="spam")
    site.change(ids[6], status="hold")
    said[str(ids[2])] = "other words"
    for gone in (11, 4, 5):
        del said[str(ids[gone])]
    assert await read(database, source) == said
    site.change(ids[4], status="approved")
    new = site.comment(post, "Guest20", "new")
    assert await read(database, source) == said | {str(ids[4]): "words 4", str(new): "new"}


async def test_without_credentials_what_everybody_sees_is_read(database: Database, site: WordPress) -> None:
    post = site.post()
    shown, held = (site.comment(post, name, f"words of {name}") for name in ("Anna", "Bo"))
    site.change(held, status="hold")
    source = await added(database, site, user=None, app_password=None)
    assert await read(database, source) == {str(shown): "words of Anna"}
    async with database.unit() as session:
        assert (await session.execute(text("select count(*) from identifier"))).scalar_one() == 0
    site.change(held, status="approved")
    assert len(await read(database, source)) == 2


async def test_a_user_who_may_not_moderate_is_told_so(site: WordPress) -> None:
    config = {"url": site.url, "user": USER, "app_password": "wrong", "own_users": [1]}
    with pytest.raises(AuthFailed) as failure:
        await anext(Connector.configured(config).pull("comments", None))
    assert "editor" in str(failure.value.hint)


async def test_its_feeds_are_read_and_cost_nothing_while_they_stay(database: Database, site: WordPress) -> None:
    post = site.post("News")
    for n in range(3):
        site.comment(post, f"Guest{n}", f"words {n}")
    urls = [f"{site.url}/?feed=comments-rss2", f"{site.url}/?feed=comments-atom"]
    for number, url in enumerate(urls):
        async with database.unit() as session:
            source = await sources.add(
                session, key=f"feed{number}", connector="feed", config={"urls": [url], "kind": "comment"}, name=None
            )
        assert (await pipeline.pull(database, source)).landed == 3
        assert (await pipeline.pull(database, source)).records == 0, "unchanged, it is not sent again"
    await pipeline.digest(database)
    async with database.unit() as session:
        found = await session.execute(
            text("select p.name, i.text from interaction i join profile p on p.id = i.profile_id order by 1, 2")
        )
        assert [tuple(row) for row in found] == [(f"Guest{n}", f"words {n}") for n in range(3) for _ in urls]


async def test_killed_again_and_again_it_loses_and_doubles_nothing(
    server_url: str, worker_id: str, site: WordPress
) -> None:
    names = [f"cxcore_wordpress_{kind}_{worker_id}_{os.getpid()}" for kind in ("killed", "calm")]
    killed_url, calm_url = [await asyncio.to_thread(servers.fresh_database, server_url, name) for name in names]
    for url in (killed_url, calm_url):
        database = Database(url)
        await added(database, site)
        await database.close()
    rng, kills, post = random.Random(7), 0, site.post()
    there: list[int] = []
    with forker(killed_url) as process:
        for step in range(STEPS):
            there += [site.comment(post, f"Guest{n % 7}", f"words {step}-{n}") for n in range(20)]
            site.erase(there.pop(rng.randrange(len(there))))
            site.change(rng.choice(there), content=f"changed {step}")
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
    assert len({row[2] for row in calm["interaction"]}) == len(there)
    for name, rows in calm.items():
        if name != "source_record":  # a version that a kill kept from being seen is not there
            assert killed[name] == rows, name
    for name in names:
        await asyncio.to_thread(servers.drop_database, server_url, name)

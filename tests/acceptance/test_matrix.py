"""Matrix against a real Synapse: what was said is there, as it stands, however often the pull is killed."""

import asyncio
import os
import random
import time
from typing import Any

import pytest
from sqlalchemy import text

from cxcore import pipeline
from cxcore.db.session import Database
from cxcore.pull import credentials
from cxcore.pull.sources import Configured
from cxcore.pull.vault import Vault
from support import server as servers
from support.forker import pull_and_digest
from support.killing import final_state, forker, run_once
from support.synapse import Homeserver, Person

VAULT = Vault.of(["v" * 40])
KILLS = 30


class Desk:
    """A company's account and its guests, anew for each test."""

    def __init__(self, server: Homeserver) -> None:
        tag = os.urandom(4).hex()
        self.server, self.tag = server, tag
        self.bot = server.person(f"desk-{tag}")
        self.anna = server.person(f"anna-{tag}", shown="Anna Virtanen")
        self.room = self.bot.room(self.anna)

    def config(self, **more: Any) -> dict[str, Any]:
        return {"url": self.server.url, "token": self.bot.token, "own_users": [self.bot.id], "page": 10, **more}


@pytest.fixture
def desk(homeserver: Homeserver) -> Desk:
    return Desk(homeserver)


async def added(database: Database, desk: Desk, **more: Any) -> Configured:
    async with database.unit() as session:
        return await credentials.add(
            session,
            VAULT,
            key="desk",
            connector="matrix",
            config=desk.config(**more),
            name=None,
            actor="tests",
        )


async def read(database: Database, source: Configured) -> dict[str, str | None]:
    """Pull and digest; every message by its event, with its words."""
    await pipeline.pull(database, source, vault=VAULT)
    digested = await pipeline.digest(database)
    assert digested.quarantined == 0
    async with database.unit() as session:
        found = await session.execute(
            text("select r.key, i.text from interaction i join source_record r using (source_id, sequence) order by 1")
        )
        return {row.key: row.text for row in found}


async def test_what_was_said_is_there_and_who_said_it(database: Database, desk: Desk) -> None:
    said = {}
    for n in range(35):
        who = desk.bot if n % 4 == 3 else desk.anna
        said[who.say(desk.room, f"message {n}")] = f"message {n}"
    source = await added(database, desk)
    assert await read(database, source) == said
    async with database.unit() as session:
        counts = await session.execute(
            text(
                "select p.key, p.name, i.direction, count(*) from interaction i join profile p on p.id = i.profile_id"
                " group by 1, 2, 3 order by 3"
            )
        )
        found = counts.all()
    assert {(key, name) for key, name, *_ in found} == {(desk.anna.id, "Anna Virtanen")}
    assert sorted(n for *_, n in found) == [8, 27]
    assert await read(database, source) == said, "an idle pull changes nothing"
    desk.anna.say(desk.room, "one more")
    await read(database, source)
    async with database.unit() as session:
        named = (await session.execute(text("select name from profile"))).scalars().all()
    assert named == ["Anna Virtanen"], "a message says who wrote it, not that they have no name"


async def test_new_changed_and_erased_messages_are_seen(database: Database, desk: Desk) -> None:
    first = desk.anna.say(desk.room, "hello")
    slip = desk.anna.say(desk.room, "my card is 4711")
    desk.anna.react(desk.room, first)
    source = await added(database, desk)
    assert await read(database, source) == {first: "hello", slip: "my card is 4711"}
    desk.anna.edit(desk.room, first, "hello there")
    desk.anna.erase(desk.room, slip)
    answer = desk.bot.say(desk.room, "good morning")
    assert await read(database, source) == {first: "hello there", answer: "good morning"}
    desk.anna.edit(desk.room, first, "hello again")
    assert await read(database, source) == {first: "hello again", answer: "good morning"}


async def test_an_edit_in_the_same_sync_as_the_message_is_seen(database: Database, desk: Desk) -> None:
    source = await added(database, desk)
    await read(database, source)
    said = desk.anna.say(desk.room, "ten o'clock")
    desk.anna.edit(desk.room, said, "eleven o'clock")
    assert await read(database, source) == {said: "eleven o'clock"}


async def test_an_empty_answer_that_the_homeserver_kept_hides_nothing(database: Database, desk: Desk) -> None:
    source = await added(database, desk)
    await read(database, source)
    killed = await cursor(database)
    elsewhere = desk.server.person(f"else-{desk.tag}")
    elsewhere.room()  # the homeserver's token moves on, and the account's rooms have nothing
    await read(database, source)  # somebody has asked with the token, and was killed before the answer was kept
    said = desk.anna.say(desk.room, "hello")
    await cursor(database, killed)
    assert await read(database, source) == {said: "hello"}


async def cursor(database: Database, value: str | None = None) -> str:
    """The cursor of the stream events; ``value`` replaces it."""
    async with database.unit() as session:
        if value is not None:
            change = text("update cursor set value = cast(:v as jsonb) where stream = 'events'")
            await session.execute(change, {"v": value})
        found = await session.execute(text("select cast(value as text) from cursor where stream = 'events'"))
        return str(found.scalar_one())


async def test_an_edit_that_is_taken_back_gives_the_first_words_again(database: Database, desk: Desk) -> None:
    said = desk.anna.say(desk.room, "ten o'clock")
    edit = desk.anna.edit(desk.room, said, "eleven o'clock")
    source = await added(database, desk)
    assert await read(database, source) == {said: "eleven o'clock"}
    desk.anna.erase(desk.room, edit)
    await read(database, source)
    async with database.unit() as session:
        assert (await session.execute(text("select count(*) from interaction"))).scalar_one() == 1


async def test_nobody_edits_what_another_said(database: Database, desk: Desk) -> None:
    said = desk.anna.say(desk.room, "I did not order this")
    desk.bot.edit(desk.room, said, "I ordered this")
    source = await added(database, desk)
    assert await read(database, source) == {said: "I did not order this"}


async def test_more_than_a_sync_brings_is_read_to_where_the_last_one_ended(database: Database, desk: Desk) -> None:
    source = await added(database, desk)
    await read(database, source)
    said = {desk.anna.say(desk.room, f"message {n}"): f"message {n}" for n in range(57)}
    assert await read(database, source) == said


async def test_a_room_joined_later_is_read_whole(database: Database, desk: Desk, homeserver: Homeserver) -> None:
    source = await added(database, desk)
    await read(database, source)
    pekka = homeserver.person(f"pekka-{desk.tag}", shown="Pekka")
    made = pekka.call("POST", "/_matrix/client/v3/createRoom", {"preset": "public_chat"})
    said = {pekka.say(made["room_id"], f"before {n}"): f"before {n}" for n in range(25)}
    desk.bot.call("POST", f"/_matrix/client/v3/join/{made['room_id']}", {})
    said |= {pekka.say(made["room_id"], "after"): "after"}
    assert await read(database, source) == said


async def test_what_is_encrypted_is_a_message_without_words(database: Database, desk: Desk) -> None:
    sealed = desk.anna.raw(
        desk.room, "m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgAEnACgAkLmt6qF84I"}
    )
    source = await added(database, desk)
    assert await read(database, source) == {sealed: None}
    async with database.unit() as session:
        assert (await session.execute(text("select attributes from interaction"))).scalar_one() == {"encrypted": True}


async def test_whom_the_homeserver_has_validated_is_known_by_e_mail_and_phone(
    database: Database, desk: Desk, homeserver: Homeserver
) -> None:
    admin: Person = homeserver.people["admin"]
    threepids = [{"medium": "email", "address": "anna@x.example"}, {"medium": "msisdn", "address": "358404417326"}]
    admin.call("PUT", f"/_synapse/admin/v2/users/{desk.anna.id}", {"threepids": threepids})
    desk.anna.say(desk.room, "hello")
    await read(database, await added(database, desk, admin_token=admin.token))
    async with database.unit() as session:
        found = await session.execute(text("select value, verified from identifier order by value"))
        assert [tuple(row) for row in found] == [
            ("+358404417326", True),
            (desk.anna.id[1:], True),
            ("anna@x.example", True),
        ]


async def test_killed_again_and_again_it_loses_and_doubles_nothing(
    server_url: str, worker_id: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATRIX_TOKEN", desk.bot.token)
    names = [f"cxcore_matrix_{kind}_{worker_id}" for kind in ("killed", "calm")]
    killed_url, calm_url = [await asyncio.to_thread(servers.fresh_database, server_url, name) for name in names]
    for url in (killed_url, calm_url):
        database = Database(url)
        await added(database, desk, token="env:MATRIX_TOKEN", page=5)
        await database.close()
    rng, kills, written = random.Random(7), 0, 0
    with forker(killed_url) as process:
        while kills < KILLS:
            for _ in range(40):
                desk.anna.say(desk.room, f"message {written}")
                written += 1
            began = time.monotonic()
            await pull_and_digest(calm_url)
            takes = time.monotonic() - began
            for _ in range(10):
                ended = await asyncio.to_thread(run_once, process, kill_after=rng.uniform(0.0, 0.4) * takes)
                kills += os.WIFSIGNALED(ended)
            assert await asyncio.to_thread(run_once, process, kill_after=None) == 0
    killed, calm = await final_state(killed_url), await final_state(calm_url)
    assert len(calm["interaction"]) == written
    for name in calm.keys() - {"observation", "profile"}:  # people are seen when they are asked about
        assert killed[name] == calm[name], name
    assert [row[:4] for row in killed["profile"]] == [row[:4] for row in calm["profile"]]
    for name in names:
        await asyncio.to_thread(servers.drop_database, server_url, name)

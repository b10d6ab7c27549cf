"""Deliveries: the sender's own are on disk when they are answered, and nothing else gets in."""

import asyncio
import gzip
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import event, text

from cxcore import pipeline, removal
from cxcore.api import inbox
from cxcore.api.app import application
from cxcore.clock import now
from cxcore.db.session import Database
from cxcore.pull import schedule, sources
from cxcore.pull.vault import Vault
from support.calling import CURSOR_KEY, Api, calling, new_key, problem
from support.delivering import counted, landed, post, send
from support.parley import Parley
from support.postbox import Postbox, configured, letters, posted
from support.signing import delivery, secret_of

LETTER = {"id": 1, "text": "letter 1", "emails": ["guest1@shop.example"]}


@pytest.fixture(autouse=True)
def _known_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sources that a test changes are known at once."""
    monkeypatch.setattr(inbox, "FRESH", 0.0)


@pytest.fixture
async def client(api: Api, postbox: type[Postbox]) -> httpx2.AsyncClient:
    """The API with a source of Postbox called post; no key is sent."""
    await configured(api.database)
    return api.client


def refused(answer: httpx2.Response) -> dict[str, Any]:
    body = problem(answer, 401, "unauthenticated")
    assert body["detail"] == "The delivery is not accepted."
    return body


async def test_a_delivery_is_landed_and_gets_into_the_timeline(client: httpx2.AsyncClient, database: Database) -> None:
    answer = await post(client, LETTER)
    assert (answer.status_code, answer.content) == (200, b"")
    assert await landed(database) == [("1", LETTER)]
    assert await counted(database, "interaction") == 0, "it is digested later"
    await pipeline.digest(database)
    assert await counted(database, "interaction") == 1


async def test_an_answer_waits_until_the_commit_is_on_disk(client: httpx2.AsyncClient, database: Database) -> None:
    said: list[str] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def listen(*args: Any) -> None:
        said.append(args[2])

    await post(client, LETTER)
    assert any("insert into delivery" in statement for statement in said)
    assert not any("synchronous_commit" in statement for statement in said)


async def test_a_repeat_is_a_success_and_lands_nothing(client: httpx2.AsyncClient, database: Database) -> None:
    found = posted(LETTER, at=now())
    assert [(await send(client, found)).status_code for _ in range(3)] == [200] * 3
    again = posted(LETTER, at=now() + timedelta(seconds=7))
    assert (await send(client, again)).status_code == 200
    assert await landed(database) == [("1", LETTER)]
    assert await counted(database, "delivery") == 2


async def test_twenty_repeats_at_once_land_once(client: httpx2.AsyncClient, database: Database) -> None:
    found = posted(LETTER, at=now())
    answers = await asyncio.gather(*(send(client, found) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert await landed(database) == [("1", LETTER)]


async def test_a_repeat_does_not_bring_an_old_version_back(client: httpx2.AsyncClient, database: Database) -> None:
    """Nor under another id: Shopify's is not signed."""
    await configured(database, key="shop", scheme="shopify")
    first, second = (
        posted({**LETTER, "text": words}, at=now(), preset="shopify", secret=secret_of("standard"))
        for words in ("first", "mended")
    )
    second = replace(second, headers=(second.headers[0], ("x-shopify-webhook-id", "2")))
    renamed = replace(first, headers=(first.headers[0], ("x-shopify-webhook-id", "3")))
    for each in (first, second, first, renamed):
        assert (await send(client, each, to="shop")).status_code == 200
    assert [content["text"] for _, content in await landed(database)] == ["first", "mended"]


async def test_a_failure_leaves_no_mark_so_that_the_sender_can_try_again(
    client: httpx2.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any, **__: Any) -> int:
        raise ConnectionResetError

    found = posted(LETTER, at=now())
    with monkeypatch.context() as broken:
        broken.setattr("cxcore.land.store.land", fail)
        problem(await send(client, found), 503, "database_unavailable")
    assert await counted(database, "delivery") == 0
    assert (await send(client, found)).status_code == 200
    assert await landed(database) == [("1", LETTER)]


async def test_what_is_not_believed_is_refused_in_one_way(client: httpx2.AsyncClient, database: Database) -> None:
    await configured(database, key="other", secret="env:POSTBOX_SECRET", scheme="shopify")
    sound = posted(LETTER, at=now())
    answers = [
        await send(client, replace(sound, headers=())),
        await send(client, replace(sound, body=sound.body.replace(b"letter", b"latter"))),
        await send(client, posted(LETTER, at=now() - timedelta(minutes=6))),
        await send(client, posted(LETTER, at=now() + timedelta(minutes=6))),
        await send(client, posted(LETTER, at=now(), secret=secret_of("standard", "guess"))),
        await send(client, replace(sound, headers=(*sound.headers, *sound.headers))),
        await send(client, sound, to="nobody"),
        await send(client, sound, to="other"),
        await send(client, sound, to="Not-A-Key%00"),
        await send(client, sound, to="x" * 300),
        await send(client, delivery(b"", {}, at=now(), method="GET", query="hub.challenge=1")),
        await send(client, delivery(b"", {}, at=now(), method="GET"), to="nobody"),
    ]
    bodies = [refused(answer) for answer in answers]
    assert all(body == bodies[0] for body in bodies)
    heads = [{name for name, _ in answer.headers.items()} for answer in answers]
    assert all(head == heads[0] for head in heads)
    assert await landed(database) == []
    assert await counted(database, "delivery") == 0


async def test_strangers_do_not_reach_the_database(
    client: httpx2.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "FRESH", 3600.0)
    refused(await post(client, LETTER, to="nobody"))
    said: list[str] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def listen(*args: Any) -> None:
        said.append(args[2])

    for number in range(20):
        refused(await post(client, LETTER, to=f"nobody{number}"))
        refused(await post(client, LETTER, secret=secret_of("standard", "guess")))
    assert said == []


async def test_a_body_may_have_one_mebibyte(client: httpx2.AsyncClient, database: Database) -> None:
    whole = {**LETTER, "text": "a" * (1024 * 1024 - 200)}
    assert (await post(client, whole)).status_code == 200
    problem(await post(client, {**LETTER, "text": "a" * (1024 * 1024)}), 413, "too_large")
    sound = posted(LETTER, at=now())
    packed = replace(sound, body=gzip.compress(sound.body), headers=(*sound.headers, ("content-encoding", "gzip")))
    problem(await send(client, packed), 413, "too_large")
    assert len(await landed(database)) == 1


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\x00", b"[1]", b'"\\ud800"', b"[" * 50_000, b"a=1&b=2"])
async def test_what_is_believed_but_cannot_be_read_is_kept_and_set_aside(
    client: httpx2.AsyncClient, database: Database, body: bytes
) -> None:
    assert (await post(client, body)).status_code == 200
    assert [content for _, content in await landed(database)] == [body]
    done = await pipeline.digest(database)
    assert (done.quarantined, done.normalised) == (1, 0)
    async with database.unit() as session:
        assert (
            await session.execute(text("select reason from quarantine"))
        ).scalar_one() == "the delivery is no letter"


async def test_a_challenge_is_answered(client: httpx2.AsyncClient, database: Database) -> None:
    await configured(database, key="page", scheme="meta", verify_token="env:POSTBOX_SECRET")
    query = {"hub.mode": "subscribe", "hub.verify_token": secret_of("standard"), "hub.challenge": "1158201444"}
    answer = await client.get("/v1/deliveries/page", params=query)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == ("nosniff", "no-store")
    refused(await client.get("/v1/deliveries/page", params=query | {"hub.verify_token": "guess"}))


async def test_a_connector_that_takes_no_deliveries_refuses_them(
    client: httpx2.AsyncClient, database: Database, parley: type[Parley]
) -> None:
    async with database.unit() as session:
        await sources.add(session, key="chat", connector="parley", config={}, name=None)
    refused(await post(client, LETTER, to="chat"))


@pytest.mark.parametrize("state", ["paused", "stopped", "active"])
async def test_a_source_that_is_not_pulled_still_takes_deliveries(
    client: httpx2.AsyncClient, database: Database, state: str
) -> None:
    async with database.unit() as session:
        await sources.set_state(session, key="post", state=state)
    assert (await post(client, LETTER)).status_code == 200
    assert len(await landed(database)) == 1


async def test_a_removed_source_takes_none(
    client: httpx2.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "FRESH", 3600.0)
    assert (await post(client, LETTER)).status_code == 200
    async with database.unit() as session:
        for statement in ("delete from source_record", "delete from landing", "delete from source"):
            await session.execute(text(statement))
    refused(await post(client, {**LETTER, "id": 2}))
    assert await landed(database) == []
    assert await counted(database, "delivery") == 0


async def test_a_secret_that_cannot_be_read_is_the_operators_matter(
    client: httpx2.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POSTBOX_SECRET")
    body = problem(await post(client, LETTER), 503, "not_taken")
    assert "POSTBOX" not in str(body)
    monkeypatch.setenv("POSTBOX_SECRET", secret_of("standard"))
    assert (await post(client, LETTER)).status_code == 200


async def test_a_connector_that_stops_on_a_bug_is_asked_again(
    client: httpx2.AsyncClient, database: Database, postbox: type[Postbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postbox, "broken", KeyError("somebody@example.org"))
    body = problem(await post(client, LETTER), 503, "not_taken")
    assert "somebody" not in str(body)
    assert await counted(database, "delivery") == 0


async def test_a_new_secret_holds_at_once_in_every_process(
    client: httpx2.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await post(client, LETTER)
    monkeypatch.setenv("POSTBOX_SECRET", secret_of("standard", "new"))
    refused(await post(client, {**LETTER, "id": 2}))
    assert (await post(client, {**LETTER, "id": 3}, secret=secret_of("standard", "new"))).status_code == 200


async def test_what_deliveries_missed_the_next_pull_brings(
    client: httpx2.AsyncClient, database: Database, postbox: type[Postbox]
) -> None:
    rng = random.Random(7)
    sent = letters(100)
    postbox.letters.extend(sent)
    kept = [each for each in sent if rng.random() >= 0.2]
    rng.shuffle(kept)
    assert 60 < len(kept) < 95
    for each in kept:
        assert (await post(client, each)).status_code == 200
    async with database.unit() as session:
        source = await sources.find(session, "post")
    progress = await pipeline.pull(database, source)
    assert (progress.records, progress.landed) == (100, 100 - len(kept))
    assert sorted(await landed(database), key=lambda r: int(r[0])) == [(str(each["id"]), each) for each in sent]
    await pipeline.digest(database)
    assert await counted(database, "interaction") == 100


# signs to pull


async def due(database: Database, key: str) -> float:
    """Seconds until the source is due."""
    async with database.unit() as session:
        found = await session.execute(
            text("select extract(epoch from next_pull_at - now()) from source where key = :k"), {"k": key}
        )
        return float(found.scalar_one())


async def test_an_unsigned_sender_only_wakes_the_puller(client: httpx2.AsyncClient, database: Database) -> None:
    source = await configured(database, key="thin", scheme="none")
    async with database.unit() as session:
        await schedule.again(session, source_id=source.id, seconds=60.0, rest=0.0)
    assert await due(database, "thin") > 50
    answer = await send(client, delivery(b'{"id": 1}', {}, at=now()), to="thin")
    assert (answer.status_code, await landed(database)) == (200, [])
    assert await due(database, "thin") <= 0


async def test_signs_to_pull_do_not_come_faster_than_every_few_seconds(
    client: httpx2.AsyncClient, database: Database
) -> None:
    source = await configured(database, key="thin", scheme="none")
    async with database.unit() as session:
        await schedule.again(session, source_id=source.id, seconds=60.0, rest=5.0)
    for _ in range(5):
        await send(client, delivery(b"", {}, at=now()), to="thin")
    assert 0 < await due(database, "thin") <= 5


async def test_a_sign_during_a_pull_is_heeded_after_it(client: httpx2.AsyncClient, database: Database) -> None:
    source = await configured(database, key="thin", scheme="none")
    async with database.unit() as session:
        await sources.set_state(session, key="post", state="paused")
        claimed = await schedule.claim_due(session)
    assert claimed is not None
    assert claimed.key == "thin"
    await send(client, delivery(b"", {}, at=now()), to="thin")
    assert await due(database, "thin") > 100, "a pull that is under way keeps its claim"
    async with database.unit() as session:
        await schedule.again(session, source_id=source.id, seconds=60.0, rest=5.0)
    assert 0 < await due(database, "thin") <= 5
    async with database.unit() as session:
        await schedule.again(session, source_id=source.id, seconds=60.0, rest=5.0)
    assert await due(database, "thin") > 50, "one sign is one pull"


async def test_a_source_that_fails_or_asks_for_patience_is_left_in_peace(
    client: httpx2.AsyncClient, database: Database
) -> None:
    source = await configured(database, key="thin", scheme="none")
    async with database.unit() as session:
        await schedule.again(session, source_id=source.id, seconds=600.0, failures=3)
    await send(client, delivery(b"", {}, at=now()), to="thin")
    assert await due(database, "thin") > 500


# forgetting


async def test_dated_deliveries_are_forgotten_long_after_and_others_never(
    client: httpx2.AsyncClient, database: Database
) -> None:
    await configured(database, key="shop", scheme="shopify")
    await send(client, posted(LETTER, at=now(), preset="shopify", secret=secret_of("standard")), to="shop")
    for number in range(1, 4):
        await post(client, {**LETTER, "id": number})
    async with database.unit() as session:
        kept = await session.execute(text("select count(*) from delivery where expires_at is null"))
        assert kept.scalar_one() == 2
        soon = "select count(*) from delivery where expires_at < now() + interval '29 days'"
        assert (await session.execute(text(soon))).scalar_one() == 0
        await session.execute(
            text("update delivery set expires_at = now() - interval '1 second' where expires_at is not null")
        )
    for number in range(4, 7):
        await post(client, {**LETTER, "id": number})
    async with database.unit() as session:
        over = await session.execute(text("select count(*) from delivery where expires_at < now()"))
        assert over.scalar_one() == 0
    assert await counted(database, "delivery") == 2 + 6


async def test_a_source_that_is_being_removed_takes_none(client: httpx2.AsyncClient, database: Database) -> None:
    assert (await post(client, LETTER)).status_code == 200
    async with database.unit() as session:
        await sources.set_state(session, key="post", state="leaving")
    refused(await post(client, LETTER | {"id": 2}))
    assert [key for key, _ in await landed(database)] == ["1"]
    async with database.unit() as session:
        source = await sources.find(session, "post")
    await removal.remove(database, source)
    refused(await post(client, LETTER | {"id": 3}))
    assert await counted(database, "delivery") == 0, "what it remembered went with it"


async def test_a_sealed_secret_believes_what_it_signed_and_a_new_one_takes_its_place(
    database: Database, postbox: type[Postbox]
) -> None:
    assert postbox.manifest.key == "postbox"
    app = application(database, cursor_key=CURSOR_KEY, vault=Vault.of(["v" * 40]))
    async with calling(app) as caller:
        api = Api(caller, database, await new_key(database))
        config = {"secret": secret_of("standard")}
        assert (
            await api.post("/v1/sources", {"key": "post", "connector": "postbox", "config": config})
        ).status_code == 201
        assert (await post(caller, LETTER)).status_code == 200
        other = secret_of("standard", "another")
        await api.send("PATCH", "/v1/sources/post", json={"config": {"secret": other}})
        refused(await post(caller, LETTER | {"id": 2}))
        assert (await post(caller, LETTER | {"id": 3}, secret=other)).status_code == 200
    assert [key for key, _ in await landed(database)] == ["1", "3"]

"""The data's way on a real PostgreSQL: pull, land, normalise, resolve, timeline."""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from cxcore import pipeline
from cxcore.db.session import Database
from cxcore.land import quarantine
from cxcore.pull.sources import Configured
from cxcore.resolve import customers, decisions
from cxcore.sdk import AuthFailed, CursorExpired, SourceUnavailable
from cxcore.timeline import query, search
from support.parley import T0, Parley, configured
from support.state import state


async def run(database: Database, source: Configured) -> pipeline.Progress:
    pulled = await pipeline.pull(database, source)
    digested = await pipeline.digest(database)
    digested.records, digested.landed = pulled.records, pulled.landed
    return digested


async def who(database: Database, query_text: str) -> UUID:
    async with database.unit() as session:
        hits = await search.search(session, query_text)
    assert len(hits) == 1
    return hits[0].customer_id


async def texts(database: Database, customer: UUID) -> list[str | None]:
    async with database.unit() as session:
        return [e.text for e in (await query.page(session, customer)).entries]


async def test_messages_become_one_customers_timeline(database: Database, parley: type[Parley]) -> None:
    parley.messages = [
        {"id": 1, "name": "Anna Mäkinen", "emails": ["anna@kotiposti.example"]},
        {"id": 2, "name": "Makinen Anna", "emails": ["Anna@Kotiposti.example"], "phones": ["040 123 4567"]},
        {"id": 3, "phones": ["+358401234567"]},
        {"id": 4, "name": "Pekka Virta", "emails": ["pekka@kotiposti.example"]},
    ]
    await run(database, await configured(database))
    anna = await who(database, "anna@kotiposti.example")
    assert await texts(database, anna) == ["message 3", "message 2", "message 1"]
    assert await who(database, "040-1234567") == anna
    assert await who(database, "mäkinen") == anna
    assert await who(database, "virta") != anna


async def test_a_second_pull_adds_nothing(database: Database, parley: type[Parley]) -> None:
    parley.messages = [{"id": i, "name": f"P {i % 3}", "emails": [f"p{i % 3}@x.example"]} for i in range(25)]
    source = await configured(database)
    first = await run(database, source)
    before = await state(database)
    async with database.unit() as session:
        await session.execute(text("delete from cursor"))
    again = await run(database, source)
    assert (first.landed, again.records, again.landed) == (25, 25, 0)
    assert await state(database) == before


async def test_poison_is_set_aside_and_the_rest_goes_on(database: Database, parley: type[Parley]) -> None:
    parley.messages = [{"id": i, "emails": [f"p{i}@x.example"]} for i in range(300)]
    for i in (7, 140, 299):
        parley.messages[i]["poison"] = "rejected" if i % 2 else "bug"
    source = await configured(database, page=50)
    done = await run(database, source)
    assert (done.normalised, done.quarantined, done.interactions) == (297, 3, 297)
    async with database.unit() as session:
        waiting = await quarantine.waiting(session, source_id=source.id)
    assert [(q.origin, q.reason) for q in waiting] == [
        ("message 7", "the text is missing"),
        ("message 140", "the connector's map stopped on KeyError"),
        ("message 299", "the text is missing"),
    ]


@pytest.mark.parametrize("named", [1, 2, 3], ids=["first", "between", "last"])
async def test_who_is_only_mentioned_keeps_the_name_that_is_known(
    database: Database, parley: type[Parley], named: int
) -> None:
    parley.messages = [{"id": i, "who": "visitor-7", "at": i} for i in (1, 2, 3)]
    parley.messages[named - 1] |= {"name": "Anna Virtanen", "language": "fi"}
    source = await configured(database, page=1)
    for _ in range(2):
        await run(database, source)
        async with database.unit() as session:
            found = (await session.execute(text("select name, language, observed_at from profile"))).one()
        assert tuple(found) == ("Anna Virtanen", "fi", T0 + timedelta(seconds=named))
        parley.messages.append({"id": 4, "who": "visitor-7", "at": 9})
    parley.messages.append({"id": 5, "who": "visitor-7", "at": 10, "name": "Anna Berg"})
    await run(database, source)
    async with database.unit() as session:
        assert (await session.execute(text("select name, language from profile"))).one() == ("Anna Berg", None)


async def test_quarantine_is_replayed_when_the_mapping_is_better(
    database: Database, parley: type[Parley], monkeypatch: pytest.MonkeyPatch
) -> None:
    parley.messages = [{"id": 1, "emails": ["a@x.example"], "poison": "rejected"}, {"id": 2, "emails": ["a@x.example"]}]
    source = await configured(database)
    await run(database, source)
    still = await pipeline.replay(database, source)
    assert (still.normalised, still.quarantined) == (0, 1)
    original = Parley.map
    monkeypatch.setattr(
        Parley,
        "map",
        lambda self, record: original(
            self, type(record)(record.stream, record.key, {**record.payload, "poison": None})
        ),
    )
    done = await pipeline.replay(database, source)
    assert (done.normalised, done.quarantined) == (1, 0)
    async with database.unit() as session:
        assert await quarantine.waiting(session, source_id=source.id) == []
    assert await texts(database, await who(database, "a@x.example")) == ["message 2", "message 1"]


async def test_an_edit_replaces_and_a_delete_removes(database: Database, parley: type[Parley]) -> None:
    parley.messages = [{"id": 1, "emails": ["a@x.example"], "text": "frist"}, {"id": 2, "emails": ["b@x.example"]}]
    source = await configured(database)
    await run(database, source)
    parley.messages += [
        {"id": 1, "emails": ["a@x.example"], "text": "first"},
        {"id": 2, "emails": ["b@x.example"], "deleted": True},
    ]
    await run(database, source)
    assert await texts(database, await who(database, "a@x.example")) == ["first"]
    async with database.unit() as session:
        assert await search.search(session, "b@x.example") == []


async def test_a_message_that_moves_to_another_person_leaves_the_first(
    database: Database, parley: type[Parley]
) -> None:
    parley.messages = [{"id": 1, "name": "Ann", "emails": ["wrong@x.example"]}]
    source = await configured(database)
    await run(database, source)
    old = await who(database, "wrong@x.example")
    parley.messages += [{"id": 1, "name": "Ann", "emails": ["right@x.example"]}]
    await run(database, source)
    new = await who(database, "right@x.example")
    assert await texts(database, new) == ["message 1"]
    async with database.unit() as session:
        assert (await customers.find_living(session, old)).id == new


async def test_normalising_again_changes_nothing(database: Database, parley: type[Parley]) -> None:
    parley.messages = story(random.Random(5), 80)
    source = await configured(database)
    await run(database, source)
    before = await state(database)
    done = await pipeline.normalise_again(database, source)
    assert (done.normalised, done.interactions) == (96, 80)
    assert await state(database) == before


def story(rng: random.Random, count: int) -> list[dict[str, Any]]:
    """Messages of few people who share addresses, numbers and threads, some edited and dated."""
    people = [
        {"name": "Anna Mäkinen", "emails": ["anna@x.example"], "phones": ["0401111111"]},
        {"name": "ANNA MÄKINEN", "emails": ["anna@x.example"]},
        {"name": "Pekka Mäkinen", "phones": ["0401111111"]},
        {"phones": ["0401111111"]},
        {"who": "v1", "name": "Pekka", "emails": ["pekka@x.example"]},
        {"who": "v1", "name": "Pekka M", "emails": ["pekka@x.example", "info@firm.example"]},
        {"name": "Liisa", "emails": ["info@firm.example"]},
        {},
    ]
    messages = []
    for i in range(count):
        thread = rng.randrange(6)
        message: dict[str, Any] = {"id": i, "at": rng.randrange(1000), **rng.choice(people), "thread": f"t{thread}"}
        if rng.random() < 0.3:
            message["aliases"] = [f"t{rng.randrange(6)}"]
        message["changed"] = f"2026-03-0{rng.randrange(1, 9)}T00:00:00+00:00"
        messages.append(message)
    for i in range(0, count, 5):
        messages.append(messages[i] | {"text": f"edited {i}", "changed": "2026-04-01T00:00:00+00:00"})
    return messages


@pytest.mark.parametrize("seed", range(6))
async def test_any_order_of_landing_gives_the_same_database(
    database: Database, parley: type[Parley], seed: int
) -> None:
    rng = random.Random(seed)
    messages = story(random.Random(42), 60)
    if seed:
        rng.shuffle(messages)
        messages += rng.sample(messages, 20)
    parley.messages = messages
    source = await configured(database, page=rng.choice([1, 7, 50]))
    monkey = rng.choice([3, 20, 2000])
    original, pipeline.BATCH = pipeline.BATCH, monkey
    try:
        await run(database, source)
    finally:
        pipeline.BATCH = original
    found = await state(database)
    path = _REFERENCE.setdefault("state", found)
    assert {k: v for k, v in found.items() if k != "partition"} == {k: v for k, v in path.items() if k != "partition"}
    assert sorted(found["partition"]) == sorted(path["partition"])


_REFERENCE: dict[str, dict[str, list[tuple[Any, ...]]]] = {}


async def test_what_was_landed_before_a_failure_stays_with_its_cursor(
    database: Database, parley: type[Parley], monkeypatch: pytest.MonkeyPatch
) -> None:
    parley.messages = [{"id": i, "emails": ["a@x.example"]} for i in range(30)]
    source = await configured(database)
    monkeypatch.setattr(parley, "fail", SourceUnavailable("parley is down"))
    monkeypatch.setattr(parley, "fail_after", 2)
    with pytest.raises(SourceUnavailable):
        await pipeline.pull(database, source)
    monkeypatch.setattr(parley, "fail", None)
    rest = await pipeline.pull(database, source)
    assert (rest.records, rest.landed) == (10, 10)
    async with database.unit() as session:
        runs = (await session.execute(text("select state, pages, landed, error_code from run order by id"))).all()
    assert [tuple(r) for r in runs] == [("failed", 2, 20, "source_unavailable"), ("done", 1, 10, None)]


async def test_an_expired_cursor_starts_again_and_doubles_nothing(
    database: Database, parley: type[Parley], monkeypatch: pytest.MonkeyPatch
) -> None:
    parley.messages = [{"id": i, "emails": ["a@x.example"]} for i in range(12)]
    source = await configured(database)
    await run(database, source)
    original = parley.pull

    async def forgetful(self: Parley, stream: str, cursor: Any) -> Any:
        if cursor is not None:
            raise CursorExpired("forgotten")
        async for page in original(self, stream, None):
            yield page

    monkeypatch.setattr(parley, "pull", forgetful)
    again = await run(database, source)
    assert (again.records, again.landed) == (12, 0)


async def test_a_bug_in_a_connector_is_told_by_name_only(
    database: Database, parley: type[Parley], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parley, "fail", ValueError("secret@example.org"))
    source = await configured(database)
    with pytest.raises(Exception, match=r"stopped on ValueError") as caught:
        await pipeline.pull(database, source)
    assert "secret" not in str(caught.value)
    monkeypatch.setattr(parley, "fail", AuthFailed("refused"))
    with pytest.raises(AuthFailed):
        await pipeline.pull(database, source)


async def test_an_interaction_that_two_profiles_share_is_shown_once(
    database: Database, parley: type[Parley], monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Parley.map

    def to_both(self: Parley, record: Any) -> Any:
        for item in original(self, record):
            other = item.customers[0].model_copy(update={"name": "Anna Mäkinen-Virta"})
            yield item.model_copy(update={"customers": (*item.customers, other)})

    monkeypatch.setattr(Parley, "map", to_both)
    parley.messages = [{"id": i, "name": "A. Mäkinen-Virta", "emails": ["a@x.example"]} for i in range(7)]
    await run(database, await configured(database))
    customer = await who(database, "a@x.example")
    shown: list[str | None] = []
    behind = None
    while True:
        async with database.unit() as session:
            page = await query.page(session, customer, behind=behind, limit=3)
        shown += [e.text for e in page.entries]
        behind = page.next
        if behind is None:
            break
    assert shown == [f"message {i}" for i in range(6, -1, -1)]


async def test_a_merge_by_a_person_is_undone_exactly_after_more_came(database: Database, parley: type[Parley]) -> None:
    parley.messages = [{"id": 1, "emails": ["a@x.example"]}, {"id": 2, "emails": ["b@x.example"]}]
    source = await configured(database)
    await run(database, source)
    a, b = await who(database, "a@x.example"), await who(database, "b@x.example")
    async with database.unit() as session:
        made = await decisions.merge(session, customers=[a, b], actor="t", reason="same voice")
    (one,) = made.customers
    assert one in {a, b}
    assert await texts(database, one) == ["message 2", "message 1"]
    async with database.unit() as session:
        assert {(await customers.find_living(session, c)).id for c in (a, b)} == {one}
    parley.messages += [{"id": 3, "emails": ["a@x.example"]}, {"id": 4, "emails": ["b@x.example"]}]
    await run(database, source)
    async with database.unit() as session:
        await decisions.revoke(session, decision=made.id, actor="t")
    assert await texts(database, a) == ["message 3", "message 1"]
    assert await texts(database, b) == ["message 4", "message 2"]


async def test_profiles_that_a_person_separated_are_never_joined_again(
    database: Database, parley: type[Parley]
) -> None:
    parley.messages = [
        {"id": 1, "name": "Anna", "emails": ["a@x.example"]},
        {"id": 2, "name": "Anna", "emails": ["a@x.example"], "phones": ["0401111111"]},
    ]
    source = await configured(database)
    await run(database, source)
    both = await who(database, "a@x.example")
    async with database.unit() as session:
        profiles = sorted(await customers.profiles_of(session, both))
        made = await decisions.separate(session, customer=both, profiles=profiles[:1], actor="t", reason="two people")
    assert len(made.customers) == 2
    parley.messages += [{"id": 3, "name": "Anna", "emails": ["a@x.example"], "phones": ["0402222222"]}]
    await run(database, source)
    async with database.unit() as session:
        owners = {p: (await customers.find_living(session, c)).id for c in made.customers for p in [c]}
        assert len(set(owners.values())) == 2
        await decisions.revoke(session, decision=made.id, actor="t")
    assert len(await texts(database, await who(database, "a@x.example"))) == 3


async def test_a_phone_shared_by_a_household_joins_only_equal_names(database: Database, parley: type[Parley]) -> None:
    landline = ["09 1234567"]
    parley.messages = [
        {"id": 1, "name": "Anna Mäkinen", "phones": landline},
        {"id": 2, "name": "Pekka Mäkinen", "phones": landline},
        {"id": 3, "name": "Mäkinen, Anna", "phones": landline, "emails": ["anna@x.example"]},
        {"id": 4, "phones": landline},
    ]
    await run(database, await configured(database))
    assert await texts(database, await who(database, "anna@x.example")) == ["message 3", "message 1"]
    async with database.unit() as session:
        assert len(await search.search(session, "09 123 4567")) == 3


async def test_a_record_that_the_database_refuses_is_set_aside_alone(
    database: Database, parley: type[Parley], monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Parley.map

    def too_long(self: Parley, record: Any) -> Any:
        for item in original(self, record):
            yield item.model_copy(update={"duration": 2**40}) if record.payload["id"] == 37 else item

    monkeypatch.setattr(Parley, "map", too_long)
    parley.messages = [{"id": i, "emails": [f"p{i}@x.example"]} for i in range(60)]
    source = await configured(database)
    done = await run(database, source)
    assert (done.normalised, done.quarantined) == (59, 1)
    async with database.unit() as session:
        (waiting,) = await quarantine.waiting(session, source_id=source.id)
    assert (waiting.origin, waiting.code) == ("message 37", "unwritable")
    assert "37" not in waiting.reason


async def test_a_source_without_its_connector_is_stopped_and_the_others_go_on(
    database: Database, parley: type[Parley], connectors: dict[str, object]
) -> None:
    parley.messages = [{"id": 1, "emails": ["a@x.example"]}]
    first = await configured(database, key="gone")
    await pipeline.pull(database, first)
    async with database.unit() as session:
        await session.execute(text("update source set connector = 'uninstalled' where key = 'gone'"))
    await run(database, await configured(database, key="there"))
    assert await texts(database, await who(database, "a@x.example")) == ["message 1"]
    async with database.unit() as session:
        state, problem = (await session.execute(text("select state, problem from source where key = 'gone'"))).one()
    assert state == "stopped"
    assert "uninstalled" in problem

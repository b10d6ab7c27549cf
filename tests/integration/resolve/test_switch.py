"""Another model: what a shadow run foretells is what a switch gives, a switch can be killed, and it is taken back exactly."""

import asyncio
import random

import pytest

from cxcore.db.session import Database, driver
from cxcore.errors import Conflict, NotFound
from cxcore.resolve import base, decisions, rebuild, shadow, switch, versions
from cxcore.resolve.model import Model, default
from cxcore.resolve.payload import from_json
from cxcore.resolve.switch import Switch
from cxcore.resolve.versions import State, Stored
from support.consistency import assert_consistent, rows
from support.crowd import LINKS, empty, links, message, models, partition, settled, tiers
from support.parley import Parley
from support.story import tell

EDGES = "select left_id, right_id, codes from edge order by 1, 2"
KEYS = "select key, node_id from node_key order by 1, 2"
EVERYTHING = "select (select count(*) from judgement) as j, (select count(*) from outbox) as o, (select sum(version) from customer) as c"
RULES = "select distinct model_version from judgement where revoked_at is null and origin = 'rule'"


async def begun(database: Database, chosen: Model) -> Switch:
    async with database.unit() as session:
        return await switch.begin(session, chosen, actor="t", reason="r")


async def switched(database: Database, chosen: Model) -> None:
    await switch.go_on(database, await begun(database, chosen))


async def taken_back(database: Database) -> None:
    async with database.unit() as session:
        begun = await switch.back(session, actor="t", reason="r")
    await switch.go_on(database, begun)


async def stored(database: Database) -> list[Stored]:
    async with database.unit() as session:
        return await versions.everything(await driver(session))


class Killed(Exception):
    """The process is no more."""


async def killed(database: Database, begun: Switch, *, after: int) -> None:
    """Go on with a switch, and end after some batches: that under way is lost."""
    count = 0

    def told(_what: str, _done: int, _total: int) -> None:
        nonlocal count
        count += 1
        if count > after:
            raise Killed

    with pytest.raises(Killed):
        await switch.go_on(database, begun, watch=told)


@pytest.mark.parametrize("name", models())
@pytest.mark.parametrize("seed", range(3))
async def test_a_shadow_run_foretells_exactly_what_a_switch_gives(
    database: Database, parley: type[Parley], seed: int, name: str
) -> None:
    await settled(database, random.Random(seed), crowded=seed == 0)
    if name == "traits":
        await tiers(database)
    before = await links(database)
    counted = await rows(database, EVERYTHING)
    async with database.unit() as session:
        found = await shadow.run(session, models()[name])
    assert (await links(database), await rows(database, EVERYTHING)) == (before, counted), "it changed something"
    assert len(found.cells) == found.difference.after
    await switched(database, models()[name])
    after = await links(database)
    assert partition(after) == set(found.cells)
    assert {r.model_version for r in await rows(database, RULES)} == {models()[name].version}
    await assert_consistent(database)
    held = [await rows(database, sql) for sql in (EDGES, KEYS)] if name != "traits" else None
    nodes = await rows(
        database, "select m.profile_id, n.digest from member m join node n on n.id = m.node_id order by 1"
    )
    async with database.unit() as session:
        asked = await (await driver(session)).fetchval(shadow._ASKED)
        await rebuild.rebuild(session)
    assert asked == found.reviews[1]
    assert await links(database) == after, "a rebuild finds something else"
    assert nodes == await rows(
        database, "select m.profile_id, n.digest from member m join node n on n.id = m.node_id order by 1"
    )
    if held is not None:
        assert [len(h) for h in held] == [len(await rows(database, sql)) for sql in (EDGES, KEYS)]
    async with database.unit() as session:
        again = await shadow.run(session, default())
    assert set(again.cells) == partition(before)
    await taken_back(database)
    assert await links(database) == before
    await assert_consistent(database)


@pytest.mark.parametrize("seed", range(4))
async def test_a_switch_that_was_killed_goes_on_to_the_same_links(
    database: Database, parley: type[Parley], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(switch, "BATCH", 5)
    chosen = models()[["weights", "shyer", "bolder", "keys"][seed]]
    await settled(database, random.Random(seed + 50))
    before = await links(database)
    await switched(database, chosen)
    undisturbed = await links(database)
    assert undisturbed != before
    await empty(database)
    Parley.messages = []
    await settled(database, random.Random(seed + 50))
    assert await links(database) == before
    begun_with = await begun(database, chosen)
    for after in (3, 1, 2):
        await killed(database, begun_with, after=after)
        await assert_consistent(database)
        (now, *_) = await stored(database)
        assert (now.state, now.version, now.previous) == (State.SWITCHING, chosen.version, default().version)
        assert now.derived is not None
        assert 0 < now.derived < 1
    async with database.unit() as session:
        with pytest.raises(Conflict, match="not finished"):
            await switch.begin(session, default(), actor="t", reason="r")
    async with database.unit() as session:
        left = await switch.unfinished(await driver(session))
    assert left is not None
    assert left.node > 0
    await switch.go_on(database, left)
    assert await links(database) == undisturbed
    assert [m.state for m in await stored(database)] == [State.ACTIVE, State.RETIRED]
    with pytest.raises(Conflict, match="ended by another"):
        await switch.go_on(database, left)


async def test_what_arrives_in_between_is_resolved_by_the_new_model(
    database: Database, parley: type[Parley], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(switch, "BATCH", 4)
    rng, chosen = random.Random(5), models()["bolder"]
    await tell(database, [message(rng, n) for n in range(50)])
    going = await begun(database, chosen)
    for n in range(4):
        await killed(database, going, after=2)
        await tell(database, [message(rng, 50 + 10 * n + k) for k in range(10)])
        await assert_consistent(database)
    await asyncio.gather(switch.go_on(database, going), tell(database, [message(rng, 90 + k) for k in range(20)]))
    await assert_consistent(database)
    assert {r.model_version for r in await rows(database, RULES)} == {chosen.version}
    found = [(from_json(r.payload), r.id) for r in await rows(database, "select id, payload from node")]
    collected = base.collect([p for p, _ in found])
    number = {place: found[n][1] for n, place in enumerate(collected.node_of)}
    expected = {frozenset(number[n] for n in c) for c in base.partition(collected.payloads, chosen).clusters}
    held: dict[object, set[int]] = {}
    for r in await rows(database, "select node_id, customer_id from member join link using (profile_id)"):
        held.setdefault(r.customer_id, set()).add(r.node_id)
    assert {frozenset(n) for n in held.values()} == expected


@pytest.mark.parametrize("unfinished", [False, True])
async def test_taken_back_all_is_as_it_was_but_for_what_came_in_between(
    database: Database, parley: type[Parley], monkeypatch: pytest.MonkeyPatch, *, unfinished: bool
) -> None:
    monkeypatch.setattr(switch, "BATCH", 5)
    number = await settled(database, random.Random(71))
    strangers = [
        {"id": 900 + n, "who": f"s{n}", "name": name, "emails": [f"{n}@far.example"]}
        for n, name in enumerate(["Qwerty Zuiop", "Asdfgh Hjkloe"])
    ]
    await tell(database, strangers)
    before = dict(await links(database))
    going = await begun(database, models()["bolder"])
    if unfinished:
        await killed(database, going, after=4)
    else:
        await switch.go_on(database, going)
    assert dict(await links(database)) != before
    ids = [before[r.id] for r in await rows(database, "select id from profile where name ~ 'Qwerty|Asdfgh'")]
    async with database.unit() as session:
        await decisions.merge(session, customers=ids, actor="t", reason="r")
    await tell(database, [{"id": number, "who": "new", "name": "Yxcvbn Mnbvcx", "emails": ["new@far.example"]}])
    await taken_back(database)
    after = dict(await links(database))
    assert len(after) == len(before) + 1
    assert {p: c for p, c in after.items() if before.get(p) not in {*ids, None}} == {
        p: c for p, c in before.items() if c not in ids
    }
    assert len({after[p] for p, c in before.items() if c in ids}) == 1
    await assert_consistent(database)
    assert (
        await rows(
            database, "select 1 from former_link f join model_switch s on s.id = f.switch_id where s.undoes is null"
        )
        == []
    )
    await taken_back(database)
    (now, *_) = await stored(database)
    assert now.version == models()["bolder"].version
    await assert_consistent(database)


async def test_events_and_refusals(database: Database, parley: type[Parley]) -> None:
    chosen = models()["shyer"]
    await tell(database)
    async with database.unit() as session:
        with pytest.raises(Conflict, match="No other model"):
            await switch.back(session, actor="t", reason="r")
        with pytest.raises(Conflict, match="active model already"):
            await switch.begin(session, default(), actor="t", reason="r")
        connection = await driver(session)
        await versions.store(connection, chosen)
        assert (await versions.named(connection, chosen.version[:6])).version == chosen.version
        with pytest.raises(NotFound, match="no one model"):
            await versions.named(connection, "")
    assert [(m.state, m.version) for m in await stored(database)] == [
        (State.ACTIVE, default().version),
        (State.SHADOW, chosen.version),
    ]
    await switched(database, chosen)
    (event,) = await rows(database, "select subject, data from outbox where type = 'cxcore.model.activated'")
    assert event.data == {"version": chosen.version, "previous": default().version, "by": "t"}
    going = await rows(database, "select id, reason from model_switch")
    assert [(str(g.id), g.reason) for g in going] == [(event.subject, "r")]
    async with database.unit() as session:
        await rebuild.rebuild(session, chosen=default(), by="t")
    assert len(await rows(database, "select 1 from outbox where type = 'cxcore.model.activated'")) == 2
    assert (await stored(database))[0].activated_by == "t"
    await taken_back(database)
    assert (await stored(database))[0].version == chosen.version
    assert len(await rows(database, LINKS)) == len(await links(database))

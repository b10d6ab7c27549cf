"""What a preview says is what the decision then does, and nothing has changed by asking."""

import asyncio
import random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from cxcore.db.base import Base
from cxcore.db.session import Database, driver
from cxcore.errors import Conflict, InvalidInput, NotFound
from cxcore.model.interaction import Channel
from cxcore.resolve import chains, decisions, lock, preview, reviews, survivorship
from cxcore.resolve.customers import linked_profiles
from cxcore.resolve.decisions import Verdict
from cxcore.resolve.effects import Effects
from integration.resolve.test_online import message
from support.consistency import rows
from support.parley import Parley
from support.story import tell, who

REFUSED = (Conflict, InvalidInput, NotFound)


async def everything(database: Database) -> dict[str, list[str]]:
    """Every row of every table, and where the sequences stand."""
    async with database.unit() as session:
        found = {
            t.name: list((await session.execute(text(f'select x::text from "{t.name}" x order by 1'))).scalars())  # noqa: S608 - our own
            for t in Base.metadata.sorted_tables
        }
        found["sequences"] = list(
            (await session.execute(text("select s::text from pg_sequences s order by 1"))).scalars()
        )
    return found


async def asked(database: Database) -> set[tuple[UUID, UUID]]:
    async with database.unit() as session:
        return {(min(r.left, r.right), max(r.left, r.right)) for r in await reviews.waiting(session, limit=1000)}


async def rules_of(database: Database) -> set[tuple[UUID, UUID, str]]:
    sql = "select left_id, right_id, rule from judgement where revoked_at is null and origin = 'rule'"
    return {(r.left_id, r.right_id, r.rule) for r in await rows(database, sql)}


async def holders(database: Database) -> dict[UUID, UUID]:
    return {r.profile_id: r.customer_id for r in await rows(database, "select profile_id, customer_id from link")}


def held(links: dict[UUID, UUID], customer: UUID) -> tuple[UUID, ...]:
    return tuple(sorted(p for p, c in links.items() if c == customer))


async def true_then(database: Database, said: Effects, links: dict[UUID, UUID], made: dict[str, Any]) -> None:
    """That what was said is what became."""
    now = await holders(database)
    changed = {c for p in now if now[p] != links[p] for c in (now[p], links[p])}
    assert {s.id for s in said.before} | {b.customer.id for b in said.after} >= changed
    for s in said.before:
        assert s.profiles == held(links, s.id)
    for b in said.after:
        assert b.customer.profiles == held(now, b.customer.id)
        assert set(b.of) == {links[p] for p in b.customer.profiles}
    assert set(said.others) == {c for c in links.values() if held(links, c) != held(now, c)} - made["named"]
    led = {r.id: r.merged_into for r in await rows(database, "select id, merged_into from customer")}
    assert all(led[c] == into for c, into in said.leading)
    assert all(led[c] is None for c in (*said.returning, *said.new))
    rules = await rules_of(database)
    assert {(j.left, j.right, j.rule) for j in said.judged if j.made} == rules - made["rules"]
    assert {(j.left, j.right, j.rule) for j in said.judged if not j.made} == made["rules"] - rules
    async with database.unit() as session:
        profiles = await linked_profiles(session, {b.customer.id for b in said.after})
        how = await chains.current(session)
        for b in said.after:
            shown = survivorship.choose_all(profiles[b.customer.id], how)
            assert dict(b.customer.values) == {f: c.value for f, c in shown.items()}
            counted = await session.execute(
                text(
                    "select count(distinct i.id) from link l join interaction i using (profile_id) where customer_id = :c"
                ),
                {"c": b.customer.id},
            )
            assert b.customer.held.interactions == counted.scalar_one()
    waiting = await asked(database)
    assert set(said.ended).isdisjoint(waiting)
    assert set(said.opened) <= waiting
    renamed = {
        (min(a, b), max(a, b)) for a, b in ((led[x] or x, led[y] or y) for x, y in made["asked"] - set(said.ended))
    }
    if not said.new and not said.returning and len(said.after) <= 1:
        assert waiting - set(said.opened) == renamed


@pytest.mark.parametrize("seed", range(6))
async def test_what_is_said_comes_true_and_asking_changes_nothing(
    database: Database, parley: type[Parley], seed: int
) -> None:
    rng = random.Random(seed + 900)
    decided: list[UUID] = []
    told = 0
    for turn in range(4):
        await tell(database, [message(rng, 12 * turn + k) for k in range(12)])
        for _ in range(6):
            links = await holders(database)
            living = sorted(set(links.values()))
            act = rng.choice(["merge", "merge", "never", "skip", "separate", "revoke"])
            pair = rng.choice([*sorted(await asked(database)), tuple(rng.sample(living, 2))])
            one = rng.choice(living)
            some = held(links, one)[: max(1, len(held(links, one)) // 2)]
            taken = rng.choice(decided) if decided else UUID(int=1)
            verdict = {"merge": Verdict.SAME, "never": Verdict.NEVER, "skip": Verdict.SKIP}.get(act)
            before = await everything(database)
            named = {one} if act == "separate" else set(pair)
            if act == "revoke":
                sql = f"select left_id, right_id from judgement where decision_id = '{taken}'"  # noqa: S608 - our own id
                named = {links[p] for r in await rows(database, sql) for p in (r.left_id, r.right_id)}
            made = {"rules": await rules_of(database), "asked": await asked(database), "named": named}
            try:
                async with database.unit() as session:
                    if verdict is not None:
                        said = await preview.decide(session, verdict, customers=pair)
                    elif act == "separate":
                        said = await preview.separate(session, customer=one, profiles=some)
                    else:
                        said = await preview.revoke(session, decision=taken)
            except REFUSED:
                assert await everything(database) == before
                continue
            assert await everything(database) == before
            async with database.unit() as session:
                if verdict is not None:
                    done = await decisions.decide(session, verdict, customers=pair, actor="t", reason="r")
                elif act == "separate":
                    done = await decisions.separate(session, customer=one, profiles=some, actor="t", reason="r")
                else:
                    done = await decisions.revoke(session, decision=taken, actor="t")
                    decided.remove(taken)
            if act != "revoke":
                decided.append(done.id)
            await true_then(database, said, links, made)
            told += 1
    assert told >= 8


async def test_a_preview_counts_what_comes_together(database: Database, parley: type[Parley]) -> None:
    await tell(
        database,
        [
            {"id": 1, "name": "Anna Virtanen", "emails": ["anna@x.example"], "thread": "t1", "verified": True},
            {"id": 2, "name": "Anna Virtanen", "emails": ["anna@x.example"], "thread": "t1", "verified": True},
            {"id": 3, "name": "Liisa Salo", "emails": ["liisa@z.example"], "channel": "visit", "kind": "stay",
             "verified": True},
        ],
    )  # fmt: skip
    anna, liisa = await who(database, "anna@x.example"), await who(database, "liisa@z.example")
    async with database.unit() as session:
        said = await preview.merge(session, customers=[anna, liisa])
    (then,) = said.after
    assert (then.customer.held.interactions, then.customer.held.conversations) == (3, 1)
    assert dict(then.customer.held.channels) == {Channel.CHAT: 2, Channel.VISIT: 1}
    assert dict(then.customer.held.kinds) == {"message": 2, "stay": 1}
    assert set(then.of) == {anna, liisa}
    assert {c for c, _ in said.leading} | {then.customer.id} == {anna, liisa}
    (names,) = [c for c in then.changes if c.field == "name"]
    assert {value for _, value in names.before} == {"Anna Virtanen", "Liisa Salo"}
    assert [(d.doubt, d.values, d.known) for d in then.contradictions] == [
        ("verified_email", ("anna@x.example", "liisa@z.example"), False)
    ]
    assert said.others == ()


async def test_taking_a_separation_back_is_previewed_too(database: Database, parley: type[Parley]) -> None:
    same = {"name": "Anna Virtanen", "emails": ["anna@x.example"]}
    await tell(database, [{"id": 1, "who": "a", **same}, {"id": 2, "who": "b", **same}, {"id": 3, "who": "c", **same}])
    (whole,) = {*(await holders(database)).values()}
    profiles = sorted(await holders(database))
    async with database.unit() as session:
        first = await decisions.separate(session, customer=whole, profiles=profiles[:1], actor="t", reason="r")
    async with database.unit() as session:
        said = await preview.revoke(session, decision=first.id)
    assert len(said.before) == 2
    assert len(said.after) == 1
    assert said.after[0].customer.profiles == tuple(profiles)


async def test_who_waits_for_others_is_told(database: Database, parley: type[Parley], monkeypatch: Any) -> None:
    await tell(database)
    monkeypatch.setattr(preview, "_PATIENCE", "50ms")
    left, right = sorted({*(await holders(database)).values()})[:2]
    async with database.unit() as other:
        await lock.hold(await driver(other))
        async with database.unit() as session:
            with pytest.raises(Conflict, match="deciding at this moment"):
                await preview.merge(session, customers=[left, right])
            assert (await session.execute(text("select 1"))).scalar_one() == 1, "the request goes on"
    async with database.unit() as session:
        await preview.merge(session, customers=[left, right])
        async with database.unit() as other:
            await asyncio.wait_for(lock.hold(await driver(other)), 5)

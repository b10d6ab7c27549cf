"""Verified identifiers in the database: the same customers on every path, and conflicts that a person settles."""

import random
from typing import Any
from uuid import UUID

import pytest

from cxcore.cli.customer import grounds
from cxcore.db.session import Database
from cxcore.events.outbox import EventType
from cxcore.resolve import base, compared, customers, decisions, preview, rebuild, reviews
from cxcore.resolve.compared import Outcome
from cxcore.resolve.decisions import Verdict
from cxcore.resolve.effects import Doubt
from cxcore.resolve.model import default
from cxcore.resolve.payload import from_json
from cxcore.resolve.reviews import Review
from support.consistency import assert_consistent, rows
from support.crowd import FAMILY, GIVEN, links, message, partition
from support.parley import Parley
from support.story import tell

ANNA = "anna@x.example"
SEVEN = {"id": 1, "name": "Anna Virtanen", "emails": [ANNA], "cards": ["7000001"], "verified": True}
EIGHT = SEVEN | {"id": 2, "cards": ["7000002"]}
RULES = "select rule, verdict, count(*) as n from judgement where revoked_at is null group by 1, 2 order by 1"
CONFLICT = {"name": "loyalty", "issuer": "club"}


def told(rng: random.Random, number: int) -> dict[str, Any]:
    """Something of one of eight people, who are seldom wholly themselves."""
    who = rng.randrange(8)
    return message(rng, number) | {
        "name": rng.choice([f"{GIVEN[who]} {rng.choice(FAMILY)}", None]),
        "emails": [rng.choice([f"mail{who}@x.example", f"mail{who}@y.example"])],
        "cards": [str(7_000_000 + who + rng.choice([0, 0, 0, 100]))] if rng.random() < 0.5 else [],
        "born": rng.choice([None, None, "1980-01-01", "1955-07-20"]),
        "verified": rng.random() < 0.5,
    }


async def asked(database: Database) -> list[Review]:
    async with database.unit() as session:
        return await reviews.waiting(session, limit=10)


async def rules(database: Database) -> dict[str, int]:
    return {r.rule: r.n for r in await rows(database, RULES)}


@pytest.mark.parametrize("seed", range(4))
async def test_online_all_at_once_and_a_rebuild_agree(database: Database, parley: type[Parley], seed: int) -> None:
    rng = random.Random(seed + 900)
    messages = [told(rng, n) for n in range(80)]
    for start in range(0, len(messages), 20):
        await tell(database, messages[start : start + 20])
    await assert_consistent(database)
    assert {"verified", "conflict"} <= (await rules(database)).keys()
    nodes = [(from_json(r.payload), r.id) for r in await rows(database, "select id, payload from node")]
    collected = base.collect([p for p, _ in nodes])
    found = base.partition(collected.payloads, default())
    number = {place: nodes[n][1] for n, place in enumerate(collected.node_of)}
    online: dict[UUID, set[int]] = {}
    for r in await rows(database, "select m.node_id, l.customer_id from member m join link l using (profile_id)"):
        online.setdefault(r.customer_id, set()).add(r.node_id)
    assert {frozenset(n) for n in online.values()} == {frozenset(number[n] for n in c) for c in found.clusters}
    counted = await rules(database)
    assert counted["conflict"] == sum(bool(step.contradicts) for step in found.refused)
    assert counted["verified"] == sum(bool(step.verified) for step in found.joined)
    before = await links(database)
    async with database.unit() as session:
        await rebuild.rebuild(session)
    assert (await links(database), await rules(database)) == (before, counted)


async def test_what_is_verified_later_counts_then(database: Database, parley: type[Parley]) -> None:
    """The same profiles, whose source comes to know that the numbers are theirs."""
    pair = [SEVEN | {"who": "a", "verified": False}, EIGHT | {"who": "b", "verified": False}]
    await tell(database, pair)
    assert (len(partition(await links(database))), await rules(database)) == (1, {"linkage": 1})
    await tell(database, [m | {"id": m["id"] + 10, "verified": True, "at": 99} for m in pair])
    assert (len(partition(await links(database))), await rules(database)) == (2, {"conflict": 1})
    await assert_consistent(database)


async def test_a_verified_join_says_so(database: Database, parley: type[Parley]) -> None:
    await tell(database, [SEVEN, EIGHT | {"cards": [], "name": "A. Virtanen", "phones": ["040 1111111"]}])
    (both,) = partition(await links(database))
    async with database.unit() as session:
        (why,) = await customers.reasons(session, list(both))
    assert (why.rule, why.verdict, why.evidence["verified"]) == ("verified", "positive", ["email"])
    assert grounds(why.evidence).startswith("same verified email; against ")
    await tell(database, [{"id": 9, "name": "Anna Virtanen", "emails": ["a@y.example"], "verified": True}])
    tie = {"emails": [ANNA, "a@y.example"], "verified": True, "name": "Anna Virtanen", "phones": ["040 1111112"]}
    await tell(database, [tie | {"id": 10}])
    merged = await rows(database, f"select data from outbox where type = '{EventType.CUSTOMER_MERGED}' order by id")  # noqa: S608 - our own word
    because = [b for r in merged for b in r.data["because"]]
    assert [(b["rule"], b["verified"]) for b in because] == [("verified", ["email"])] * len(because) != []
    assert not any("@" in str(r.data) for r in merged)


async def test_a_conflict_is_a_review_that_says_what_contradicts(database: Database, parley: type[Parley]) -> None:
    await tell(database, [SEVEN, EIGHT])
    (review,) = await asked(database)
    assert (review.rule, review.evidence["verified"], review.evidence["contradicts"]) == (
        "conflict",
        ["email"],
        [CONFLICT],
    )
    assert review.score > default().automatic
    async with database.unit() as session:
        said = await compared.compare(session, review.left, review.right)
        effects = await preview.decide(session, Verdict.SAME, customers=(review.left, review.right))
    assert (said.outcome, [r.rule for r in said.because]) == (Outcome.IN_REVIEW, ["conflict"])
    assert "contradict each other in loyalty (club)" in grounds(said.evidence)
    (then,) = effects.after
    assert {c.doubt for c in then.contradictions} == {Doubt.LOYALTY}
    assert len(effects.ended) == 1


async def test_a_conflict_comes_before_what_is_merely_unsure(database: Database, parley: type[Parley]) -> None:
    """Its score counts what speaks for two who contradict each other, so it says nothing of how sure the answer is."""
    line = ["040 2222222"]
    unsure = [{"id": n, "name": f"{given} Salo", "phones": line} for n, given in ((5, "Pekka"), (6, "Onni"))]
    await tell(database, [*unsure, SEVEN, EIGHT])
    assert [r.rule for r in await asked(database)] == ["conflict", "suggestion"]


@pytest.mark.parametrize("verdict", list(Verdict))
async def test_a_persons_decision_settles_it_and_undone_it_is_back(
    database: Database, parley: type[Parley], verdict: Verdict
) -> None:
    await tell(database, [SEVEN, EIGHT])
    before, (review,) = await links(database), await asked(database)
    async with database.unit() as session:
        pair = (review.left, review.right)
        made = await decisions.decide(session, verdict, customers=pair, actor="t", reason="r")
    assert await asked(database) == []
    together = verdict is Verdict.SAME
    assert len(partition(await links(database))) == (1 if together else 2)
    await tell(database, [m | {"id": m["id"] + 10, "phones": ["040 1111111"]} for m in (SEVEN, EIGHT)])
    assert len(partition(await links(database))) == (1 if together else 2), "either number goes on where it belongs"
    await assert_consistent(database)
    async with database.unit() as session:
        await decisions.revoke(session, decision=made.id, actor="t")
    await assert_consistent(database)
    assert set(before) <= set(await links(database))
    assert len(partition(await links(database))) == 2
    assert [(r.rule, r.evidence["contradicts"]) for r in await asked(database)] == [("conflict", [CONFLICT])]


async def test_two_dates_of_birth_are_asked_about(database: Database, parley: type[Parley]) -> None:
    one = {"id": 1, "name": "Anna Virtanen", "emails": [ANNA], "verified": True, "born": "1980-01-01", "who": "a"}
    await tell(database, [one, one | {"id": 2, "born": "1955-07-20", "who": "b"}])
    (review,) = await asked(database)
    assert review.evidence["contradicts"] == [{"name": "birth_date", "issuer": ""}]
    await tell(database, [one | {"id": 3, "born": "1980-01-02", "who": "c"}])
    assert len(partition(await links(database))) == 2, "a slip of the pen is none"

"""Events of merges and splits say why: profiles before and after, and what sums to the score, without personal data."""

import json
import random
from typing import Any

import pytest

from cxcore.db.session import Database
from cxcore.resolve import decisions
from integration.resolve.test_online import message
from support.consistency import rows
from support.parley import Parley
from support.story import tell, who

ANNA = {"name": "Anna Virtanen", "emails": ["anna@x.example"]}


async def told(database: Database, kind: str) -> list[Any]:
    sql = f"select subject, data from outbox where type = 'cxcore.customer.{kind}' order by position"  # noqa: S608 - our own
    return await rows(database, sql)


def held(side: dict[str, Any]) -> dict[str, int]:
    assert all(len(s["profiles"]) == s["count"] for s in side.values())
    return {c: s["count"] for c, s in side.items()}


async def test_a_rules_merge_names_model_score_and_what_sums_to_it(database: Database, parley: type[Parley]) -> None:
    phone = {"phones": ["040 1234567"]}
    await tell(database, [{"id": 1, **ANNA}, {"id": 2, "name": "Anna Virtanen", **phone}])
    one, other = await who(database, "anna@x.example"), await who(database, "0401234567")
    assert one != other
    await tell(database, [{"id": 3, **ANNA, **phone}])
    (merged,) = await told(database, "merged")
    data = merged.data
    assert data["cause"] == "rule"
    assert held(data["before"]) == {str(one): 1, str(other): 1}
    assert held(data["after"]) == {data["into"]: 3}
    assert len(data["because"]) == 2
    for because in data["because"]:
        assert because["rule"] == "linkage"
        assert because["model"]
        assert not because["held_down"]
        total = because["prior"] + sum(a["bits"] for a in because["attributes"])
        assert because["score"] == pytest.approx(total, abs=0.0005 * (len(because["attributes"]) + 2))
    assert "anna" not in json.dumps(data).lower()
    assert "4012345" not in json.dumps(data)


async def test_a_persons_merge_names_the_decision_and_so_does_its_end(database: Database, parley: type[Parley]) -> None:
    await tell(database, [{"id": 1, **ANNA}, {"id": 2, "name": "Liisa Salo", "emails": ["liisa@z.example"]}])
    one, other = await who(database, "anna@x.example"), await who(database, "liisa@z.example")
    async with database.unit() as session:
        made = await decisions.merge(session, customers=[one, other], actor="t", reason="r")
    (merged,) = await told(database, "merged")
    (because,) = merged.data["because"]
    assert (because["rule"], because["decision"]) == ("merge", str(made.id))
    assert "score" not in because
    async with database.unit() as session:
        await decisions.revoke(session, decision=made.id, actor="t")
    (split,) = await told(database, "split")
    assert (split.data["cause"], split.data["because"]) == (f"decision:{made.id}", [])
    assert held(split.data["after"]) == {str(one): 1, str(other): 1}
    assert held(split.data["before"]) == {split.subject: 2}


async def test_a_rules_split_names_what_holds_no_more(database: Database, parley: type[Parley]) -> None:
    phone = {"phones": ["040 1234567"]}
    bridge = {"id": 3, **ANNA, **phone}
    await tell(database, [{"id": 1, **ANNA}, {"id": 2, "name": "Anna Virtanen", **phone}, bridge])
    await tell(database, [bridge | {"deleted": True, "changed": "2026-05-01T00:00:00+00:00"}])
    (split,) = await told(database, "split")
    assert split.data["cause"] == "rule"
    assert {b["rule"] for b in split.data["because"]} == {"linkage"}
    assert sorted(held(split.data["after"]).values()) == [1, 1]


@pytest.mark.parametrize("seed", range(3))
async def test_every_event_is_whole(database: Database, parley: type[Parley], seed: int) -> None:
    rng = random.Random(seed + 300)
    for n in range(8):
        await tell(database, [message(rng, 8 * n + k) for k in range(8)])
    events = [*await told(database, "merged"), *await told(database, "split")]
    assert events
    for event in events:
        assert event.data["after"]
        for because in event.data["because"]:
            if "score" in because:
                total = because["prior"] + sum(a["bits"] for a in because["attributes"])
                near = because["score"] == pytest.approx(total, abs=0.0005 * (len(because["attributes"]) + 2))
                assert near != because["held_down"]
            assert all(a.keys() <= {"name", "level", "bits"} for a in because.get("attributes", ()))
    for event in await told(database, "merged"):
        assert event.data["because"]

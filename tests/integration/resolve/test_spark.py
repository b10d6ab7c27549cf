"""Spark makes the same keys and edges as the online path, in a real Spark on this machine; without it, it says so."""

import importlib.util
import random
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from cxcore.db.session import Database
from cxcore.errors import OperatorError
from cxcore.resolve import blocking, rebuild, spark
from cxcore.resolve.model import default
from cxcore.resolve.spark import Spark
from support.consistency import assert_consistent, rows
from support.parley import Parley
from support.story import tell

GIVEN = ["Anna", "Anni", "Pekka", "Petri", "Maria", "Bob", "Robert", "Ян", ""]
FAMILY = ["Virtanen", "Virtannen", "Mäkinen", "Berg", "Virtanen-Berg", "Salo"]
KEYS = "select k.key, n.payload from node_key k join node n on n.id = k.node_id"
EDGES = """
select least(a.payload, b.payload), greatest(a.payload, b.payload), e.codes, e.left_id < e.right_id
from edge e join node a on a.id = e.left_id join node b on b.id = e.right_id
"""
LINKS = "select profile_id, customer_id from link"


MISSING = "PySpark or Java is missing: needs cxcore[spark] and a Java runtime"


def available() -> bool:
    return importlib.util.find_spec("pyspark") is not None and spark.java()


@pytest.fixture(scope="module")
def started() -> Iterator[Spark]:
    if not available():
        pytest.skip(MISSING)
    with spark.running("local[2]") as session:
        yield session


def people() -> list[dict[str, Any]]:
    """Some who are alike, and more of one mailbox than a key may have."""
    rng = random.Random(11)
    alike: list[dict[str, Any]] = [
        {
            "id": n,
            "name": f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}".strip(),
            "emails": rng.sample(["anna@x.example", "pekka@x.example", "maria.salo@y.example"], rng.randrange(2)),
            "phones": rng.sample(["+358401111111", "+358402222222", "09 7654321"], rng.randrange(3)),
        }
        for n in range(90)
    ]
    crowd: list[dict[str, Any]] = [
        {"id": 100 + n, "name": f"{chr(65 + n % 26)}{chr(97 + n // 26)}xo Salo", "emails": ["info@x.example"]}
        for n in range(70)
    ]
    return alike + crowd


async def standing(database: Database) -> list[set[tuple[Any, ...]]]:
    """Keys, edges and customers, told by what nodes show."""
    return [{tuple(row) for row in await rows(database, query)} for query in (KEYS, EDGES, LINKS)]


async def test_keys_edges_and_customers_are_those_of_the_online_path(
    database: Database, parley: type[Parley], started: Spark
) -> None:
    messages = people()
    for n in range(0, len(messages), 40):
        await tell(database, messages[n : n + 40])
    online = await standing(database)
    holders = [r.n for r in await rows(database, "select count(*) as n from node_key group by key")]
    assert max(holders) > blocking.LIMIT
    assert len(online[1]) > 20
    told: list[str] = []
    async with database.unit() as session:
        await rebuild.rebuild(session, spark=started, watch=lambda what, _done, _total: told.append(what))
    assert await standing(database) == online
    assert {"profiles placed", "profiles derived"} <= set(told)
    async with database.unit() as session:
        await rebuild.rebuild(session)
    assert await standing(database) == online
    await assert_consistent(database)


def test_an_empty_base_has_no_pairs(started: Spark) -> None:
    pairs = started.pairs([], default())
    assert (list(pairs.keys()), list(pairs.edges())) == ([], [])


def test_what_goes_wrong_in_a_worker_is_told(started: Spark) -> None:
    with pytest.raises(OperatorError, match="Spark gave up"):
        started.pairs([(1, "no payload")], default())


def test_without_java_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark", reason="PySpark is missing: needs cxcore[spark]")
    monkeypatch.setattr(spark, "java", lambda: False)
    with pytest.raises(OperatorError, match="Spark needs Java") as refused, spark.running():
        pass
    assert "JAVA_HOME" in str(refused.value.hint)


def test_a_master_that_is_none_is_told() -> None:
    if not available():
        pytest.skip(MISSING)
    code = "from cxcore.resolve import spark\nwith spark.running('nowhere'): pass"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "Spark does not start with the master nowhere" in ended.stderr


def test_without_pyspark_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(OperatorError, match="needs PySpark") as refused, spark.running():
        pass
    assert "cxcore[spark]" in str(refused.value.hint)

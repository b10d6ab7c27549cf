"""Spark for the pair stage of a rebuild: keys, candidates and level codes of all nodes, by the code of the online path.

Spark groups and joins; what a key and what an edge is, is said by `blocking.keys` and `edges.codes` inside its workers.
"""

import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from cxcore.errors import OperatorError
from cxcore.resolve import blocking, edges, model
from cxcore.resolve.blocking import LIMIT
from cxcore.resolve.model import Model
from cxcore.resolve.payload import Payload, from_json
from cxcore.resolve.score import Scorer

Watch = Callable[[str, int, int], None]
Text = tuple[int, str]
"""A node's id and its payload as JSON."""
LOCAL = "local[*]"
_ROWS = 20_000
"""Nodes of one part, of which Spark works on as many at once as it has cores."""
_EVERY = 5.0
_NO_PYSPARK = "This engine needs PySpark and PyArrow."
_NO_JAVA = "Spark needs Java 17 or newer, and finds none."


class Spark:
    """A running Spark."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def pairs(self, nodes: Sequence[Text], chosen: Model, watch: Watch | None = None) -> "Pairs":
        """The keys and edges of all nodes.

        Raises:
            OperatorError: Spark gave up.
        """
        import pyarrow as pa
        from pyspark.sql import functions as f

        spark = self._session
        parts = max(spark.sparkContext.defaultParallelism, len(nodes) // _ROWS + 1)
        spark.conf.set("spark.sql.shuffle.partitions", str(parts))
        ids, texts = ([n[part] for n in nodes] for part in (0, 1))
        table = pa.table({"id": pa.array(ids, pa.int64()), "payload": pa.array(texts, pa.string())})
        held = spark.createDataFrame(table).repartition(parts).persist()
        text = spark.sparkContext.broadcast(model.dump(chosen))
        keyed = held.mapInArrow(_keying(text), "id long, keys array<long>").persist()
        sharing = (
            keyed.select(f.explode("keys").alias("key"), "id")
            .groupBy("key")
            .agg(f.collect_list("id").alias("ids"))
            .where(f.size("ids").between(2, LIMIT))
        )
        candidates = (
            sharing.select(f.explode("ids").alias("left_id"), "ids")
            .select("left_id", f.explode("ids").alias("right_id"))
            .where("left_id < right_id")
            .distinct()
        )
        left = held.select(f.col("id").alias("left_id"), f.col("payload").alias("left"))
        right = held.select(f.col("id").alias("right_id"), f.col("payload").alias("right"))
        compared = (
            candidates.join(left, "left_id")
            .join(right, "right_id")
            .select("left_id", "right_id", "left", "right")
            .mapInArrow(_comparing(text), "left_id long, right_id long, codes binary")
            .persist()
        )
        self._count(keyed, "parts keyed", watch)
        self._count(compared, "parts compared", watch)
        return Pairs(keyed, compared)

    def _count(self, frame: Any, what: str, watch: Watch | None) -> None:
        """Have a frame made, and tell how far it is."""
        done = threading.Event()
        failed: list[Exception] = []

        def work() -> None:
            try:
                frame.count()
            except Exception as exc:  # noqa: BLE001 - raised below, in the caller's thread
                failed.append(exc)
            done.set()

        threading.Thread(target=work, daemon=True).start()
        tracker = self._session.sparkContext.statusTracker()
        while not done.wait(_EVERY):
            stages = [s for n in tracker.getActiveStageIds() if (s := tracker.getStageInfo(n)) is not None]
            if watch is not None and stages:
                watch(what, sum(s.numCompletedTasks for s in stages), sum(s.numTasks for s in stages))
        if failed:
            raise OperatorError(
                f"Spark gave up ({type(failed[0]).__name__}).",
                hint="Its log above says why. Often a worker has too little memory, or not the same cxcore installed.",
            ) from failed[0]


class Pairs:
    """What Spark made, read part by part."""

    def __init__(self, keyed: Any, compared: Any) -> None:
        self._keyed, self._compared = keyed, compared

    def keys(self) -> Iterator[tuple[int, int]]:
        """Each key with each of its nodes."""
        for row in self._keyed.toLocalIterator(prefetchPartitions=True):
            for key in row[1]:
                yield key, row[0]

    def edges(self) -> Iterator[tuple[int, int, bytes]]:
        """Each edge: two nodes, the lower first, and their level codes."""
        for left, right, codes in self._compared.toLocalIterator(prefetchPartitions=True):
            yield left, right, bytes(codes)


@contextmanager
def running(master: str = LOCAL) -> Iterator[Spark]:
    """Start Spark, or join a cluster; stopped when the block ends.

    Raises:
        OperatorError: PySpark or Java is missing, or the master does not answer.
    """
    try:
        import pyarrow as pa  # noqa: F401 - what PySpark hands over by
        from pyspark.sql import SparkSession
    except ImportError as exc:
        raise OperatorError(_NO_PYSPARK, hint="pip install 'cxcore[spark]'") from exc
    if not java():
        raise OperatorError(_NO_JAVA, hint="Install a Java runtime (Debian: default-jre-headless), or set JAVA_HOME.")
    builder = (
        SparkSession.builder.master(master)
        .appName("cxcore identity rebuild")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.log.level", "ERROR")
    )
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # noqa: TID251 - PySpark reads it from there alone
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # noqa: TID251 - as above
        for setting in ("spark.driver.host", "spark.driver.bindAddress"):
            builder = builder.config(setting, "127.0.0.1")
    try:
        session = builder.getOrCreate()
    except Exception as exc:
        raise OperatorError(
            f"Spark does not start with the master {master}.",
            hint="What it wrote above says why: often a wrong address, or a Java older than 17.",
        ) from exc
    try:
        yield Spark(session)
    finally:
        session.stop()


def java() -> bool:
    """Whether there is a Java for Spark to start."""
    home = os.environ.get("JAVA_HOME")  # noqa: TID251 - where Spark looks too
    return bool((home and shutil.which("java", path=os.path.join(home, "bin"))) or shutil.which("java"))  # noqa: PTH118


Batches = Callable[[Iterable[Any]], Iterator[Any]]


def _keying(text: Any) -> Batches:
    def work(batches: Iterable[Any]) -> Iterator[Any]:
        import pyarrow as pa

        recipes = _scorer(text.value).model.keys
        for batch in batches:
            ids, payloads = batch.columns
            made = [blocking.keys(from_json(p), recipes) for p in payloads.to_pylist()]
            yield pa.RecordBatch.from_arrays([ids, pa.array(made, pa.list_(pa.int64()))], ["id", "keys"])

    return work


def _comparing(text: Any) -> Batches:
    def work(batches: Iterable[Any]) -> Iterator[Any]:
        import pyarrow as pa

        scorer = _scorer(text.value)
        for batch in batches:
            rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
            found = [
                (a, b, codes)
                for a, b, left, right in rows
                if (codes := edges.codes(scorer, _payload(left), _payload(right))) is not None
            ]
            kinds = (pa.int64(), pa.int64(), pa.binary())
            arrays = [pa.array([edge[n] for edge in found], kind) for n, kind in enumerate(kinds)]
            yield pa.RecordBatch.from_arrays(arrays, ["left_id", "right_id", "codes"])

    return work


@lru_cache(maxsize=2)
def _scorer(text: str) -> Scorer:
    return Scorer(model.parse(text))


@lru_cache(maxsize=50_000)
def _payload(text: str) -> Payload:
    return from_json(text)

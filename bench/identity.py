"""Identity: how well and how fast people are told apart, beside Splink in the same run on the same records."""

import argparse
import csv
import gc
import os
import platform
import random
import sys
import time
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from bench import peers
from bench.report import Goal, Report, percentile
from cxcore import clock
from cxcore.resolve import base, blocking, evaluation, labelled, training
from cxcore.resolve.evaluation import Quality
from cxcore.resolve.labelled import Labelled
from cxcore.resolve.model import Model, default
from cxcore.resolve.payload import Payload
from cxcore.resolve.score import Scorer

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "er"
SIZES = (10_000, 50_000, 234_700)
BULK_GOAL = Goal(4000)
_SINGLES, _WARM = 100, 5
_MORE_PEERS = ("recordlinkage", "dedupe")


@dataclass(frozen=True, slots=True)
class Data:
    """A labelled set: its files, whose national numbers are meant, and the pairwise F1 that is wanted."""

    files: tuple[str, ...]
    region: str
    goal: Goal


DATA = {
    "fake_1000": Data(("fake_1000.csv",), "US", Goal(0.97)),
    "febrl4": Data(("febrl4a.csv", "febrl4b.csv"), "AU", Goal(0.9995)),
    "anonlink5": Data(("anonlink5.parquet",), "AU", Goal(0.9955)),
    "crm_dev": Data(("crm_dev.parquet",), "US", Goal(0.89)),
}
_LOAD = Data(("crm_load.parquet",), "US", Goal(0))


def run(asked: argparse.Namespace, report: Report) -> None:
    """Measure quality, then speed.

    Raises:
        SystemExit: the data is not there.
    """
    missing = [f for name in asked.data for f in DATA[name].files if not (asked.folder / f).is_file()]
    if asked.records and not (asked.folder / _LOAD.files[0]).is_file():
        missing += _LOAD.files
    if missing:
        sys.exit(
            f"bench identity: {', '.join(missing)} not found in {asked.folder}. The labelled data is not part of the "
            "repository; name its folder with --folder."
        )
    load = ", ".join(f"{n:.1f}" for n in os.getloadavg())
    report.line(
        f"{clock.now():%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores (load {load}), Python {platform.python_version()}, "
        f"Splink {_version('splink')} on DuckDB {_version('duckdb')}, {platform.system()} {platform.machine()}"
    )
    for name in _MORE_PEERS:
        report.line(f"{name}: {'installed, not driven by this bench' if find_spec(name) else 'not installed'}")
    if asked.data:
        _quality(asked, report)
    if asked.records:
        _speed(asked, report)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


@contextmanager
def _timed() -> Iterator[list[float]]:
    """Seconds that the block took, in the list's only place."""
    gc.collect()
    taken: list[float] = []
    began = time.perf_counter()
    yield taken
    taken.append(time.perf_counter() - began)


def _quality(asked: argparse.Namespace, report: Report) -> None:
    table = []
    for name in asked.data:
        data = DATA[name]
        people = read(asked.folder, data)
        quality, seconds = ours(people)
        met = report.judged(quality.f1, data.goal)[1:]
        table.append((f"{name}: cxcore, one threshold", *_cells(quality, seconds), *met))
        with _timed() as taken:
            splink = peers.Splink(peers.rows(people.payloads, people.traits))
            sure = splink.resolve()
        table.append((f"{name}: Splink tuned, p >= {peers.SURE}", *_cells(_against(people, sure), taken[0]), "", ""))
        tried = [(w, _against(people, found)) for w, found in peers.closed(len(people.payloads), splink.edges())]
        weight, best = max(tried, key=lambda t: t[1].f1)
        label = f"{name}: Splink tuned, best by the truth (>= {weight:g} bits)"
        table.append((label, *_cells(best, taken[0])[:4], "", "", "", ""))
    report.table(
        "quality and seconds: learnt without labels, resolved and clustered; reading and normalising not counted",
        ("", "pF", "bF", "precision", "recall", "s", "records/s", "pF goal", ""),
        table,
    )


def ours(people: Labelled) -> tuple[Quality, float]:
    """cxcore's partition by a model learnt from these records without their labels, and the seconds it took."""
    with _timed() as taken:
        collected = base.collect(people.payloads)
        model = training.train(collected.payloads, traits=people.traits)
        found = base.partition(collected.payloads, model)
    cluster_of = {node: n for n, nodes in enumerate(found.clusters) for node in nodes}
    return _against(people, [cluster_of[node] for node in collected.node_of]), taken[0]


def _against(people: Labelled, found: Sequence[Hashable]) -> Quality:
    known = [(c, e) for c, e in zip(found, people.entities, strict=True) if e is not None]
    return evaluation.measure([c for c, _ in known], [e for _, e in known])


def _cells(q: Quality, seconds: float) -> tuple[str, ...]:
    shares = (f"{v:.4f}" for v in (q.f1, q.b_f1, q.precision, q.recall))
    return (*shares, f"{seconds:.1f}", f"{q.records / seconds:,.0f}")


def _speed(asked: argparse.Namespace, report: Report) -> None:
    everyone = read(asked.folder, _LOAD)
    model = default()
    bulk, singles = [], []
    costs: list[float] = []
    settings = None
    for size in [s for s in SIZES if s <= asked.records] or [asked.records]:
        people = _some(everyone, size, asked.seed)
        with _timed() as collecting:
            collected = base.collect(people)
        with _timed() as taken:
            base.partition(collected.payloads, model)
        costs.append(taken[0] / len(people))
        rate = 1 / costs[-1]
        bulk.append(
            (
                f"{len(people):,} records, {len(collected.payloads):,} nodes",
                f"{collecting[0]:.1f}",
                f"{taken[0]:.1f}",
                f"{rate:,.0f}",
                f"{costs[-1] / costs[0]:.2f}",
                *report.judged(rate, BULK_GOAL)[1:],
            )
        )
        del collected
        rng = random.Random(asked.seed)
        new = [people.pop(rng.randrange(len(people))) for _ in range(_SINGLES + _WARM)]
        mine = _singly(people, new, model)
        table = peers.rows(people, ())
        if settings is None:
            settings = peers.Splink(table).settings
        theirs = _singly_by_splink(peers.Splink(table, settings), new, len(people))
        singles.append(
            (
                f"base of {len(people):,}",
                *(f"{percentile(mine, share):.3f}" for share in (0.5, 0.99)),
                *(f"{percentile(theirs, share):.1f}" for share in (0.5, 0.99)),
                f"{percentile(theirs, 0.5) / percentile(mine, 0.5):,.0f}",
            )
        )
    report.table(
        "all at once, in memory, by the model that ships: base.partition on crm_load, whole people drawn at random",
        ("", "collect s", "partition s", "records/s", "cost to the first", "goal", ""),
        bulk,
    )
    report.table(
        f"one new record against a base in memory, candidates and scores, nothing stored; ms, {_SINGLES} records",
        ("", "cxcore p50", "p99", "Splink predict_between p50", "p99", "p50 to p50"),
        singles,
    )


def _some(everyone: Labelled, size: int, seed: int) -> list[Payload]:
    """The records of people drawn at random until there are enough: each size is as dense as the whole."""
    of: dict[str | None, list[int]] = defaultdict(list)
    for n, entity in enumerate(everyone.entities):
        of[entity].append(n)
    names = sorted(of, key=str)
    random.Random(seed).shuffle(names)
    chosen: list[int] = []
    for name in names:
        if len(chosen) >= size:
            break
        chosen += of[name]
    return [everyone.payloads[n] for n in sorted(chosen)]


def _singly(people: Sequence[Payload], new: Sequence[Payload], model: Model) -> list[float]:
    """Milliseconds of each new record: keys, candidates, scores."""
    payloads = base.collect(people).payloads
    postings: dict[int, list[int]] = defaultdict(list)
    for n, p in enumerate(payloads):
        for key in blocking.keys(p, model.keys):
            postings[key].append(n)
    scorer, owners = Scorer(model), base.owners_of(payloads)
    taken = []
    for p in new:
        began = time.perf_counter()
        lists = [postings[key] for key in blocking.keys(p, model.keys) if key in postings]
        for n in sorted({n for holders in lists if len(holders) < blocking.LIMIT for n in holders}):
            scorer.pair(p, payloads[n], owners)
        taken.append((time.perf_counter() - began) * 1000)
    return taken[_WARM:]


def _singly_by_splink(splink: peers.Splink, new: Sequence[Payload], first: int) -> list[float]:
    """Milliseconds of each new record; handing it over as a table is not counted."""
    splink.prepare()
    taken = []
    for n, p in enumerate(new):
        table = splink.hand_over(peers.row(first + n, p, ()))
        began = time.perf_counter()
        splink.one(table)
        taken.append((time.perf_counter() - began) * 1000)
    return taken[_WARM:]


def read(folder: Path, data: Data) -> Labelled:
    """A labelled set through the product's normalisers."""
    rows = [row for name in data.files for row in _rows(folder / name)]
    beside = folder / f"{Path(data.files[0]).stem}_truth.csv"
    truth = {r["rec_id"] or "": r["entity_id"] or "" for r in _rows(beside)} if beside.is_file() else None
    return labelled.read(rows, region=data.region, truth=truth)


def _rows(path: Path) -> list[Mapping[str, str | None]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, skipinitialspace=True))
    import duckdb

    found = duckdb.read_parquet(str(path))
    names = list(found.columns)
    return [dict(zip(names, (None if v is None else str(v) for v in row), strict=True)) for row in found.fetchall()]

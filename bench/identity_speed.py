"""Identity: how fast a base is told apart, and one new record beside Splink."""

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Sequence

from bench import peers
from bench.labelled_sets import LOAD, read
from bench.peers.splink import Splink
from bench.report import Goal, Report, percentile, timed
from cxcore.resolve import base, blocking, calibration
from cxcore.resolve.labelled import Labelled
from cxcore.resolve.model import Model, default
from cxcore.resolve.payload import Payload
from cxcore.resolve.score import Scorer

SIZES = (10_000, 50_000, 234_700)
BULK_GOAL = Goal(4000)
_SINGLES, _WARM = 100, 5


def run(asked: argparse.Namespace, report: Report) -> None:
    """Measure a base whole, then single records against it; beside Splink where it is asked for."""
    everyone = read(asked.folder, LOAD)
    bulk, singles = [], []
    costs: list[float] = []
    settings = None
    for size in [s for s in SIZES if s <= asked.records] or [asked.records]:
        people = some(everyone, size, asked.seed)
        with timed() as collecting:
            collected = base.collect(people)
        model = calibration.fitted(default(), len(collected.payloads))
        with timed() as taken:
            base.partition(collected.payloads, model)
        costs.append(taken[0] / len(people))
        rate = 1 / costs[-1]
        bulk.append(
            (
                f"{len(people):,} records, {len(collected.payloads):,} nodes, prior {model.prior:+.1f}",
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
        cells = [f"base of {len(people):,}", *(f"{percentile(mine, share):.3f}" for share in (0.5, 0.99))]
        if "splink" in asked.peers and peers.installed("splink"):
            table = peers.rows(people, ())
            if settings is None:
                settings = Splink(table).settings
            theirs = _singly_by_splink(Splink(table, settings), new, len(people))
            cells += [f"{percentile(theirs, share):.1f}" for share in (0.5, 0.99)]
            cells.append(f"{percentile(theirs, 0.5) / percentile(mine, 0.5):,.0f}")
        singles.append((*cells, *("",) * (6 - len(cells))))
    report.table(
        "all at once, in memory, by the model that ships, calibrated to each base's size where that is twice or half of "
        "its own: base.partition on crm_load, whole people drawn at random",
        ("", "collect s", "partition s", "records/s", "cost to the first", "goal", ""),
        bulk,
    )
    report.table(
        f"one new record against a base in memory, candidates and scores, nothing stored; ms, {_SINGLES} records",
        ("", "cxcore p50", "p99", "Splink predict_between p50", "p99", "p50 to p50"),
        singles,
    )


def some(everyone: Labelled, size: int, seed: int) -> list[Payload]:
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


def _singly_by_splink(splink: Splink, new: Sequence[Payload], first: int) -> list[float]:
    """Milliseconds of each new record; handing it over as a table is not counted."""
    splink.prepare()
    taken = []
    for n, p in enumerate(new):
        table = splink.hand_over(peers.row(first + n, p, ()))
        began = time.perf_counter()
        splink.one(table)
        taken.append((time.perf_counter() - began) * 1000)
    return taken[_WARM:]

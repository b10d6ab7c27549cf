"""dedupe on the records that cxcore resolves: 60 labels drawn from the truth, then its own blocks and clusters."""

import logging
import random
import time
from collections.abc import Iterator, Sequence
from typing import Any

from bench.peers import Found, Row, filled
from cxcore.resolve.payload import SCHEMES

LABELS = 30
"""Pairs of one person and pairs of two that it is told."""
THRESHOLD = 0.5
_SAMPLE = 1000
"""It learns from so many records: `prepare_training` of 5,000 takes more than 20 GB."""
_ASKED = 240
_WHOLE = frozenset({"postcode", *(s.value for s in SCHEMES if s.value in {"handle", "loyalty"})})

Pair = tuple[Row, Row]


def resolve(table: Sequence[Row], entities: Sequence[str | None], seed: int) -> list[Found]:
    """Clusters by `partition`. Asking for labels is not counted: a person would take longer."""
    import dedupe

    _seeded(seed)
    logging.getLogger("dedupe").setLevel(logging.ERROR)
    rng = random.Random(seed)
    data = dict(enumerate(table))
    known = [n for n, e in enumerate(entities) if e is not None]
    whole = len(known) <= _SAMPLE
    chosen = known if whole else _some(known, entities, rng)
    began = time.perf_counter()
    learner: Any = dedupe.Dedupe(_variables(filled(table), indexed=whole), num_cores=0)
    learner.classifier.set_params(n_jobs=1)
    learner.prepare_training({n: data[n] for n in chosen})
    began += _label(learner, [table[n] for n in chosen], entities, rng)
    learner.train(index_predicates=whole)
    learner.cleanup_training()
    clusters = [-1] * len(table)
    for number, (members, _) in enumerate(learner.partition(data, THRESHOLD)):
        for n in members:
            clusters[n] = number
    sample = "" if whole else f", learnt from {_SAMPLE:,} records"
    return [Found(f"dedupe: {2 * LABELS} labels{sample}, >= {THRESHOLD}", clusters, time.perf_counter() - began)]


def _seeded(seed: int) -> None:
    """Make its draws the same each time; it asks numpy for generators without a seed."""
    import numpy as np

    drawing: Any = np.random
    generator = drawing.default_rng
    drawing.seed(seed)
    drawing.default_rng = lambda given=seed: generator(given)
    random.seed(seed)


def _some(known: Sequence[int], entities: Sequence[str | None], rng: random.Random) -> list[int]:
    """The records of people drawn at random until there are enough to learn from."""
    of: dict[str | None, list[int]] = {}
    for n in known:
        of.setdefault(entities[n], []).append(n)
    people = list(of.values())
    rng.shuffle(people)
    chosen: list[int] = []
    for records in people:
        if len(chosen) >= _SAMPLE:
            break
        chosen += records
    return chosen


def _variables(columns: set[str], *, indexed: bool) -> list[Any]:
    """A variable for each column. Its index predicates take the memory: only small sets have them."""
    from dedupe import variables

    found: list[Any] = []
    for column in sorted(columns - {"unique_id", "both_names"}):
        kind = variables.Exact if column in _WHOLE else variables.ShortString
        variable: Any = kind(column, has_missing=True)
        variable.predicates = [p for p in variable.predicates if indexed or not hasattr(p, "index")]
        found.append(variable)
    return found


def _label(learner: Any, sample: Sequence[Row], entities: Sequence[str | None], rng: random.Random) -> float:
    """Answer its questions by the truth until it has its labels, the rest from pairs at random; seconds it took."""
    began = time.perf_counter()
    told: dict[str, list[Pair]] = {"match": [], "distinct": []}
    for a, b in _questions(learner, sample, entities, rng):
        kind = "match" if entities[int(a["unique_id"] or 0)] == entities[int(b["unique_id"] or 0)] else "distinct"
        if len(told[kind]) < LABELS:
            told[kind].append((a, b))
            learner.mark_pairs({"match": [], "distinct": [], kind: [(a, b)]})
        if all(len(pairs) == LABELS for pairs in told.values()):
            break
    return time.perf_counter() - began


def _questions(
    learner: Any, sample: Sequence[Row], entities: Sequence[str | None], rng: random.Random
) -> Iterator[Pair]:
    for _ in range(_ASKED):
        try:
            yield learner.uncertain_pairs()[0]
        except IndexError:
            break
    matches = [
        (a, b)
        for n, a in enumerate(sample)
        for b in sample[n + 1 :]
        if entities[int(a["unique_id"] or 0)] == entities[int(b["unique_id"] or 0)]
    ]
    rng.shuffle(matches)
    yield from matches[:LABELS]
    for _ in range(10 * LABELS):
        a, b = rng.sample(list(sample), 2)
        yield a, b

"""recordlinkage on the records that cxcore resolves: blocks, likenesses, ECM without labels, connected components."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from bench.peers import MOST_PAIRS, Edge, Found, Row, best_of, closed, filled
from cxcore.resolve.payload import SCHEMES

_ALIKE, _UNLIKE = 0.85, 0.75
"""A likeness from which an attribute speaks for one person, by 1; below it speaks against, by so much."""
_WINDOW = 5
_STEP = 0.25
_FLOORS = tuple(range(39, -21, -1))
"""Log2 odds at which ECM's clusters are tried when the truth may choose."""
_NUMBERS = ("birth_date", "phone", "account", "postcode")
_BLOCKS: tuple[tuple[str, ...], ...] = (
    *((s.value,) for s in SCHEMES),
    ("given", "family"),
    ("birth_date",),
    ("street",),
    *((a, b) for a in ("given", "family") for b in ("birth_date", "postcode", "city")),
)


def resolve(table: Sequence[Row], entities: Sequence[str | None], seed: int) -> list[Found]:  # noqa: ARG001 - all are asked alike
    """Clusters by ECM, by ECM's odds that the truth would choose, and by the sum of likenesses that the truth would
    choose. Nothing is drawn by ``seed``."""
    import numpy as np
    import pandas as pd
    import recordlinkage

    began = time.perf_counter()
    columns = filled(table)
    frame = pd.DataFrame(list(table)).set_index("unique_id").astype(object)
    index = recordlinkage.Index()
    for block in blocks(table, columns):
        index.block(list(block))
    if "both_names" in columns:
        index.sortedneighbourhood("both_names", window=_WINDOW)
    alike = _compare(columns).compute(index.index(frame), frame)
    features = (alike >= _ALIKE).astype(int)
    ecm = recordlinkage.ECMClassifier()
    matches = ecm.fit_predict(features)
    ((_, clusters),) = closed(len(table), [(1.0, a, b) for a, b in matches], [1.0])
    learnt = Found("recordlinkage: ECM, unsupervised", clusters, time.perf_counter() - began)
    share = ecm.prob(features).clip(1e-12, 1 - 1e-12)
    odds, likely = best_of(closed(len(table), _edges(np.log2(share / (1 - share))), _FLOORS), entities)
    sums = (features - _UNLIKE * (alike < _ALIKE)).sum(axis=1)
    floors = [n * _STEP for n in range(int(sums.max() / _STEP), -1, -1)]
    floor, summed = best_of(closed(len(table), _edges(sums), floors), entities)
    return [
        learnt,
        Found(f"recordlinkage: ECM, best by the truth (>= {odds} bits)", likely),
        Found(f"recordlinkage: sum, best by the truth (>= {floor:g})", summed),
    ]


def _edges(weights: Any) -> list[Edge]:
    return [(float(w), a, b) for (a, b), w in weights.items()]


def blocks(table: Sequence[Row], columns: set[str]) -> Iterator[tuple[str, ...]]:
    """The blocks that bring no flood of pairs."""
    for block in (*_BLOCKS, *((c,) for c in sorted(columns) if c.startswith("trait_"))):
        if columns.issuperset(block):
            sizes = Counter(tuple(r[c] for c in block) for r in table if all(r[c] for c in block))
            if sum(n * (n - 1) // 2 for n in sizes.values()) <= MOST_PAIRS * len(table):
                yield block


def _compare(columns: set[str]) -> Any:
    """Names, address and e-mail by Jaro-Winkler, numbers by Damerau-Levenshtein; no likeness where one is not shown."""
    import recordlinkage

    compare = recordlinkage.Compare()
    for column in sorted(columns - {"unique_id", "both_names"}):
        method = "damerau_levenshtein" if column in _NUMBERS else "jarowinkler"
        compare.string(column, column, method=method, label=column, missing_value=float("nan"))
    return compare

"""How good a partition is against the truth: pairwise and B-cubed. Pure.

Pairwise counts all pairs inside clusters. B-cubed is the mean over records: Bagga and Baldwin, Entity-Based
Cross-Document Coreferencing Using the Vector Space Model, ACL 1998.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares from 0 to 1; ``largest`` is the number of records in the largest cluster."""

    records: int
    entities: int
    clusters: int
    precision: float
    recall: float
    b_precision: float
    b_recall: float
    largest: int

    @property
    def f1(self) -> float:
        return _f1(self.precision, self.recall)

    @property
    def b_f1(self) -> float:
        return _f1(self.b_precision, self.b_recall)


def measure(found: Sequence[Hashable], truth: Sequence[Hashable]) -> Quality:
    """Compare each record's cluster with its entity; the two run in the same order.

    Raises:
        ValueError: they differ in length, or are empty.
    """
    if len(found) != len(truth) or not found:
        raise ValueError("each record needs a cluster and an entity")
    both, clusters, entities = Counter(zip(found, truth, strict=True)), Counter(found), Counter(truth)
    right, said, true = (sum(n * (n - 1) // 2 for n in c.values()) for c in (both, clusters, entities))
    return Quality(
        records=len(found),
        entities=len(entities),
        clusters=len(clusters),
        precision=right / said if said else 1.0,
        recall=right / true if true else 1.0,
        b_precision=sum(n * n / clusters[c] for (c, _), n in both.items()) / len(found),
        b_recall=sum(n * n / entities[e] for (_, e), n in both.items()) / len(found),
        largest=max(clusters.values()),
    )


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

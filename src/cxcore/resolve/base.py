"""A whole base in memory: index, candidates, clusters. The bulk path, and what training and evaluation stand on. Pure."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from cxcore.resolve import edges as edging
from cxcore.resolve import verified
from cxcore.resolve.blocking import LIMIT, keys
from cxcore.resolve.exclusivity import Value, name_of, users
from cxcore.resolve.linkage import Claiming, Clustered, Edge, Pair, between, cluster
from cxcore.resolve.model import BITS, Model
from cxcore.resolve.payload import Payload
from cxcore.resolve.score import Owners, Scorer, Weights

Watch = Callable[[str, int, int], None]
"""Told what is done, how much of it, and of how much."""


@dataclass(slots=True)
class Base:
    """Distinct payloads in the order of their content, and where each record's payload stands."""

    payloads: list[Payload] = field(default_factory=list)
    node_of: list[int] = field(default_factory=list)


def collect(records: Iterable[Payload]) -> Base:
    """Give equal payloads one node; those that identify nobody get one each."""
    everyone = list(records)
    nodes = sorted({(p.digest(), -1 if p.identifying else n, p) for n, p in enumerate(everyone)}, key=lambda n: n[:2])
    number = {(p, copy): place for place, (_, copy, p) in enumerate(nodes)}
    return Base([p for *_, p in nodes], [number[p, -1 if p.identifying else n] for n, p in enumerate(everyone)])


def candidates(payloads: Sequence[Payload], recipes: tuple[str, ...]) -> list[Pair]:
    """The pairs of nodes that share a key that is not retired, in order."""
    postings: dict[int, list[int]] = defaultdict(list)
    for n, p in enumerate(payloads):
        for key in keys(p, recipes):
            postings[key].append(n)
    pairs: set[Pair] = set()
    for holders in postings.values():
        if len(holders) <= LIMIT:
            for i, a in enumerate(holders):
                for b in holders[i + 1 :]:
                    pairs.add((a, b))
    return sorted(pairs)


def owners_of(payloads: Iterable[Payload]) -> dict[Value, int]:
    """How many people use each identifier value, by the first names shown with it; values of one owner are left out."""
    names: dict[Value, set[str]] = defaultdict(set)
    for p in payloads:
        for scheme, values in p.identifiers:
            for issuer, value in values:
                names[scheme, issuer, value].add(name_of(p))
    return {value: count for value, shown in names.items() if (count := users(value, shown)) > 1}


def partition(
    payloads: Sequence[Payload],
    model: Model,
    *,
    must: Collection[Pair] = (),
    cannot: Collection[Pair] = (),
    pairs: Sequence[Pair] | None = None,
    watch: Watch | None = None,
) -> Clustered:
    """Cluster all nodes. ``pairs`` are the candidates, where the caller has them already."""
    scorer = Scorer(model)
    shared = owners_of(payloads)
    weigh = weigher(payloads, scorer, shared)
    low = round(model.suggested * BITS)
    if pairs is None:
        pairs = candidates(payloads, model.keys)
    edges: list[Edge] = []
    loose: list[Pair] = []
    for n, (a, b) in enumerate(pairs):
        if scorer.promising(payloads[a], payloads[b]):
            score = edging.strength(scorer.total(weigh(a, b)), payloads[a], payloads[b], shared)
            if score.value >= low and score.shown:
                edges.append((score.value, a, b))
            elif score.value >= low:
                loose.append((a, b))
        if watch is not None and n % 10_000 == 0:
            watch("compared", n, len(pairs))
    found = cluster(
        range(len(payloads)), edges, weigh, scorer, claiming=claiming(payloads, shared), must=must, cannot=cannot
    )
    cluster_of = {n: k for k, nodes in enumerate(found.clusters) for n in nodes}
    forbidden = set(cannot)
    found.refused += [
        between((a,), (b,), weigh, scorer)
        for a, b in loose
        if cluster_of[a] != cluster_of[b] and (a, b) not in forbidden
    ]
    return found


def claiming(payloads: Sequence[Payload], shared: Owners) -> Claiming:
    """What is verified of nodes, for clustering."""
    return lambda n: verified.claim(payloads[n], shared)


def weigher(
    payloads: Sequence[Payload], scorer: Scorer, shared: Owners, codes: Mapping[Pair, bytes] = MappingProxyType({})
) -> Callable[[int, int], Weights]:
    """Weights of pairs of nodes, each computed once; ``codes`` are those that the caller has, the lower node first."""
    known: dict[Pair, Weights] = {}

    def weigh(a: int, b: int) -> Weights:
        held = known.get((a, b))
        if held is None:
            x, y = payloads[a], payloads[b]
            held = known[a, b] = scorer.weights(codes.get((a, b)) or scorer.codes(x, y), x, y, shared)
        return held

    return weigh

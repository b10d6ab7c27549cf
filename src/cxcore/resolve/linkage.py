"""Clustering: which nodes of a component are one person. A pure function of nodes, decisions and model.

Attribute-wise linkage: the two clusters that fit best are joined while they fit well enough, an attribute counting by
the mean over all pairs across (identifiers: the best pair), what is not shown counting neither way. People's decisions
come first: must-links are joined before all, and no cluster ever holds a cannot-link. Then those that share a verified
value are joined, then who fits, unless what is verified contradicts it (`resolve.verified`). Nodes come in the order of their
content and sums are of whole numbers, so neither order of arrival nor of addition can matter.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from cxcore.resolve.model import BITS
from cxcore.resolve.score import Scorer, Weights
from cxcore.resolve.sums import Sums, added, fresh, scored, shares
from cxcore.resolve.verified import Claim, Claims, Contradiction

LARGEST = 48
"""Components of more nodes are cut at their weakest edges first."""
_STEP = BITS * 3 // 2
_SURE, _HUGE, _HIGHEST = 6 * BITS, 300, 60 * BITS
"""Edges of so many bits are not cut for size's sake: someone who shows 50 payloads is one person, not 50. Only beyond
300 nodes are they, or one component could stop the house."""
UNCUT = _HIGHEST + _STEP
"""Edges of so many bits are never cut."""

_REMEMBERED = 50_000

Edge = tuple[int, int, int]
"""Score, and the two nodes by number."""
Pair = tuple[int, int]
Weigh = Callable[[int, int], Weights]
Claiming = Callable[[int], Claim]


@dataclass(frozen=True, slots=True)
class Step:
    """Two clusters joined, or refused: their nodes, the score in millionths of a bit, whether against a household, what
    each attribute gave, and the pair of nodes that speaks loudest for it. ``decided``: by a person's must-link; ``shown``:
    whether anything of one's own was (`Scorer.held`); ``verified``: the schemes of the verified values that both show;
    ``contradicts``: what stands against it."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    score: int
    household: bool
    weights: tuple[int | None, ...]
    decisive: Pair
    decided: bool = False
    shown: bool = True
    verified: tuple[str, ...] = ()
    contradicts: tuple[Contradiction, ...] = ()


@dataclass(slots=True)
class Clustered:
    """``clusters``: nodes by number, sorted; ``joined``: the merge tree in its order; ``refused``: pairs of final
    clusters that a person should look at, best first."""

    clusters: list[tuple[int, ...]] = field(default_factory=list)
    joined: list[Step] = field(default_factory=list)
    refused: list[Step] = field(default_factory=list)

    def extend(self, other: "Clustered") -> None:
        self.clusters += other.clusters
        self.joined += other.joined
        self.refused += other.refused


def cluster(
    nodes: Sequence[int],
    edges: Iterable[Edge],
    weigh: Weigh,
    scorer: Scorer,
    *,
    claiming: Claiming,
    must: Collection[Pair] = (),
    cannot: Collection[Pair] = (),
) -> Clustered:
    """Cluster nodes, numbered in the order of their content. ``edges`` are those at or above the model's ``suggested``
    that show something of one's own: others tell who a contact could be, and make no component. ``claiming``: what is
    verified of a node.

    Must-links are heeded in the order given, as long as no cannot-link is crossed.
    """
    result = Clustered()
    low = round(scorer.model.suggested * BITS)
    waiting = [(part, inside, low) for part, inside in components(nodes, edges, must)]
    while waiting:
        part, inside, floor = waiting.pop()
        if len(part) == 1:
            result.clusters.append((part[0],))
        elif len(part) > (LARGEST if floor < _SURE else _HUGE) and floor < _HIGHEST:
            floor += _STEP
            kept = [e for e in inside if e[0] >= floor]
            waiting += [(p, i, floor) for p, i in components(part, kept, _within(part, must))]
        else:
            claims = Claims({n: claiming(n) for n in part})
            decided = {"must": _within(part, must), "cannot": _within(part, cannot)}
            result.extend(_Agglomeration(part, weigh, scorer, claims, **decided).run())
    result.clusters.sort()
    return result


def components(nodes: Sequence[int], edges: Iterable[Edge], must: Iterable[Pair]) -> list[tuple[list[int], list[Edge]]]:
    """The connected parts, each with its edges, nodes sorted."""
    parent = {n: n for n in nodes}

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    edges = list(edges)
    for a, b in [*((a, b) for _, a, b in edges), *must]:
        x, y = root(a), root(b)
        if x != y:
            parent[max(x, y)] = min(x, y)
    parts: dict[int, list[int]] = defaultdict(list)
    inside: dict[int, list[Edge]] = defaultdict(list)
    for n in sorted(nodes):
        parts[root(n)].append(n)
    for edge in edges:
        inside[root(edge[1])].append(edge)
    return [(part, inside[r]) for r, part in parts.items()]


def between(left: Sequence[int], right: Sequence[int], weigh: Weigh, scorer: Scorer) -> Step:
    """The step that would join two clusters: what clustering would see if each were one already."""
    sums: Sums = [None] * len(scorer.unites)
    best: tuple[int, Pair] | None = None
    for a in left:
        for b in right:
            shown_here = fresh(weigh(a, b), scorer.unites)
            found = (-scored(shown_here, scorer)[0], (a, b))
            best = found if best is None else min(best, found)
            sums = added(sums, shown_here)
    if best is None:
        raise ValueError("a cluster without nodes")
    score, household, shown = scored(sums, scorer)
    weights = shares(sums, scorer, household=household)
    return Step(tuple(left), tuple(right), score, household, weights, best[1], shown=shown)


def _within(part: Collection[int], pairs: Collection[Pair]) -> list[Pair]:
    if not pairs:
        return []
    known = set(part)
    return [p for p in pairs if p[0] in known and p[1] in known]


class _Agglomeration:
    """One component on its way."""

    def __init__(
        self,
        nodes: Sequence[int],
        weigh: Weigh,
        scorer: Scorer,
        claims: Claims,
        *,
        must: Sequence[Pair],
        cannot: Sequence[Pair],
    ) -> None:
        self._scorer, self._claims = scorer, claims
        self._members: dict[int, tuple[int, ...]] = {n: (n,) for n in nodes}
        self._apart: dict[int, set[int]] = {n: set() for n in nodes}
        for a, b in cannot:
            self._apart[a].add(b)
            self._apart[b].add(a)
        self._must = must
        self._sums: dict[Pair, Sums] = {}
        self._scores: dict[Pair, tuple[int, bool, bool]] = {}
        self._best: dict[Pair, tuple[int, Pair]] = {}
        self._waiting: list[tuple[bool, int, Pair]] = []
        """Pairs to join, those that share a verified value first, then by the negative of their score, the fittest first;
        some have gone or changed since."""
        ordered = sorted(nodes)
        alike = scorer.alike
        if len(alike) > _REMEMBERED:
            alike.clear()
        for i, a in enumerate(ordered):
            for b in ordered[i + 1 :]:
                pair = (a, b)
                weights = weigh(a, b)
                held = alike.get(weights)
                if held is None:
                    sums = fresh(weights, scorer.unites)
                    held = alike[weights] = (sums, scored(sums, scorer))
                self._sums[pair], score = held
                self._scores[pair], self._best[pair] = score, (-score[0], pair)

    def run(self) -> Clustered:
        joined = []
        for a, b in self._must:
            x, y = self._home(a), self._home(b)
            if x != y and self._allowed(x, y):
                joined.append(self._step(_pair(x, y), decided=True))
                self._join(*_pair(x, y), decided=True)
        automatic, suggested = (round(t * BITS) for t in (self._scorer.model.automatic, self._scorer.model.suggested))
        for pair in self._scores:
            self._wait(pair, automatic)
        while self._waiting:
            _, score, best = heappop(self._waiting)
            held = self._scores.get(best)
            if held is not None and held[0] == -score and self._allowed(*best) and not self._claims.against(*best):
                joined.append(self._step(best))
                self._join(*best, least=automatic)
        refused = [
            self._step(p)
            for p, (s, *_) in self._scores.items()
            if (s >= suggested or self._claims.shared(*p)) and self._allowed(*p)
        ]
        refused.sort(key=lambda s: (-s.score, s.decisive))
        return Clustered([tuple(sorted(m)) for m in self._members.values()], joined, refused)

    def _wait(self, pair: Pair, least: int) -> None:
        score, shared = self._scores[pair][0], self._claims.shared(*pair)
        if shared or score >= least:
            heappush(self._waiting, (not shared, -score, pair))

    def _allowed(self, a: int, b: int) -> bool:
        return self._apart[a].isdisjoint(self._members[b])

    def _home(self, node: int) -> int:
        return next(c for c, members in self._members.items() if node in members)

    def _step(self, pair: Pair, *, decided: bool = False) -> Step:
        score, household, shown = self._scores[pair]
        weights = shares(self._sums[pair], self._scorer, household=household)
        a, b = self._members[pair[0]], self._members[pair[1]]
        left, right = tuple(sorted(a)), tuple(sorted(b))
        decisive, (verified, against) = self._best[pair][1], (self._claims.shared(*pair), self._claims.against(*pair))
        return Step(left, right, score, household, weights, decisive, decided, shown, verified, against)

    def _join(self, a: int, b: int, *, decided: bool = False, least: int | None = None) -> None:
        """Put b's members into a, the lower of the two; pairs that score ``least`` now wait to be joined."""
        self._members[a] = (*self._members[a], *self._members.pop(b))
        self._apart[a] |= self._apart.pop(b)
        self._claims.join(a, b)
        del self._sums[a, b], self._scores[a, b], self._best[a, b]
        for other in self._members:
            if other != a:
                kept = _pair(a, other)
                self._merge(kept, _pair(b, other), decided=decided)
                if least is not None:
                    self._wait(kept, least)

    def _merge(self, kept: Pair, gone: Pair, *, decided: bool) -> None:
        merged = added(self._sums[kept], self._sums.pop(gone), decided=decided)
        del self._scores[gone]
        self._sums[kept], self._scores[kept] = merged, scored(merged, self._scorer)
        self._best[kept] = min(self._best[kept], self._best.pop(gone))


def _pair(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)

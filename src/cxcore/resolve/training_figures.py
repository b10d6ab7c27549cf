"""What a model makes of the data it was learnt from: scores, thresholds, examples by their levels. Pure.

Nothing here holds a value of anybody: levels, counts and bits only.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from cxcore.resolve import base, evaluation
from cxcore.resolve.base import Base, Watch
from cxcore.resolve.blocking import LIMIT, RECIPES
from cxcore.resolve.edges import strength
from cxcore.resolve.evaluation import Quality
from cxcore.resolve.linkage import Pair, cluster
from cxcore.resolve.model import BITS, Model
from cxcore.resolve.payload import Payload
from cxcore.resolve.score import Owners, Scorer, Weights

AROUND = (-8.0, -6.0, -5.0, -4.0, -3.0, -2.0, -1.0, 0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 14.0)
"""Thresholds that are tried beside the model's own."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One attribute of an example: its level, and bits against strangers and against a household."""

    attribute: str
    level: str
    main: float
    home: float


@dataclass(frozen=True, slots=True)
class Example:
    """A pattern of levels that ``times`` candidate pairs share; bits are those of the pair in their middle.

    ``score`` is below the lower sum where the rules hold the pair back.
    """

    kind: str
    times: int
    prior: float
    home_prior: float
    bars: tuple[Bar, ...]
    score: float
    household: bool

    @property
    def total(self) -> float:
        """The lower of the two sums."""
        if self.household:
            return self.home_prior + sum(b.home for b in self.bars)
        return self.prior + sum(b.main for b in self.bars)


@dataclass(frozen=True, slots=True)
class Threshold:
    """What joining from so many bits would come to; ``quality`` where the data says who is who."""

    bits: float
    joins: int
    reviews: int
    customers: int
    largest: int
    quality: Quality | None


@dataclass(frozen=True, slots=True)
class Recipe:
    """Blocking keys of one kind: how many there are, how many are retired, and of how many profiles the largest is."""

    name: str
    keys: int
    retired: int
    largest: int


@dataclass(slots=True)
class Figures:
    """All that the report shows beside the model itself. ``levels``: candidate pairs at each code of each comparison;
    ``scores``: candidate pairs by whole bits, rounded down."""

    records: int
    profiles: int
    labelled: int
    pairs: int
    levels: list[Counter[int]] = field(default_factory=list)
    scores: Counter[int] = field(default_factory=Counter)
    joined: int = 0
    asked: int = 0
    recipes: list[Recipe] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    thresholds: list[Threshold] = field(default_factory=list)


def figures(
    collected: Base,
    model: Model,
    *,
    entities: Sequence[str | None] = (),
    pairs: Sequence[Pair] | None = None,
    watch: Watch | None = None,
) -> Figures:
    """Score all candidate pairs of the data and cluster it at each threshold. ``entities``: of each record, where known."""
    payloads, scorer = collected.payloads, Scorer(model)
    if pairs is None:
        pairs = base.candidates(payloads, model.keys)
    known = [n for n, e in enumerate(entities) if e is not None]
    found = Figures(len(collected.node_of), len(payloads), len(known), len(pairs))
    found.recipes = [_recipe(name, payloads) for name in model.keys]
    found.levels = [Counter() for _ in model.comparisons]
    owners = base.owners_of(payloads)
    weigh = base.weigher(payloads, scorer, owners)
    patterns: dict[bytes, list[tuple[int, Pair]]] = defaultdict(list)
    for n, (a, b) in enumerate(pairs):
        codes = scorer.codes(payloads[a], payloads[b])
        for counted, code in zip(found.levels, codes, strict=True):
            counted[code] += 1
        score = scorer.total(weigh(a, b)).value
        found.scores[score // BITS] += 1
        found.joined += score >= round(model.automatic * BITS)
        found.asked += round(model.suggested * BITS) <= score < round(model.automatic * BITS)
        patterns[codes].append((score, (a, b)))
        if watch is not None and n % 50_000 == 0:
            watch("scored", n, len(pairs))
    found.examples = list(_examples(patterns, scorer, weigh))
    tried = sorted({*AROUND, model.automatic})
    for n, bits in enumerate(tried):
        if watch is not None:
            watch("thresholds tried", n, len(tried))
        found.thresholds.append(_threshold(bits, collected, model, pairs, weigh, owners, known, entities))
    return found


def _recipe(name: str, payloads: Iterable[Payload]) -> Recipe:
    made = Counter(parts for p in payloads for parts in set(RECIPES[name](p)))
    return Recipe(name, len(made), sum(n > LIMIT for n in made.values()), max(made.values(), default=0))


def _threshold(  # noqa: PLR0917 - a step of figures
    bits: float,
    collected: Base,
    model: Model,
    pairs: Sequence[Pair],
    weigh: Callable[[int, int], Weights],
    owners: Owners,
    known: Sequence[int],
    entities: Sequence[str | None],
) -> Threshold:
    scorer = Scorer(replace(model, automatic=bits, suggested=min(bits, model.suggested)))
    low = round(scorer.model.suggested * BITS)
    payloads = collected.payloads
    scored = ((strength(scorer.total(weigh(a, b)), payloads[a], payloads[b], owners), a, b) for a, b in pairs)
    edges = [(s.value, a, b) for s, a, b in scored if s.value >= low and s.shown]
    found = cluster(range(len(payloads)), edges, weigh, scorer, claiming=base.claiming(payloads, owners))
    quality = None
    if known:
        cluster_of = {node: n for n, nodes in enumerate(found.clusters) for node in nodes}
        quality = evaluation.measure(
            [cluster_of[collected.node_of[n]] for n in known], [entities[n] or "" for n in known]
        )
    largest = max(map(len, found.clusters), default=0)
    return Threshold(bits, len(found.joined), len(found.refused), len(found.clusters), largest, quality)


def _examples(
    patterns: dict[bytes, list[tuple[int, Pair]]], scorer: Scorer, weigh: Callable[[int, int], Weights]
) -> Iterable[Example]:
    """The commonest pattern of each kind."""
    kinds: dict[str, list[tuple[int, bytes, int, Pair]]] = defaultdict(list)
    for codes, scored in patterns.items():
        scored.sort()
        score, pair = scored[len(scored) // 2]
        weights = weigh(*pair)
        main, home = _sums(weights, scorer)
        kind = _kind(score, main, home, scorer)
        kinds[kind].append((len(scored), codes, score, pair))
    for kind in ("joined", "just joined", "asked", "household", "held", "apart"):
        if kind not in kinds:
            continue
        times, codes, score, pair = min(kinds[kind], key=lambda k: (-k[0], k[1]))
        weights = weigh(*pair)
        main, home = _sums(weights, scorer)
        bars = tuple(
            Bar(c.name, c.levels[code - 1], w[0] / BITS, w[1] / BITS)
            for c, code, w in zip(scorer.model.comparisons, codes, weights, strict=True)
            if w is not None
        )
        yield Example(kind, times, scorer.prior / BITS, scorer.household_prior / BITS, bars, score / BITS, home < main)


def _sums(weights: Weights, scorer: Scorer) -> tuple[int, int]:
    shown = [w for w in weights if w is not None]
    return scorer.prior + sum(w[0] for w in shown), scorer.household_prior + sum(w[1] for w in shown)


_JUST = 4 * BITS


def _kind(score: int, main: int, home: int, scorer: Scorer) -> str:
    automatic, suggested = (round(t * BITS) for t in (scorer.model.automatic, scorer.model.suggested))
    if score >= automatic:
        return "just joined" if score < automatic + _JUST else "joined"
    if min(main, home) >= automatic:
        return "held"
    if score >= suggested:
        return "asked"
    return "household" if main >= automatic else "apart"


def odds(bits: float) -> float:
    """The share of pairs that log2 odds stand for."""
    return 1 / (1 + math.exp2(-bits))

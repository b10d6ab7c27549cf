"""Training by Splink 5 on DuckDB, without labels: m from pairs that an identifier anchors, u from pairs of strangers.

Profiles that share an identifier of one person are taken for one (`anchors`). Splink counts our levels, written as SQL,
on the pairs inside (``estimate_m_from_pairwise_labels``), and on random pairs of one profile each
(``estimate_u_using_random_sampling``). That anchors share an identifier is why they are anchors: how often one person's
differ is counted on pairs that other identifiers anchor. Source of the scheme: Fellegi and Sunter 1969; Linacre et al.,
Splink, International Journal of Population Data Science 7(3), 2022.
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from cxcore.errors import InvalidInput, OperatorError
from cxcore.model.identifier import Scheme
from cxcore.resolve import anchors, reference, training
from cxcore.resolve.base import candidates
from cxcore.resolve.blocking import RECIPES
from cxcore.resolve.comparisons import Comparison, comparisons
from cxcore.resolve.exclusivity import Value
from cxcore.resolve.linkage import Pair
from cxcore.resolve.model import Model
from cxcore.resolve.payload import Payload

FEWEST = 20
"""Anchored pairs from which there is something to learn."""
_SAMPLE = 3_000_000

Probabilities = list[tuple[float, ...]]
"""Of each comparison, of each of its levels."""


def train(
    payloads: Sequence[Payload],
    *,
    traits: Sequence[str] = (),
    recipes: tuple[str, ...] | None = None,
    pairs: Sequence[Pair] | None = None,
    seed: int = 1,
    trained_on: str = "",
) -> Model:
    """Train a model on distinct payloads of a base, as `training.train`; the same ones give the same model.

    Raises:
        InvalidInput: there are too few to learn from, or too few share an identifier.
        OperatorError: Splink is not installed.
    """
    count = training.enough(payloads)
    recipes, compared = recipes or tuple(RECIPES), comparisons(traits)
    found = anchors.entities(payloads)
    inside = anchors.inside(found)
    if len(inside) < FEWEST:
        raise InvalidInput(
            f"Only {len(inside)} pairs of profiles share an identifier of one person; Splink learns from {FEWEST} or more.",
            hint="Train with `--engine own`, which needs no identifiers.",
        )
    splink = _Splink(payloads, traits)
    m = _of_one(splink, payloads, compared, inside)
    strangers = [anchors.representative(places, payloads) for places in found]
    frequencies = training.frequent([payloads[n] for n in strangers])
    u = _of_two(
        splink,
        payloads,
        compared=compared,
        found=found,
        strangers=strangers,
        frequencies=frequencies,
        seed=seed,
    )
    h = [training.HOUSEHOLD.get(c.name, u[n]) for n, c in enumerate(compared)]
    shown = sum(bool(p.identifiers) for p in payloads)
    same = len(inside) / math.comb(shown, 2)
    codes = (
        tuple(c.compare(payloads[a], payloads[b]) for c in compared) for a, b in pairs or candidates(payloads, recipes)
    )
    _, _, household = training.maximise(Counter(codes), m, u, h, count, known=same)
    return Model(
        attributes=training.attributes(compared, m, u, h),
        prior=round(math.log2(same / (1 - same)), 6),
        household_prior=training.household_prior(same, household),
        frequencies=frequencies,
        keys=recipes,
        traits=tuple(traits),
        trained_on=trained_on,
        population=count,
    )


def _of_one(
    splink: "_Splink", payloads: Sequence[Payload], compared: Sequence[Comparison], inside: Sequence[Pair]
) -> Probabilities:
    """m: of identifiers on pairs that others anchor, of all else on all anchored pairs."""
    labels = {
        c.name: inside if c.scheme is None else anchors.inside(anchors.entities(payloads, without={c.scheme}))
        for c in compared
    }
    learnt = splink.of_labels([c for c in compared if c.scheme is None], inside)
    for c in compared:
        if c.scheme is not None:
            learnt |= splink.of_labels([c], labels[c.name])
    m = []
    for c in compared:
        both = sum(c.compare(payloads[a], payloads[b]) > 0 for a, b in labels[c.name])
        m.append(_leaning(learnt[c.name], both, training.start(c.name), training.PSEUDO))
    return m


def _of_two(
    splink: "_Splink",
    payloads: Sequence[Payload],
    *,
    compared: Sequence[Comparison],
    found: Sequence[Sequence[int]],
    strangers: Sequence[int],
    frequencies: dict[str, dict[str, float]],
    seed: int,
) -> Probabilities:
    """u: of equal names and identifiers exactly, of all else on random pairs of one payload an entity."""
    learnt = splink.of_strangers(compared, strangers, seed)
    sampled = min(_SAMPLE, math.comb(len(strangers), 2))
    u = []
    for c in compared:
        levels = len(c.levels)
        share = sum(c.compare(payloads[n], payloads[n]) > 0 for n in strangers) / len(strangers)
        row = _leaning(learnt[c.name], sampled * share * share, (1 / levels,) * levels, levels / 2)
        if exact := frequencies.get(c.name):
            row = (sum(f * f for f in exact.values()), *row[1:])
        elif c.scheme is not None:
            row = (_shared(c.scheme, payloads, found), *row[1:])
        u.append(row)
    return u


def _shared(scheme: Scheme, payloads: Sequence[Payload], found: Sequence[Sequence[int]]) -> float:
    """The share of pairs of different entities that show a value in common, of those that show one of the same issuer."""
    values: Counter[Value] = Counter()
    issuers: Counter[str] = Counter()
    for places in found:
        shown = {v for n in places for v in payloads[n].shown(scheme)}
        values.update((scheme, *v) for v in shown)
        issuers.update({issuer for issuer, _ in shown})
    same, both = (sum(math.comb(n, 2) for n in counted.values()) for counted in (values, issuers))
    return (same + 0.5) / (both + 1)


def _leaning(row: Sequence[float], count: float, on: Sequence[float], weight: float) -> tuple[float, ...]:
    """The probabilities counted on so many pairs, leaning on others as on ``weight`` pairs."""
    return tuple((p * count + q * weight) / (sum(row) * count + weight) for p, q in zip(row, on, strict=True))


class _Splink:
    """Splink over a table of the payloads; what it learns is by the comparison's name, a level's probability by its
    code, 0 where it saw none."""

    def __init__(self, payloads: Sequence[Payload], traits: Sequence[str]) -> None:
        try:
            import duckdb
            from splink import DuckDBAPI
        except ImportError as exc:
            raise OperatorError("This engine needs Splink 5.", hint="pip install 'cxcore[train]'") from exc
        self._traits = tuple(traits)
        self._rows = [reference.plain(n, p, traits) for n, p in enumerate(payloads)]
        self._api = DuckDBAPI(duckdb.connect())
        self._table = self._api.register(self._rows)

    def of_labels(self, compared: Sequence[Comparison], pairs: Sequence[Pair]) -> dict[str, tuple[float, ...]]:
        """m on these pairs."""
        if not pairs:
            return {c.name: (0.0,) * len(c.levels) for c in compared}
        linker = self._linker(self._table, compared)
        labels = self._api.register([{"unique_id_l": a, "unique_id_r": b} for a, b in pairs])
        linker.training.estimate_m_from_pairwise_labels(labels)
        return _learnt(linker, compared, "m_probability")

    def of_strangers(
        self, compared: Sequence[Comparison], places: Sequence[int], seed: int
    ) -> dict[str, tuple[float, ...]]:
        """u on random pairs of the payloads at these places."""
        linker = self._linker(self._api.register([self._rows[n] for n in places]), compared)
        linker.training.estimate_u_using_random_sampling(
            max_pairs=_SAMPLE, seed=seed, min_count_per_level=None, num_chunks=1
        )
        return _learnt(linker, compared, "u_probability")

    def _linker(self, table: Any, compared: Sequence[Comparison]) -> Any:
        from splink import Linker

        return Linker(table, reference.untrained(compared, self._traits), log_level=None)


def _learnt(linker: Any, compared: Sequence[Comparison], which: str) -> dict[str, tuple[float, ...]]:
    written = linker.misc.save_model_to_json()["comparisons"]
    found = {}
    for c, one in zip(compared, written, strict=True):
        by_code = {level["label_for_charts"]: level.get(which) for level in one["comparison_levels"]}
        learnt = (by_code.get(str(n)) for n in range(1, len(c.levels) + 1))
        found[c.name] = tuple(p if isinstance(p, float) else 0.0 for p in learnt)
    return found

"""Training without labels: m, the priors and the household's share by expectation-maximisation on level codes. Pure.

Three kinds of pairs: one person's, one household's, strangers'. u is counted on random pairs, exactly for equal names;
h is fixed: what relatives share is much the same everywhere. Without the household a landline and an address shared by
a family would teach the model that one person often bears two first names. Sources: Fellegi and Sunter 1969; Winkler,
Using the EM Algorithm for Weight Computation in the Fellegi-Sunter Model, 1988.
"""

import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence

from cxcore.errors import InvalidInput
from cxcore.resolve.base import candidates
from cxcore.resolve.blocking import RECIPES
from cxcore.resolve.comparisons import Comparison, comparisons
from cxcore.resolve.linkage import Pair
from cxcore.resolve.model import Attribute, Model
from cxcore.resolve.payload import Payload

LEAST = 200
PSEUDO = 20.0
"""Pairs that the start of m counts as."""
_SAMPLE, _ROUNDS = 300_000, 15
_HOUSEHOLD_MARGIN = 4.0
"""Bits of doubt against a household: its members seldom meet in candidates, so their share is counted too low."""

START: dict[str, tuple[float, ...]] = {
    "given": (0.80, 0.06, 0.02, 0.01, 0.05, 0.02, 0.04),
    "family": (0.82, 0.01, 0.06, 0.02, 0.01, 0.08),
    "birth_date": (0.90, 0.04, 0.02, 0.01, 0.01, 0.02),
    "address": (0.60, 0.08, 0.02, 0.10, 0.05, 0.03, 0.12),
    "email": (0.60, 0.05, 0.04, 0.04, 0.27),
    "phone": (0.60, 0.03, 0.37),
    "handle": (0.70, 0.05, 0.25),
    "loyalty": (0.95, 0.03, 0.02),
    "account": (0.90, 0.05, 0.05),
}
"""Where m begins, and what it leans on where data says little (as ``PSEUDO`` pairs)."""
_TRAIT_START = (0.80, 0.08, 0.12)
HOUSEHOLD: dict[str, tuple[float, ...]] = {
    "given": (0.010, 0.004, 0.060, 0.0015, 0.012, 0.012, 0.90),
    "family": (0.84, 0.0015, 0.06, 0.03, 0.01, 0.06),
    "birth_date": (0.004, 0.003, 0.02, 0.004, 0.024, 0.945),
    "address": (0.32, 0.06, 0.01, 0.54, 0.02, 0.01, 0.04),
    "email": (0.10, 0.002, 0.02, 0.03, 0.848),
    "phone": (0.30, 0.01, 0.69),
    "handle": (0.005, 0.01, 0.985),
    "loyalty": (0.005, 0.01, 0.985),
    "account": (0.005, 0.01, 0.985),
}
"""What two of one household share: our estimates, not measured; the address they share by definition."""
_SWAPPED = {"given": 3, "family": 1}
"""The place of the level ``swapped``."""
_LIVING_TOGETHER = frozenset({0, 1, 3})
"""Same address, similar street, same postcode."""


def train(
    payloads: Sequence[Payload],
    *,
    traits: Sequence[str] = (),
    recipes: tuple[str, ...] | None = None,
    pairs: Sequence[Pair] | None = None,
    seed: int = 1,
    trained_on: str = "",
) -> Model:
    """Train a model on distinct payloads of a base.

    Raises:
        InvalidInput: there are too few to learn from.
    """
    count = enough(payloads)
    recipes = recipes or tuple(RECIPES)
    compared = comparisons(traits)
    if pairs is None:
        pairs = candidates(payloads, recipes)
    patterns = Counter(tuple(c.compare(payloads[a], payloads[b]) for c in compared) for a, b in pairs)
    frequencies = frequent(payloads)
    u = _strangers(payloads, compared, frequencies, seed)
    h = [HOUSEHOLD.get(c.name, u[n]) for n, c in enumerate(compared)]
    m, same, household = maximise(patterns, [start(c.name) for c in compared], u, h, count)
    return Model(
        attributes=attributes(compared, m, u, h),
        prior=round(math.log2(same / (1 - same)), 6),
        household_prior=household_prior(same, household),
        frequencies=frequencies,
        keys=recipes,
        traits=tuple(traits),
        trained_on=trained_on,
        population=count,
    )


def enough(payloads: Sequence[Payload]) -> int:
    """How many payloads there are.

    Raises:
        InvalidInput: they are too few to learn from.
    """
    if len(payloads) < LEAST:
        raise InvalidInput(
            f"{len(payloads)} different profiles are too few to learn from; {LEAST} are the least.",
            hint="Use the model that ships with cxcore.",
        )
    return len(payloads)


def attributes(
    compared: Sequence[Comparison],
    m: Sequence[Sequence[float]],
    u: Sequence[Sequence[float]],
    h: Sequence[Sequence[float]],
) -> dict[str, Attribute]:
    """A model's attributes of what was learnt: u raised where a level cannot mean more, h as the score uses it."""
    bounded = [_bounded(c.name, m[n], u[n]) for n, c in enumerate(compared)]
    return {
        c.name: Attribute(
            tuple(round(p, 9) for p in m[n]),
            tuple(round(p, 12) for p in bounded[n]),
            _relative(c.name, m[n], h[n], bounded[n]),
        )
        for n, c in enumerate(compared)
    }


def household_prior(same: float, household: float) -> float:
    """From the shares of all pairs that are one person's and one household's."""
    return round(math.log2(same / household) - _HOUSEHOLD_MARGIN, 6)


def start(name: str) -> tuple[float, ...]:
    """Where m of a comparison begins."""
    return START.get(name, _TRAIT_START)


def _relative(name: str, m: Sequence[float], h: Sequence[float], u: Sequence[float]) -> tuple[float, ...]:
    """The household's probabilities as the score uses them.

    An address speaks neither way within a household, and hardly against it. Loyalty and account numbers, handles and
    traits are one's own: they weigh the same against a relative as against a stranger.
    """
    if name == "address":
        return tuple(min(1.0, p if n in _LIVING_TOGETHER else p * 2) for n, p in enumerate(m))
    if name in {"given", "family", "birth_date"}:
        swapped = _SWAPPED.get(name)
        return tuple(m[n] / (m[0] / h[0]) if n == swapped else p for n, p in enumerate(h))
    if name == "email":
        return (h[0], m[1] / 8, m[2], m[3], min(1.0, m[4] * 4))
    if name == "phone":
        return (h[0], m[1], min(1.0, m[2] * 2))
    return tuple(u)


def _bounded(name: str, m: Sequence[float], u: Sequence[float]) -> tuple[float, ...]:
    """u, raised where a level would weigh more than it can mean.

    A name the other way round is no rarer than the name. An address that is made of the same name as another's says
    hardly more than the name: at most a bit.
    """
    best = m[0] / u[0]
    least = {n: m[n] / best for n in (_SWAPPED.get(name),) if n is not None}
    if name == "email":
        least = {2: m[2] / 2, 3: m[3] / 2}
    return tuple(round(min(1.0, max(p, least.get(n, 0.0))), 12) for n, p in enumerate(u))


def frequent(payloads: Sequence[Payload]) -> dict[str, dict[str, float]]:
    """How frequent names and cities are."""
    return {
        "given": _shares(p.given for p in payloads),
        "family": _shares(p.family for p in payloads),
        "city": _shares(p.city for p in payloads),
    }


def _shares(values: Iterable[str]) -> dict[str, float]:
    counted = Counter(v for v in values if v)
    total = sum(counted.values())
    return {v: round(n / total, 9) for v, n in sorted(counted.items())}


def _strangers(
    payloads: Sequence[Payload], compared: Sequence[Comparison], frequencies: dict[str, dict[str, float]], seed: int
) -> list[tuple[float, ...]]:
    rng = random.Random(seed)  # noqa: S311 - a sample, the same each time
    counts = [[0.0] * (len(c.levels) + 1) for c in compared]
    for _ in range(_SAMPLE):
        a, b = rng.randrange(len(payloads)), rng.randrange(len(payloads))
        if a != b:
            for n, c in enumerate(compared):
                counts[n][c.compare(payloads[a], payloads[b])] += 1
    u = []
    for c, counted in zip(compared, counts, strict=True):
        row = [(x + 0.5) / (sum(counted[1:]) + 0.5 * len(counted[1:])) for x in counted[1:]]
        if exact := frequencies.get(c.name, {}):
            row[0] = sum(f * f for f in exact.values())
        u.append(tuple(row))
    return u


def maximise(
    patterns: Counter[tuple[int, ...]],
    first: Sequence[Sequence[float]],
    u: Sequence[Sequence[float]],
    h: Sequence[Sequence[float]],
    count: int,
    *,
    known: float | None = None,
) -> tuple[list[list[float]], float, float]:
    """m, and the shares of all pairs that are one person's and one household's, of how many candidate pairs have each
    pattern of codes. ``first``: where m begins. ``known``: the share of one person's pairs, where it is known; then m is
    ``first``, and only the household's share is found."""
    everything = count * (count - 1) / 2
    m = [list(row) for row in first]
    same, household = known or count * 0.5 / everything, count * 0.3 / everything
    for _ in range(_ROUNDS):
        found = [[0.0] * len(row) for row in m]
        persons = homes = 0.0
        for pattern, times in patterns.items():
            person, home = same, household
            for n, code in enumerate(pattern):
                if code:
                    person *= m[n][code - 1] / u[n][code - 1]
                    home *= h[n][code - 1] / u[n][code - 1]
            whole = 1 - same - household + person + home
            share = person / whole * times
            persons += share
            homes += home / whole * times
            for n, code in enumerate(pattern):
                if code:
                    found[n][code - 1] += share
        household = min(max(homes, 1e-3 * count) / everything, 0.1)
        if known is not None:
            continue
        same = min(persons / everything, 0.1)
        for n, row in enumerate(found):
            total = sum(row) + PSEUDO
            m[n] = [(x + PSEUDO * s) / total for x, s in zip(row, first[n], strict=True)]
    return m, same, household

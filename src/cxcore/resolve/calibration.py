"""Calibration: a model's prior fitted to the size of the base that it is used on. Pure.

The prior is the log2 odds that two profiles drawn at random are one person. Pairs of one person grow as the base does,
all pairs as its square, so with equally many profiles per person the prior falls by one bit whenever the base doubles.
"""

import math
from dataclasses import replace

from cxcore.errors import InvalidInput
from cxcore.resolve.model import Model

TWICE = 2
"""A base this many times larger or smaller than what a model was made for no longer fits it: its prior is a bit off."""
LEAST = 200
"""A smaller base says little of how many profiles a person has: it counts as one of so many, as training has it."""
_SHIPPED = {"89e894361a4c": 18_263}
"""Models that shipped before models said what they were made for."""


def known(version: str, population: int) -> int:
    """Of how many different profiles a model's prior speaks, by its version and what it says itself; 0 where nobody
    knows."""
    return population or _SHIPPED.get(version, 0)


def fits(model: Model, population: int) -> bool:
    """Whether the prior is less than a bit off for a base of so many different profiles; a model that does not say what
    it was made for fits none.
    """
    made_for = known(model.version, model.population)
    return made_for > 0 and 1 / TWICE < max(population, LEAST) / made_for < TWICE


def outgrown(model: Model, population: int) -> bool:
    """Whether a base of so many different profiles is at least twice what the model was made for."""
    made_for = known(model.version, model.population)
    return made_for > 0 and population >= TWICE * made_for


def calibrated(model: Model, population: int) -> Model:
    """The model for a base of so many different profiles: another prior, and so another version.

    The household's prior stays: pairs of one person and pairs of one household both grow as the base does, so their
    ratio does not change. Levels and frequencies are shares, and stay too.

    Raises:
        InvalidInput: the model does not say what it was made for.
    """
    made_for = known(model.version, model.population)
    if not made_for:
        raise InvalidInput(
            f"The model {model.version} does not say for how many different profiles it was made.",
            hint="Train one with `cxcore identity train`, or use the one that ships.",
        )
    size = max(population, LEAST)
    return replace(model, prior=round(model.prior - math.log2(size / made_for), 6), population=size)


def fitted(model: Model, population: int) -> Model:
    """The model itself where it fits a base of so many different profiles, else calibrated to it."""
    return model if fits(model, population) else calibrated(model, population)

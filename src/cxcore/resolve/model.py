"""The model: what each level of each comparison weighs. An immutable artefact, named by the hash of its content. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files

from cxcore.errors import InvalidInput
from cxcore.resolve.comparisons import Comparison, comparisons

FORMAT = 1
BITS = 1_000_000
"""Weights are whole millionths of a bit: sums are then exact, whatever the order."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """Probabilities of each level (from code 1): in pairs of one person (m), of strangers (u), of a household (h)."""

    m: tuple[float, ...]
    u: tuple[float, ...]
    h: tuple[float, ...]


@dataclass(frozen=True)
class Model:
    """``prior``: log2 odds that two profiles drawn at random are one person. ``household_prior``: log2 odds that two of
    one person or household are one person. ``frequencies``: of names and cities among people. ``keys``: which blocking
    keys are made. ``automatic``: the score, in bits, from which profiles are joined; ``suggested``: from which a person
    is asked. ``population``: of how many different profiles the prior speaks; 0 where nobody has said, as in artefacts
    of before. Source of the scheme: Fellegi and Sunter, A Theory for Record Linkage, JASA 1969.
    """

    attributes: Mapping[str, Attribute]
    prior: float
    household_prior: float
    frequencies: Mapping[str, Mapping[str, float]]
    keys: tuple[str, ...]
    traits: tuple[str, ...] = ()
    automatic: float = -3.4
    suggested: float = -6.0
    trained_on: str = field(default="")
    population: int = 0

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        return comparisons(self.traits)

    @cached_property
    def version(self) -> str:
        """Twelve hex digits of the content's hash."""
        return hashlib.sha256(dump(self).encode()).hexdigest()[:12]


def dump(model: Model) -> str:
    """The artefact as canonical JSON: equal models are equal texts. A population nobody has said is left out, so that
    models stored before there was one keep their versions."""
    return json.dumps(
        {
            "format": FORMAT,
            "attributes": {n: {"m": a.m, "u": a.u, "h": a.h} for n, a in model.attributes.items()},
            "prior": model.prior,
            "household_prior": model.household_prior,
            "frequencies": {n: dict(f) for n, f in model.frequencies.items()},
            "keys": model.keys,
            "traits": model.traits,
            "automatic": model.automatic,
            "suggested": model.suggested,
            "trained_on": model.trained_on,
            **({"population": model.population} if model.population else {}),
        },
        sort_keys=True,
        indent=1,
    )


def parse(text: str) -> Model:
    """The model that ``dump`` wrote.

    Raises:
        InvalidInput: it is not one, or was made for other comparisons.
    """
    try:
        raw = json.loads(text)
        if raw["format"] != FORMAT:
            raise InvalidInput(f"The model has format {raw['format']}; this cxcore reads {FORMAT}.")
        model = Model(
            attributes={
                n: Attribute(*(tuple(float(p) for p in a[part]) for part in ("m", "u", "h")))
                for n, a in raw["attributes"].items()
            },
            prior=float(raw["prior"]),
            household_prior=float(raw["household_prior"]),
            frequencies={n: {v: float(f) for v, f in fs.items()} for n, fs in raw["frequencies"].items()},
            keys=tuple(raw["keys"]),
            traits=tuple(raw["traits"]),
            automatic=float(raw["automatic"]),
            suggested=float(raw["suggested"]),
            trained_on=str(raw["trained_on"]),
            population=max(0, int(raw.get("population", 0))),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise InvalidInput("This is not a model of cxcore's.", hint="Make one with `cxcore identity train`.") from exc
    for c in model.comparisons:
        attribute = model.attributes.get(c.name)
        parts = (attribute.m, attribute.u, attribute.h) if attribute is not None else ((),)
        if any(len(part) != len(c.levels) or not all(0 < p <= 1 for p in part) for part in parts):
            raise InvalidInput(f"The model says nothing useful of {c.name}: it was made for other comparisons.")
    return model


@lru_cache(maxsize=1)
def default() -> Model:
    """The model that ships with cxcore, trained on customer data; nothing needs training to start."""
    return parse(files("cxcore.resolve").joinpath("models/default.json").read_text("utf-8"))

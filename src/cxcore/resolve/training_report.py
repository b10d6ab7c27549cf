"""The report of a training as one HTML page that stands alone: no script, no address, no value of anybody. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cxcore.resolve.model import Model
from cxcore.resolve.training_figures import Example, Figures, Threshold, odds

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
KINDS = {
    "joined": ("Joined", "The commonest pattern well above the threshold."),
    "just joined": ("Just joined", "The commonest pattern within 4 bits above the threshold."),
    "asked": ("For review", "The commonest pattern that a person is asked about."),
    "household": ("Kept apart by the household", "Enough against strangers, too little against two of one household."),
    "held": ("Held back", "Enough bits, but nothing of one's own: a name alone, or what a family shares."),
    "apart": ("Apart", "The commonest pattern of all that is not asked about."),
}
_PERCENT, _NOUGHT = 0.01, 0.05
_WIDEST = 16.0
"""Bits at which a bar of the weights ends; what is beyond is cut, and its number says how much."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level's line: probabilities, bits, and the share of the candidate pairs that can be compared and are here."""

    name: str
    m: float
    u: float
    h: float
    main: float
    home: float
    pairs: int
    share: float


@dataclass(frozen=True, slots=True)
class Span:
    """A bar as shares of the width, in percent, and whether it speaks for one person."""

    left: float
    width: float
    speaks: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A curve over the thresholds: points in percent, the ends of its scale, and the value at the model's threshold."""

    title: str
    points: str
    dots: tuple[tuple[float, float, str], ...]
    scale: str
    own: str
    kind: str


def page(figures: Figures, model: Model, *, made: str) -> str:
    """The report. ``made``: when, in words."""
    attributes = [
        (_words(c.name), sum(figures.levels[n].values()) > figures.levels[n][0], _levels(figures, model, n))
        for n, c in enumerate(model.comparisons)
    ]
    own = next(t for t in figures.thresholds if t.bits == model.automatic)
    return _environment.get_template("training_report.html").render(
        f=figures,
        model=model,
        made=made,
        own=own,
        attributes=attributes,
        unseen=[title for title, seen, _ in attributes if not seen],
        bar=_bar,
        scores=_scores(figures, model),
        panels=_panels(figures.thresholds, model),
        place=_place(figures.thresholds, model.automatic),
        low=_place(figures.thresholds, model.suggested),
        examples=[(*KINDS[e.kind], e, *_waterfall(e)) for e in figures.examples],
        rare=[_one_in(model.prior), f"{odds(model.household_prior):.1%}"],
        retired=sorted((r for r in figures.recipes if r.retired), key=lambda r: -r.retired),
        bits=_bits,
        count="{:,}".format,
        chance=_chance,
    )


def _words(attribute: str) -> str:
    return attribute.removeprefix("trait:").replace("_", " ")


def _levels(figures: Figures, model: Model, number: int) -> list[Level]:
    comparison = model.comparisons[number]
    a, counted = model.attributes[comparison.name], figures.levels[number]
    compared = sum(counted.values()) - counted[0]
    return [
        Level(name, m, u, h, math.log2(m / u), math.log2(m / h), counted[n], counted[n] / compared if compared else 0.0)
        for n, (name, m, u, h) in enumerate(zip(comparison.levels, a.m, a.u, a.h, strict=True), 1)
    ]


def _bar(bits: float) -> Span:
    share = min(abs(bits), _WIDEST) / _WIDEST * 50
    return Span(50.0 if bits >= 0 else 50.0 - share, share, bits >= 0)


def _waterfall(example: Example) -> tuple[list[tuple[str, str, float, Span, str]], float]:
    """Lines from the prior to the sum (attribute, level, bits, bar, kind), and where nought is, in percent."""
    at = example.home_prior if example.household else example.prior
    steps = [("prior", "two of one household" if example.household else "two strangers", at, 0.0, at, "prior")]
    for bar in example.bars:
        bits = bar.home if example.household else bar.main
        steps.append((_words(bar.attribute), bar.level, bits, at, at + bits, "step"))
        at += bits
    steps.append(("sum", "", at, 0.0, at, "sum"))
    if abs(example.score - at) > 0.01:  # noqa: PLR2004 - of a bit: a rule held it
        steps.append(("held at", "nothing of one's own", example.score, 0.0, example.score, "sum"))
    ends = [end for step in steps for end in step[3:5]]
    low, high = min(ends), max(ends)
    scale = 100 / ((high - low) or 1.0)
    lines = [
        (name, level, bits, Span((min(a, b) - low) * scale, abs(b - a) * scale, b >= a), kind)
        for name, level, bits, a, b, kind in steps
    ]
    return lines, -low * scale


def _scores(figures: Figures, model: Model) -> list[tuple[int, int, float, str]]:
    """A bar for each whole bit: from which bit, how many pairs, its height in percent by the logarithm, and its zone."""
    if not figures.scores:
        return []
    most = math.log10(1 + max(figures.scores.values()))
    least, last = max(min(figures.scores), -40), min(max(figures.scores), 40)
    held = dict.fromkeys(range(least, last + 1), 0)
    for bit, count in figures.scores.items():
        held[min(max(bit, least), last)] += count
    return [
        (bit, n, math.log10(1 + n) / most * 100 if n else 0.0, _zone(bit, model)) for bit, n in sorted(held.items())
    ]


def _zone(bit: int, model: Model) -> str:
    middle = bit + 0.5
    return "joined" if middle >= model.automatic else "asked" if middle >= model.suggested else "apart"


def _place(thresholds: Sequence[Threshold], bits: float) -> float:
    low, high = thresholds[0].bits, thresholds[-1].bits
    return (min(max(bits, low), high) - low) / ((high - low) or 1.0) * 100


def _panels(thresholds: Sequence[Threshold], model: Model) -> list[Line]:
    panels = [
        _line("Joins", "joined", thresholds, model, [t.joins for t in thresholds]),
        _line("Pairs for review", "asked", thresholds, model, [t.reviews for t in thresholds]),
        _line("Customers", "customers", thresholds, model, [t.customers for t in thresholds]),
    ]
    qualities = [t.quality for t in thresholds if t.quality is not None]
    if len(qualities) == len(thresholds):
        least = min(min(q.precision, q.recall) for q in qualities)
        floor = math.floor(least * 10) / 10 if least < 1 else 0.0
        for title, kind, values in (
            ("Precision of pairs", "joined", [q.precision for q in qualities]),
            ("Recall of pairs", "asked", [q.recall for q in qualities]),
        ):
            panels.append(_line(title, kind, thresholds, model, values, low=floor, high=1.0))
    return panels


def _line(  # noqa: PLR0917 - title, kind, points, scale
    title: str,
    kind: str,
    thresholds: Sequence[Threshold],
    model: Model,
    values: Sequence[float],
    low: float = 0.0,
    high: float | None = None,
) -> Line:
    shares = high is not None
    high = float(max(values, default=0) or 1) if high is None else high

    def show(value: float) -> str:
        return f"{value:.1%}" if shares else f"{value:,.0f}"

    dots = tuple(
        (
            round(_place(thresholds, t.bits), 2),
            round(100 - (v - low) / ((high - low) or 1.0) * 100, 2),
            f"{t.bits:+.1f} bits: {show(v)}",
        )
        for t, v in zip(thresholds, values, strict=True)
    )
    own = next(show(v) for t, v in zip(thresholds, values, strict=True) if t.bits == model.automatic)
    return Line(title, " ".join(f"{x},{y}" for x, y, _ in dots), dots, f"{show(low)} to {show(high)}", own, kind)


def _one_in(bits: float) -> str:
    return f"1 in {1 / odds(bits):,.0f}"


def _chance(value: float) -> str:
    """A probability as it is read best."""
    if value >= _PERCENT / 10:
        return f"{value:.1%}" if value >= 10 * _PERCENT else f"{value:.2%}"
    return f"1 in {1 / value:,.0f}"


def _bits(value: float) -> str:
    return "0" if abs(value) < _NOUGHT else f"{value:+.1f}".replace("-", "\N{MINUS SIGN}")

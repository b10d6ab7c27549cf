"""Survivorship: which of several values is shown, and why. Pure, computed at each read from the profiles as they are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cxcore.resolve.linked import LinkedProfile


@dataclass(frozen=True, slots=True)
class Chosen:
    """A value, the rule that chose it, where and when it was seen, and what it was chosen over."""

    value: str
    rule: str
    source: str
    observed_at: datetime
    others: tuple[str, ...]


def display_name(profiles: Sequence[LinkedProfile]) -> Chosen | None:
    """The name most profiles show; of equals the fullest, then the newest, then by content. None without any name."""
    return _most_frequent([(p.name, p) for p in profiles if p.name])


def language(profiles: Sequence[LinkedProfile]) -> Chosen | None:
    """The language most profiles state."""
    return _most_frequent([(p.language, p) for p in profiles if p.language])


def address(profiles: Sequence[LinkedProfile]) -> Chosen | None:
    """The address seen last."""
    return _newest([(p.address, p) for p in profiles if p.address])


def birth_date(profiles: Sequence[LinkedProfile]) -> Chosen | None:
    """The date of birth most profiles state."""
    return _most_frequent([(p.birth_date.isoformat(), p) for p in profiles if p.birth_date])


def _most_frequent(values: Sequence[tuple[str, LinkedProfile]]) -> Chosen | None:
    if not values:
        return None
    counted = Counter(value for value, _ in values)
    best, profile = max(
        values, key=lambda v: (counted[v[0]], _accents(v[0]), len(v[0].split()), v[1].observed_at, v[0])
    )
    return _chosen(best, profile, "most frequent", counted)


def _newest(values: Sequence[tuple[str, LinkedProfile]]) -> Chosen | None:
    if not values:
        return None
    best, profile = max(values, key=lambda v: (v[1].observed_at, v[0]))
    return _chosen(best, profile, "newest", Counter(value for value, _ in values))


def _chosen(value: str, profile: LinkedProfile, rule: str, counted: Counter[str]) -> Chosen:
    others = tuple(other for other, _ in counted.most_common() if other != value)
    return Chosen(value, rule, profile.source, profile.observed_at, others)


def _accents(text: str) -> int:
    """Someone who takes the trouble to write ä meant it."""
    return sum(not c.isascii() for c in text)

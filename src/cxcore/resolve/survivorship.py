"""Survivorship: which of several values is shown, and why. Pure, computed at each read from the profiles as they are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cxcore.normalise.names import name_key
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
    """The name that most profiles show, however written, in its best writing. None without any name.

    Of equally frequent names the fullest; of writings the one with small letters, given name first, and its accents.
    """
    named = [(p.name, p) for p in profiles if p.name]
    if not named:
        return None
    keys = Counter(name_key(name) for name, _ in named)
    best = max(keys, key=lambda key: (keys[key], len(key.split()), key))
    writings = Counter(name for name, _ in named if name_key(name) == best)
    value, profile = max(
        ((name, p) for name, p in named if name in writings),
        key=lambda v: (_well_written(v[0]), _accents(v[0]), writings[v[0]], v[1].observed_at, v[0]),
    )
    return _chosen(value, profile, "most frequent, best written", Counter(name for name, _ in named))


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
    best, profile = max(values, key=lambda v: (counted[v[0]], v[1].observed_at, v[0]))
    return _chosen(best, profile, "most frequent", counted)


def _newest(values: Sequence[tuple[str, LinkedProfile]]) -> Chosen | None:
    if not values:
        return None
    best, profile = max(values, key=lambda v: (v[1].observed_at, v[0]))
    return _chosen(best, profile, "newest", Counter(value for value, _ in values))


def _chosen(value: str, profile: LinkedProfile, rule: str, counted: Counter[str]) -> Chosen:
    others = tuple(other for other, _ in counted.most_common() if other != value)
    return Chosen(value, rule, profile.source, profile.observed_at, others)


def _well_written(name: str) -> bool:
    return "," not in name and not name.isupper() and not name.islower()


def _accents(text: str) -> int:
    """Someone who takes the trouble to write ä meant it."""
    return sum(not c.isascii() for c in text)


def other_names(chosen: Chosen) -> tuple[str, ...]:
    """The names that are not just other writings of the chosen one, one writing each."""
    seen = {name_key(chosen.value)}
    result = []
    for name in chosen.others:
        if name_key(name) not in seen:
            seen.add(name_key(name))
            result.append(name)
    return tuple(result)

"""Writings: of several ways to write names, the one that a person would show. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from cxcore.normalise.names import name_key


def most_frequent(names: Sequence[str]) -> set[str]:
    """The writings of the name that is stated most often, however written; of equally frequent names the fullest."""
    key_of = {name: name_key(name) for name in names}
    counted = Counter(key_of[name] for name in names)
    best = max(counted, key=lambda key: (counted[key], len(key.split()), key))
    return {name for name, key in key_of.items() if key == best}


def best(stated: Sequence[tuple[str, datetime]]) -> str:
    """The best of a name's writings, each with the time it was seen: with small letters, given name first, and its
    accents; of equally good ones the most frequent, then the newest."""
    counted = Counter(name for name, _ in stated)
    return max(stated, key=lambda v: (_care(v[0]), counted[v[0]], v[1], v[0]))[0]


def others(shown: str, names: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    """The names that are not just other writings of the one shown, each in its best writing, in the order given; each
    comes with how often it is stated."""
    found: dict[str, tuple[str, int]] = {}
    for name, count in names:
        key = name_key(name)
        if key not in found or _rank(name, count) > _rank(*found[key]):
            found[key] = (name, count)
    return tuple(name for key, (name, _) in found.items() if key != name_key(shown))


def _rank(name: str, count: int) -> tuple[tuple[bool, int], int, str]:
    return _care(name), count, name


def _care(name: str) -> tuple[bool, int]:
    """How well a name is written; someone who takes the trouble to write ä meant it."""
    return "," not in name and not name.isupper() and not name.islower(), sum(not c.isascii() for c in name)

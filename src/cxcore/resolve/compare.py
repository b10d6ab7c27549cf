"""Comparing names: whether what several profiles write can be one person's name. Pure."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

_LONG = 7
"""Words this long are held to be the same with one letter wrong; in shorter ones that is often another name."""
_LEAST_SWAPPED = 4


def one_name(name_keys: Iterable[str]) -> bool:
    """Whether comparable names can all belong to one person: each is the fullest of them, or part of it."""
    names = sorted({tuple(key.split()) for key in name_keys if key}, key=lambda words: (-len(words), words))
    return all(part_of(words, names[0]) for words in names[1:])


def part_of(words: tuple[str, ...], fuller: tuple[str, ...]) -> bool:
    """Whether each word stands in the fuller name, each of whose words counts once."""
    left = list(fuller)
    for word in words:
        match = next((w for w in left if w == word), None) or next((w for w in left if same_word(word, w)), None)
        if match is None:
            return False
        left.remove(match)
    return True


@lru_cache(maxsize=100_000)
def same_word(a: str, b: str) -> bool:
    """Whether two words are one, written with a letter doubled, two swapped, or, in long ones, one wrong.

    Marja and Maria, Anna and Anni stay two: a wrong letter in a short name is usually another name.
    """
    if a == b or _undoubled(a) == _undoubled(b):
        return True
    if len(a) == len(b):
        wrong = [i for i in range(len(a)) if a[i] != b[i]]
        if len(wrong) == 2 and len(a) >= _LEAST_SWAPPED:  # noqa: PLR2004 - two letters in each other's place
            first, second = wrong
            return second == first + 1 and a[first] == b[second] and a[second] == b[first]
        return len(wrong) == 1 and len(a) >= _LONG
    short, long = sorted((a, b), key=len)
    if len(long) - len(short) != 1 or len(short) < _LONG:
        return False
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _undoubled(word: str) -> str:
    return "".join(letter for letter, _ in groupby(word))

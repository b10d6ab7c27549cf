"""Which way round a name is written: hotels and mailboxes of the north put the family name first, often without a comma.

The words are facts gathered from the providers of names of Faker 40.54 (MIT licence, github.com/joke2k/faker) in 41
languages and countries with Latin letters, folded to ASCII. A word known as both is filed where it is three times as
often, or left out.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

_ENDINGS = ("nen", "sson", "qvist", "strom", "blom")
"""Only family names end so, in Finnish and Swedish."""
_LEAST = 6
_PAIR = 2


@lru_cache(maxsize=1)
def _known() -> tuple[frozenset[str], frozenset[str]]:
    folder = files("cxcore.normalise").joinpath("words")
    given, family = (folder.joinpath(f"{kind}_names.txt").read_text("ascii").split() for kind in ("given", "family"))
    return frozenset(given), frozenset(family)


@lru_cache(maxsize=100_000)
def kind(word: str) -> int:
    """1 for a given name, -1 for a family name, 0 where it can be either or nobody knows. The word is folded."""
    given, family = _known()
    if word in given:
        return 1
    return -int(word in family or (len(word) >= _LEAST and word.endswith(_ENDINGS)))


def leading_family(words: Sequence[str]) -> int:
    """How many words at the beginning are the family name; 0 where the given name comes first, or may.

    Only a name whose last word is more of a given name than its first is taken for one written family name first.
    """
    if len(words) < _PAIR or kind(words[-1]) <= kind(words[0]):
        return 0
    return next((n for n, w in enumerate(words) if n and kind(w) > 0), len(words) - 1)

"""Names made comparable: the same whatever case, order, accents or punctuation they are written with."""

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l"})
_WORD = re.compile(r"[^\W_]+")
_PLACEHOLDERS = frozenset(
    [
        "anonymous",
        "unknown",
        "none",
        "null",
        "na",
        "test",
        "testi",
        "tuntematon",
        "nimeton",
        "okand",
        "anonym",
        "asiakas",
        "guest",
        "vieras",
        "customer",
    ]
)


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Lower case without accents: Mäkinen, MAKINEN and its decomposed form are all ``makinen``."""
    text = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return text if text.isascii() else "".join(c for c in text if not unicodedata.combining(c))


@lru_cache(maxsize=100_000)
def words(name: str) -> tuple[str, ...]:
    """The folded words of a name in their order, an apostrophe joining what it stands between."""
    return tuple(_WORD.findall(fold(name.replace("'", "").replace("\u2019", ""))))


@lru_cache(maxsize=100_000)
def name_key(name: str) -> str:
    """The name made comparable: folded words, sorted, so that word order does not count; empty for placeholders."""
    found = words(name)
    if not found or all(word in _PLACEHOLDERS or word.isdigit() for word in found):
        return ""
    return " ".join(sorted(found))

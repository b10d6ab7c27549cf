"""Names made comparable: the same whatever case, order, accents or punctuation they are written with."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l"})
_WORD = re.compile(r"[^\W_]+")
PLACEHOLDERS = frozenset(
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
    """Lower-case ASCII: Mäkinen, MAKINEN and its decomposed form are all ``makinen``, Иванов is ``ivanov``.

    Letters that have no accents to lose are transliterated by anyascii. Bytes and letters are then one: DuckDB compares bytes
    where RapidFuzz compares letters, and on ASCII they agree.
    """
    text = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    if text.isascii():
        return text
    text = "".join(c for c in text if not unicodedata.combining(c))
    return text if text.isascii() else "".join(anyascii(c).casefold() if c.isalnum() else c for c in text)


@lru_cache(maxsize=100_000)
def words(name: str) -> tuple[str, ...]:
    """The folded words of a name in their order, an apostrophe joining what it stands between."""
    return tuple(_WORD.findall(fold(name.replace("'", "").replace("\u2019", ""))))


@lru_cache(maxsize=100_000)
def name_key(name: str) -> str:
    """The name made comparable: folded words, sorted, so that word order does not count; empty for placeholders."""
    found = words(name)
    if not found or all(word in PLACEHOLDERS or word.isdigit() for word in found):
        return ""
    return " ".join(sorted(found))

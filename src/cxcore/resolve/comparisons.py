"""Comparisons: how alike two payloads are, attribute by attribute, as level codes. Pure, and symmetric.

A code is 0 where either shows nothing, else the place of the first level that holds, from 1. All texts are ASCII, so
the same levels written in SQL agree byte for byte (`resolve.reference`). Thresholds stand off the lattice of possible
similarities (0.919999, not 0.92): there two libraries differ by the last bit.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from cxcore.model.identifier import Scheme
from cxcore.normalise.nicknames import akin
from cxcore.resolve.payload import Payload

SIMILAR, SOMEWHAT, MAIL_SIMILAR, CITY_SIMILAR = 0.919999, 0.799999, 0.949999, 0.849999
"""Jaro-Winkler similarities at and above which texts count as written alike."""
_DATE = 8
_LEAST_TRAIT = 4
_NO_LETTERS = re.compile("[a-z]")
_SLIP, _A_SLIP = 2, 2
"""So many letters are a slip of the pen in an address; the code of that level."""
DEVICES = frozenset(["browser"])
"""Issuers of handles that are a device's: everybody has several, so that two differ says nothing."""
_MONTH, _YEAR = 40, 400

Compare = Callable[[Payload, Payload], int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """An attribute: the names of its levels in the order of their codes, best first.

    ``unites``: of several values the best counts, not the mean; so it is with identifiers. ``scheme``: of an identifier.
    """

    name: str
    levels: tuple[str, ...]
    compare: Compare
    scheme: Scheme | None = None

    @property
    def unites(self) -> bool:
        return self.scheme is not None


@lru_cache(maxsize=500_000)
def _jaro(a: str, b: str) -> float:
    return JaroWinkler.similarity(a, b)


@lru_cache(maxsize=500_000)
def _edits(a: str, b: str) -> int:
    return DamerauLevenshtein.distance(a, b, score_cutoff=1)


def jaro(a: str, b: str) -> float:
    """Jaro-Winkler similarity, 0 to 1, of the two in the order of their content: the libraries' is not quite symmetric."""
    return _jaro(a, b) if a < b else _jaro(b, a)


def one_edit(a: str, b: str) -> bool:
    """Whether one letter is wrong, missing, too many, or two neighbours changed places."""
    return (_edits(a, b) if a < b else _edits(b, a)) == 1


def given(a: Payload, b: Payload) -> int:
    """Levels of the first given name."""
    x, y = a.given, b.given
    if not x or not y:
        return 0
    if x == y:
        return 1
    if akin(x, y):
        return 2
    if len(x) == 1 or len(y) == 1:
        return 3 if x[0] == y[0] else 7
    if x == b.family and a.family == y:
        return 4
    similarity = jaro(x, y)
    return 5 if similarity >= SIMILAR else 6 if similarity >= SOMEWHAT else 7


def family(a: Payload, b: Payload) -> int:
    """Levels of the family name; a double name holds its parts."""
    x, y = a.family, b.family
    if not x or not y:
        return 0
    if x == y:
        return 1
    if a.given and a.given == y and x == b.given:
        return 2
    similarity = jaro(x, y)
    if similarity >= SIMILAR:
        return 3
    if " " in x or " " in y:
        p, q = set(x.split()), set(y.split())
        if p <= q or q <= p:
            return 4
    return 5 if similarity >= SOMEWHAT else 6


def birth_date(a: Payload, b: Payload) -> int:  # noqa: PLR0911 - a return for each level
    """Levels of the date of birth: slips of the pen, then parts, then distance."""
    x, y = a.birth_date, b.birth_date
    if not x or not y:
        return 0
    if x == y:
        return 1
    if one_edit(x, y):
        return 2
    if len(x) == len(y) == _DATE:
        parts, others = (x[:4], x[4:6], x[6:]), (y[:4], y[4:6], y[6:])
        if parts[0] == others[0] and parts[1] == others[2] and parts[2] == others[1]:
            return 2
        if sum(p == q for p, q in zip(parts, others, strict=True)) == 2:  # noqa: PLR2004 - of three
            return 3
        days = _days(x), _days(y)
        if days[0] is not None and days[1] is not None:
            apart = abs(days[0] - days[1])
            return 4 if apart <= _MONTH else 5 if apart <= _YEAR else 6
    return 6


@lru_cache(maxsize=200_000)
def _days(text: str) -> int | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal()
    except ValueError:
        return None


def address(a: Payload, b: Payload) -> int:
    """Levels of street, postcode and city together, for they are seldom wrong apart."""
    streets, postcodes, cities = a.street and b.street, a.postcode and b.postcode, a.city and b.city
    if not (streets or postcodes or cities):
        return 0
    place = (postcodes and a.postcode == b.postcode) or (cities and a.city == b.city)
    if streets:
        if a.street == b.street:
            return 1 if place or not (postcodes or cities) else 3
        if place and jaro(a.street, b.street) >= SIMILAR:
            return 2
    if postcodes and a.postcode == b.postcode:
        return 4
    if cities:
        return 5 if a.city == b.city else 6 if jaro(a.city, b.city) >= CITY_SIMILAR else 7
    return 7


def email(a: Payload, b: Payload) -> int:
    """Levels of e-mail addresses, of the best pair."""
    best = 0
    for _, x in a.shown(Scheme.EMAIL):
        for _, y in b.shown(Scheme.EMAIL):
            if x == y:
                return 1
            level = _mails(x, y) if x < y else _mails(y, x)
            if level == _A_SLIP and (_as_named(x, a.given, y, b.given) or _as_named(x, a.family, y, b.family)):
                level = _mails_apart(x, y) if x < y else _mails_apart(y, x)
            best = level if not best else min(best, level)
    return best


def _as_named(x: str, name: str, y: str, other: str) -> bool:
    """Whether two addresses differ because two names do."""
    return name != other and bool(name and other) and name in x.partition("@")[0] and other in y.partition("@")[0]


@lru_cache(maxsize=200_000)
def _mails(x: str, y: str) -> int:
    """A slip is a letter or two in an address of the same digits and points: anna.1980 and anna_1959 are two people's, and
    so are tiina.oja and taina.oja, of Tiina and Taina."""
    if DamerauLevenshtein.distance(x, y, score_cutoff=_SLIP) <= _SLIP and _NO_LETTERS.sub("", x) == _NO_LETTERS.sub(
        "", y
    ):
        return _A_SLIP
    return _mails_apart(x, y)


def _mails_apart(x: str, y: str) -> int:
    if x.partition("@")[0] == y.partition("@")[0]:
        return 3
    return 4 if jaro(x, y) >= MAIL_SIMILAR else 5


def _identifier(scheme: Scheme) -> Compare:
    def compare(a: Payload, b: Payload) -> int:
        theirs = b.shown(scheme)
        if not theirs:
            return 0
        best = 0
        for issuer, x in a.shown(scheme):
            for other, y in theirs:
                if issuer != other:
                    continue
                if x == y:
                    return 1
                if issuer in DEVICES:
                    continue
                level = 2 if one_edit(x, y) else 3
                best = level if not best else min(best, level)
        return best

    return compare


def _trait(name: str) -> Compare:
    def compare(a: Payload, b: Payload) -> int:
        x, y = a.trait(name), b.trait(name)
        if not x or not y:
            return 0
        if x == y:
            return 1
        alike = min(len(x), len(y)) >= _LEAST_TRAIT and (one_edit(x, y) or jaro(x, y) >= SIMILAR)
        return 2 if alike else 3

    return compare


_SAME = ("same", "one letter off", "other")
COMPARISONS = (
    Comparison("given", ("same", "nickname", "initial", "swapped", "similar", "somewhat similar", "other"), given),
    Comparison("family", ("same", "swapped", "similar", "part of a double name", "somewhat similar", "other"), family),
    Comparison(
        "birth_date",
        ("same", "slip of the pen", "two parts same", "days apart", "about a year apart", "other"),
        birth_date,
    ),
    Comparison(
        "address",
        ("same", "similar street", "same street elsewhere", "same postcode", "same city", "similar city", "other"),
        address,
    ),
    Comparison("email", ("same", "slip of the pen", "same mailbox elsewhere", "similar", "other"), email, Scheme.EMAIL),
    *(
        Comparison(s.value, _SAME, _identifier(s), s)
        for s in (Scheme.PHONE, Scheme.HANDLE, Scheme.LOYALTY, Scheme.ACCOUNT)
    ),
)
TRAIT_LEVELS = ("same", "similar", "other")


def comparisons(traits: Sequence[str] = ()) -> tuple[Comparison, ...]:
    """The comparisons of a model: all of the fixed attributes, and the traits it names."""
    return (*COMPARISONS, *(Comparison(f"trait:{t}", TRAIT_LEVELS, _trait(t)) for t in traits))

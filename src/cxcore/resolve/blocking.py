"""Blocking keys: what two payloads must share to be compared at all. Pure.

A key whose list of nodes grows beyond ``LIMIT`` is retired: it tells nobody apart and brings no candidates, so a key of
one common word costs nothing in a large base, and helps in a small one.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter

from cxcore.model.identifier import Scheme
from cxcore.normalise.nicknames import heads
from cxcore.resolve.payload import Payload

LIMIT = 60
_LEAST_MAILBOX = 4


@lru_cache(maxsize=500_000)
def sound(name: str) -> str:
    """A name without what is often misspelt: doubled letters, vowels behind the first, letters that sound alike."""
    for wrong, right in (("ph", "f"), ("ck", "k"), ("c", "k"), ("z", "s"), ("w", "v"), ("y", "i"), ("th", "t")):
        name = name.replace(wrong, right)
    name = re.sub(r"(.)\1+", r"\1", name)
    return name[:1] + re.sub("[aeiouh]", "", name[1:])


def _givens(p: Payload) -> tuple[str, ...]:
    return _sounds(p.given) if p.given else ()


@lru_cache(maxsize=200_000)
def _sounds(given: str) -> tuple[str, ...]:
    return tuple(sorted({sound(n) for n in heads(given)}))


def _identifier(p: Payload) -> Iterator[tuple[str, ...]]:
    for scheme, values in p.identifiers:
        for issuer, value in values:
            yield scheme.value, issuer, value


def _mailbox(p: Payload) -> Iterator[tuple[str, ...]]:
    for _, value in p.shown(Scheme.EMAIL):
        local = re.sub(r"[\d._-]", "", value.partition("@")[0])
        if len(local) >= _LEAST_MAILBOX:
            yield (local,)


def _name(p: Payload) -> Iterator[tuple[str, ...]]:
    if p.family:
        for g in _givens(p):
            yield tuple(sorted((g, sound(p.family))))


Parts = Callable[[Payload], Sequence[str]]


def _pairs(left: Parts, right: Parts) -> "Recipe":
    def recipe(p: Payload) -> Iterator[tuple[str, ...]]:
        for x in left(p):
            for y in right(p):
                yield x, y

    return recipe


def _one(value: Parts) -> "Recipe":
    return lambda p: ((v,) for v in value(p))


def _traits(p: Payload) -> Iterator[tuple[str, ...]]:
    yield from p.traits


Recipe = Callable[[Payload], Iterator[tuple[str, ...]]]


def _field(read: Callable[[Payload], str]) -> Parts:
    return lambda p: (v,) if (v := read(p)) else ()


_family = _field(lambda p: sound(p.family) if p.family else "")
_family3 = _field(lambda p: p.family[:3])
_initial = _field(lambda p: p.given[:1])
_birth = _field(lambda p: p.birth_date)
_year = _field(lambda p: p.birth_date[:4])
_day = _field(lambda p: p.birth_date[4:])
_city = _field(lambda p: p.city)
_postcode = _field(lambda p: p.postcode)
_place = _field(lambda p: p.postcode or p.city)
_street = _field(lambda p: p.street)

RECIPES: dict[str, Recipe] = {
    "identifier": _identifier,
    "mailbox": _mailbox,
    "name": _name,
    "birth_date": _one(_birth),
    "street": _one(_street),
    "given_birth_day": _pairs(_givens, _day),
    "given_birth_year": _pairs(_givens, _year),
    "family_birth_year": _pairs(_family3, _year),
    "family_birth_day": _pairs(_family3, _day),
    "initial_birth_day": _pairs(_initial, _day),
    "birth_day_place": _pairs(_day, _place),
    "given_postcode": _pairs(_givens, _postcode),
    "given_city": _pairs(_givens, _city),
    "family_postcode": _pairs(_family, _postcode),
    "family_city": _pairs(_family, _city),
    "given_family3": _pairs(_givens, _family3),
    "family_initial": _pairs(_family, _initial),
    "family3_initial": _pairs(_family3, _initial),
    "trait": _traits,
    "given": _one(_givens),
    "family": _one(_family),
    "city": _one(_city),
    "postcode": _one(_postcode),
}
"""Every recipe, by the name a model calls it by."""


_NEEDED: dict[str, Callable[[Payload], str]] = {
    name: attrgetter(field)
    for field, names in {
        "birth_date": ("birth_date", "given_birth_day", "family_birth_day", "given_birth_year", "family_birth_year"),
        "street": ("street",),
        "postcode": ("given_postcode", "family_postcode"),
        "city": ("given_city", "family_city"),
    }.items()
    for name in names
}
"""What a recipe makes nothing without, of the fields that most profiles do not show."""


def keys(p: Payload, recipes: tuple[str, ...]) -> list[int]:
    """The payload's keys by these recipes, as 64-bit signed numbers, sorted."""
    made = [name for name in recipes if (needed := _NEEDED.get(name)) is None or needed(p)]
    return sorted({hashed(name, parts) for name in made for parts in RECIPES[name](p)})


def hashed(name: str, parts: tuple[str, ...]) -> int:
    """A key as a number: the recipe's name and the parts it made, hashed."""
    text = "\x1f".join((name, *parts)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), signed=True)


CUSTOMERS = (
    "identifier",
    "mailbox",
    "name",
    "birth_date",
    "street",
    "given_birth_day",
    "family_birth_day",
    "given_postcode",
    "family_postcode",
    "given_city",
    "family_city",
)
"""The recipes for a base of customers: some ten keys a profile."""

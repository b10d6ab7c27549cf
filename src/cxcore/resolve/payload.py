"""Payload: all that a profile shows of a person's identity, normalised; equal payloads share one node. Pure."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import orjson

from cxcore.model.identifier import Scheme
from cxcore.normalise.identifiers import landline
from cxcore.normalise.names import PLACEHOLDERS, words
from cxcore.normalise.order import leading_family

PARTICLES = frozenset(
    [
        "af",
        "al",
        "bin",
        "da",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "le",
        "van",
        "von",
        "zu",
        "zur",
        "ter",
        "ten",
        "das",
        "och",
        "y",
    ]
)
_OF_ALL = frozenset(["family", "fam", "familjen", "perhe", "familie", "famille", "familia", "famiglia"])
"""Before a name these say that it is nobody's alone."""
SCHEMES = (Scheme.EMAIL, Scheme.PHONE, Scheme.HANDLE, Scheme.LOYALTY, Scheme.ACCOUNT)
_SCHEME = {s.value: s for s in SCHEMES}
PROVABLE = (Scheme.EMAIL, Scheme.LOYALTY, Scheme.ACCOUNT)
"""Of these a payload says which values are verified. A telephone number is given to the next subscriber and a handle can be
given up, so that somebody once proved it theirs says little of who shows it later."""
_POSTCODE = re.compile(r"\b(?:[a-z]{1,2}-?)?(\d{4,6})\b")


@dataclass(frozen=True, slots=True)
class Payload:
    """Folded ASCII text throughout ("" where nothing is shown), so that bytes and letters are the same thing.

    ``birth_date``: eight digits, year first, where it is a date; otherwise its digits as shown. ``identifiers``:
    (issuer, value) by scheme, sorted; ``verified``: those of them that their source knows to be the person's, of the
    schemes in ``PROVABLE``. ``traits``: further texts that a model may compare, by name, sorted.
    """

    given: str = ""
    family: str = ""
    birth_date: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    identifiers: tuple[tuple[Scheme, tuple[tuple[str, str], ...]], ...] = ()
    traits: tuple[tuple[str, str], ...] = ()
    verified: tuple[tuple[Scheme, tuple[tuple[str, str], ...]], ...] = ()

    def shown(self, scheme: Scheme) -> tuple[tuple[str, str], ...]:
        """The identifiers of one scheme, as (issuer, value)."""
        for held, values in self.identifiers:
            if held is scheme:
                return values
        return ()

    def trait(self, name: str) -> str:
        """A trait's text; "" where it is not shown."""
        for held, value in self.traits:
            if held == name:
                return value
        return ""

    @property
    def identifying(self) -> bool:
        """Whether equal payloads can be taken for one person's: a name or an identifier other than a landline, and if
        there is no identifier, two of name, birth date and street."""
        if self.identifiers:
            lone = not self.given and all(
                s is Scheme.PHONE and all(landline(n) for _, n in v) for s, v in self.identifiers
            )
            return not lone
        return sum(map(bool, (self.given and self.family, self.birth_date, self.street))) > 1

    def as_json(self) -> str:
        """One text for equal payloads; ``from_json`` reads it. What is verified stands last, and only where something is."""
        parts: list[Any] = [
            self.given,
            self.family,
            self.birth_date,
            self.street,
            self.postcode,
            self.city,
            [(s.value, values) for s, values in self.identifiers],
            self.traits,
        ]
        if self.verified:
            parts.append([(s.value, values) for s, values in self.verified])
        return orjson.dumps(parts).decode()

    def digest(self) -> bytes:
        """The node's signature: 16 bytes of SHA-256 over ``as_json``."""
        return signature(self.as_json())


def signature(text: str) -> bytes:
    """The digest of the payload that ``as_json`` wrote so."""
    return hashlib.sha256(text.encode()).digest()[:16]


def from_json(text: str) -> Payload:
    """The payload that ``as_json`` wrote."""
    given, family, birth_date, street, postcode, city, identifiers, traits, *verified = orjson.loads(text)
    return Payload(
        given,
        family,
        birth_date,
        street,
        postcode,
        city,
        _by_scheme(identifiers),
        tuple((n, v) for n, v in traits),
        _by_scheme(verified[0]) if verified else (),
    )


def _by_scheme(shown: Iterable[Any]) -> tuple[tuple[Scheme, tuple[tuple[str, str], ...]], ...]:
    return tuple((_SCHEME[s], tuple((i, v) for i, v in values)) for s, values in shown)


def payload(
    *,
    name: str | None = None,
    given_name: str | None = None,
    family_name: str | None = None,
    birth_date: date | str | None = None,
    address: str | None = None,
    street: str | None = None,
    postcode: str | None = None,
    city: str | None = None,
    identifiers: Iterable[tuple[Scheme, str, str]] = (),
    verified: Iterable[tuple[Scheme, str, str]] = (),
    traits: Mapping[str, str] | None = None,
) -> Payload:
    """Make a payload of a profile's values. ``identifiers`` are normalised (scheme, issuer, value); ``verified`` are
    those of them that are.

    A name given whole is read family name first where a comma says so or the words do (`normalise.order`), else its last
    word is the family name. An
    address given whole is read as street, then postcode and city behind it.
    """
    given, family = _names(name, given_name, family_name)
    if address and not (street or postcode or city):
        street, postcode, city = split_address(address)
    shown, proven = _gathered(identifiers), _gathered(verified)
    return Payload(
        given=given,
        family=family,
        birth_date=_digits(birth_date.isoformat() if isinstance(birth_date, date) else birth_date)
        if birth_date
        else "",
        street=" ".join(words(street)) if street else "",
        postcode="".join(words(postcode)) if postcode else "",
        city=" ".join(words(city)) if city else "",
        identifiers=tuple((s, tuple(sorted(shown[s]))) for s in SCHEMES if s in shown),
        verified=tuple((s, tuple(sorted(proven[s]))) for s in PROVABLE if s in proven),
        traits=tuple(sorted((k, folded) for k, v in (traits or {}).items() if (folded := " ".join(words(v))))),
    )


def _gathered(identifiers: Iterable[tuple[Scheme, str, str]]) -> dict[Scheme, set[tuple[str, str]]]:
    found: dict[Scheme, set[tuple[str, str]]] = {}
    for scheme, issuer, value in identifiers:
        found.setdefault(scheme, set()).add((_ascii(issuer), _ascii(value)))
    return found


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _ascii(value: str) -> str:
    """The value itself, letters beyond ASCII by their numbers: equal only to itself, and the same bytes everywhere."""
    return value if value.isascii() else value.encode("ascii", "backslashreplace").decode()


@lru_cache(maxsize=100_000)
def _names(name: str | None, given_name: str | None, family_name: str | None) -> tuple[str, str]:
    """The first given name and the family name without particles, folded."""
    given, family = words(given_name or ""), words(family_name or "")
    if not given and not family and name:
        before, comma, after = name.partition(",")
        if comma and after.strip():
            given, family = words(after), words(before)
        else:
            found = words(name)
            given, family = _in_order(found)
            if given and len(family) > 1 and family[0] not in PARTICLES:
                family = family[-1:] if not any(w in PARTICLES for w in family[:-1]) else _behind_given(family)
    if all(w in PLACEHOLDERS or w.isdigit() for w in (*given, *family)):
        return "", ""
    kept = [w for w in family if w not in PARTICLES] or list(family)
    return (given[0] if given else ""), " ".join(kept)


def _in_order(found: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Given and family names of a name written whole; a family as such has no given name."""
    if len(found) > 1 and found[0] in _OF_ALL:
        return (), found[1:]
    if cut := leading_family(found):
        return found[cut:], found[:cut]
    return found[:1], found[1:]


def _behind_given(found: tuple[str, ...]) -> tuple[str, ...]:
    """The words from the first particle on: of ``maria van der berg`` the last three."""
    return found[next(i for i, w in enumerate(found) if w in PARTICLES) :]


@lru_cache(maxsize=100_000)
def split_address(address: str) -> tuple[str, str, str]:
    """Street, postcode and city of an address in one line or several; what cannot be told apart is street."""
    folded = address.casefold()
    parts = [p.strip() for p in re.split(r"[,\n;]", folded) if p.strip()]
    for n, part in enumerate(parts):
        found = None if n == 0 and len(parts) > 1 else _last(part)
        if found is not None:
            before, behind = part[: found.start()].strip(), part[found.end() :].strip()
            street = " ".join([*parts[:n], before if n == 0 or behind else ""]).strip()
            city = behind or (before if n else "")
            return street or "", found.group(1), city
    if len(parts) > 1:
        return " ".join(parts[:-1]), "", parts[-1]
    return folded, "", ""


def _last(part: str) -> re.Match[str] | None:
    found = list(_POSTCODE.finditer(part))
    return found[-1] if found else None

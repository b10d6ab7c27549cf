"""What a value that two people show, or a home, says of them: a household, a company, or a shared line. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from cxcore.model.identifier import Scheme
from cxcore.normalise.identifiers import familial, landline, role
from cxcore.resolve.comparisons import DEVICES
from cxcore.resolve.exclusivity import MOST, Value, fit, least, name_of, people
from cxcore.resolve.payload import Payload

FEW = 8
"""More people of one name than this are no household."""
_FIRMS = 3
"""A landline of so many families is a switchboard: of two, it may be a couple that kept their names."""
_PET = 2


class RelationKind(StrEnum):
    """What two customers have in common, the closest first."""

    HOUSEHOLD = "household"
    COMPANY = "company"
    SHARED_LINE = "shared_line"


RANKS = {kind: rank for rank, kind in enumerate(RelationKind)}


@dataclass(frozen=True, slots=True)
class Use:
    """What is known of a value that several use: how many people, from 2 to 64 (which stands for more, too), and the
    closest that two of them can be by it."""

    people: int
    kind: RelationKind
    says_so: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody lives, folded; postcode or city may be ""."""

    street: str
    postcode: str
    city: str

    def fits(self, other: "Home") -> bool:
        """Whether both are one place: the street and the postcode, or the city where one shows no postcode."""
        if not self.street or self.street != other.street:
            return False
        if self.postcode and other.postcode:
            return self.postcode == other.postcode
        return bool(self.city) and self.city == other.city


@dataclass(frozen=True, slots=True)
class Person:
    """What all profiles of a customer show of a person. ``names``: given name, then family name; ``births``: the years;
    ``families``: the words of the family names."""

    names: frozenset[str]
    families: frozenset[str]
    births: frozenset[str]
    homes: frozenset[Home]


@dataclass(frozen=True, slots=True)
class Tie:
    """One thing that ties two customers: what it says of them, the attribute (an identifier's scheme, or ``address``),
    issuer and value as shown, and how many people use it (64 stands for more, too)."""

    kind: RelationKind
    attribute: Scheme | Literal["address"]
    issuer: str
    value: str
    people: int


def whole(name: str) -> bool:
    """Whether a name tells of a person: a given name of more than an initial, and a family name. What a mailbox or an
    account calls itself ("koskinenonn", "N.N.") does not."""
    given, _, family = name.partition(" ")
    return len(given) > 1 and bool(family)


def person(payloads: Iterable[Payload]) -> Person:
    """The person that a customer's payloads show; one without a given name has no names."""
    shown = list(payloads)
    named = [p for p in shown if whole(name_of(p))]
    return Person(
        names=frozenset(map(name_of, named)),
        families=frozenset(word for p in named for word in p.family.split()),
        births=frozenset(p.birth_date[:4] for p in shown if p.birth_date),
        homes=frozenset(Home(p.street, p.postcode, p.city) for p in shown if p.street),
    )


@lru_cache(maxsize=2000)
def use(value: Value, names: tuple[str, ...], *, known: int = 1) -> Use | None:
    """What a value says of those who use it, by the names shown with it; None where at most one has named themselves.
    ``known``: so many are known to use it whatever their names say.

    A firm's mailbox (info@, sales@) of two families, and a landline of three, are a company's; what 2 to 8 people of one
    family use and no role has in its name is a household's. What 64 or more use is no company's: a travel agency's
    customers show its number as an employer's staff does. A number, mailbox or account that several families use says no
    more than that, and so does a domain of e-mail addresses, so it is not looked at.
    """
    everyone = people(names)
    told = [named for group in everyone if (named := [n for n in group if whole(n)])]
    count = max(len(everyone), least(value), known)
    if max(len(told), known) == 1:
        return None
    different = _families(told)
    if value[0] is Scheme.EMAIL and familial(value[2]):
        return Use(count, RelationKind.HOUSEHOLD if count <= FEW else RelationKind.SHARED_LINE, says_so=True)
    if count < MOST and ((_firms(value) and different > 1) or (_fixed(value) and different >= _FIRMS)):
        return Use(count, RelationKind.COMPANY)
    if different == 1 and count <= FEW and (value[0] is Scheme.PHONE or _device(value)):
        return Use(count, RelationKind.HOUSEHOLD)
    return Use(count, RelationKind.SHARED_LINE)


def _firms(value: Value) -> bool:
    scheme, _, text = value
    return scheme is Scheme.EMAIL and role(text)


def _device(value: Value) -> bool:
    scheme, issuer, _ = value
    return scheme is Scheme.HANDLE and issuer in DEVICES


def _fixed(value: Value) -> bool:
    scheme, _, text = value
    return scheme is Scheme.PHONE and landline(text)


def _families(told: Iterable[Collection[str]]) -> int:
    """How many families the names of several people are of: people who share a word of a family name are of one, so a
    change of name on marriage makes no second. Whoever shows no family name is of nobody's."""
    found: list[set[str]] = []
    for names in told:
        own = {word for name in names for word in name.split()[1:]}
        if own:
            apart = [f for f in found if f.isdisjoint(own)]
            found = [*apart, own.union(*(f for f in found if not f.isdisjoint(own)))]
    return len(found)


def between(found: Use, a: Person, b: Person, *, apart: bool) -> RelationKind:
    """What a value says of two of its users: a household only where both are of the family and surely two people, and of
    somebody without a name only that they use it. ``apart``: a person decided that they are two."""
    if not a.names:
        return RelationKind.SHARED_LINE
    if found.kind is RelationKind.HOUSEHOLD and not (apart or _surely_two(a, b)):
        return RelationKind.SHARED_LINE
    if found.kind is RelationKind.HOUSEHOLD and not found.says_so and a.families.isdisjoint(b.families):
        return RelationKind.SHARED_LINE
    return found.kind


def home(a: Person, b: Person, *, apart: bool) -> Home | None:
    """Where two of one family name live together; None where nothing says so, or that they are two."""
    if a.families.isdisjoint(b.families) or not (apart or _surely_two(a, b)):
        return None
    both = (own for own in a.homes if any(own.fits(other) for other in b.homes))
    return min(both, key=lambda h: (h.street, h.postcode, h.city), default=None)


def perhaps_one(a: Person, b: Person) -> bool:
    """Whether two customers could be one person by their names: given names that fit, no different family names, and no
    years of birth that differ. Such two are asked about, or wait; they are not told to be related."""
    if _born_apart(a, b) or (a.families and b.families and a.families.isdisjoint(b.families)):
        return False
    return any(fit(x, y) for x in a.names for y in b.names)


def _surely_two(a: Person, b: Person) -> bool:
    """Whether two of one family are no person under a pet name, which keeps the beginning: Hessu is Heikki, Jocke Johan."""
    return _born_apart(a, b) or {n[:_PET] for n in a.names}.isdisjoint(n[:_PET] for n in b.names)


def _born_apart(a: Person, b: Person) -> bool:
    return bool(a.births and b.births) and a.births.isdisjoint(b.births)

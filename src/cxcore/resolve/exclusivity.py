"""How many people a value of an identifier seems to belong to: the number of names that do not fit together. Pure."""

from collections.abc import Iterable
from functools import lru_cache

from cxcore.model.identifier import Scheme
from cxcore.normalise.identifiers import landline, role
from cxcore.normalise.nicknames import akin
from cxcore.resolve.comparisons import jaro
from cxcore.resolve.payload import Payload

Value = tuple[Scheme, str, str]
"""An identifier's scheme, issuer and value."""
_ALIKE = 0.879999
MOST = 64
"""A value of so many is everybody's; more are not told apart."""
NAMES = 400
"""So many names of a value are looked at, the first by alphabet."""


@lru_cache(maxsize=200_000)
def fit(a: str, b: str) -> bool:
    """Whether two names, the given name first, can be one person's: by the given names alone (nickname, initial, a slip
    of the pen), or because one is written the other way round."""
    x, _, family = a.partition(" ")
    y, _, others = b.partition(" ")
    if family and others and _alike(x, others) and _alike(family, y):
        return True
    if len(x) == 1 or len(y) == 1:
        return x[0] == y[0]
    return akin(x, y) or _alike(x, y)


def _alike(a: str, b: str) -> bool:
    return a == b or jaro(a, b) >= _ALIKE


def name_of(p: Payload) -> str:
    """The name that counts for the values a payload shows: given name, then family name; "" without the former."""
    return f"{p.given} {p.family}".strip() if p.given else ""


def owners(names: Iterable[str]) -> int:
    """How many people the names shown with a value stand for, from 1 to 64; the order does not matter."""
    return len(people(names)) or 1


def people(names: Iterable[str]) -> list[list[str]]:
    """The names shown with a value, by whose they seem to be; after 64 people no more are told apart, and the order of
    the names does not matter."""
    groups: list[list[str]] = []
    for name in sorted(sorted({n for n in names if n})[:NAMES], key=lambda n: (-len(n.partition(" ")[0]), n)):
        home = next((g for g in groups if any(fit(name, other) for other in g)), None)
        if home is None:
            groups.append([name])
            if len(groups) == MOST:
                break
        else:
            home.append(name)
    return groups


def users(value: Value, names: Iterable[str]) -> int:
    """How many people use a value: a landline or a role's mailbox is at least two people's, whoever has named themselves
    so far."""
    return max(owners(names), least(value))


def least(value: Value) -> int:
    """How many people use a value at least, whoever has named themselves: two of a landline or a role's mailbox."""
    scheme, _, text = value
    shared = (scheme is Scheme.PHONE and landline(text)) or (scheme is Scheme.EMAIL and role(text))
    return 2 if shared else 1

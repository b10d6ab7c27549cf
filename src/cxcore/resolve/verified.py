"""Verified identifiers: which two they make one for certain, and what contradicts that two are one. Pure.

A value that its source knows to be the person's (they were logged in with it, or it is of the issuer's own register) and
that one person seems to use joins whoever shows it. What it must not do is bring two such people together: where each of
two shows something that the other has nothing like, of what one person has one, nobody but a person may join them.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from cxcore.model.identifier import Scheme
from cxcore.resolve import comparisons
from cxcore.resolve.exclusivity import Value
from cxcore.resolve.payload import Payload

SINGLE = frozenset({Scheme.LOYALTY, Scheme.ACCOUNT})
"""Of these one person has one value of each issuer."""
BIRTH_DATE = "birth_date"
_FULL, _OTHER = 8, next(len(c.levels) for c in comparisons.COMPARISONS if c.name == BIRTH_DATE)


class Contradiction(NamedTuple):
    """Of what one person has one and two show different ones: ``birth_date``, or a scheme with its issuer."""

    name: str
    issuer: str = ""


class Claim(NamedTuple):
    """What a node or a cluster shows: verified values that one person uses (``ties``), verified values of ``SINGLE``
    whoever uses them (``numbers``), and full dates of birth."""

    ties: frozenset[Value]
    numbers: frozenset[Value]
    dates: frozenset[str]


def claim(p: Payload, owners: Mapping[Value, int]) -> Claim:
    """What a payload claims; ``owners``: how many people use each value, those of one left out."""
    values = [(scheme, *v) for scheme, shown in p.verified for v in shown]
    return Claim(
        frozenset(v for v in values if owners.get(v, 1) == 1),
        frozenset(v for v in values if v[0] in SINGLE),
        frozenset([p.birth_date] if len(p.birth_date) == _FULL else []),
    )


def tied(a: Payload, b: Payload, owners: Mapping[Value, int]) -> bool:
    """Whether both show the same verified value, and one person uses it."""
    return bool(a.verified and b.verified) and not claim(a, owners).ties.isdisjoint(claim(b, owners).ties)


def contradictions(a: Claim, b: Claim) -> tuple[Contradiction, ...]:
    """What contradicts that two are one, sorted: numbers of one issuer, and, of two that a verified value would join, dates
    of birth that are no slip of each other. What one side holds wholly is not new to it and contradicts nothing: so two
    numbers that a person brought together go on with either.
    """
    mine, theirs = (frozenset(v[:2] for v in numbers) for numbers in (a.numbers - b.numbers, b.numbers - a.numbers))
    found = [Contradiction(scheme.value, issuer) for scheme, issuer in mine & theirs]
    if not a.ties.isdisjoint(b.ties) and _strange(a.dates, b.dates) and _strange(b.dates, a.dates):
        found.append(Contradiction(BIRTH_DATE))
    return tuple(sorted(found))


def _strange(dates: Iterable[str], others: frozenset[str]) -> bool:
    """Whether there is a date that is like none of the others, of which there are some."""
    return bool(others) and any(all(_apart(min(x, y), max(x, y)) for y in others) for x in dates)


@lru_cache(maxsize=10_000)
def _apart(x: str, y: str) -> bool:
    return comparisons.birth_date(Payload(birth_date=x), Payload(birth_date=y)) == _OTHER


class Claims:
    """The claims of clusters, by number, while they are joined. Nothing is kept where nothing is verified."""

    def __init__(self, of: Mapping[int, Claim]) -> None:
        self._of = dict(of) if any(c.ties or c.numbers for c in of.values()) else {}

    def shared(self, a: int, b: int) -> tuple[str, ...]:
        """The schemes of the verified values that join two clusters, sorted."""
        return tuple(sorted({v[0].value for v in self._of[a].ties & self._of[b].ties})) if self._of else ()

    def against(self, a: int, b: int) -> tuple[Contradiction, ...]:
        """What contradicts that two clusters are one."""
        return contradictions(self._of[a], self._of[b]) if self._of else ()

    def join(self, a: int, b: int) -> None:
        """Let b's claims be a's too."""
        if self._of:
            ours, theirs = self._of[a], self._of.pop(b)
            self._of[a] = Claim(ours.ties | theirs.ties, ours.numbers | theirs.numbers, ours.dates | theirs.dates)

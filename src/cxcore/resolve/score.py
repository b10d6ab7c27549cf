"""Weighing: what the level codes of two payloads are worth, against strangers and against a household. Pure.

A pair must be more likely one person than two strangers, and more likely one person than two of one household: relatives
share family name, address and telephone, so these say little of who is who once the first names differ. Every weight is
log2 of a ratio of probabilities, in whole millionths of a bit.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from cxcore.model.identifier import Scheme
from cxcore.resolve.exclusivity import MOST, Value
from cxcore.resolve.model import BITS, Model
from cxcore.resolve.payload import Payload

Weight = tuple[int, int] | None
"""Against strangers and against a household; None where an attribute cannot be compared."""
Weights = tuple[Weight, ...]
Owners = Mapping[Value, int]

_CERTAIN, _HOUSEHOLD_CERTAIN, _HANDED_CERTAIN = 6.0, 5.0, 4.0
_NEVER_SURE = 0.03
_COMMON = frozenset({"family", "address"})
_NAMES = frozenset({"given", "family"})
NAMES = len(_NAMES)
"""The comparisons of names, which come first."""
SPEAKS = BITS
"""More than a bit speaks for one person."""
_RARE = 1.0
"""Bits from which a name alone joins, where the model knows how rare it is."""
_OF_A_HOUSE = frozenset({Scheme.EMAIL, Scheme.PHONE, Scheme.HANDLE})
_HANDED = frozenset({Scheme.PHONE, Scheme.HANDLE})
"""A telephone, or the browser on the kitchen table, is handed to others, and given as one's own."""
_FREQUENT = {"given": lambda p: p.given, "family": lambda p: p.family}
_CITY = 5
"""The code of the level ``same city`` of the address."""


def exclusive(prior: float, owners: int) -> float:
    """The weight of sharing a value, in bits: certainty and 5 bits for one owner's, even odds for two's."""
    return min(-prior + _CERTAIN, -prior - math.log2(owners - 1 + _NEVER_SURE))


def exclusive_at_home(owners: int, *, handed: bool = False) -> float:
    """The same against a household, whose members share some values: only what one of them uses tells them apart, and
    less if it is something that they hand to each other."""
    return min(_HANDED_CERTAIN if handed else _HOUSEHOLD_CERTAIN, -math.log2(owners - 1 + _NEVER_SURE))


class Kind(NamedTuple):
    """What an attribute is: about one person alone; a name; an identifier that relatives and colleagues use of each other;
    one that they hand to each other."""

    own: bool
    named: bool
    lent: bool
    handed: bool


@dataclass(frozen=True, slots=True)
class Score:
    """In millionths of a bit: the lower of the two hypotheses' sums, whether that was the household's, and whether
    anything of one's own was shown: if not, the pair by itself brings nobody together."""

    value: int
    household: bool
    shown: bool


class Scorer:
    """A model compiled: tables of whole numbers, and the comparisons in their order."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.prior, self.household_prior = round(model.prior * BITS), round(model.household_prior * BITS)
        self._comparisons = model.comparisons
        self._compares = tuple(c.compare for c in model.comparisons)
        self._tables: list[tuple[Weight, ...]] = []
        for c in model.comparisons:
            a = model.attributes[c.name]
            rows = zip(a.m, a.u, a.h, strict=True)
            self._tables.append((None, *((_bits(m / u), _bits(m / h)) for m, u, h in rows)))
        self._shareable = tuple((n, c.scheme) for n, c in enumerate(self._comparisons) if c.scheme is not None)
        self._common = tuple((n, c.name) for n, c in enumerate(self._comparisons) if c.scheme is None)
        self._worth = {
            scheme: (None, *(self._exclusive(scheme, n) for n in range(1, MOST + 1))) for _, scheme in self._shareable
        }
        self._rare = {name: min(f.values()) for name, f in model.frequencies.items() if f}
        self.unites = tuple(c.unites for c in model.comparisons)
        self.unproven = round(model.automatic * BITS) - 1
        """The most that a pair can score which shows nothing of one's own (no first name, date of birth or trait to
        compare, no identifier that one person alone uses: a landline by itself joins nobody)."""
        self._rare_enough = round(_RARE * BITS) if model.frequencies else None
        self._unasked = round(model.suggested * BITS) - 1
        self.kinds = tuple(
            Kind(
                own=c.scheme is None and c.name not in _COMMON,
                named=c.name in _NAMES,
                lent=c.scheme in _OF_A_HOUSE,
                handed=c.scheme in _HANDED,
            )
            for c in model.comparisons
        )
        self.of_two = round(exclusive(model.prior, 2) * BITS), round(exclusive_at_home(2) * BITS)
        """What a value that two people use is worth."""
        self.of_several = frozenset(round(exclusive(model.prior, n) * BITS) for n in range(2, MOST + 1))
        self.shared = self.of_several | {round(exclusive(model.prior, 1) * BITS)}
        """The weights of a value that both show, by how many use it."""
        self.alone = round(-model.prior * BITS)
        """An identifier that weighs more is one person's."""
        speaks = [tuple(w is not None and w[0] > SPEAKS for w in table) for table in self._tables]
        self.alike: dict[Weights, Any] = {}
        """What clustering made of pairs by their weights, most of which are like many others'."""
        self._by_scheme = {
            c.scheme: (c.compare, speaks[n]) for n, c in enumerate(self._comparisons) if c.scheme is not None
        }
        self._other = tuple(
            (c.compare, speaks[n], kind.own)
            for n, (c, kind) in enumerate(zip(self._comparisons, self.kinds, strict=True))
            if c.scheme is None and not kind.named
        )

    def codes(self, a: Payload, b: Payload) -> bytes:
        """The level code of each comparison, in the model's order."""
        return bytes([compare(a, b) for compare in self._compares])

    def promising(self, a: Payload, b: Payload) -> bool:
        """False for a pair that is below the model's ``suggested`` whoever else uses what it shows: namesakes, of whom
        nothing beside the name speaks for one person. Most candidates are such, and this takes a third of a full
        comparison."""
        if self._rare_enough is not None:
            return True
        theirs = [scheme for scheme, _ in b.identifiers]
        for scheme, _ in a.identifiers:
            if scheme in theirs:
                compare, speaks = self._by_scheme[scheme]
                code = compare(a, b)
                if code == 1 or speaks[code]:
                    return True
        own = bool(a.given and b.given)
        for compare, speaks, of_one in self._other:
            code = compare(a, b)
            if code == 1 or speaks[code]:
                return True
            own |= of_one and code > 0
        return not own

    def weights(self, codes: bytes, a: Payload, b: Payload, owners: Owners) -> Weights:
        """What the codes are worth for these payloads, given how many people use each value."""
        found = [table[code] for table, code in zip(self._tables, codes, strict=True)]
        for n, scheme in self._shareable:
            if codes[n] == 1:
                theirs = b.shown(scheme)
                least = min([owners.get((scheme, *v), 1) for v in a.shown(scheme) if v in theirs])
                found[n] = self._worth[scheme][least]
        if self._rare:
            for n, name in self._common:
                if codes[n] == 1 or (codes[n] == _CITY and n == _ADDRESS):
                    found[n] = self._frequent(n, name, codes[n], a)
        return tuple(found)

    def _exclusive(self, scheme: Scheme, owners: int) -> Weight:
        """What sharing a value of a scheme is worth that so many use."""
        main = round(exclusive(self.model.prior, owners) * BITS)
        home = round(exclusive_at_home(owners, handed=scheme in _HANDED) * BITS)
        return (main, home if scheme in _OF_A_HOUSE else main)

    def _frequent(self, n: int, name: str, code: int, a: Payload) -> Weight:
        table = self._tables[n][code]
        read: Callable[[Payload], str] | None = _FREQUENT.get(name)
        key = "city" if name == "address" and code == _CITY else name
        frequencies = self.model.frequencies.get(key)
        if table is None or not frequencies or (read is None and key != "city"):
            return table
        value = a.city if read is None else read(a)
        share = max(frequencies.get(value, self._rare[key]), 1e-6)
        return (_bits(self.model.attributes[name].m[code - 1] / share), table[1])

    def total(self, weights: Weights) -> Score:
        """The pair's score."""
        main, home, proof = self.prior, self.household_prior, 0
        for w, kind in zip(weights, self.kinds, strict=True):
            if w is not None:
                main += w[0]
                home += w[1]
                proof |= self.proof(kind, w[0])
        return Score(self.held(min(main, home), proof), home < main, bool(proof & 1))

    def held(self, score: int, proof: int) -> int:
        """The score, held below joining where the proof is wanting. Namesakes are not one person: a name alone joins
        only if it is rare, which a model without frequencies cannot know and does not even ask about."""
        if proof == _PROVEN:
            return score
        if proof == 1:
            if self._rare_enough is None:
                return min(score, self._unasked)
            if score >= self._rare_enough:
                return score
        return min(score, self.unproven)

    def proof(self, kind: Kind, weight: int, *, usual: bool = True) -> int:
        """What a comparison that came out at this weight contributes: 1, it is about one person alone; 2, it speaks for
        them, and is no name. ``usual``: most that is known of one of the two shows the value, or more than once; a
        telephone seen once may be anybody's that was at hand."""
        own = kind.own or (weight > self.alone and (usual or not kind.handed))
        return own | (2 if weight > SPEAKS and not kind.named else 0)

    def pair(self, a: Payload, b: Payload, owners: Owners) -> Score:
        """Codes, weights and score at once."""
        return self.total(self.weights(self.codes(a, b), a, b, owners))


_ADDRESS, _PROVEN = 3, 3
"""The place of the address among the comparisons; both marks of a proof."""


def _bits(ratio: float) -> int:
    return round(math.log2(ratio) * BITS)

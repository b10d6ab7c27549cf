"""What another model would change: the customers as they are held against those it would make. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from cxcore.resolve.cluster import Living, assign
from cxcore.resolve.evaluation import Quality

Cell = frozenset[UUID]
"""The profiles of one customer."""


class Kind(StrEnum):
    """How profiles change their customer: all of it goes into another; some part from it and are one of their own; some
    go over to another."""

    MERGED = "merged"
    SPLIT = "split"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Weight:
    """What hangs on profiles: their interactions (records), and those that are still open matters."""

    records: int = 0
    matters: int = 0

    def __add__(self, other: "Weight") -> "Weight":
        return Weight(self.records + other.records, self.matters + other.matters)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Profiles that leave a customer, ``to`` another or, None, to one that has no id yet; ``others`` are those they join,
    or, of a split, those that they leave."""

    kind: Kind
    customer: UUID
    to: UUID | None
    profiles: tuple[UUID, ...]
    others: tuple[UUID, ...]
    weight: Weight


@dataclass(slots=True)
class Difference:
    """Counts of customers, and of the records and open matters that change theirs; ``transfers`` by kind, the heaviest
    first."""

    profiles: int = 0
    before: int = 0
    after: int = 0
    unchanged: int = 0
    merged: int = 0
    split: int = 0
    moved: int = 0
    weight: Weight = field(default_factory=Weight)
    moved_weight: Weight = field(default_factory=Weight)
    transfers: dict[Kind, list[Transfer]] = field(default_factory=lambda: {kind: [] for kind in Kind})

    @property
    def share(self) -> float:
        """Of the records, how many change their customer; of the profiles, where there are no records."""
        if self.weight.records:
            return self.moved_weight.records / self.weight.records
        return self.moved / self.profiles if self.profiles else 0.0


def changed(live: Mapping[UUID, UUID], cells: Iterable[Cell]) -> tuple[list[Cell], dict[UUID, Cell]]:
    """The cells that are not a customer as it is, and the customers they are made of."""
    held: dict[UUID, set[UUID]] = defaultdict(set)
    for profile, customer in live.items():
        held[customer].add(profile)
    others = [c for c in cells if held[live[next(iter(c))]] != c]
    return others, {customer: frozenset(held[customer]) for c in others for p in c for customer in (live[p],)}


def differ(
    live: Mapping[UUID, UUID],
    cells: Iterable[Cell],
    founders: Mapping[UUID, tuple[UUID, float]],
    weights: Mapping[UUID, Weight],
) -> Difference:
    """Compare the customers of profiles with the cells that would be.

    ``founders``: the founding profile and age of each customer that changes. ``weights``: of profiles; none is nothing.
    A cell keeps the id of the customer that it holds most of, as a switch would have it.
    """
    cells = list(cells)
    others, customers = changed(live, cells)
    living = [Living(c, profiles, founders[c][0], (founders[c][1], c)) for c, profiles in customers.items()]
    given = assign(others, living, ())
    result = Difference(len(live), len(set(live.values())), len(cells), len(cells) - len(others))
    result.weight = sum(weights.values(), Weight())
    heirs = {customer for customer in given.values() if customer is not None}
    result.merged = len(customers.keys() - heirs)
    parts: dict[UUID, int] = defaultdict(int)
    home = {customer: cell for cell, customer in given.items() if customer is not None}
    for cell, keeper in given.items():
        by_customer: dict[UUID, list[UUID]] = defaultdict(list)
        for p in sorted(cell):
            by_customer[live[p]].append(p)
        for customer, profiles in by_customer.items():
            parts[customer] += 1
            if customer == keeper:
                continue
            weight = sum((weights[p] for p in profiles if p in weights), Weight())
            result.moved += len(profiles)
            result.moved_weight += weight
            if keeper is None:
                kind, beside = Kind.SPLIT, customers[customer] & home.get(customer, frozenset())
                beside = beside or customers[customer] - cell
            else:
                whole = len(profiles) == len(customers[customer])
                kind, beside = Kind.MERGED if whole else Kind.MOVED, frozenset(by_customer[keeper])
            found = Transfer(kind, customer, keeper, tuple(profiles), tuple(sorted(beside)), weight)
            result.transfers[kind].append(found)
    result.split = sum(n > 1 for n in parts.values())
    for found_ones in result.transfers.values():
        found_ones.sort(key=lambda t: (-t.weight.records, -t.weight.matters, -len(t.profiles), t.profiles))
    return result


def refused(found: Difference, *, most_moved: float, qualities: tuple[Quality, Quality] | None = None) -> list[str]:
    """Why the model should not become active; empty if it may. ``qualities``: of the active one and of this one, on the
    same labelled records."""
    reasons = []
    if found.share > most_moved:
        reasons.append(f"{found.share:.2%} of records would change their customer; the most is {most_moved:.2%}")
    if qualities is not None:
        now, then = qualities
        for name, a, b in (("pairwise", now.f1, then.f1), ("B-cubed", now.b_f1, then.b_f1)):
            if b < a:
                reasons.append(f"the {name} F1 on the labels would fall from {a:.4f} to {b:.4f}")
    return reasons

"""What deriving customers anew changes: links moved, ids made, revived and ended. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from cxcore.model.ids import ProfileId, customer_id


@dataclass(slots=True)
class Change:
    """``created``: id and founding profile; ``revived``: ids that live again; ``moved``: profile and its customer now;
    ``ended``: ids that lead elsewhere now; ``split``: customers that lost profiles, and to whom."""

    created: dict[UUID, UUID] = field(default_factory=dict)
    revived: list[UUID] = field(default_factory=list)
    moved: dict[UUID, UUID] = field(default_factory=dict)
    ended: dict[UUID, UUID] = field(default_factory=dict)
    split: dict[UUID, set[UUID]] = field(default_factory=dict)
    changed: set[UUID] = field(default_factory=set)


def plan(
    given: Mapping[frozenset[UUID], UUID | None],
    customer_of: Mapping[UUID, UUID | None],
    founded_before: Mapping[UUID, int],
) -> Change:
    """Compare the clusters and the ids they are given with the links as they stand (None: not linked yet).

    ``founded_before``: how many customers each profile has founded already.
    """
    change = Change()
    before: dict[UUID, set[UUID]] = {}
    for profile, held in customer_of.items():
        if held is not None:
            before.setdefault(held, set()).add(profile)
    holders: dict[UUID, UUID] = {}
    for cluster, claimed in given.items():
        identity = claimed
        if identity is None:
            founder = min(cluster) if len(cluster) > 1 else next(iter(cluster))
            identity = customer_id(ProfileId(founder), founded_before=founded_before.get(founder, 0))
            change.created[identity] = founder
        elif identity not in before:
            change.revived.append(identity)
        for profile in cluster:
            holders[profile] = identity
            if customer_of[profile] != identity:
                change.moved[profile] = identity
    living = set(holders.values())
    for customer, profiles in sorted(before.items()):
        if customer not in living:
            change.ended[customer] = _heir(profiles, holders)
        elif parts := {holders[p] for p in profiles} - {customer}:
            change.split[customer] = parts
    change.changed = {c for p in change.moved if (c := customer_of[p]) is not None}
    return change


def _heir(profiles: Collection[UUID], holders: Mapping[UUID, UUID]) -> UUID:
    """The customer that now holds most of the profiles."""
    counted: dict[UUID, int] = {}
    for profile in profiles:
        counted[holders[profile]] = counted.get(holders[profile], 0) + 1
    return min(counted, key=lambda c: (-counted[c], c))

"""Anchors: profiles that an identifier of one person ties together, without any model. Pure.

What they make is provisional: good enough to count levels on, not to decide who is who.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import combinations

from cxcore.model.identifier import Scheme
from cxcore.resolve.blocking import LIMIT
from cxcore.resolve.exclusivity import Value, name_of, users
from cxcore.resolve.linkage import Pair
from cxcore.resolve.payload import Payload


def entities(payloads: Sequence[Payload], *, without: Collection[Scheme] = ()) -> list[list[int]]:
    """Provisional entities: places of payloads that are tied, directly or through others, by a value whose names all fit
    one person; each payload is in one, alone if nothing ties it. Values of schemes ``without``, and values that more
    than 60 payloads show, tie nobody. In the order of their first payloads.
    """
    holders: dict[Value, list[int]] = defaultdict(list)
    for n, p in enumerate(payloads):
        for scheme, values in p.identifiers:
            if scheme not in without:
                for issuer, value in values:
                    holders[scheme, issuer, value].append(n)
    head = list(range(len(payloads)))
    for shown, places in sorted(holders.items()):
        if 1 < len(places) <= LIMIT and users(shown, {name_of(payloads[n]) for n in places}) == 1:
            first = _head(head, places[0])
            for n in places[1:]:
                other = _head(head, n)
                first, other = min(first, other), max(first, other)
                head[other] = first
    found: dict[int, list[int]] = defaultdict(list)
    for n in range(len(payloads)):
        found[_head(head, n)].append(n)
    return list(found.values())


def inside(found: Sequence[Sequence[int]]) -> list[Pair]:
    """The pairs within entities; those of an entity beyond 60 payloads are left out, for something is wrong with it."""
    return [pair for places in found if len(places) <= LIMIT for pair in combinations(places, 2)]


def representative(places: Sequence[int], payloads: Sequence[Payload]) -> int:
    """The payload of an entity that shows the most; of equals the first."""
    return max(places, key=lambda n: (_shows(payloads[n]), -n))


def _head(head: list[int], n: int) -> int:
    while head[n] != n:
        head[n] = head[head[n]]
        n = head[n]
    return n


def _shows(p: Payload) -> int:
    texts = (p.given, p.family, p.birth_date, p.street, p.postcode, p.city)
    return sum(map(bool, texts)) + len(p.identifiers) + len(p.traits)

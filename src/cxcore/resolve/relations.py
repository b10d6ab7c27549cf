"""Who a customer is related to: of one household or company, or on a shared line. Computed when read, never a merge."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import by_index, driver
from cxcore.model.identifier import Scheme
from cxcore.normalise.codes import SCHEMES
from cxcore.resolve import blocking, ties, users
from cxcore.resolve.exclusivity import people
from cxcore.resolve.payload import Payload, from_json, payload
from cxcore.resolve.ties import FEW, RANKS, Home, Person, RelationKind, Tie, Use

READ = 1000
"""So many payloads of others are looked at, those of the rarest values first; beyond, an answer says "at least"."""
_VALUES = 100
_PAYLOADS = 50
_OWN = """
select n.payload, max(p.address) as address
from link l join member m on m.profile_id = l.profile_id join node n on n.id = m.node_id join profile p on p.id = l.profile_id
where l.customer_id = $1 group by n.id order by n.id limit $2
"""
_SHOWN = """
select distinct i.scheme, i.issuer, i.value from link l join identifier i on i.profile_id = l.profile_id
where l.customer_id = $1 order by i.scheme, i.issuer, i.value limit $2
"""
_HOLDERS = """
select k.key, h.node_id from unnest($1::bigint[]) as k(key)
cross join lateral (select node_id from node_key where key = k.key order by node_id limit $2) h
"""
_OTHERS = """
select distinct m.node_id, l.customer_id from member m join link l on l.profile_id = m.profile_id
where m.node_id = any($1::bigint[]) and l.customer_id <> $2
"""
_SHOW = """
select c.id, n.payload from unnest($1::uuid[]) as c(id)
cross join lateral (
    select distinct m.node_id from link l
    cross join lateral (select node_id from member where profile_id = l.profile_id offset 0) m
    where l.customer_id = c.id order by m.node_id limit $2
) x cross join lateral (select payload from node where id = x.node_id offset 0) n
"""
"""Each look-up fenced off, since a planner that takes the tables to be empty joins them whole for each customer: 1,100
customers took longer than ten minutes."""
_APART = """
with own as (select array(select profile_id from link where customer_id = $1) as profiles), other as (
    select j.right_id as id from judgement j, own
    where j.left_id = any(own.profiles) and j.revoked_at is null and j.origin = 'person' and j.verdict = 'negative'
    union all
    select j.left_id from judgement j, own
    where j.right_id = any(own.profiles) and j.revoked_at is null and j.origin = 'person' and j.verdict = 'negative'
)
select distinct l.customer_id from other join link l on l.profile_id = other.id where l.customer_id <> $1
"""


class After(NamedTuple):
    """The place of a relation in the order of pages."""

    rank: int
    people: int
    customer: UUID


@dataclass(frozen=True, slots=True)
class Relation:
    """A living customer that another is related to: the closest that is known, and all that ties them, closest first."""

    customer: UUID
    kind: RelationKind
    ties: tuple[Tie, ...]

    @property
    def place(self) -> After:
        return After(RANKS[self.kind], self.ties[0].people, self.customer)


@dataclass(frozen=True, slots=True)
class Relations:
    """A page of relations, where the next one goes on, and how many there are; ``more``: at least so many, since a value
    is used by more than were looked at."""

    page: tuple[Relation, ...]
    next: After | None
    total: int
    more: bool


@dataclass(slots=True)
class _Own:
    """A customer's own side: who it is, its values as shown, and its homes with an address as written, by key."""

    person: Person
    values: dict[int, tuple[Scheme, str, str]] = field(default_factory=dict)
    homes: dict[int, dict[Home, str]] = field(default_factory=dict)


async def relations(session: AsyncSession, customer: UUID, *, after: After | None = None, limit: int = 50) -> Relations:
    """The living customers that a living one is related to: the closest kind first, of these who shares with the fewest,
    then in the order of their ids.

    Only who has shown a given name is told of: a contact without one may be the customer itself. Who could be the same
    person by name is left out, unless a person decided that they are not.
    """
    await by_index(session)
    connection = await driver(session)
    own = await _own(connection, customer)
    apart = {r["customer_id"] for r in await connection.fetch(_APART, customer)}
    holders, more = await _holders(connection, [*own.values, *own.homes])
    using = await _using(connection, {k: own.values[k] for k in holders if k in own.values}, apart=bool(apart))
    nodes = {n for key, found in holders.items() if key in using or key in own.homes for n in found}
    customers: dict[int, set[UUID]] = defaultdict(set)
    for r in await connection.fetch(_OTHERS, list(nodes), customer):
        customers[r["node_id"]].add(r["customer_id"])
    shown = await _people(connection, {c for found in customers.values() for c in found})
    by_key = {key: {c for n in found for c in customers.get(n, ()) if c in shown} for key, found in holders.items()}
    related = _related(own, shown, using, by_key, apart)
    return _page(related, after=after, limit=limit, more=more)


def _related(
    own: _Own,
    shown: Mapping[UUID, Person],
    using: Mapping[int, tuple[Use | None, Use]],
    by_key: Mapping[int, Collection[UUID]],
    apart: Collection[UUID],
) -> dict[UUID, list[Tie]]:
    found: dict[UUID, list[Tie]] = defaultdict(list)
    others = {c: p for c, p in shown.items() if c in apart or not ties.perhaps_one(own.person, p)}
    for key, (of_all, of_two) in using.items():
        scheme, issuer, value = own.values[key]
        for c in by_key[key]:
            use = of_two if c in apart else of_all
            if use is not None and c in others:
                kind = ties.between(use, own.person, shown[c], apart=c in apart)
                found[c].append(Tie(kind, scheme, issuer, value, use.people))
    for key, homes in own.homes.items():
        for c in by_key.get(key, ()):
            if c in others and (home := ties.home(own.person, shown[c], apart=c in apart)) in homes:
                count = _living_at(home, own.person, (shown[other] for other in by_key[key]))
                if count <= FEW:
                    found[c].append(Tie(RelationKind.HOUSEHOLD, "address", "", homes[home], count))
    return found


def _living_at(home: Home, one: Person, others: Iterable[Person]) -> int:
    """How many people of one's family name live in a home, as far as their names tell."""
    there = [p for p in others if not p.families.isdisjoint(one.families) and any(home.fits(h) for h in p.homes)]
    return max(len(people(name for p in (one, *there) for name in p.names)), 2)


def _page(related: Mapping[UUID, Sequence[Tie]], *, after: After | None, limit: int, more: bool) -> Relations:
    everyone = []
    for c, found in related.items():
        ordered = sorted(found, key=lambda t: (RANKS[t.kind], t.people, t.attribute, t.issuer, t.value))
        everyone.append(Relation(c, ordered[0].kind, tuple(ordered)))
    everyone.sort(key=lambda r: r.place)
    left = [r for r in everyone if after is None or r.place > after]
    page = tuple(left[:limit])
    return Relations(page, page[-1].place if len(left) > limit else None, len(everyone), more)


async def _own(connection: asyncpg.Connection, customer: UUID) -> _Own:
    payloads: list[Payload] = []
    addresses: dict[Home, str] = {}
    for r in await connection.fetch(_OWN, customer, READ):
        p = from_json(r["payload"])
        payloads.append(p)
        if p.street:
            addresses.setdefault(Home(p.street, p.postcode, p.city), " ".join((r["address"] or "").split()))
    own = _Own(ties.person(payloads))
    for r in await connection.fetch(_SHOWN, customer, _VALUES):
        value = SCHEMES.word(r["scheme"]), r["issuer"], r["value"]
        [comparable] = users.values(payload(identifiers=[value]))
        own.values[users.value_key(comparable)] = value
    for home, written in addresses.items():
        own.homes.setdefault(blocking.hashed("street", (home.street,)), {})[home] = written
    return own


async def _holders(connection: asyncpg.Connection, keys: Collection[int]) -> tuple[dict[int, list[int]], bool]:
    """The payloads that show each value or street, of the rarest first and 1,000 in all; and whether there are more."""
    found: dict[int, list[int]] = defaultdict(list)
    for r in await connection.fetch(_HOLDERS, list(keys), READ + 1):
        found[r["key"]].append(r["node_id"])
    kept: dict[int, list[int]] = {}
    left = READ
    for key in sorted(found, key=lambda k: (len(found[k]), k)):
        kept[key] = found[key][:left]
        left -= len(kept[key])
    return kept, any(len(kept[key]) < len(found[key]) for key in found)


async def _using(
    connection: asyncpg.Connection, values: Mapping[int, tuple[Scheme, str, str]], *, apart: bool
) -> dict[int, tuple[Use | None, Use]]:
    """What each value that several use says of all who show it, and what of two whom a person keeps ``apart``."""
    found: dict[int, tuple[Use | None, Use]] = {}
    for key, shown in (await users.names_of(connection, values)).items():
        value, names = values[key], tuple(sorted(shown))
        if of_all := ties.use(value, names):
            found[key] = of_all, of_all
        elif apart and (of_two := ties.use(value, names, known=2)):
            found[key] = None, of_two
    return found


async def _people(connection: asyncpg.Connection, customers: Collection[UUID]) -> dict[UUID, Person]:
    """Who the customers are, without those that show no given name."""
    payloads: dict[UUID, list[Payload]] = defaultdict(list)
    for r in await connection.fetch(_SHOW, list(customers), _PAYLOADS):
        payloads[r["id"]].append(from_json(r["payload"]))
    found = {c: ties.person(shown) for c, shown in payloads.items()}
    return {c: person for c, person in found.items() if person.names}

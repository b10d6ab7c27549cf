"""What stands of some profiles: the live judgements on them, and the customers that hold them. Read once, in one journey."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

import asyncpg

from cxcore.resolve.cluster import Edge
from cxcore.resolve.component import Wanted

_READ = """
select 'link' as what, profile_id as id, customer_id as a, null::uuid as b, null::text as verdict, null::text as origin,
       null::text as rule, null::text as model_version
from link where customer_id in (select customer_id from link where profile_id = any($1::uuid[]))
union all
select 'judgement', * from (
    select id, left_id, right_id, verdict, origin, rule, model_version from judgement
    where revoked_at is null and left_id = any($1::uuid[])
    union
    select id, left_id, right_id, verdict, origin, rule, model_version from judgement
    where revoked_at is null and right_id = any($1::uuid[])
) j
"""
"""Whose the judgements are is looked at here: asked for the rules' alone, PostgreSQL reads their whole partial index."""

Key = tuple[UUID, UUID, str]
"""Which pair, by which rule."""


class Judged(NamedTuple):
    """A live judgement of a rule."""

    id: UUID
    model_version: str


@dataclass(slots=True)
class Standing:
    """``profiles``: those it knows all of; ``rules``: the rules' live judgements on them; ``ties``: what clustering heeds, by
    profile; ``customer_of`` and ``held``: who holds them, and all that those customers hold."""

    profiles: set[UUID]
    rules: dict[Key, Judged] = field(default_factory=dict)
    ties: dict[UUID, set[Edge]] = field(default_factory=lambda: defaultdict(set))
    customer_of: dict[UUID, UUID] = field(default_factory=dict)
    held: dict[UUID, list[UUID]] = field(default_factory=lambda: defaultdict(list))

    def after(self, gone: Iterable[Key], made: Iterable[Wanted]) -> "Standing":
        """The same with the judgements of rules that are no more taken away, and new ones added."""
        for left, right, rule in gone:
            for p in (left, right):
                if p in self.ties:
                    self.ties[p] = {
                        e for e in self.ties[p] if e.by_person or (e.left, e.right, e.rule) != (left, right, rule)
                    }
        for w in made:
            self._tie(Edge(w.left, w.right, positive=w.verdict == "positive", by_person=False, rule=w.rule), w.verdict)
        return self

    def siblings(self, profiles: Collection[UUID]) -> list[tuple[UUID, UUID]]:
        """Profiles and their customers: all that the customers hold which hold these."""
        customers = {self.customer_of[p] for p in profiles if p in self.customer_of}
        return [(p, c) for c in customers for p in self.held[c]]

    def _tie(self, edge: Edge, verdict: str) -> None:
        if verdict != "unsure":
            self.ties[edge.left].add(edge)
            self.ties[edge.right].add(edge)

    def add(self, row: asyncpg.Record) -> None:
        what, number, a, b, verdict, origin, rule, model_version = row
        if what == "link":
            self.customer_of[number] = a
            self.held[a].append(number)
            return
        if origin == "rule":
            self.rules[a, b, rule] = Judged(number, model_version)
        self._tie(Edge(a, b, positive=verdict == "positive", by_person=origin == "person", rule=rule), verdict)


async def read(connection: asyncpg.Connection, profiles: Collection[UUID]) -> Standing:
    """What stands of profiles."""
    found = Standing(set(profiles))
    for row in await connection.fetch(_READ, list(profiles)):
        found.add(row)
    return found

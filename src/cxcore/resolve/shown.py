"""What is shown of customers has changed: told once a customer and transaction, as the last thing before its commit.

Whoever changes what a customer's page or timeline shows notes it here, by profiles or customers. Before the commit what
was noted is brought to living customers under the lock that keeps links as they are, so that nobody moves a profile
between the telling and the commit (docs/decisions/0021).
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import before_commit, driver
from cxcore.events.outbox import DomainEvent, EventType, is_withheld, publish
from cxcore.resolve import lock

SINGLY = 100
"""Customers of one transaction that are told of one by one; more are told of in lists."""
LISTED = 500
"""Customers of one list."""
_NOTES = "cxcore.resolve.shown"
_CHANGED = """
with noted as materialized (
    select l.customer_id as id, n.what from unnest($1::uuid[], $2::text[]) as n(profile_id, what)
    join link l on l.profile_id = n.profile_id
    union select n.id, n.what from unnest($3::uuid[], $4::text[]) as n(id, what)
), mine as materialized (
    select l.profile_id, l.customer_id from (select distinct id from noted where what in ('timeline', 'profiles')) n
    join link l on l.customer_id = n.id
), named as (
    select j.right_id as profile_id, m.customer_id from mine m join judgement j on j.left_id = m.profile_id
    where j.revoked_at is null and j.origin = 'rule' and j.rule = 'candidate'
    union select j.left_id, m.customer_id from mine m join judgement j on j.right_id = m.profile_id
    where j.revoked_at is null and j.origin = 'rule' and j.rule = 'candidate'
), everybody as (
    select id, what from noted
    union select l.customer_id, 'reasons' from named n join link l on l.profile_id = n.profile_id
    where l.customer_id <> n.customer_id
)
select e.id, array_agg(e.what order by e.what) as what from everybody e join customer c on c.id = e.id
where c.merged_into is null and not exists (select from unnest($5::uuid[]) as t(id) where t.id = e.id)
group by e.id order by e.id
"""
"""With those whose page names one of the customers as a candidate, and counts what its timeline holds."""


class Part(StrEnum):
    """What of a customer changed."""

    VALUES = "values"
    TIMELINE = "timeline"
    PROFILES = "profiles"
    REASONS = "reasons"


@dataclass(slots=True)
class _Notes:
    """What a transaction changed, by profiles and customers, and whom other events of it tell of."""

    profiles: dict[Part, set[UUID]] = field(default_factory=dict)
    customers: dict[Part, set[UUID]] = field(default_factory=dict)
    told: set[UUID] = field(default_factory=set)
    locked: bool = False

    def any(self) -> bool:
        """Whether there is anything left to tell."""
        return any(self.profiles.values()) or any(ids - self.told for ids in self.customers.values())


def changed(
    session: AsyncSession, part: Part, *, profiles: Collection[UUID] = (), customers: Collection[UUID] = ()
) -> None:
    """Note that a part of what is shown of these customers, or of whoever has these profiles at the commit, changes."""
    if (profiles or customers) and not is_withheld(session):
        notes = _notes(session)
        notes.profiles.setdefault(part, set()).update(profiles)
        notes.customers.setdefault(part, set()).update(customers)


def told(session: AsyncSession, customers: Collection[UUID]) -> None:
    """Note that an event of this transaction has these customers as its subjects, so that they need no other."""
    if customers and not is_withheld(session):
        _notes(session).told.update(customers)


def locked(session: AsyncSession) -> None:
    """Note that this transaction holds the lock of identities, so that it need not ask for it again."""
    if not is_withheld(session):
        _notes(session).locked = True


async def tell(session: AsyncSession) -> None:
    """Publish what was noted so far. It happens by itself before the commit; a transaction that changes a whole base does
    so now and then, to hold less in memory."""
    notes = session.info.pop(_NOTES, None)
    if notes is None or not notes.any():
        return
    connection = await driver(session)
    if not notes.locked:
        await lock.share(connection)
    profiles, of_profiles = _columns(notes.profiles)
    customers, of_customers = _columns(notes.customers)
    found = await connection.fetch(_CHANGED, profiles, of_profiles, customers, of_customers, list(notes.told))
    if len(found) <= SINGLY:
        told = [DomainEvent(EventType.CUSTOMER_CHANGED, r["id"], {"what": r["what"]}) for r in found]
    else:
        told = _lists([r["id"] for r in found], sorted({word for r in found for word in r["what"]}))
    await publish(session, told)


def _lists(customers: list[UUID], what: list[str]) -> list[DomainEvent]:
    change = uuid4()
    parts = [customers[i : i + LISTED] for i in range(0, len(customers), LISTED)]
    data = [{"customers": [str(c) for c in part], "what": what} for part in parts]
    return [DomainEvent(EventType.CUSTOMERS_CHANGED, change, d) for d in data]


def _notes(session: AsyncSession) -> _Notes:
    notes: _Notes | None = session.info.get(_NOTES)
    if notes is None:
        notes = session.info[_NOTES] = _Notes()
        before_commit(session, tell)
    return notes


def _columns(noted: dict[Part, set[UUID]]) -> tuple[list[UUID], list[str]]:
    pairs = [(i, part.value) for part, ids in noted.items() for i in ids]
    return [i for i, _ in pairs], [word for _, word in pairs]

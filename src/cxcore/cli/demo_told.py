"""What `cxcore demo` says at its end: how well people were told apart and relatives told, by the world's answer sheet."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.resolve.relations import relations
from cxcore.resolve.ties import FEW, RelationKind

_FOUND = """
select s.key, r.key, i.profile_id::text, l.customer_id::text,
       coalesce(p.name, p.given_name, p.family_name) is not null
from source_record r
join source s on s.id = r.source_id
join interaction i on i.source_id = r.source_id and i.sequence = r.sequence
join link l on l.profile_id = i.profile_id
join profile p on p.id = i.profile_id
"""
_SHARED = """
select distinct l.customer_id from (select key from value_name group by key having count(*) > 1) v
join node_key k on k.key = v.key join member m on m.node_id = k.node_id join link l on l.profile_id = m.profile_id
"""
_SHOWN = "select concat_ws(' ', scheme, issuer, value), profile_id::text from identifier"


async def told(session: AsyncSession, truth: dict[str, Any]) -> str:
    """The report, in lines."""
    from cxdemo.report import kin, report

    rows = [tuple(row) for row in await session.execute(text(_FOUND))]
    found = report(rows, truth)
    contacts = found.contacts
    glued = (("relatives", found.households), ("colleagues", found.firms), ("owners of one number", found.recycled))
    joined = ", ".join(f"{everyone} pairs of {who} ({named} by name)" for who, (everyone, named) in glued)
    shown = [tuple(row) for row in await session.execute(text(_SHOWN))]
    homes = kin(await _households(session), shown, rows, truth)
    return (
        "By the world's answer sheet, of the pairs of profiles that were joined:\n"
        f"  {found.named:.2%} are one person's where both show a name (people whose name nobody shares)\n"
        f"  {found.distinct:.2%} with the contacts that show none ({found.precision:.2%} with people who share a name)\n"
        f"  {found.recall:.0%} of the pairs to be found were\n"
        f"Contacts without a name: {contacts.given:,} given to a customer, {contacts.rightly / max(1, contacts.given):.2%} "
        f"rightly; {contacts.waiting:,} wait.\n"
        f"Joined by mistake: {joined}.\n"
        f"Households shown: {homes.said} pairs of people, {homes.rightly / max(1, homes.said):.1%} truly of one. Found: "
        f"{homes.found / max(1, homes.tied):.0%} of the {homes.tied} pairs of one household who named themselves with a "
        f"value in common; the sheet has {homes.known:,} pairs.\n"
    )


async def _households(session: AsyncSession) -> set[tuple[str, str]]:
    """The pairs of customers that a page calls a household. A customer's are few, and stand first."""
    pairs: set[tuple[str, str]] = set()
    customers: list[UUID] = list((await session.execute(text(_SHARED))).scalars())
    for customer in customers:
        page = (await relations(session, customer, limit=FEW * FEW)).page
        pairs |= {(str(customer), str(r.customer)) for r in page if r.kind is RelationKind.HOUSEHOLD}
    return pairs

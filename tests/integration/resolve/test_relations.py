"""Relations on a database: they follow merges, undoing and erasure, and are bounded however many share a value."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from cxcore.db.session import Database
from cxcore.resolve import customers, decisions
from cxcore.resolve.decisions import Verdict
from cxcore.resolve.relations import READ, Relations, relations
from cxcore.resolve.ties import RelationKind
from support.parley import Parley
from support.story import tell, who
from support.strangers import stranger

LINE = ["09 1234567"]
E164 = "+35891234567"


def message(number: int, name: str | None, **shown: Any) -> dict[str, Any]:
    return {"id": number, "who": f"c{number}", "name": name} | shown


async def of(database: Database, customer: UUID, **kwargs: Any) -> Relations:
    async with database.unit() as session:
        return await relations(session, customer, **kwargs)


async def found(database: Database, customer: UUID) -> list[tuple[UUID, RelationKind]]:
    return [(r.customer, r.kind) for r in (await of(database, customer)).page]


@pytest.fixture
async def lehtos(database: Database, parley: type[Parley]) -> tuple[UUID, UUID]:
    await tell(
        database,
        [
            message(1, "Anna Lehto", emails=["anna@x.example"], phones=LINE),
            message(2, "Pekka Lehto", who=None, emails=["pekka@x.example"], phones=LINE),
            message(3, "Liisa Oja", emails=["liisa@x.example"]),
        ],
    )
    return await who(database, "anna@x.example"), await who(database, "pekka@x.example")


async def test_a_landline_of_a_family_is_a_household_and_says_why(
    database: Database, lehtos: tuple[UUID, UUID]
) -> None:
    anna, pekka = lehtos
    both = await of(database, anna)
    [relation] = both.page
    assert (relation.customer, relation.kind, both.total, both.more, both.next) == (
        pekka,
        RelationKind.HOUSEHOLD,
        1,
        False,
        None,
    )
    [tie] = relation.ties
    assert (tie.kind, tie.attribute, tie.issuer, tie.value, tie.people) == (
        RelationKind.HOUSEHOLD,
        "phone",
        "",
        E164,
        2,
    )
    assert await found(database, pekka) == [(anna, RelationKind.HOUSEHOLD)]
    assert await found(database, await who(database, "liisa@x.example")) == []


async def test_a_relation_follows_a_merge_and_its_undoing(database: Database, lehtos: tuple[UUID, UUID]) -> None:
    anna, pekka = lehtos
    liisa = await who(database, "liisa@x.example")
    async with database.unit() as session:
        made = await decisions.merge(session, customers=[pekka, liisa], actor="t", reason="same voice")
    [one] = made.customers
    assert await found(database, anna) == [(one, RelationKind.HOUSEHOLD)]
    async with database.unit() as session:
        await decisions.revoke(session, decision=made.id, actor="t")
    assert await found(database, anna) == [(pekka, RelationKind.HOUSEHOLD)]
    assert await found(database, liisa) == []
    async with database.unit() as session:
        await decisions.merge(session, customers=[anna, pekka], actor="t", reason="one under two names")
    assert await found(database, await who(database, "anna@x.example")) == []


async def test_a_relation_ends_with_the_records_it_rests_on(database: Database, lehtos: tuple[UUID, UUID]) -> None:
    anna, _ = lehtos
    gone = message(2, "Pekka Lehto", who=None, emails=["pekka@x.example"], phones=LINE, deleted=True)
    await tell(database, [gone | {"changed": "2026-03-09T00:00:00+00:00"}])
    assert await found(database, anna) == []


async def test_who_a_person_keeps_apart_may_still_be_a_household(database: Database, lehtos: tuple[UUID, UUID]) -> None:
    async with database.unit() as session:
        await decisions.decide(session, Verdict.NEVER, customers=lehtos, actor="t", reason="a couple")
    anna, pekka = lehtos
    assert await found(database, anna) == [(pekka, RelationKind.HOUSEHOLD)]


async def test_namesakes_are_related_only_where_a_person_keeps_them_apart(
    database: Database, parley: type[Parley]
) -> None:
    await tell(
        database,
        [
            message(1, "Pekka Lehto", emails=["senior@x.example"], phones=["040 1234567"]),
            message(2, "Pekka Lehto", emails=["junior@x.example"], phones=["040 1234567"]),
        ],
    )
    one = await who(database, "senior@x.example")
    assert await who(database, "junior@x.example") == one
    async with database.unit() as session:
        profiles = (await customers.linked_profiles(session, [one]))[one]
        junior = next(p.id for p in profiles if any(i.value == "junior@x.example" for i in p.identifiers))
        await decisions.separate(session, customer=one, profiles=[junior], actor="t", reason="father and son")
    senior, junior = await who(database, "senior@x.example"), await who(database, "junior@x.example")
    assert await found(database, senior) == [(junior, RelationKind.HOUSEHOLD)]


async def test_a_value_of_two_strangers_is_a_shared_line(database: Database, parley: type[Parley]) -> None:
    shared = {"phones": ["040 1234567"]}
    await tell(database, [message(1, "Anna Lehto", **shared), message(2, "Pekka Virta", **shared)])
    anna, pekka = await who(database, "lehto"), await who(database, "virta")
    assert await found(database, anna) == [(pekka, RelationKind.SHARED_LINE)]


async def test_one_address_and_family_name_is_a_household(database: Database, parley: type[Parley]) -> None:
    home = "Kuja 1 A 2, 00100  Helsinki"
    await tell(
        database,
        [
            message(1, "Anna Lehto", emails=["a@x.example"], address=home),
            message(2, "Pekka Lehto", emails=["p@x.example"], address=home.lower()),
            message(3, "Olli Virta", emails=["o@x.example"], address=home),
            message(4, "Ville Lehto", emails=["v@x.example"], address="Kuja 1 A 2, 33100 Tampere"),
        ],
    )
    anna, pekka = await who(database, "a@x.example"), await who(database, "p@x.example")
    [relation] = (await of(database, anna)).page
    assert (relation.customer, relation.kind) == (pekka, RelationKind.HOUSEHOLD)
    [tie] = relation.ties
    assert (tie.attribute, tie.value, tie.people) == ("address", "Kuja 1 A 2, 00100 Helsinki", 2)
    assert await found(database, await who(database, "o@x.example")) == []
    assert await found(database, await who(database, "v@x.example")) == []


async def test_a_contact_without_a_name_is_nobodys_relative(database: Database, lehtos: tuple[UUID, UUID]) -> None:
    anna, pekka = lehtos
    await tell(database, [{"id": 9, "phones": LINE, "channel": "phone", "kind": "call"}])
    assert await found(database, anna) == [(pekka, RelationKind.HOUSEHOLD)]
    async with database.unit() as session:
        caller = (
            await session.execute(
                text("select customer_id from link l join profile p on p.id = l.profile_id where p.name is null")
            )
        ).scalar_one()
    assert sorted(await found(database, caller)) == sorted(
        [(anna, RelationKind.SHARED_LINE), (pekka, RelationKind.SHARED_LINE)]
    )


async def pages(database: Database, customer: UUID, limit: int) -> list[Relations]:
    answers = [await of(database, customer, limit=limit)]
    while answers[-1].next is not None:
        answers.append(await of(database, customer, limit=limit, after=answers[-1].next))
    return answers


async def test_a_switchboard_of_a_hundred_is_counted_and_paged(database: Database, parley: type[Parley]) -> None:
    await tell(
        database,
        [message(n, stranger(n * 7 + 1), emails=[f"p{n}@x.example"], phones=LINE) for n in range(100)],
    )
    one = await who(database, "p0@x.example")
    answers = await pages(database, one, 40)
    assert [len(a.page) for a in answers] == [40, 40, 19]
    assert {(a.total, a.more) for a in answers} == {(99, False)}
    assert len({r.customer for a in answers for r in a.page}) == 99
    [everybodys] = {t.people for a in answers for r in a.page for t in r.ties}
    assert everybodys == 64
    assert {r.kind for a in answers for r in a.page} == {RelationKind.SHARED_LINE}


async def test_the_closest_stand_first_whatever_is_shared_with_everybody(
    database: Database, parley: type[Parley]
) -> None:
    desk = [message(n, stranger(n * 11 + 5), phones=["09 7654321"]) for n in range(10)]
    family = message(20, "Aava Lehto", emails=["a@x.example"], phones=[*LINE, "09 7654321"])
    await tell(database, [*desk, family, message(21, "Pekka Lehto", phones=LINE)])
    answer = await of(database, await who(database, "a@x.example"), limit=2)
    assert [r.kind for r in answer.page] == [RelationKind.HOUSEHOLD, RelationKind.COMPANY]
    assert answer.total == 11


async def test_of_a_value_that_thousands_show_so_many_are_looked_at(database: Database, parley: type[Parley]) -> None:
    many = READ + 100
    await tell(
        database,
        [message(n, stranger(n), emails=["info@x.example"], phones=[f"04011{n:05}"]) for n in range(many)],
    )
    one = await who(database, "+358401100000")
    answer = await of(database, one, limit=20)
    assert (len(answer.page), answer.more) == (20, True)
    assert READ - 10 <= answer.total <= READ

"""Reading: pages as large as they may be, and finding whom many namesakes stand in front of."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from cxcore.db.session import Database
from cxcore.model.interaction import Channel
from cxcore.timeline import query, search
from cxcore.timeline.query import Filter
from support.parley import Parley
from support.story import ANNA, tell, who


async def people(database: Database, count: int, family: str) -> list[UUID]:
    """Customers by the thousand, each named Anna, with no more than search needs."""
    async with database.unit() as session:
        await session.execute(
            text(
                "insert into source (key, connector, name, config) values ('crowd', 'parley', 'c', '{}') on conflict do nothing"
            )
        )
        found = await session.execute(
            text("""
                with made as (
                    insert into profile (id, source_id, key, name, attributes, name_key, observed_at, revision)
                    select gen_random_uuid(), (select id from source where key = 'crowd'), 'c' || n || :family, 'Anna', '{}', '',
                           now(), '' from generate_series(1, :count) n returning id
                ), customers as (
                    insert into customer (id, founder_id) select id, id from made returning id
                ), links as (
                    insert into link (profile_id, customer_id) select id, id from made
                )
                insert into search_term (profile_id, term)
                select id, term from made, (values ('n:anna'), ('n:' || cast(:family as text))) as t(term)
                returning profile_id
            """),
            {"count": count, "family": family},
        )
        return sorted({r.profile_id for r in found})


async def test_the_last_of_many_namesakes_is_found_by_the_other_name(database: Database) -> None:
    """However few of the Annas the index hands over, the one Anna Mäkinen is among those found."""
    await people(database, 6000, "virtanen")
    rare = await people(database, 3, "makinen")
    async with database.unit() as session:
        for words in ("anna mäkinen", "mäkinen anna", "a mäki", "Mäkinen, A."):
            assert {h.customer_id for h in await search.search(session, words)} == set(rare)


async def test_words_that_no_one_bears_together_find_nobody(database: Database) -> None:
    await people(database, 20, "virtanen")
    await tell_one(database, "Pekka Mäkinen")
    async with database.unit() as session:
        assert await search.search(session, "anna mäkinen") == []
        assert len(await search.search(session, "anna virtanen", limit=100)) == 20


async def tell_one(database: Database, name: str) -> None:
    identity = uuid4()
    async with database.unit() as session:
        source = (await session.execute(text("select id from source"))).scalar_one()
        await session.execute(
            text(
                "insert into profile (id, source_id, key, name, attributes, name_key, observed_at, revision)"
                " values (:i, :s, :k, :n, '{}', '', now(), '')"
            ),
            {"i": identity, "s": source, "k": str(identity), "n": name},
        )
        await session.execute(text("insert into customer (id, founder_id) values (:i, :i)"), {"i": identity})
        await session.execute(text("insert into link (profile_id, customer_id) values (:i, :i)"), {"i": identity})
        await search.index(session, [identity])


async def test_words_of_two_profiles_of_one_customer_find_them(database: Database, parley: type[Parley]) -> None:
    """One system knows the maiden name, the other the address."""
    await tell(
        database,
        [
            {"id": 1, "name": "Anna Virtanen", "phones": ["0401234567"]},
            {"id": 2, "name": "Anna", "phones": ["0401234567"], "emails": [ANNA]},
        ],
    )
    async with database.unit() as session:
        [hit] = await search.search(session, f"virtanen {ANNA}")
    assert hit.customer_id == await who(database, ANNA)
    assert hit.exact


async def test_whom_more_profiles_confirm_comes_first(database: Database, parley: type[Parley]) -> None:
    known = [
        {"id": n, "name": "Anna Niemi", "emails": ["known@x.example"], "phones": [f"04011122{n:02}"]} for n in range(4)
    ]
    await tell(database, [{"id": 50, "name": "Anna Niemi", "emails": ["seen@x.example"]}, *known])
    async with database.unit() as session:
        hits = await search.search(session, "niemi anna")
    assert [h.customer_id for h in hits] == [
        await who(database, "known@x.example"),
        await who(database, "seen@x.example"),
    ]


@pytest.mark.parametrize("limit", [199, 200, 201, 1000])
async def test_a_page_larger_than_allowed_still_names_the_next(
    database: Database, parley: type[Parley], limit: int
) -> None:
    await tell(database, [{"id": n, "emails": [ANNA]} for n in range(230)])
    customer = await who(database, ANNA)
    seen, behind = [], None
    while True:
        async with database.unit() as session:
            found = await query.page(session, customer, behind=behind, limit=limit)
        assert len(found.entries) <= min(limit, query.MOST)
        seen += [e.id for e in found.entries]
        behind = found.next
        if behind is None:
            break
    assert len(seen) == len(set(seen)) == 230


@pytest.mark.parametrize("together", [True, False])
async def test_an_edited_name_is_found_under_the_old_one_too(
    database: Database, parley: type[Parley], together: bool
) -> None:
    fixed = {"id": 1, "who": "c1", "emails": [ANNA]}
    old = fixed | {"name": "Anna Virtanen", "changed": "2026-03-01T00:00:00+00:00"}
    new = fixed | {"name": "Anna Mäkinen", "changed": "2026-03-02T00:00:00+00:00", "at": 9}
    for part in [[old, new]] if together else [[old], [new]]:
        await tell(database, part)
    assert await who(database, "virtanen") == await who(database, "mäkinen")


UNEVEN = """
    with source as (
        insert into source (key, connector, name, config) values ('uneven', 'parley', 'u', '{}') returning id
    ), made as (
        insert into profile (id, source_id, key, name, attributes, name_key, observed_at, revision)
        select md5('profile' || n)::uuid, source.id, 'u' || n, 'Anna', '{}', '', now(), '' from source, generate_series(1, 20) n
        returning id, source_id
    ), customers as (
        insert into customer (id, founder_id) select cast(:customer as uuid), md5('profile1')::uuid from source
    ), links as (
        insert into link (profile_id, customer_id) select id, cast(:customer as uuid) from made
    )
    insert into interaction (id, profile_id, source_id, sequence, occurred_at, received_at, channel, direction, kind,
                             role, attributes)
    select md5('interaction' || t)::uuid, md5('profile' || p)::uuid, source_id, t,
           timestamptz '2026-01-01 00:00Z' + t * interval '1 minute', now(), t % 3, 0, 0, 0, '{}'
    from generate_series(1, 900) t
    cross join lateral (values (
        case when t between 300 and 420 or t > 850 then 1 else 1 + abs(hashint4(t)) % 20 end
    ), (case when t % 10 = 0 then 1 + abs(hashint4(t + 1)) % 20 end)) as who(p)
    join made on made.id = md5('profile' || p)::uuid
    on conflict do nothing
"""
"""20 profiles, of which one wrote all of the last 50 and 121 in the middle; a tenth is shared by two."""


@pytest.mark.parametrize("limit", [1, 7, 50, 200])
@pytest.mark.parametrize("chosen", [Filter(), Filter(channels=[Channel.PHONE])], ids=["all", "phone"])
async def test_pages_of_many_uneven_profiles_hold_all_once_in_order(
    database: Database, parley: type[Parley], limit: int, chosen: Filter
) -> None:
    customer, seen, behind = uuid4(), [], None
    async with database.unit() as session:
        await session.execute(text(UNEVEN), {"customer": customer})
        truth = (
            await session.execute(
                text(
                    "select distinct occurred_at, id from interaction where :all or channel = 1 order by 1 desc, 2 desc"
                ),
                {"all": not chosen.channels},
            )
        ).all()
        assert len(truth) == (300 if chosen.channels else 900)
        while True:
            found = await query.page(session, customer, behind=behind, limit=limit, chosen=chosen)
            seen += [(e.occurred_at, e.id) for e in found.entries]
            behind = found.next
            if behind is None:
                break
    assert seen == [tuple(row) for row in truth]

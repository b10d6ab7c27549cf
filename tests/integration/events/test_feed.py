"""The feed: while many write at once and commit in odd orders, who follows sees each event once and misses none."""

import asyncio
import random
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from cxcore import clock
from cxcore.db.session import Database
from cxcore.events import feed
from cxcore.events.feed import Event, PositionGone
from cxcore.events.outbox import DomainEvent, EventType, publish

WRITERS, TRANSACTIONS = 7, 30


def made(writer: int, number: int) -> DomainEvent:
    return DomainEvent(EventType.DECISION_MADE, UUID(int=writer), {"number": number})


async def tell(database: Database, *events: DomainEvent) -> None:
    async with database.unit() as session:
        await publish(session, list(events))


class Abandoned(Exception):
    """A transaction that ends in nothing."""


def abandon(whether: bool) -> None:
    if whether:
        raise Abandoned


async def write(database: Database, writer: int, chance: random.Random) -> int:
    """Transactions that each publish, dawdle, publish and then commit or roll back; answers how many events came of it."""
    told = 0
    for _ in range(TRANSACTIONS):
        try:
            async with database.unit() as session:
                await publish(session, [made(writer, told)])
                await asyncio.sleep(chance.choice((0, 0, 0.002, 0.02)))
                await publish(session, [made(writer, told + 1)])
                abandon(chance.random() < 0.2)
        except Abandoned:
            continue
        told += 2
    return told


async def follow(database: Database, seen: list[Event], *, limit: int) -> None:
    """Ask for page after page, from where the last one ended, until cancelled."""
    after = 0
    while True:
        await feed.advance(database)
        async with database.unit() as session:
            found = await feed.page(session, after=after, limit=limit)
        seen += found.events
        after = found.reached
        await asyncio.sleep(0)


async def whole(database: Database) -> list[Event]:
    while await feed.advance(database) < await written(database):
        pass
    async with database.unit() as session:
        held = await feed.ends(session)
        return (await feed.page(session, after=held.forgotten, limit=100_000)).events


async def written(database: Database) -> int:
    async with database.unit() as session:
        return int((await session.execute(text("select count(*) from outbox"))).scalar_one())


async def test_followers_see_each_event_once_and_miss_none_while_many_write(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "NUMBERED", 50)
    sights: list[list[Event]] = [[], [], []]
    following = [asyncio.create_task(follow(database, s, limit=n)) for s, n in zip(sights, (1, 7, 1000), strict=True)]
    told = await asyncio.gather(*(write(database, w, random.Random(w)) for w in range(WRITERS)))
    async with asyncio.timeout(60):
        while any(len(seen) < sum(told) for seen in sights):
            assert not any(task.done() for task in following)
            await asyncio.sleep(0.01)
    for task in following:
        task.cancel()
    await asyncio.wait(following)
    for seen in sights:
        assert [e.sequence for e in seen] == list(range(1, sum(told) + 1))
        assert [e.id for e in seen] == [e.id for e in sights[0]]
    for writer, count in enumerate(told):
        mine = [e.data["number"] for e in sights[0] if e.subject == str(UUID(int=writer))]
        assert mine == list(range(count))


async def test_who_commits_late_is_told_late_and_holds_nobody_up(database: Database) -> None:
    async with database.unit() as session:
        await publish(session, [made(1, 0)])
        await tell(database, made(2, 0))
        early = await whole_of_others(database)
        assert [e.subject for e in early] == [str(UUID(int=2))]
    late = await whole(database)
    assert [e.subject for e in late] == [str(UUID(int=2)), str(UUID(int=1))]
    async with database.unit() as session:
        by_position = (await session.execute(text("select subject from outbox order by position"))).scalars().all()
    assert by_position == [str(UUID(int=1)), str(UUID(int=2))], "a reader by position would have passed the first"


async def whole_of_others(database: Database) -> list[Event]:
    await feed.advance(database)
    async with database.unit() as session:
        return (await feed.page(session, after=0, limit=100)).events


async def break_off(database: Database) -> None:
    """Number, and die before the commit."""
    async with database.unit() as session:
        await session.execute(text("insert into feed (id, last, forgotten) values (1, 0, 0)"))
        await session.execute(text("update outbox set sequence = position + 40"))
        await session.execute(text("update feed set last = 45"))
        abandon(True)


async def test_numbering_that_is_broken_off_is_done_anew(database: Database) -> None:
    await tell(database, *(made(1, n) for n in range(5)))
    with pytest.raises(Abandoned):
        await break_off(database)
    assert [e.sequence for e in await whole(database)] == [1, 2, 3, 4, 5]


async def test_a_page_is_of_the_types_asked_for_and_moves_on_behind_the_others(database: Database) -> None:
    revoked = DomainEvent(EventType.DECISION_REVOKED, uuid4(), {})
    await tell(database, made(1, 0), revoked, made(1, 1), revoked, made(1, 2))
    await feed.advance(database)
    async with database.unit() as session:
        first = await feed.page(session, after=0, limit=1, types=[EventType.DECISION_REVOKED])
        second = await feed.page(session, after=first.reached, limit=2, types=[EventType.DECISION_REVOKED])
    assert ([e.sequence for e in first.events], first.reached, first.more) == ([2], 2, True)
    assert ([e.sequence for e in second.events], second.reached, second.more) == ([4], 5, False)


async def test_what_is_old_is_forgotten_and_a_position_before_it_is_gone(database: Database) -> None:
    await tell(database, *(made(1, n) for n in range(6)))
    await whole(database)
    async with database.unit() as session:
        await session.execute(
            text("update outbox set occurred_at = now() - interval '31 days' where sequence in (1, 2, 3, 5)")
        )
    async with database.unit() as session:
        assert await feed.forget(session, before=clock.now() - feed.KEPT) == 3
    async with database.unit() as session:
        assert await feed.forget(session, before=clock.now() - feed.KEPT) == 0
        assert [e.sequence for e in (await feed.page(session, after=3, limit=9)).events] == [4, 5, 6]
        for position in (2, 7):
            with pytest.raises(PositionGone):
                await feed.page(session, after=position, limit=9)


async def test_positions_go_on_when_everything_was_forgotten(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "FORGOTTEN", 2)
    await tell(database, *(made(1, n) for n in range(3)))
    await whole(database)
    counts = []
    for _ in range(3):
        async with database.unit() as session:
            counts.append(await feed.forget(session, before=clock.now() + timedelta(seconds=5)))
    assert counts == [2, 1, 0]
    await tell(database, made(1, 3))
    assert [(e.sequence, e.data) for e in await whole_after(database, 3)] == [(4, {"number": 3})]


async def whole_after(database: Database, after: int) -> list[Event]:
    await feed.advance(database)
    async with database.unit() as session:
        return (await feed.page(session, after=after, limit=10)).events

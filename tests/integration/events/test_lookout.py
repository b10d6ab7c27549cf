"""The lookout: whatever was committed before a look is heard by it, whoever wrote it and in whatever order it committed."""

import asyncio
import random
from collections.abc import Collection
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from cxcore.db.session import Database
from cxcore.errors import DatabaseUnavailable
from cxcore.events import lookout
from cxcore.events.lookout import Lookout, Seen
from cxcore.events.outbox import DomainEvent, EventType, publish

WRITERS, TRANSACTIONS, LOOKERS = 6, 25, 4


class Ear:
    """What was heard; ``lost`` counts how often nothing was known."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.lost = 0

    def hear(self, events: Collection[Seen] | None) -> None:
        self.heard += [event.subject for event in events or ()]
        self.lost += events is None


async def tell(database: Database, *subjects: UUID) -> None:
    async with database.unit() as session:
        await publish(session, [DomainEvent(EventType.DECISION_MADE, subject, {}) for subject in subjects])


async def test_what_was_committed_before_a_look_is_heard_by_it_once(database: Database) -> None:
    ear, committed = Ear(), set[str]()
    looks, chance = Lookout(database, ear.hear), random.Random(7)
    await looks.look()
    writing = True

    async def write() -> None:
        for _ in range(TRANSACTIONS):
            subject = uuid4()
            async with database.unit() as session:
                await publish(session, [DomainEvent(EventType.DECISION_MADE, subject, {})])
                await asyncio.sleep(chance.choice((0, 0, 0.002, 0.02)))
            committed.add(str(subject))

    async def watch() -> int:
        count = 0
        while writing:
            before = set(committed)
            await looks.look()
            assert before <= set(ear.heard)
            count += 1
        return count

    watching = [asyncio.create_task(watch()) for _ in range(LOOKERS)]
    await asyncio.gather(*(write() for _ in range(WRITERS)))
    writing = False
    assert min(await asyncio.gather(*watching)) > 1
    await looks.look()
    assert sorted(ear.heard) == sorted(committed)
    assert len(committed) == WRITERS * TRANSACTIONS


async def test_many_who_ask_at_once_share_two_looks_at_most(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, asked = Lookout(database, Ear().hear), []
    ask = Lookout._ask

    async def counted(self: Lookout) -> None:
        asked.append(1)
        await ask(self)

    monkeypatch.setattr(Lookout, "_ask", counted)
    await asyncio.gather(*(looks.look() for _ in range(50)))
    assert len(asked) <= 2


async def test_after_its_connection_was_lost_nothing_counts_as_known(database: Database) -> None:
    ear = Ear()
    looks = Lookout(database, ear.hear)
    await looks.look()
    known = ear.lost
    assert looks._connection is not None
    async with database.unit() as session:
        pid = looks._connection.get_server_pid()
        await session.execute(text("select pg_terminate_backend(:pid, 2000)"), {"pid": pid})
    await looks.look()
    assert ear.lost > known
    subject = uuid4()
    await tell(database, subject)
    await looks.look()
    assert ear.heard == [str(subject)]


async def test_more_than_one_look_takes_is_said_to_be_too_much(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookout, "MOST", 3)
    ear = Ear()
    looks = Lookout(database, ear.hear)
    await looks.look()
    known = ear.lost
    await tell(database, *(uuid4() for _ in range(3)))
    await looks.look()
    assert (len(ear.heard), ear.lost) == (3, known)
    await tell(database, *(uuid4() for _ in range(4)))
    await looks.look()
    assert (len(ear.heard), ear.lost) == (3, known + 1)


async def test_without_a_server_nothing_is_said_to_be_known() -> None:
    looks = Lookout(Database("postgresql://nobody@127.0.0.1:9/none"), Ear().hear)
    for _ in range(2):
        with pytest.raises(DatabaseUnavailable):
            await looks.look()

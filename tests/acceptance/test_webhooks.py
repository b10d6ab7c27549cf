"""Webhooks to receivers that fail, over a worker that is killed: each event is delivered under one id. `make webhooks-drill`
sends 100,000 of them, and 10,000 while the secret is rotated."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest

from cxcore.db.session import Database
from cxcore.webhooks import deliveries, endpoints, secrets, sender
from support.receiving import HELD, Got, receiver
from support.sending import KEY, VAULT, Office, office, rows, tell, webhook
from support.working import eventually

COUNT = int(os.environ.get("CX_WEBHOOKS", "1000"))
ROTATED = int(os.environ.get("CX_ROTATED", "400"))
TOLD = 500
"""Events of one transaction."""


async def test_each_event_arrives_at_a_receiver_that_fails_three_times_in_ten(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tenth of the failures is silence. Time is moved to when the next attempts are due. One in 170,000 fails ten times in
    a row; what is left so is sent anew, as one would by hand."""
    monkeypatch.setattr(sender, "PATIENCE", 0.2)
    chance = random.Random(5)
    taken: Counter[str] = Counter()

    def answer(got: Got) -> int | None:
        if chance.random() < 0.3:
            return HELD if chance.random() < 0.1 else 503
        taken[got.id] += 1
        return 200

    async with receiver(answer) as to, office(database) as at_work:
        hook, secret = await webhook(database, to)
        for first in range(0, COUNT, TOLD):
            await tell(database, *range(first, min(COUNT, first + TOLD)))
            await at_work.send(after=timedelta(seconds=6))
        while await rows(database, "select 1 from webhook_delivery where state = 'waiting' limit 1"):
            await at_work.send(after=timedelta(hours=8))
        lost = await rows(database, "select id, attempts from webhook_delivery where state = 'failed'")
        assert {r.attempts for r in lost} <= {10}
        assert len(lost) <= 5 + COUNT // 20_000
        for left in lost:
            await arrive(database, at_work, hook, left.id)
        assert len(taken) == COUNT
        ids = {r.id for r in await rows(database, "select id::text as id from outbox")}
        assert set(taken) == ids
        assert all(got.fits(secret) for got in to.got)
        assert len(to.got) > COUNT * 1.3
        print(f"{COUNT} events, {len(to.got)} attempts, {sum(taken.values()) - COUNT} told twice")  # noqa: T201
    assert [r.state for r in await rows(database, "select distinct state from webhook_delivery")] == ["delivered"]


async def test_each_message_verifies_while_the_secret_is_rotated(database: Database) -> None:
    """The receiver holds one secret, changes it within the day, and refuses what does not verify; one in ten is asked for
    again for another reason, so attempts go on over the rotation. After the day the old secret signs no more."""
    chance = random.Random(9)
    held: list[str] = []
    refused: list[Got] = []
    taken: set[str] = set()

    def answer(got: Got) -> int:
        if not got.fits(held[0]):
            refused.append(got)
            return 401
        if chance.random() < 0.1:
            return 503
        taken.add(got.id)
        return 200

    async with receiver(answer) as to, office(database) as at_work:
        hook, old = await webhook(database, to)
        held.append(old)
        await tell_many(database, ROTATED)
        sending = asyncio.create_task(at_work.send())

        async def under_way() -> bool:
            return len(to.got) > ROTATED // 3

        await eventually(under_way)
        async with database.unit() as session:
            new = await endpoints.rotate(session, VAULT, hook, at=at_work.at)
        assert not sending.done(), "it was rotated while messages were on their way"
        await sending
        await at_work.send(after=timedelta(hours=3))
        by_both = [got for got in to.got if got.fits(old) and got.fits(new)]
        assert ROTATED // 3 < len(by_both) < len(to.got), "some went before the rotation, some after it"
        held[0] = new
        await tell(database, *range(50))
        await at_work.send(after=secrets.OVERLAP - timedelta(hours=3, seconds=1))
        assert all(got.fits(old) and got.fits(new) for got in to.got[-50:])
        until = len(to.got)
        await tell(database, *range(50))
        await at_work.send(after=timedelta(seconds=1))
        assert all(got.fits(new) and not got.fits(old) for got in to.got[until:])
        while await rows(database, "select 1 from webhook_delivery where state = 'waiting' limit 1"):
            await at_work.send(after=timedelta(hours=8))
        assert refused == []
        assert len(taken) == ROTATED + 100
        print(f"{len(to.got)} messages, {len(by_both)} of both secrets, {len(refused)} refused")  # noqa: T201


async def tell_many(database: Database, count: int) -> None:
    for first in range(0, count, TOLD):
        await tell(database, *range(first, min(count, first + TOLD)))


async def arrive(database: Database, at_work: Office, hook: UUID, delivery: UUID) -> None:
    """Send one anew, and wait until it is taken."""
    async with database.unit() as session:
        await deliveries.resend(session, hook, delivery, at=at_work.at)
    while await rows(database, "select 1 from webhook_delivery where state = 'waiting'"):
        await at_work.send(after=timedelta(hours=8))


def worker(database: Database) -> "subprocess.Popen[str]":
    """`cxcore worker` in a process of its own."""
    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    settings = {"CX_DATABASE_URL": url, "CX_VAULT_KEY": KEY, "CX_WEBHOOK_PRIVATE_NETWORK": "true"}
    return subprocess.Popen(
        [sys.executable, "-c", "from cxcore.cli import main; main()", "worker"],
        env={**{k: v for k, v in os.environ.items() if not k.startswith("CX_")}, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )


async def test_a_worker_killed_while_it_sends_loses_nothing(database: Database) -> None:
    """Killed with -9 twice, in the midst; what it had under way is free again after a minute, by a clock that is moved."""
    async with receiver() as to:
        await webhook(database, to)
        await tell(database, *range(2000))
        for most in (300, 900):
            process = worker(database)

            async def enough(count: int = most) -> bool:
                return len(to.got) >= count

            try:
                await eventually(enough)
            finally:
                process.send_signal(signal.SIGKILL)
                await asyncio.to_thread(process.wait)
            assert len({g.id for g in to.got}) < 2000, "it was killed in the midst"
        async with office(database) as other:
            await other.send(after=timedelta(seconds=61))
    assert len({g.id for g in to.got}) == 2000
    twice = sum(n - 1 for n in Counter(g.id for g in to.got).values())
    assert twice <= 2 * 8, "what was under way, and nothing else, came twice"
    assert {r.state for r in await rows(database, "select distinct state from webhook_delivery")} == {"delivered"}

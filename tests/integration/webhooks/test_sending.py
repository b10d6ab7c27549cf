"""Sending webhooks: signed, again and again under one id, each receiver by itself, and paused when nothing helps."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from cxcore import clock
from cxcore.api.app import application
from cxcore.db.session import Database
from cxcore.events.outbox import EventType
from cxcore.pull.vault import Vault
from cxcore.webhooks import deliveries, endpoints, patience, secrets, sender
from cxcore.webhooks.dispatch import Dispatcher
from cxcore.webhooks.sender import Sender
from cxcore.worker import following
from support.calling import CURSOR_KEY, Api, calling, new_key
from support.receiving import HELD, Got, receiver
from support.sending import KEY, VAULT, office, rows, tell, webhook
from support.working import eventually

HOUR = timedelta(hours=1)


async def test_what_is_sent_is_the_event_signed_by_standard_webhooks(database: Database) -> None:
    from cxcore.api.app import create

    async with receiver() as to, office(database) as at_work:
        _, secret = await webhook(database, to)
        await tell(database, 7)
        await at_work.send()
        (got,) = to.got
        assert got.fits(secret)
        assert not got.fits(secret[:-8] + "AAAAAAA=")
        assert got.headers["webhook-timestamp"] == str(int(at_work.at.timestamp()))
        assert got.headers["content-type"] == "application/json"
        async with calling(create(database, cursor_key=CURSOR_KEY)) as client:
            told = (await Api(client, database, await new_key(database)).get("/v1/changes")).json()["events"]
    assert [got.event] == told
    assert got.id == told[0]["id"]


async def test_only_what_is_asked_for_is_sent_and_nothing_from_before(database: Database) -> None:
    async with receiver() as to, office(database) as at_work:
        await tell(database, 1)
        await at_work.send()
        await webhook(database, to, EventType.DECISION_MADE)
        await tell(database, 2, kind=EventType.DECISION_REVOKED)
        await tell(database, 3)
        await at_work.send()
    assert [g.event["data"]["number"] for g in to.got] == [3]


async def test_ten_attempts_in_75_hours_are_made_under_one_id_and_then_it_is_paused(database: Database) -> None:
    times = []

    def refuse(_: Got) -> int:
        times.append(at_work.at)
        return 500

    async with receiver(refuse) as to, office(database) as at_work:
        hook, _ = await webhook(database, to)
        await tell(database, 1)
        await at_work.send()
        began = at_work.at
        for delay in patience.DELAYS:
            await at_work.send(after=delay - timedelta(seconds=1))
            await at_work.send(after=delay * 0.1 + timedelta(seconds=2))
        assert len({g.id for g in to.got}) == 1
        assert len(times) == 10
        gaps = [(b - a) / d for a, b, d in zip(times, times[1:], patience.DELAYS, strict=False)]
        assert all(0.99 < gap < 1.6 for gap in gaps), gaps
        assert timedelta(hours=75) < times[-1] - began < timedelta(hours=85)
        async with database.unit() as session:
            (log,) = await deliveries.page(session, hook, before=None, state=None, limit=10)
            found = await endpoints.find(session, hook)
            assert (log.state, log.attempts, [a.status for a in log.log]) == ("failed", 10, [500] * 10)
            assert (found.state, found.problem) == ("paused", "Nothing was taken for 76 hours.")
        await tell(database, 2)
        await at_work.send(after=48 * HOUR)
        assert len(to.got) == 10, "it is paused"
        to.answer = lambda _: 204
        async with database.unit() as session:
            await endpoints.enable(session, hook)
        await at_work.send()
    assert {g.event["type"] for g in to.got[10:]} == {"cxcore.webhook.paused", "cxcore.decision.made"}


async def test_a_receiver_that_was_away_for_a_day_gets_all_when_it_is_back(database: Database) -> None:
    async with receiver() as to, office(database) as at_work:
        await webhook(database, to)
        await to.close()
        for number in range(48):
            await tell(database, *range(number * 10, number * 10 + 10))
            await at_work.send(after=HOUR / 2)
        assert to.got == []
        attempts = (await rows(database, "select count(*) as n from webhook_attempt"))[0].n
        assert attempts < 200, "one that is away is asked now and then, not for each event"
        await to.open()
        await at_work.send(after=timedelta(minutes=5))
        await at_work.send()
    assert sorted(g.event["data"]["number"] for g in to.got) == list(range(480))
    assert {r.state for r in await rows(database, "select state from webhook_delivery")} == {"delivered"}


async def test_one_that_never_answers_delays_no_other(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "PATIENCE", 120.0)
    async with receiver(lambda _: HELD) as dead, receiver() as alive, Sender(private_network=True) as sending:
        await webhook(database, dead)
        await webhook(database, alive)
        await tell(database, *range(300))
        stop = asyncio.Event()
        running = asyncio.create_task(Dispatcher(database, VAULT, sending).run(stop))

        async def all_came() -> bool:
            return len({g.id for g in alive.got}) == 300

        await eventually(all_came)
        assert 0 < len(dead.got) <= 8, "and it holds few of the places"
        await dead.close()
        stop.set()
        await running
    assert len(alive.got) == 300


async def test_two_processes_send_each_message_once(database: Database) -> None:
    async with receiver() as to, Sender(private_network=True) as sending:
        await webhook(database, to)
        await tell(database, *range(400))
        stop = asyncio.Event()
        running = [asyncio.create_task(Dispatcher(database, VAULT, sending).run(stop)) for _ in range(3)]

        async def all_came() -> bool:
            return len({g.id for g in to.got}) == 400

        await eventually(all_came)
        stop.set()
        await asyncio.gather(*running)
    assert len(to.got) == 400
    assert (await rows(database, "select count(*) as n from webhook_delivery where state = 'delivered'"))[0].n == 400


async def test_what_a_killed_process_had_under_way_is_sent_by_another(database: Database) -> None:
    async with receiver() as to, office(database) as killed, office(database) as other:
        await webhook(database, to)
        await tell(database, *range(5))
        await killed.dispatcher.fill()
        assert await killed.dispatcher.turn() == 5
        await asyncio.wait(killed.dispatcher._sending)  # they came, and nobody noted it
        await other.send(after=timedelta(seconds=59))
        assert len(to.got) == 5
        await other.send(after=timedelta(seconds=2))
    assert {g.id for g in to.got[5:]} == {g.id for g in to.got[:5]}
    assert len(to.got) == 10


async def test_while_a_secret_is_rotated_every_message_fits_the_old_and_the_new(database: Database) -> None:
    async with receiver() as to, office(database) as at_work:
        hook, old = await webhook(database, to)
        await tell(database, 1)
        await at_work.send()
        async with database.unit() as session:
            new = await endpoints.rotate(session, VAULT, hook, at=at_work.at)
        await tell(database, *range(2, 40))
        await at_work.send(after=23 * HOUR)
        assert [g.fits(old) for g in to.got] == [True] * 39
        assert [g.fits(new) for g in to.got] == [False] + [True] * 38
        await tell(database, 40)
        await at_work.send(after=2 * HOUR)
        assert (to.got[-1].fits(old), to.got[-1].fits(new)) == (False, True)
        async with database.unit() as session:
            newest = await endpoints.rotate(session, VAULT, hook, at=at_work.at)
            assert (await secrets.live(session, VAULT, [hook], at=at_work.at))[hook] == (newest, new)


async def test_a_redirect_is_not_followed_and_not_taken_for_success(database: Database) -> None:
    async with receiver(lambda _: 302) as to, office(database) as at_work:
        await webhook(database, to)
        await tell(database, 1)
        await at_work.send()
    assert [r.status for r in await rows(database, "select status from webhook_attempt")] == [302]
    assert [r.state for r in await rows(database, "select state from webhook_delivery")] == ["waiting"]


async def test_whoever_runs_cxcore_is_told_that_one_is_paused_and_what_to_do(database: Database) -> None:
    """In the feed, to other webhooks, in the log and by the API: by its id and a reason, never by its address."""
    async with receiver(lambda _: 410) as dead, receiver() as watching, office(database) as at_work:
        hook, _ = await webhook(database, dead)
        await webhook(database, watching, EventType.WEBHOOK_PAUSED)
        await tell(database, 1)
        with capture_logs() as logged:
            await at_work.send()
            await at_work.send()
    (event,) = [got.event for got in watching.got]
    assert (event["subject"], event["data"]) == (str(hook), {"reason": "gone"})
    assert [line for line in logged if line["event"] == "webhook paused"] == [
        {"event": "webhook paused", "webhook": str(hook), "reason": "gone", "log_level": "warning"}
    ]
    async with calling(application(database, cursor_key=CURSOR_KEY)) as client:
        api = Api(client, database, await new_key(database))
        shown = (await api.get(f"/v1/webhooks/{hook}")).json()
        assert (shown["state"], "then enable it" in shown["hint"]) == ("paused", True)
        assert (await api.post(f"/v1/webhooks/{hook}:enable")).json()["hint"] is None


async def test_one_that_is_gone_is_paused_at_once(database: Database) -> None:
    async with receiver(lambda _: 410) as to, office(database) as at_work:
        hook, _ = await webhook(database, to)
        await tell(database, 1, 2)
        await at_work.send()
        async with database.unit() as session:
            found = await endpoints.find(session, hook)
    assert (found.state, found.problem) == ("paused", "It answered 410 Gone: it wants nothing more.")


async def test_no_answer_is_told_in_the_log(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "PATIENCE", 0.2)
    async with receiver(lambda _: HELD) as to, office(database) as at_work:
        await webhook(database, to)
        await tell(database, 1)
        await at_work.send()
    (attempt,) = await rows(database, "select status, problem, seconds from webhook_attempt")
    assert (attempt.status, attempt.problem) == (None, "no answer within 0.2 seconds")


async def test_a_webhook_whose_secret_does_not_open_holds_up_no_other(database: Database) -> None:
    async with receiver() as to, receiver() as other, office(database) as at_work:
        hook, _ = await webhook(database, to)
        await webhook(database, other)
        await rows(database, f"update webhook_secret set key_id = 'lost' where webhook_id = '{hook}' returning id")  # noqa: S608
        await tell(database, 1)
        await at_work.send()
    assert (len(to.got), len(other.got)) == (0, 1)
    (attempt,) = await rows(database, "select problem from webhook_attempt where problem is not null")
    assert "secret does not open" in attempt.problem


async def test_a_delivery_is_sent_anew_and_a_time_is_replayed(database: Database) -> None:
    async with receiver() as to, office(database) as at_work:
        hook, _ = await webhook(database, to, EventType.DECISION_MADE)
        await tell(database, *range(5))
        await tell(database, 9, kind=EventType.DECISION_REVOKED)
        await at_work.send()
        first = {g.event["data"]["number"]: g.id for g in to.got}
        async with database.unit() as session:
            (newest, *_) = await deliveries.page(session, hook, before=None, state="delivered", limit=1)
            await deliveries.resend(session, hook, newest.id, at=at_work.at)
        await at_work.send()
        assert to.got[-1].id == first[4]
        async with database.unit() as session:
            await deliveries.replay(session, hook, since=at_work.at + HOUR, at=at_work.at)
        await at_work.send()
        assert len(to.got) == 6
        async with database.unit() as session:
            assert await deliveries.replay(session, hook, since=at_work.at - HOUR, at=at_work.at) == 5
        await at_work.send()
    assert sorted(g.id for g in to.got[6:]) == sorted(first.values())


async def test_old_events_go_with_their_deliveries(database: Database) -> None:
    async with receiver() as to, office(database) as at_work:
        await webhook(database, to)
        await tell(database, 1, 2)
        await at_work.send()
        await rows(
            database, "update outbox set occurred_at = now() - interval '31 days' where sequence = 1 returning id"
        )
        assert await following.forget(database) == 1
    assert [r.sequence for r in await rows(database, "select sequence from webhook_delivery")] == [2]
    assert len(await rows(database, "select id from webhook_attempt")) == 1


async def test_a_webhook_that_is_disabled_keeps_what_happens(database: Database) -> None:
    async with receiver() as to, office(database) as at_work:
        hook, _ = await webhook(database, to)
        async with database.unit() as session:
            await endpoints.disable(session, hook)
        await tell(database, 1)
        await at_work.send()
        assert to.got == []
        async with database.unit() as session:
            await endpoints.enable(session, hook)
        await at_work.send()
    assert len(to.got) == 1


async def test_a_webhook_that_was_disabled_until_its_events_were_forgotten_goes_on(database: Database) -> None:
    async with receiver() as to, office(database) as at_work:
        hook, _ = await webhook(database, to)
        async with database.unit() as session:
            await endpoints.disable(session, hook)
        await tell(database, 1, 2)
        await at_work.send()
        await rows(database, "update outbox set occurred_at = now() - interval '31 days' returning id")
        assert await following.forget(database) == 2
        async with database.unit() as session:
            await endpoints.enable(session, hook)
        async with asyncio.timeout(20):
            await at_work.send()
        await tell(database, 3)
        await at_work.send()
    assert [g.event["data"]["number"] for g in to.got] == [3]


async def test_secrets_are_sealed_anew_with_a_new_key(database: Database) -> None:
    renewed = Vault.of(["another-vault-key-of-32-characters", KEY])
    async with receiver() as to:
        hook, secret = await webhook(database, to)
    async with database.unit() as session:
        assert await secrets.wrap_again(session, renewed) == 1
    async with database.unit() as session:
        assert await secrets.wrap_again(session, renewed) == 0
        alone = Vault.of(["another-vault-key-of-32-characters"])
        assert await secrets.live(session, alone, [hook], at=clock.now()) == {hook: (secret,)}
        assert await secrets.live(session, VAULT, [hook], at=clock.now()) == {}

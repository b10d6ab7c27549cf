"""What vendors push reaches the timeline at once, and is what the next pull finds, too."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from cxcore.api.app import application
from cxcore.clock import now
from cxcore.db.session import Database
from cxcore.pull import schedule, sources
from cxcore.worker.main import step
from support import chatwoot, cloudbeds, twilio
from support.calling import CURSOR_KEY, calling
from support.delivering import counted, send
from support.rest import Server
from support.signing import FORM, delivery

EVERY = 600
SECRET = "env:VENDOR_SECRET"


async def added(database: Database, connector: str, config: dict[str, Any]) -> None:
    """A source called vendor that has been pulled, has rested, and is not due for minutes."""
    async with database.unit() as session:
        source = await sources.add(session, key="vendor", connector=connector, config=config, name=None)
    assert await step(database, every=EVERY)
    async with database.unit() as session:
        await schedule.again(session, source_id=source.id, seconds=float(EVERY), rest=0.0)
    assert not await step(database, every=EVERY)


async def delivered(database: Database, found: Any) -> int:
    async with calling(application(database, cursor_key=CURSOR_KEY)) as client:
        return (await send(client, found, to="vendor")).status_code


async def told(database: Database) -> list[tuple[str, str | None]]:
    """Status and words of all interactions, by time."""
    async with database.unit() as session:
        found = await session.execute(
            text("select attributes ->> 'status', text from interaction order by occurred_at")
        )
        return [tuple(row) for row in found]


async def test_a_call_is_on_the_timeline_with_the_callback_that_tells_of_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VENDOR_SECRET", twilio.TOKEN)
    fake = twilio.TwilioFake()
    fake.messages.append(twilio.message(1, twilio.NOW - timedelta(hours=1)))
    with Server(fake.answer) as server:
        config = {"account_sid": twilio.ACCOUNT, "auth_token": SECRET, "url": server.url, "public_url": twilio.CALLBACK}
        await added(database, "twilio", config)
        fake.calls.append(twilio.call(1, twilio.NOW, status="ringing", duration=None))
        fields = {"CallSid": twilio.sid("CA", 1), "AccountSid": twilio.ACCOUNT, "CallStatus": "ringing"}
        headers = {"X-Twilio-Signature": twilio.signature(fields), "Content-Type": FORM}
        callback = delivery(urlencode(fields).encode(), headers, at=now())
        assert await delivered(database, callback) == 200
        assert await step(database, every=EVERY), "the source is due at once"
        assert await told(database) == [("received", "message 1"), ("ringing", None)]
        assert await delivered(database, callback) == 200
        assert not await step(database, every=EVERY), "a repeat wakes nobody"
        forged = delivery(urlencode(fields | {"CallSid": "CA2"}).encode(), headers, at=now())
        assert await delivered(database, forged) == 401


async def test_a_message_is_on_the_timeline_before_the_pull_that_finds_it_again_unchanged(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VENDOR_SECRET", chatwoot.TOKEN)
    monkeypatch.setenv("VENDOR_WEBHOOK", chatwoot.SECRET)
    fake = chatwoot.ChatwootFake()
    talk = fake.conversation(fake.contact())
    fake.say(talk, "Good evening", fake.now - timedelta(minutes=3))
    with Server(fake.answer) as server:
        config = {"url": server.url, "account": chatwoot.ACCOUNT, "token": SECRET, "secret": "env:VENDOR_WEBHOOK"}
        await added(database, "chatwoot", config)
        said = fake.say(talk, "Is there a sauna?\\\nAnd a pool?\n", fake.now)
        assert await delivered(database, fake.delivered(said, at=now())) == 200
        landed = await counted(database, "source_record")
        assert await step(database, every=EVERY)
        assert [words for _, words in await told(database)] == ["Good evening", "Is there a sauna?\nAnd a pool?"]
        assert await counted(database, "source_record") == landed, "the pull lands no other version"
        fake.erase(said)
        assert await delivered(database, fake.delivered(said, "message_updated", at=now())) == 200
        await step(database, every=EVERY)
        assert [words for _, words in await told(database)] == ["Good evening"]


async def test_a_guest_who_arrives_is_on_the_timeline_with_the_webhook_of_which_no_word_is_believed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VENDOR_SECRET", cloudbeds.KEY)
    fake = cloudbeds.CloudbedsFake()
    fake.book(7, cloudbeds.WALL - timedelta(days=3))
    with Server(fake.answer) as server:
        config = {"url": server.url, "property_id": cloudbeds.HOTEL, "api_key": SECRET, "since": "2026-01-01"}
        await added(database, "cloudbeds", {**config, "calls": 1000})
        fake.check_in(7, cloudbeds.WALL)
        hint = json.dumps({"event": "reservation/status_changed", "reservationID": "R8"}).encode()
        assert await delivered(database, delivery(hint, {"Content-Type": "application/json"}, at=now())) == 200
        assert await step(database, every=EVERY)
    async with database.unit() as session:
        found = await session.execute(
            text("select i.occurred_at, p.key from interaction i join profile p on p.id = i.profile_id order by 1")
        )
        assert [tuple(row) for row in found] == [
            (datetime(2026, 3, 18, 13, 0, tzinfo=UTC), "guest 7"),
            (datetime(2026, 3, 20, 13, 30, tzinfo=UTC), "guest 7"),
        ]

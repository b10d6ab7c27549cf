"""Vendors' systems that grow and change while the pull is killed with -9: nothing is lost, nothing comes twice."""

import asyncio
import os
import random
import time
from datetime import timedelta
from typing import Any, Protocol

import pytest

from cxcore.db.session import Database
from cxcore.pull import sources
from support import chatwoot, cloudbeds, twilio
from support import server as servers
from support.forker import pull_and_digest
from support.killing import final_state, forker, run_once
from support.rest import Reply, Request, Server

KILLS, AT_ONCE = 30, 15
SECRET = "env:VENDOR_SECRET"


class Vendor(Protocol):
    """A fake of a vendor's system. ``secret``: what opens it. ``expected``: how many interactions it holds by now."""

    key: str
    secret: str
    expected: int

    def answer(self, request: Request) -> Reply: ...

    def config(self, url: str) -> dict[str, Any]:
        """How it is pulled; for its secret stands ``SECRET``."""
        ...

    def write(self) -> None:
        """Add some, and change some of those there are."""
        ...


class Phone(twilio.TwilioFake):
    key, secret = "twilio", twilio.TOKEN
    expected = 0

    def config(self, url: str) -> dict[str, Any]:
        return {"account_sid": twilio.ACCOUNT, "auth_token": SECRET, "url": url, "page": 7}

    def write(self) -> None:
        first = len(self.calls) + 1
        for n in range(first, first + 40):
            at = self.now - timedelta(hours=8) + timedelta(minutes=n)
            self.calls.append(twilio.call(n, at))
            self.messages.append(twilio.message(n, at))
        for each in self.calls[-45::9]:
            each["status"] = "no-answer"
        self.now += timedelta(hours=7)
        self.expected = len(self.calls) + len(self.messages)


class Desk(chatwoot.ChatwootFake):
    key, secret = "chatwoot", chatwoot.TOKEN
    expected = 0

    def config(self, url: str) -> dict[str, Any]:
        return {"url": url, "account": chatwoot.ACCOUNT, "token": SECRET}

    def write(self) -> None:
        self.now += timedelta(hours=2)
        talks = list(self.conversations.values())[::5] + [self.conversation(self.contact()) for _ in range(20)]
        for n, talk in enumerate(talks):
            for more in range(3):
                at = self.now - timedelta(minutes=50 - n, seconds=-more)
                self.say(talk, f"message {n}", at, message_type=more)
        for each in list(self.messages.values())[-40::12]:
            self.erase(each)
        kept = [each for each in self.messages.values() if "deleted" not in each["content_attributes"]]
        self.expected = sum(each["message_type"] != 2 for each in kept)


class Hotel(cloudbeds.CloudbedsFake):
    key, secret = "cloudbeds", cloudbeds.KEY
    expected = 0

    def config(self, url: str) -> dict[str, Any]:
        found = {"url": url, "property_id": cloudbeds.HOTEL, "api_key": SECRET, "since": "2026-01-01"}
        return {**found, "page": 20, "calls": 1000}

    def write(self) -> None:
        first = len(self.reservations) + 1
        for n in range(first, first + 30):
            self.book(n, self.wall - timedelta(minutes=200 - n))
        for n in range(first, first + 30, 2):
            self.check_in(n, self.wall - timedelta(minutes=150 - n))
        for each in list(self.reservations.values())[::9]:
            each.update(status="canceled", dateModified=cloudbeds.written(self.wall))
        self.wall += timedelta(hours=2)
        self.now += timedelta(hours=2)
        self.expected = len(self.reservations) + len(self.presence)


VENDORS = [Phone, Desk, Hotel]


async def configure(url: str, vendor: Vendor, address: str) -> None:
    database = Database(url)
    async with database.unit() as session:
        await sources.add(session, key="vendor", connector=vendor.key, config=vendor.config(address), name=None)
    await database.close()


@pytest.mark.parametrize("kind", VENDORS, ids=lambda kind: kind.key)
async def test_a_pull_killed_again_and_again_loses_and_doubles_nothing(
    server_url: str, worker_id: str, kind: type[Vendor], monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = kind()
    monkeypatch.setenv("VENDOR_SECRET", vendor.secret)
    names = [f"cxcore_kill_{vendor.key}_{state}_{worker_id}" for state in ("killed", "calm")]
    killed_url, calm_url = [await asyncio.to_thread(servers.fresh_database, server_url, name) for name in names]
    rng, kills = random.Random(11), 0
    with Server(vendor.answer) as server, forker(killed_url) as process:
        for url in (killed_url, calm_url):
            await configure(url, vendor, server.url)
        while kills < KILLS:
            vendor.write()
            began = time.monotonic()
            await pull_and_digest(calm_url)
            takes = time.monotonic() - began
            for _ in range(AT_ONCE):
                ended = await asyncio.to_thread(run_once, process, kill_after=rng.uniform(0.0, 0.3) * takes)
                kills += os.WIFSIGNALED(ended)
            assert await asyncio.to_thread(run_once, process, kill_after=None) == 0
    killed, calm = await final_state(killed_url), await final_state(calm_url)
    assert len(calm["interaction"]) == vendor.expected
    for name in calm.keys() - {"observation", "profile"}:  # when somebody without a time of change was seen
        assert killed[name] == calm[name], name
    assert [row[:4] for row in killed["profile"]] == [row[:4] for row in calm["profile"]]
    for name in names:
        await asyncio.to_thread(servers.drop_database, server_url, name)

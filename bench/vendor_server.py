"""A vendor's system for the bench, in a process of its own: a real server or the tests' small one, filled.

Run as ``python -m bench.vendor_server CONNECTOR RECORDS``: prints the configuration of a source as JSON, and serves until
its input ends.
"""

import contextlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from cxcore.sdk.testing import LocalServer

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
_AT_ONCE = 50
Serving = contextlib.AbstractContextManager[dict[str, Any]]


def _support(name: str) -> Any:
    """What the tests know of a vendor's system; a bench is run in a checkout."""
    return import_module(f"support.{name}")


@contextlib.contextmanager
def _twilio(records: int) -> Iterator[dict[str, Any]]:
    twilio = _support("twilio")
    fake = twilio.TwilioFake()
    for n in range(records // 2):
        at = twilio.NOW - timedelta(minutes=9 * n + 5)
        fake.calls.append(twilio.call(n, at))
        fake.messages.append(twilio.message(n, at))
    with LocalServer(fake.answer) as server:
        yield {"account_sid": twilio.ACCOUNT, "auth_token": twilio.TOKEN, "url": server.url, "recordings": False}


@contextlib.contextmanager
def _chatwoot(records: int) -> Iterator[dict[str, Any]]:
    chatwoot = _support("chatwoot")
    fake = chatwoot.ChatwootFake()
    for n in range(records):
        if n % 40 == 0:
            conversation = fake.conversation(fake.contact())
        fake.say(conversation, f"message {n}", chatwoot.NOW - timedelta(seconds=60 * (records - n)))
    with LocalServer(fake.answer) as server:
        yield {
            "url": server.url,
            "account": chatwoot.ACCOUNT,
            "token": chatwoot.TOKEN,
            "secret": chatwoot.SECRET,
        }


@contextlib.contextmanager
def _cloudbeds(records: int) -> Iterator[dict[str, Any]]:
    cloudbeds = _support("cloudbeds")
    fake = cloudbeds.CloudbedsFake()
    for n in range(records // 2):
        fake.book(n, cloudbeds.WALL - timedelta(minutes=30 * n + 60))
    with LocalServer(fake.answer) as server:
        yield {"url": server.url, "property_id": cloudbeds.HOTEL, "api_key": cloudbeds.KEY, "calls": 1000}


@contextlib.contextmanager
def _mastodon(records: int) -> Iterator[dict[str, Any]]:
    fake = _support("fediverse").Instance()
    anna = fake.person("anna@elsewhere.example", shown="Anna")
    for n in range(records // 2):
        asked = fake.says(anna, f"question {n}", to=(fake.desk,))
        fake.says(fake.desk, f"answer {n}", to=(anna,), answers=asked)
    with LocalServer(fake.answer) as server:
        server.now = fake.now
        yield {"url": server.url, "token": fake.token, "domain": "social.example", "calls": 100_000}


@contextlib.contextmanager
def _matrix(records: int) -> Iterator[dict[str, Any]]:
    synapse = _support("synapse")
    with tempfile.TemporaryDirectory() as folder, synapse.homeserver(Path(folder)) as server:
        bot, anna = server.person("desk"), server.person("anna")
        room = bot.room(anna)
        for n in range(records):
            anna.say(room, f"message {n}")
        yield {"url": server.url, "token": bot.token, "own_users": [bot.id]}


@contextlib.contextmanager
def _jmap(records: int) -> Iterator[dict[str, Any]]:
    mails = import_module("bench.mails")
    with _support("cyrus").running() as server:
        account = server.account()
        made = mails.written(records, seed=1)
        for n in range(0, records, _AT_ONCE):
            account.append(*made[n : n + _AT_ONCE])
        yield account.config


SYSTEMS: dict[str, tuple[str, Callable[[int], Serving]]] = {
    "jmap": ("Cyrus", _jmap),
    "matrix": ("Synapse", _matrix),
    "chatwoot": ("the tests' small server", _chatwoot),
    "twilio": ("the tests' small server", _twilio),
    "mastodon": ("the tests' small server", _mastodon),
    "cloudbeds": ("the tests' small server", _cloudbeds),
}


def missing(key: str) -> str | None:
    """What must be installed first; None if all is there."""
    if key == "matrix" and _support("synapse").python() is None:
        return str(_support("synapse").MISSING)
    if key == "jmap" and not _support("cyrus").installed():
        return str(_support("cyrus").MISSING)
    return None


def main() -> None:
    key, records = sys.argv[1], int(sys.argv[2])
    with SYSTEMS[key][1](records) as config:
        sys.stdout.write(json.dumps(config) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()

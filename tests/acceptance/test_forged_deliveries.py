"""Forged, old and repeated deliveries, very many of them: none is accepted, none counts twice. `make forge` sends 100,000."""

import asyncio
import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cxcore import pipeline
from cxcore.api.app import application
from cxcore.clock import now
from cxcore.db.session import Database
from cxcore.sdk import Delivery
from support.calling import CURSOR_KEY
from support.delivering import Gate, counted, landed
from support.postbox import Postbox, configured, letters, posted
from support.signing import secret_of

COUNT = int(os.environ.get("CX_FORGED", "2000"))
GENUINE = 50
AT_ONCE = 20
KINDS = ("standard", "shopify")
"""One scheme that dates what it signs, and one that does not; both sources have the same secret."""


class Forger:
    """Has seen every genuine delivery, and has no secret."""

    def __init__(self, seen: dict[str, list[Delivery]], rng: random.Random) -> None:
        self.seen, self.rng = seen, rng

    def one(self, preset: str) -> tuple[str, Delivery]:
        """What was done, and the delivery."""
        ways: dict[str, Callable[[str, Delivery], Delivery]] = {
            "body": self.body,
            "signature": self.signature,
            "renamed": self.renamed,
            "guessed": self.guessed,
            "stripped": lambda _, seen: replace(seen, headers=()),
            "doubled": lambda _, seen: replace(seen, headers=(*seen.headers, self.rng.choice(seen.headers))),
            "other": self.other,
            "old": self.old,
            "repeat": lambda _, seen: seen,
            "again": self.again,
        }
        way = self.rng.choice([*ways, "repeat"])
        return way, ways[way](preset, self.rng.choice(self.seen[preset]))

    def body(self, _: str, seen: Delivery) -> Delivery:
        body = bytearray(seen.body)
        body[self.rng.randrange(len(body))] ^= 1 << self.rng.randrange(8)
        return replace(seen, body=bytes(body))

    def signature(self, _: str, seen: Delivery) -> Delivery:
        def changed(name: str, value: str) -> str:
            if "signature" not in name and "hmac" not in name:
                return value
            at = self.rng.randrange(3, len(value) - 1)
            return value[:at] + ("A" if value[at] != "A" else "B") + value[at + 1 :]

        return replace(seen, headers=tuple((name, changed(name, value)) for name, value in seen.headers))

    def renamed(self, _: str, seen: Delivery) -> Delivery:
        """Under an id of the forger's own."""
        new = f"msg_{self.rng.random()}"
        return replace(seen, headers=tuple((n, new if n.endswith("-id") else v) for n, v in seen.headers))

    def guessed(self, preset: str, _: Delivery) -> Delivery:
        letter = {"id": self.rng.randrange(10**6), "text": "forged"}
        return posted(letter, at=now(), preset=preset, secret=secret_of("standard", str(self.rng.random())))

    def other(self, preset: str, _: Delivery) -> Delivery:
        """What was signed for the other source."""
        (stranger,) = set(KINDS) - {preset}
        return self.rng.choice(self.seen[stranger])

    def old(self, _: str, seen: Delivery) -> Delivery:
        """With a time of the forger's choice."""
        stamp = str(int((now() - timedelta(seconds=self.rng.choice([-(10**6), 10**6, 0, 1]))).timestamp()))
        headers = tuple((name, stamp if "timestamp" in name else value) for name, value in seen.headers)
        return replace(seen, headers=headers if headers != seen.headers else ())

    def again(self, preset: str, _: Delivery) -> Delivery:
        """What the sender itself signed too long ago, or tries again; of a scheme without a time the same bytes."""
        letter = {"id": self.rng.randrange(1, GENUINE + 1)}
        at: datetime = now() - timedelta(seconds=self.rng.choice([0, 30, 400, -400, 10**7]))
        full = next(each for each in letters(GENUINE) if each["id"] == letter["id"])
        return posted(full, at=at, preset=preset, secret=secret_of("standard"))


async def test_of_very_many_forged_old_or_repeated_deliveries_none_is_accepted_and_none_counts_twice(
    database: Database, postbox: type[Postbox]
) -> None:
    for preset in KINDS:
        await configured(database, key=preset, scheme=preset)
    gate = Gate(application(database, cursor_key=CURSOR_KEY))
    seen = {
        preset: [posted(each, at=now(), preset=preset, secret=secret_of("standard")) for each in letters(GENUINE)]
        for preset in KINDS
    }
    for preset in KINDS:
        assert {await gate.status(each, to=preset) for each in seen[preset]} == {200}
    before, marks = await landed(database), await counted(database, "delivery")
    assert len(before) == 2 * GENUINE
    forger, answers = Forger(seen, random.Random(11)), Counter[tuple[str, int]]()

    async def knock() -> None:
        preset = forger.rng.choice(KINDS)
        way, forged = forger.one(preset)
        answers[way, await gate.status(forged, to=preset)] += 1

    for _ in range(COUNT // AT_ONCE):
        await asyncio.gather(*(knock() for _ in range(AT_ONCE)))
    print(f"{COUNT} deliveries: {dict(sorted(answers.items()))}")  # noqa: T201 - what make forge is run for
    assert await landed(database) == before
    assert await counted(database, "delivery") == marks
    assert {status for _, status in answers} == {200, 401}
    succeeded = {way for way, status in answers if status == 200}
    assert succeeded == {"repeat", "again", "renamed"}, "only what has been taken before is answered as taken"
    await pipeline.digest(database)
    assert await counted(database, "interaction") == 2 * GENUINE


@pytest.fixture
def postbox(connectors: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> type[Postbox]:
    connectors["postbox"] = Postbox
    monkeypatch.setenv("POSTBOX_SECRET", secret_of("standard"))
    return Postbox

"""Postbox, an invented system that both delivers its letters and lets them be pulled."""

import json
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, SecretStr

from cxcore.db.session import Database
from cxcore.model.interaction import Channel
from cxcore.pull import sources
from cxcore.pull.sources import Configured
from cxcore.sdk import (
    Connector,
    Cursor,
    Delivery,
    Manifest,
    Mapped,
    Page,
    Received,
    Record,
    RecordRejected,
    Stream,
    Trust,
)
from cxcore.sdk.signature import PRESETS, Handshake, Secrets, asked, confirmed, verify
from support.parley import interaction, record
from support.signing import SIGNERS, delivery, secret_of


class PostboxConfig(BaseModel, extra="forbid"):
    secret: SecretStr | None = None
    verify_token: SecretStr | None = None
    scheme: str = "standard"


class Postbox(Connector[PostboxConfig]):
    """``letters`` are what can be pulled; a delivery holds one letter, or is a sign to pull."""

    Config = PostboxConfig
    manifest = Manifest(
        key="postbox",
        name="Postbox",
        channels=frozenset({Channel.CHAT}),
        streams=(Stream(name="messages"),),
        owner="tests",
        docs="tests",
    )
    letters: ClassVar[list[dict[str, Any]]] = []
    broken: ClassVar[Exception | None] = None

    @property
    def secrets(self) -> Secrets:
        given, token = self.config.secret, self.config.verify_token
        return Secrets(
            (given.get_secret_value(),) if given else (), verify_token=token.get_secret_value() if token else None
        )

    async def check(self) -> str:
        return f"postbox with {len(self.letters)} letters"

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncIterator[Page]:
        at = int(str(cursor["at"])) if cursor else 0
        while at < len(self.letters) or cursor is None:
            batch = self.letters[at : at + 10]
            at += len(batch)
            yield Page([record(each) for each in batch], {"at": at})
            if at >= len(self.letters):
                return

    def receive(self, delivery: Delivery) -> Received:
        handshake = Handshake.META if self.config.scheme == "meta" else None
        if delivery.method == "GET":
            return Received(proof=NOTHING, challenge=asked(handshake, delivery, self.secrets))
        proof = verify(PRESETS[self.config.scheme], delivery, self.secrets)
        if proof.trust is Trust.NONE:
            return Received(proof=proof, wake=True)
        if self.broken is not None:
            raise self.broken
        try:
            letter = json.loads(delivery.body)
            return Received(proof=proof, records=[record(letter)], challenge=confirmed(handshake, letter, self.secrets))
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            raw = Record("messages", proof_key(proof.marks), delivery.body, media_type="application/octet-stream")
            return Received(proof=proof, records=[raw])

    def map(self, record: Record) -> Iterable[Mapped]:
        if not isinstance(record.payload, dict):
            raise RecordRejected("the delivery is no letter")
        yield interaction(record.payload)


NOTHING = verify(PRESETS["none"], delivery(b"", {}, at=datetime.fromtimestamp(0).astimezone()), Secrets())


def proof_key(marks: Iterable[bytes]) -> str:
    """A key for what has none of its own."""
    return "unread:" + min(marks).hex()


def letters(count: int) -> list[dict[str, Any]]:
    """So many letters, numbered from 1."""
    return [{"id": n, "text": f"letter {n}", "emails": [f"guest{n}@shop.example"]} for n in range(1, count + 1)]


def posted(letter: Any, *, at: datetime, preset: str = "standard", secret: str | None = None) -> Delivery:
    """A letter as Postbox delivers it."""
    body = letter if isinstance(letter, bytes) else json.dumps(letter).encode()
    name = f"msg_{letter['id']}" if isinstance(letter, dict) else "msg_raw"
    return delivery(body, SIGNERS[preset](secret or secret_of(preset), body, at, name), at=at)


async def configured(database: Database, *, key: str = "post", **config: Any) -> Configured:
    """A source of Postbox in the database; its secret stands in POSTBOX_SECRET."""
    given = {"secret": "env:POSTBOX_SECRET"} | config
    async with database.unit() as session:
        return await sources.add(session, key=key, connector="postbox", config=given, name=None)

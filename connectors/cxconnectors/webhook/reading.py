"""Reading: a believed delivery to records, and a record that could not be read to the reason."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cxconnectors.webhook.body import read
from cxconnectors.webhook.config import STREAM, WebhookConfig
from cxcore.sdk import Mapped, Record, RecordRejected
from cxcore.sdk.mapping import RowPlan, fields
from cxcore.sdk.mapping.expression import FAULTS, Lookup, compiled
from cxcore.sdk.mapping.transforms import Unfit, as_text
from cxcore.sdk.signature.content import FORM

RAW_BODY = "application/octet-stream"
RAW_ITEM = "application/vnd.cxcore.item+json"
"""An object of a body that could not be landed by itself, such as one without a key."""
RAW_KEY = "unread:"
_STREAM_NAME = re.compile(r"[a-z][a-z0-9_]{1,48}")


@dataclass(frozen=True, slots=True)
class Told:
    """What a body tells: its event, the delivery's id, and its objects."""

    event: str | None
    name: str | None
    stream: str
    items: Sequence[Any]


class Reading:
    """The settings of a source, ready to be applied to bodies."""

    def __init__(self, config: WebhookConfig) -> None:
        self._plan = RowPlan(config.mapping, config.zone)
        self._items = compiled(config.items) if config.items else None
        self._event = compiled(config.event) if config.event else None
        self._name = compiled(config.event_id) if config.event_id else None
        self._stream = fields.text(config.stream, "stream", config.zone)
        self._ignore, self._deletes = frozenset(config.ignore), frozenset(config.deletes)

    def told(self, value: Any) -> Told:
        """What a body tells.

        Raises:
            RecordRejected: there are no objects where ``items`` leads, or the stream has no sound name.
        """
        stream = self._stream(value) or ""
        if not _STREAM_NAME.fullmatch(stream):
            raise RecordRejected("stream: is no name of small letters, digits and _")
        found = _looked_up(self._items, value) if self._items else value
        if not isinstance(found, dict | list):
            raise RecordRejected("there is no object where items leads")
        items = found if isinstance(found, list) else [found]
        return Told(_word(self._event, value), _word(self._name, value), stream, items)

    def records(self, told: Told, origin: str) -> Iterator[Record]:
        """The records of a body, with the keys and contents that a pull of the same objects would give."""
        if told.event is not None and told.event in self._ignore:
            return
        gone = told.event is not None and told.event in self._deletes
        for number, item in enumerate(told.items, 1):
            key = self._plan.key(item) if isinstance(item, dict) else None
            where = f"{origin} object {number}"
            if key is None:
                yield raw(Record(told.stream, RAW_KEY, item).body(), RAW_ITEM, where)
                continue
            yield Record(
                stream=told.stream,
                key=key,
                payload=item,
                changed_at=self._plan.changed_at(item),
                deleted=gone or self._plan.deleted(item),
                origin=where,
            )

    def mapped(self, record: Record) -> list[Mapped]:
        """What a record means. One that was landed unread is tried again: the settings may be better now.

        Raises:
            RecordRejected: it cannot be understood.
        """
        if record.deleted:
            return []
        if isinstance(record.payload, dict):
            return self._plan.mapped(record.payload, dated=record.changed_at is not None)
        if not isinstance(record.payload, bytes):
            raise RecordRejected("the object is none")
        if record.media_type == RAW_ITEM:
            items: Sequence[Any] = [read(record.payload, RAW_ITEM)]
        else:
            told = self.told(read(record.payload, record.media_type))
            items = () if told.event in self._ignore or told.event in self._deletes else told.items
        return [each for item in items for each in self._again(item)]

    def _again(self, item: Any) -> list[Mapped]:
        if not isinstance(item, dict):
            raise RecordRejected("the object is none")
        if self._plan.key(item) is None:
            raise RecordRejected("the object has no key")
        if self._plan.deleted(item):
            return []
        return self._plan.mapped(item, dated=self._plan.changed_at(item) is not None)


def raw(body: bytes, media_type: str, origin: str) -> Record:
    """A record of what could not be read, whole, under a key of its content."""
    kind = media_type if media_type in {FORM, RAW_ITEM} else RAW_BODY
    return Record(STREAM, RAW_KEY + hashlib.sha256(body).hexdigest(), body, media_type=kind, origin=origin)


def _looked_up(lookup: Lookup, value: Any) -> Any:
    try:
        return lookup(value)
    except FAULTS:
        return None


def _word(lookup: Lookup | None, value: Any) -> str | None:
    found = _looked_up(lookup, value) if lookup else None
    try:
        return None if found is None else as_text(found)
    except Unfit:
        return None

"""Page cursors: opaque to the reader, signed so that only what we gave out comes back."""

import base64
import binascii
import hashlib
import hmac
import struct
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cxcore.errors import InvalidInput
from cxcore.resolve.history import Place
from cxcore.resolve.relations import After
from cxcore.timeline.query import Position

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MAC = 16
_TIMELINE, _RELATIONS, _CONVERSATION, _DECISIONS = b"timeline", b"relations", b"conversation", b"decisions"


def encode(position: Position, *, key: bytes) -> str:
    """A URL-safe text that stands for a position; it holds a time and an id, nothing personal."""
    return _seal(_packed(position.occurred_at, position.id), _TIMELINE, key)


def decode(cursor: str, *, key: bytes) -> Position:
    """The position behind a cursor.

    Raises:
        InvalidInput: we did not give it out, or it was changed.
    """
    return _position(_open(cursor, 24, _TIMELINE, key))


def encode_turn(position: Position, *, key: bytes) -> str:
    """The same of a place in a conversation, which is read the other way round."""
    return _seal(_packed(position.occurred_at, position.id), _CONVERSATION, key)


def decode_turn(cursor: str, *, key: bytes) -> Position:
    """The place behind a cursor.

    Raises:
        InvalidInput: we did not give it out, or it was changed.
    """
    return _position(_open(cursor, 24, _CONVERSATION, key))


def encode_act(place: Place, *, key: bytes) -> str:
    """The same of a place among decisions."""
    return _seal(_packed(place.decided_at, place.id), _DECISIONS, key)


def decode_act(cursor: str, *, key: bytes) -> Place:
    """The place behind a cursor.

    Raises:
        InvalidInput: we did not give it out, or it was changed.
    """
    found = _position(_open(cursor, 24, _DECISIONS, key))
    return Place(found.occurred_at, found.id)


def encode_relation(place: After, *, key: bytes) -> str:
    """The same of a place among relations; it holds a rank, a count and an id."""
    return _seal(struct.pack(">BB16s", place.rank, place.people, place.customer.bytes), _RELATIONS, key)


def decode_relation(cursor: str, *, key: bytes) -> After:
    """The place behind a cursor.

    Raises:
        InvalidInput: we did not give it out, or it was changed.
    """
    rank, people, identity = struct.unpack(">BB16s", _open(cursor, 18, _RELATIONS, key))
    return After(rank, people, UUID(bytes=identity))


def _packed(at: datetime, identity: UUID) -> bytes:
    return struct.pack(">q", (at - _EPOCH) // _MICROSECOND) + identity.bytes


def _position(body: bytes) -> Position:
    microseconds, identity = struct.unpack(">q16s", body)
    return Position(_EPOCH + microseconds * _MICROSECOND, UUID(bytes=identity))


def _seal(body: bytes, of: bytes, key: bytes) -> str:
    return base64.urlsafe_b64encode(body + _mac(body, of, key)).decode().rstrip("=")


def _open(cursor: str, size: int, of: bytes, key: bytes) -> bytes:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    body, mac = raw[:size], raw[size:]
    if len(raw) != size + _MAC or not hmac.compare_digest(mac, _mac(body, of, key)):
        raise InvalidInput("The cursor is not one of ours.", hint="Take it from the page before, unchanged.")
    return body


def _mac(body: bytes, of: bytes, key: bytes) -> bytes:
    return hmac.digest(key, of + b"\x00" + body, hashlib.sha256)[:_MAC]

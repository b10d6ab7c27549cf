"""Page cursors: opaque to the reader, signed so that only what we gave out comes back."""

import base64
import binascii
import hashlib
import hmac
import struct
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cxcore.errors import InvalidInput
from cxcore.timeline.query import Position

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SIZE, _MAC = 24, 16


def encode(position: Position, *, key: bytes) -> str:
    """A URL-safe text that stands for a position; it holds a time and an id, nothing personal."""
    body = struct.pack(">q", (position.occurred_at - _EPOCH) // _MICROSECOND) + position.id.bytes
    return base64.urlsafe_b64encode(body + _mac(body, key)).decode().rstrip("=")


def decode(cursor: str, *, key: bytes) -> Position:
    """The position behind a cursor.

    Raises:
        InvalidInput: we did not give it out, or it was changed.
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    body, mac = raw[:_SIZE], raw[_SIZE:]
    if len(raw) != _SIZE + _MAC or not hmac.compare_digest(mac, _mac(body, key)):
        raise InvalidInput("The cursor is not one of ours.", hint="Take it from the page before, unchanged.")
    microseconds = struct.unpack(">q", body[:8])[0]
    return Position(_EPOCH + microseconds * _MICROSECOND, UUID(bytes=body[8:]))


def _mac(body: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"timeline\x00" + body, hashlib.sha256)[:_MAC]

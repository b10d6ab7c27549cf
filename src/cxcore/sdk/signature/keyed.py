"""Keyed hashes: the configurable HMAC scheme (RFC 2104)."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from cxcore.errors import OperatorError
from cxcore.sdk.delivery import Delivery, Proof, Refused, Trust, mark
from cxcore.sdk.signature.content import form_fields, is_form
from cxcore.sdk.signature.handshake import answerable
from cxcore.sdk.signature.scheme import PART, Hmac

_LONGEST_NUMBER = 15
_SHORTEST_TIME = len("2021-07-25T10:00:00Z")


def verify(scheme: Hmac, delivery: Delivery, secrets: tuple[str, ...], *, url: str | None) -> Proof:
    """Why the delivery is believed. The signed bytes are a mark of it, and so is its id, signed or not.

    Raises:
        Refused: no signature there fits any of the secrets, the time of signing is out of tolerance, or the signature is
            one that we give to whoever asks.
        OperatorError: the scheme signs the URL and ``url`` is missing.
    """
    shown, stamp = _shown(scheme, delivery)
    if scheme.stamped:
        check_time(_moment(scheme, stamp), delivery.received_at, scheme.tolerance)
    name = delivery.header(scheme.id_header) if scheme.id_header else None
    message = _message(scheme, delivery, stamp=stamp, name=name, url=url)
    if not matches(shown, [sign(scheme, message, secret) for secret in secrets]):
        raise Refused("The signature does not fit.")
    if answerable(scheme.handshake, delivery.body):
        raise Refused("The signature could be the answer to a challenge.")
    return Proof(Trust.SIGNED, frozenset({mark("message", message)}), stamped=scheme.stamped).named(name)


def sign(scheme: Hmac, message: bytes, secret: str) -> str:
    """The signature as it stands in the header or its field, prefix included."""
    digest = hmac.new(secret.encode(), message, scheme.digest).digest()
    return scheme.prefix + (digest.hex() if scheme.encoding == "hex" else base64.b64encode(digest).decode())


def matches(shown: list[str], right: list[str]) -> bool:
    """Whether any signature shown is one of the right ones; all are compared, each in constant time."""
    compared = [hmac.compare_digest(a.encode(), b.encode()) for a in shown for b in right]
    return any(compared)


def check_time(signed_at: datetime, received_at: datetime, tolerance: int) -> None:
    """Refuse what was signed more than ``tolerance`` seconds before or after it was received.

    Raises:
        Refused: it is too old, or from a future that a sound clock does not know.
    """
    if abs(received_at - signed_at) > timedelta(seconds=tolerance):
        raise Refused("The time of signing is out of tolerance.")


def number(text: str) -> int:
    """A count of seconds or milliseconds, written in plain digits.

    Raises:
        Refused: it is anything else.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise Refused("The time of signing cannot be read.")
    return int(text)


def _shown(scheme: Hmac, delivery: Delivery) -> tuple[list[str], str]:
    """The signatures shown, and the time of signing as it is written."""
    names = (scheme.header,) if isinstance(scheme.header, str) else scheme.header
    value = next((found for name in names if (found := delivery.header(name)) is not None), None)
    if value is None:
        raise Refused("There is no signature.")
    stamp = delivery.header(scheme.timestamp_header) if scheme.timestamp_header else ""
    if scheme.field is None:
        return [value], stamp or ""
    fields = [item.strip().partition("=") for item in value.split(",")]
    if scheme.timestamp_field:
        stamps = [text for key, _, text in fields if key == scheme.timestamp_field]
        if len(stamps) != 1:
            raise Refused("There is not one time of signing.")
        stamp = stamps[0]
    return [text for key, _, text in fields if key == scheme.field], stamp or ""


def _moment(scheme: Hmac, stamp: str) -> datetime:
    try:
        if scheme.timestamp_unit == "iso":
            found = datetime.fromisoformat(stamp if len(stamp) >= _SHORTEST_TIME else "")
            return found if found.tzinfo else found.replace(tzinfo=UTC)
        seconds = number(stamp) / (1000 if scheme.timestamp_unit == "ms" else 1)
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as exc:
        raise Refused("The time of signing cannot be read.") from exc


def _message(scheme: Hmac, delivery: Delivery, *, stamp: str, name: str | None, url: str | None) -> bytes:
    """The bytes that are signed."""
    parts: dict[str, Callable[[], bytes]] = {
        "body": lambda: delivery.body,
        "timestamp": stamp.encode,
        "method": delivery.method.encode,
        "id": lambda: _required(name),
        "url": lambda: _seen(url),
        "form": lambda: _form(scheme, delivery),
    }
    pieces = PART.split(scheme.signs)  # text and names of parts by turns
    return b"".join(parts[piece]() if odd % 2 else piece.encode() for odd, piece in enumerate(pieces))


def _required(name: str | None) -> bytes:
    if not name:
        raise Refused("There is no id.")
    return name.encode()


def _seen(url: str | None) -> bytes:
    if url is None:
        raise OperatorError("The scheme signs the URL, and the source does not say its own.", hint="Set `public_url`.")
    return url.encode()


def _form(scheme: Hmac, delivery: Delivery) -> bytes:
    """The sorted fields of a form; nothing where the signed URL holds the body's digest instead, which must fit.

    Twilio's documentation, "Validating requests": fields by name, of a repeated name each value once, in order.
    """
    if scheme.body_digest:
        digests = [value for key, value in parse_qsl(delivery.query) if key == scheme.body_digest]
        if digests:
            if digests != [hashlib.sha256(delivery.body).hexdigest()]:
                raise Refused("The body is not the one that the URL tells of.")
            return b""
    if not is_form(delivery) and (delivery.body or delivery.method != "GET"):
        raise Refused("The body is neither a form nor told of in the URL.")
    return "".join(key + value for key, value in sorted(set(form_fields(delivery.body)))).encode()

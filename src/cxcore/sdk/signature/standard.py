"""Standard Webhooks 1.0.0: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md."""

import base64
import binascii
import hmac
from datetime import UTC, datetime

from cxcore.errors import OperatorError
from cxcore.sdk.delivery import Delivery, Proof, Refused, Trust, mark
from cxcore.sdk.signature import ed25519
from cxcore.sdk.signature.keyed import check_time, matches, number
from cxcore.sdk.signature.scheme import StandardWebhooks

SECRET, PUBLIC = "whsec_", "whpk_"
MOST_SIGNATURES = 16


def verify(scheme: StandardWebhooks, delivery: Delivery, secrets: tuple[str, ...]) -> Proof:
    """Why the delivery is believed: one of its signatures fits one of the secrets.

    Raises:
        Refused: none fits, a header is missing, or the time of signing is out of tolerance.
        OperatorError: a secret is no base64, or a public key that cannot be used here.
    """
    name, stamp = delivery.header("webhook-id"), delivery.header("webhook-timestamp")
    shown = (delivery.header("webhook-signature") or "").split(" ")
    if not name or stamp is None or len(shown) > MOST_SIGNATURES:
        raise Refused("There is no signature.")
    try:
        signed_at = datetime.fromtimestamp(number(stamp), UTC)
    except (ValueError, OverflowError, OSError) as exc:
        raise Refused("The time of signing cannot be read.") from exc
    check_time(signed_at, delivery.received_at, scheme.tolerance)
    message = f"{name}.{stamp}.".encode() + delivery.body
    if not fits(secrets, shown, message):
        raise Refused("The signature does not fit.")
    return Proof(Trust.SIGNED, frozenset({mark("message", message)}), stamped=True).named(name)


def fits(secrets: tuple[str, ...], shown: list[str], message: bytes) -> bool:
    """Whether one of the signatures shown is one of the secrets' over the message.

    Raises:
        OperatorError: a secret is no base64, or a public key that cannot be used here.
    """
    keys = [secret for secret in secrets if not secret.startswith(PUBLIC)]
    found = matches(shown, [sign(message, key) for key in keys])
    for public in secrets:
        if public.startswith(PUBLIC):
            found |= ed25519.fits(_bytes(public.removeprefix(PUBLIC)), shown, message)
    return found


def sign(message: bytes, secret: str) -> str:
    """A ``v1`` signature as it stands in the header.

    Raises:
        OperatorError: the secret is no base64.
    """
    key = _bytes(secret.removeprefix(SECRET))
    return "v1," + base64.b64encode(hmac.digest(key, message, "sha256")).decode()


def _bytes(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise OperatorError(
            "The secret of Standard Webhooks is no base64.", hint="Copy it whole, as the sender shows it (whsec_…)."
        ) from None

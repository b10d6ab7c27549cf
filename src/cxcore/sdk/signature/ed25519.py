"""``v1a`` of Standard Webhooks: ed25519 (RFC 8032) by the package cryptography, which is optional."""

import base64
import binascii
from typing import Any

from cxcore.errors import OperatorError

PREFIX = "v1a,"


def fits(public: bytes, shown: list[str], message: bytes) -> bool:
    """Whether one of the signatures shown is the key's over the message.

    Raises:
        OperatorError: cryptography is not installed, or ``public`` is no key of 32 bytes.
    """
    key = _key(public)
    return any(_fits(key, each.removeprefix(PREFIX), message) for each in shown if each.startswith(PREFIX))


def _key(public: bytes) -> Any:
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError as exc:
        raise OperatorError(
            "A public key (whpk_) needs the package cryptography.", hint="Install it beside cxcore, or use whsec_."
        ) from exc
    try:
        return Ed25519PublicKey.from_public_bytes(public)
    except ValueError:
        raise OperatorError("The public key (whpk_) is no ed25519 key.", hint="It is 32 bytes in base64.") from None


def _fits(key: Any, encoded: str, message: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(base64.b64decode(encoded, validate=True), message)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True

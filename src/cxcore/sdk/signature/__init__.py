"""Signatures of deliveries: schemes, presets by vendor, verification over raw bytes. Pure: the clock is passed in."""

from cxcore.sdk.signature.handshake import asked, confirmed
from cxcore.sdk.signature.presets import PRESETS
from cxcore.sdk.signature.scheme import (
    BasicAuth,
    BodyToken,
    Handshake,
    HeaderSecret,
    Hmac,
    Scheme,
    Secrets,
    StandardWebhooks,
    Unsigned,
)
from cxcore.sdk.signature.verify import check_secrets, verify

__all__ = [
    "PRESETS",
    "BasicAuth",
    "BodyToken",
    "Handshake",
    "HeaderSecret",
    "Hmac",
    "Scheme",
    "Secrets",
    "StandardWebhooks",
    "Unsigned",
    "asked",
    "check_secrets",
    "confirmed",
    "verify",
]

"""Verification of a delivery by a scheme: over raw bytes, in constant time, old and future ones refused."""

import base64
import binascii
import hmac
from collections.abc import Iterable

from cxcore.errors import OperatorError
from cxcore.sdk.delivery import Delivery, Proof, Refused, Trust, mark
from cxcore.sdk.signature import keyed, standard
from cxcore.sdk.signature.content import json_body
from cxcore.sdk.signature.scheme import BodyToken, HeaderSecret, Hmac, Scheme, Secrets, StandardWebhooks, Unsigned


def verify(scheme: Scheme, delivery: Delivery, secrets: Secrets, *, url: str | None = None) -> Proof:
    """Why the delivery is believed. ``url``: where the sender sends to, with its query, for schemes that sign it.

    Raises:
        Refused: it is not this sender's, is older or younger than the scheme tolerates, or can be read in two ways.
        OperatorError: a secret is missing or not of the scheme's form.
    """
    if isinstance(scheme, Unsigned):
        return Proof(Trust.NONE)
    _check_given(secrets)
    if isinstance(scheme, StandardWebhooks):
        return standard.verify(scheme, delivery, secrets.live)
    if isinstance(scheme, Hmac):
        return keyed.verify(scheme, delivery, secrets.live, url=url)
    if isinstance(scheme, HeaderSecret):
        value = delivery.header(scheme.header) or ""
        if not value.startswith(scheme.prefix) or not _is_one(value.removeprefix(scheme.prefix), secrets):
            raise Refused("The secret is not there.")
        return _authenticated(delivery).named(delivery.header(scheme.id_header) if scheme.id_header else None)
    if isinstance(scheme, BodyToken):
        return _by_token(scheme, delivery, secrets)
    word, _, encoded = (delivery.header("authorization") or "").partition(" ")
    if word.lower() != "basic" or not _is_one(_decoded(encoded.strip()), secrets):
        raise Refused("The user or password is not right.")
    return _authenticated(delivery)


def check_secrets(scheme: Scheme, secrets: Secrets) -> None:
    """Make sure, before a delivery comes, that the secrets are of the scheme's form.

    Raises:
        OperatorError: one is missing, or is not.
    """
    _check_given(secrets)
    if isinstance(scheme, StandardWebhooks):
        standard.fits(secrets.live, [], b"")


def _check_given(secrets: Secrets) -> None:
    if not secrets.live or not all(secrets.live):
        raise OperatorError("The source has no secret to verify deliveries with.", hint="Set `secret`.")


def _is_one(value: str, secrets: Secrets) -> bool:
    """Whether the value is one of the live secrets, each compared in constant time."""
    given = value.encode()
    compared = [hmac.compare_digest(secret.encode(), given) for secret in secrets.live]
    return any(compared)


def _authenticated(delivery: Delivery) -> Proof:
    return Proof(Trust.AUTHENTICATED, frozenset({mark("message", delivery.body)}))


def _by_token(scheme: BodyToken, delivery: Delivery, secrets: Secrets) -> Proof:
    found = json_body(delivery.body, scheme.path)
    tokens: Iterable[object] = found if isinstance(found, list) else [found]
    checked = [isinstance(token, str) and _is_one(token, secrets) for token in tokens]
    if not checked or not all(checked):
        raise Refused("The token is not there.")
    return _authenticated(delivery)


def _decoded(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, ValueError) as exc:
        raise Refused("The user or password cannot be read.") from exc

"""Handshakes: the questions of vendors when a webhook is set up, and the answers that show we hold the secret."""

import base64
import hmac
import json
import re
from typing import Any
from urllib.parse import parse_qsl

from cxcore.sdk.delivery import Challenge, Delivery, Refused
from cxcore.sdk.signature.scheme import Handshake, Secrets

_TOKEN = re.compile(r"[A-Za-z0-9_.+/=-]{1,500}")
"""What may be echoed or signed for whoever asks."""


def asked(handshake: Handshake | None, delivery: Delivery, secrets: Secrets) -> Challenge:
    """The answer to a GET: Meta's ``hub.challenge``, X's ``crc_token``.

    Raises:
        Refused: the vendor asks nothing by GET, the verify token is wrong, or the question is of no known form.
    """
    fields = parse_qsl(delivery.query, max_num_fields=20) if len(delivery.query) < 2000 else []  # noqa: PLR2004 - no vendor's question is as long
    given = dict(fields)
    if len(given) == len(fields):
        if handshake is Handshake.META and given.get("hub.mode") == "subscribe" and secrets.verify_token:
            right = hmac.compare_digest(given.get("hub.verify_token", "").encode(), secrets.verify_token.encode())
            if right and _TOKEN.fullmatch(challenge := given.get("hub.challenge", "")):
                return Challenge(challenge)
        if handshake is Handshake.X and secrets.live and _TOKEN.fullmatch(token := given.get("crc_token", "")):
            digest = hmac.digest(secrets.live[0].encode(), token.encode(), "sha256")
            return _json({"response_token": "sha256=" + base64.b64encode(digest).decode()})
    raise Refused("Nothing is asked that could be answered.")


def answerable(handshake: Handshake | None, body: bytes) -> bool:
    """Whether anybody could have had the body signed by asking. X signs deliveries with the key that answers its
    challenge, and without a prefix: a body that could be a token proves nothing."""
    return handshake is Handshake.X and _TOKEN.fullmatch(body.decode("latin-1")) is not None


def confirmed(handshake: Handshake | None, body: Any, secrets: Secrets) -> Challenge | None:
    """The answer to a question in a signed body, already verified: Slack's and Zoom's; None if it asks nothing.

    Raises:
        Refused: it asks with a token that is none.
    """
    if not isinstance(body, dict):
        return None
    if handshake is Handshake.SLACK and body.get("type") == "url_verification":
        return Challenge(_token(body.get("challenge")))
    if handshake is Handshake.ZOOM and body.get("event") == "endpoint.url_validation":
        payload = body.get("payload")
        plain = _token(payload.get("plainToken") if isinstance(payload, dict) else None)
        digest = hmac.digest(secrets.live[0].encode(), plain.encode(), "sha256").hex()
        return _json({"plainToken": plain, "encryptedToken": digest})
    return None


def _token(value: Any) -> str:
    if not isinstance(value, str) or not _TOKEN.fullmatch(value):
        raise Refused("The challenge is no token.")
    return value


def _json(answer: dict[str, str]) -> Challenge:
    return Challenge(json.dumps(answer), "application/json")

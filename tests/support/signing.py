"""Senders: what a vendor's system would send, signed by its documentation with the standard library alone."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from cxcore.sdk.delivery import Delivery

SECRET = "a secret of the sender"
WHSEC = "whsec_" + base64.b64encode(b"a key of twenty-four byte").decode()
URL = "https://cx.example/v1/deliveries/shop"
FORM = "application/x-www-form-urlencoded"


def delivery(body: bytes, headers: dict[str, str], *, at: datetime, method: str = "POST", query: str = "") -> Delivery:
    """A request as the API hands it on, received at ``at``."""
    named = tuple((name.lower(), value) for name, value in headers.items())
    return Delivery(method=method, query=query, headers=named, body=body, received_at=at)


def _hex(secret: str, message: bytes, digest: str = "sha256") -> str:
    return hmac.new(secret.encode(), message, digest).hexdigest()


def _b64(secret: str, message: bytes, digest: str = "sha256") -> str:
    return base64.b64encode(hmac.new(secret.encode(), message, digest).digest()).decode()


Signer = Callable[[str, bytes, datetime, str], dict[str, str]]
"""From secret, body, time of signing and delivery id to headers."""


def _ts(at: datetime) -> str:
    return str(int(at.timestamp()))


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def standard(secret: str, body: bytes, at: datetime, name: str) -> dict[str, str]:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{name}.{_ts(at)}.".encode() + body, "sha256").digest()
    return {
        "webhook-id": name,
        "webhook-timestamp": _ts(at),
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }


def _chatwoot(secret: str, body: bytes, at: datetime, name: str) -> dict[str, str]:
    signature = _hex(secret, f"{_ts(at)}.".encode() + body)
    return {
        "X-Chatwoot-Signature": f"sha256={signature}",
        "X-Chatwoot-Timestamp": _ts(at),
        "X-Chatwoot-Delivery": name,
    }


def _stripe(secret: str, body: bytes, at: datetime, name: str) -> dict[str, str]:
    signature = _hex(secret, f"{_ts(at)}.".encode() + body)
    return {"Stripe-Signature": f"t={_ts(at)},v1={_hex('former', body)},v1={signature},v0=6ffbb59b"}


def _zendesk(secret: str, body: bytes, at: datetime, name: str) -> dict[str, str]:
    return {
        "X-Zendesk-Webhook-Signature": _b64(secret, _iso(at).encode() + body),
        "X-Zendesk-Webhook-Signature-Timestamp": _iso(at),
        "X-Zendesk-Webhook-Invocation-Id": name,
    }


def _hubspot(secret: str, body: bytes, at: datetime, name: str) -> dict[str, str]:
    stamp = str(int(at.timestamp() * 1000))
    return {
        "X-HubSpot-Signature-v3": _b64(secret, b"POST" + URL.encode() + body + stamp.encode()),
        "X-HubSpot-Request-Timestamp": stamp,
    }


def _twilio(secret: str, body: bytes, at: datetime, name: str) -> dict[str, str]:
    fields = "".join(k + v for k, v in sorted(parse_qsl(body.decode(), keep_blank_values=True)))
    return {
        "X-Twilio-Signature": _b64(secret, URL.encode() + fields.encode(), "sha1"),
        "I-Twilio-Idempotency-Token": name,
        "Content-Type": FORM,
    }


def _stamped_v0(vendor: str) -> Signer:
    def sign(secret: str, body: bytes, at: datetime, name: str) -> dict[str, str]:
        signature = _hex(secret, f"v0:{_ts(at)}:".encode() + body)
        return {f"X-{vendor}-Signature": f"v0={signature}", f"X-{vendor}-Request-Timestamp": _ts(at)}

    return sign


SIGNERS: dict[str, Signer] = {
    "standard": standard,
    "chatwoot": _chatwoot,
    "github": lambda s, b, at, name: {"X-Hub-Signature-256": "sha256=" + _hex(s, b), "X-GitHub-Delivery": name},
    "hubspot": _hubspot,
    "intercom": lambda s, b, at, name: {"X-Hub-Signature": "sha1=" + _hex(s, b, "sha1")},
    "mastodon": lambda s, b, at, name: {"X-Hub-Signature": "sha256=" + _hex(s, b)},
    "meta": lambda s, b, at, name: {"X-Hub-Signature-256": "sha256=" + _hex(s, b)},
    "shopify": lambda s, b, at, name: {"X-Shopify-Hmac-Sha256": _b64(s, b), "X-Shopify-Webhook-Id": name},
    "slack": _stamped_v0("Slack"),
    "stripe": _stripe,
    "twilio": _twilio,
    "woocommerce": lambda s, b, at, name: {"X-WC-Webhook-Signature": _b64(s, b), "X-WC-Webhook-Delivery-ID": name},
    "x": lambda s, b, at, name: {"x-twitter-webhooks-signature": "sha256=" + _b64(s, b)},
    "zendesk": _zendesk,
    "zoom": lambda s, b, at, name: {
        k.replace("Slack", "zm").lower(): v for k, v in _stamped_v0("Slack")(s, b, at, name).items()
    },
}
"""Every preset that signs."""


def body_of(preset: str) -> bytes:
    """A small body of the kind that the vendor sends."""
    return b"CallSid=CA1&From=%28040%29+1&To=" if preset == "twilio" else b'{"id": 7, "text": "Hei \xc3\xa4"}'


def secret_of(preset: str, word: str = SECRET) -> str:
    """A secret of the form that the scheme asks for."""
    return (
        "whsec_" + base64.b64encode(hashlib.sha256(word.encode()).digest()).decode() if preset == "standard" else word
    )

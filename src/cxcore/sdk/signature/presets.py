"""Presets: the schemes of vendors by name. docs/connectors.md says which are proved by vectors that others made."""

from collections.abc import Mapping
from types import MappingProxyType

from cxcore.sdk.signature.scheme import (
    BasicAuth,
    BodyToken,
    Handshake,
    HeaderSecret,
    Hmac,
    Scheme,
    StandardWebhooks,
    Unsigned,
)

PRESETS: Mapping[str, Scheme] = MappingProxyType(
    {
        "standard": StandardWebhooks(),
        "chatwoot": Hmac(
            header="x-chatwoot-signature",
            prefix="sha256=",
            signs="{timestamp}.{body}",
            timestamp_header="x-chatwoot-timestamp",
            id_header="x-chatwoot-delivery",
        ),
        "github": Hmac(header="x-hub-signature-256", prefix="sha256=", id_header="x-github-delivery"),
        "hubspot": Hmac(
            header="x-hubspot-signature-v3",
            encoding="base64",
            signs="{method}{url}{body}{timestamp}",
            timestamp_header="x-hubspot-request-timestamp",
            timestamp_unit="ms",
        ),
        "intercom": Hmac(header="x-hub-signature", digest="sha1", prefix="sha1="),
        "mastodon": Hmac(header="x-hub-signature", prefix="sha256="),
        "meta": Hmac(header="x-hub-signature-256", prefix="sha256=", handshake=Handshake.META),
        "shopify": Hmac(
            header=("x-shopify-hmac-sha256", "shopify-hmac-sha256"), encoding="base64", id_header="x-shopify-webhook-id"
        ),
        "slack": Hmac(
            header="x-slack-signature",
            prefix="v0=",
            signs="v0:{timestamp}:{body}",
            timestamp_header="x-slack-request-timestamp",
            handshake=Handshake.SLACK,
        ),
        "stripe": Hmac(header="stripe-signature", field="v1", signs="{timestamp}.{body}", timestamp_field="t"),
        "twilio": Hmac(
            header="x-twilio-signature",
            digest="sha1",
            encoding="base64",
            signs="{url}{form}",
            body_digest="bodySHA256",
            id_header="i-twilio-idempotency-token",
        ),
        "woocommerce": Hmac(header="x-wc-webhook-signature", encoding="base64", id_header="x-wc-webhook-delivery-id"),
        "x": Hmac(header="x-twitter-webhooks-signature", encoding="base64", prefix="sha256=", handshake=Handshake.X),
        "zendesk": Hmac(
            header="x-zendesk-webhook-signature",
            encoding="base64",
            signs="{timestamp}{body}",
            timestamp_header="x-zendesk-webhook-signature-timestamp",
            timestamp_unit="iso",
            id_header="x-zendesk-webhook-invocation-id",
        ),
        "zoom": Hmac(
            header="x-zm-signature",
            prefix="v0=",
            signs="v0:{timestamp}:{body}",
            timestamp_header="x-zm-request-timestamp",
            handshake=Handshake.ZOOM,
        ),
        "aircall": BodyToken(path="token"),
        "livechat": BodyToken(path="secret_key"),
        "sunshine": HeaderSecret(header="x-api-key"),
        "basic": BasicAuth(),
        "none": Unsigned(),
    }
)

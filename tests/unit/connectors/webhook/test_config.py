"""Settings that do not fit together are refused when they are written, in words; the README names them all."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cxconnectors import webhook
from cxconnectors.webhook import Webhook
from cxconnectors.webhook.config import WebhookConfig
from cxcore.errors import OperatorError
from cxcore.sdk.signature import PRESETS, Hmac
from support.signing import SECRET, WHSEC

README = (Path(webhook.__file__).parent / "README.md").read_text(encoding="utf-8")
BASE: dict[str, Any] = {
    "scheme": "shopify",
    "secret": SECRET,
    "mapping": {"version": 1, "key": "id", "profile": [{"email": "email"}]},
}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"scheme": "shopfy"}, "there is no scheme"),
        ({"scheme": "none"}, "there is no scheme"),
        ({"scheme": {"kind": "none"}}, "does not match any"),
        ({"scheme": {"header": "x-s", "signs": "{nonce}"}}, "nonce"),
        ({"scheme": {"kind": "token", "path": "a["}}, "JMESPath"),
        ({"scheme": "twilio"}, "public_url"),
        ({"scheme": "hubspot"}, "public_url"),
        ({"scheme": "hubspot", "public_url": "https://cx.example/?a=1"}, "pattern"),
        ({"scheme": "meta"}, "verify_token"),
        ({"scheme": "basic", "tolerance": 60}, "tolerance"),
        ({"ignore": ["ping"]}, "set event"),
        ({"deletes": ["gone"]}, "set event"),
        ({"items": "a["}, "JMESPath"),
        ({"timezone": "Helsinki"}, "time zone"),
        ({"mapping": None}, "mapping"),
        ({"secret": None}, "secret"),
    ],
)
def test_settings_that_do_not_fit_are_refused(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Webhook.configured(BASE | changed)


def test_a_table_is_an_hmac_unless_it_says_otherwise() -> None:
    found = Webhook.configured(BASE | {"scheme": {"header": "X-Signature", "id_header": "X-Id"}}).config
    assert found.scheme == Hmac(header="x-signature", id_header="x-id")
    assert found.scheme_name == "a scheme of its own"
    kind = {"kind": "header", "header": "Authorization", "prefix": "Bearer "}
    assert Webhook.configured(BASE | {"scheme": kind}).config.scheme.kind == "header"


def test_check_says_what_is_expected_and_where() -> None:
    assert asyncio.run(Webhook.configured(BASE).check()).startswith("deliveries by shopify, to ")
    standard = Webhook.configured(BASE | {"scheme": "standard", "secret": WHSEC})
    assert "standard" in asyncio.run(standard.check())
    with pytest.raises(OperatorError, match="base64"):
        asyncio.run(Webhook.configured(BASE | {"scheme": "standard", "secret": "whsec_?"}).check())


@pytest.mark.parametrize(
    "word", [*WebhookConfig.model_fields, *Hmac.model_fields, *(n for n in PRESETS if n != "none")]
)
def test_the_readme_names(word: str) -> None:
    assert f"`{word}`" in README

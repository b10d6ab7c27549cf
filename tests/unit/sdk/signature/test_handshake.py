"""Handshakes: the vendors' questions are answered, and nobody gets a signature for a body of their own."""

import base64
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from cxcore.sdk.delivery import Refused
from cxcore.sdk.signature import PRESETS, Handshake, Secrets, asked, confirmed, verify
from support.signing import SECRET, delivery

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRETS = Secrets((SECRET, "former"), verify_token="verify me")
META = {"hub.mode": "subscribe", "hub.verify_token": "verify me", "hub.challenge": "1158201444"}


def ask(handshake: Handshake | None, query: Any, secrets: Secrets = SECRETS) -> Any:
    text = query if isinstance(query, str) else urlencode(query)
    return asked(handshake, delivery(b"", {}, at=NOW, method="GET", query=text), secrets)


def test_meta_gets_its_challenge_back() -> None:
    found = ask(Handshake.META, META)
    assert (found.text, found.media_type) == ("1158201444", "text/plain")


@pytest.mark.parametrize(
    "changed",
    [
        {"hub.mode": "unsubscribe"},
        {"hub.verify_token": "guess"},
        {"hub.verify_token": ""},
        {"hub.challenge": "<script>"},
    ],
)
def test_meta_is_refused_without_the_verify_token(changed: dict[str, str]) -> None:
    with pytest.raises(Refused):
        ask(Handshake.META, META | changed)


def test_a_verify_token_that_was_never_set_is_no_empty_one() -> None:
    with pytest.raises(Refused):
        ask(Handshake.META, META | {"hub.verify_token": ""}, Secrets((SECRET,)))


def test_x_gets_its_token_signed() -> None:
    digest = base64.b64encode(hmac.new(SECRET.encode(), b"MDQ1OWQ4", "sha256").digest()).decode()
    assert json.loads(ask(Handshake.X, {"crc_token": "MDQ1OWQ4"}).text) == {"response_token": f"sha256={digest}"}


@pytest.mark.parametrize("token", ['{"for_user_id":"1"}', "", "a b", "a" * 501, "[]", "ä", "\x00"])
def test_nobody_gets_a_body_signed_by_asking_as_x_does(token: str) -> None:
    """X signs deliveries with the same key: an answer for any token would be a signature for any body."""
    with pytest.raises(Refused):
        ask(Handshake.X, {"crc_token": token})


@pytest.mark.parametrize("handshake", [*Handshake, None])
@pytest.mark.parametrize(
    "query", ["", "a=1", "crc_token=a&crc_token=b", "hub.mode=subscribe&hub.mode=x", "&" * 3000, "%"]
)
def test_what_nobody_asks_is_refused(handshake: Handshake | None, query: str) -> None:
    with pytest.raises(Refused):
        ask(handshake, query)


@pytest.mark.parametrize("token", ["MDQ1OWQ4", "id=7", "id=", "12345", "null", "a" * 500])
def test_an_answer_to_x_is_no_signature_of_a_delivery(token: str) -> None:
    """A form and a number are bodies, too."""
    signature = json.loads(ask(Handshake.X, {"crc_token": token}).text)["response_token"]
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        headers = {"X-Twitter-Webhooks-Signature": signature, "Content-Type": kind}
        with pytest.raises(Refused, match="challenge"):
            verify(PRESETS["x"], delivery(token.encode(), headers, at=NOW), SECRETS)


def test_slack_gets_its_challenge_back() -> None:
    found = confirmed(Handshake.SLACK, {"type": "url_verification", "challenge": "3eZbrw1aB"}, SECRETS)
    assert found is not None
    assert (found.text, found.media_type) == ("3eZbrw1aB", "text/plain")


def test_zoom_gets_its_token_signed() -> None:
    body = {"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}}
    found = confirmed(Handshake.ZOOM, body, SECRETS)
    assert found is not None
    assert json.loads(found.text) == {
        "plainToken": "qgg8vlvZRS6UYooatFL8Aw",
        "encryptedToken": hmac.new(SECRET.encode(), b"qgg8vlvZRS6UYooatFL8Aw", "sha256").hexdigest(),
    }


@pytest.mark.parametrize(
    ("handshake", "body"),
    [
        (Handshake.ZOOM, {"event": "endpoint.url_validation", "payload": {"plainToken": "v0:1:{}"}}),
        (Handshake.ZOOM, {"event": "endpoint.url_validation"}),
        (Handshake.SLACK, {"type": "url_verification", "challenge": 7}),
    ],
)
def test_a_token_that_is_none_is_refused(handshake: Handshake, body: Any) -> None:
    with pytest.raises(Refused):
        confirmed(handshake, body, SECRETS)


@pytest.mark.parametrize("body", [{}, [], None, {"type": "event_callback"}, {"event": "meeting.started"}])
@pytest.mark.parametrize("handshake", [*Handshake, None])
def test_an_ordinary_body_asks_nothing(handshake: Handshake | None, body: Any) -> None:
    assert confirmed(handshake, body, SECRETS) is None

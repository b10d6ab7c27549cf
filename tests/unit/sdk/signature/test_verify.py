"""Every scheme takes its sender's own deliveries and nothing else: not tampered, not old, not from the future."""

import base64
import importlib.util
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cxcore.errors import OperatorError
from cxcore.sdk.delivery import LONGEST_HEADER, Delivery, Proof, Refused, Trust
from cxcore.sdk.signature import (
    PRESETS,
    BasicAuth,
    BodyToken,
    HeaderSecret,
    Hmac,
    Secrets,
    StandardWebhooks,
    Unsigned,
    verify,
)
from support.signing import SECRET, SIGNERS, URL, body_of, delivery, secret_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
STAMPED = {"standard", "chatwoot", "hubspot", "slack", "stripe", "zendesk", "zoom"}
each_preset = pytest.mark.parametrize("preset", SIGNERS)


def sent(preset: str, *, at: datetime = NOW, secret: str = SECRET, name: str = "d-1") -> Delivery:
    """A sound delivery, received at NOW."""
    body = body_of(preset)
    return delivery(body, SIGNERS[preset](secret_of(preset, secret), body, at, name), at=NOW)


def proof(preset: str, received: Delivery, *secrets: str) -> Proof:
    live = tuple(secret_of(preset, secret) for secret in secrets or (SECRET,))
    return verify(PRESETS[preset], received, Secrets(live), url=URL)


def with_header(found: Delivery, name: str, value: str) -> Delivery:
    return replace(found, headers=(*((k, v) for k, v in found.headers if k != name), (name, value)))


def signature_header(preset: str, found: Delivery) -> str:
    return next(
        name for name, _ in found.headers if ("signature" in name and "timestamp" not in name) or "hmac" in name
    )


def test_every_preset_that_signs_is_tested_here() -> None:
    assert set(SIGNERS) == {name for name, scheme in PRESETS.items() if isinstance(scheme, Hmac | StandardWebhooks)}


@each_preset
def test_the_senders_own_is_believed(preset: str) -> None:
    found = proof(preset, sent(preset))
    assert found.trust is Trust.SIGNED
    assert found.stamped is (preset in STAMPED)
    assert found.marks
    assert all(len(each) == 32 for each in found.marks)


@each_preset
def test_a_body_changed_at_any_byte_is_refused(preset: str) -> None:
    sound = sent(preset)
    for position in range(len(sound.body)):
        for flip in (0x01, 0x20, 0x80):
            body = bytearray(sound.body)
            body[position] ^= flip
            with pytest.raises(Refused):
                proof(preset, replace(sound, body=bytes(body)))
    for cut in (b"", sound.body[:-2], sound.body + b" ", b" " + sound.body):
        with pytest.raises(Refused):
            proof(preset, replace(sound, body=cut))


@each_preset
def test_a_signature_changed_at_any_character_is_refused(preset: str) -> None:
    sound = sent(preset)
    name = signature_header(preset, sound)
    value = sound.header(name) or ""
    if preset == "stripe":
        start, end = value.rindex("v1=") + 3, value.rindex(",v0")
    else:
        start, end = 0, len(value)
    for position in range(start, end):
        other = "A" if value[position] != "A" else "B"
        with pytest.raises(Refused):
            proof(preset, with_header(sound, name, value[:position] + other + value[position + 1 :]))
    for cut in ("", value[:start], value[: end - 1]):
        with pytest.raises(Refused):
            proof(preset, with_header(sound, name, cut))


@each_preset
def test_without_its_headers_it_is_refused(preset: str) -> None:
    with pytest.raises(Refused):
        proof(preset, replace(sent(preset), headers=()))


@each_preset
def test_a_wrong_secret_is_refused_and_the_former_one_still_holds(preset: str) -> None:
    with pytest.raises(Refused):
        proof(preset, sent(preset, secret="another"))
    assert proof(preset, sent(preset, secret="another"), SECRET, "another") == proof(
        preset, sent(preset, secret="another"), "another"
    )


@each_preset
def test_an_old_one_and_one_of_the_future_are_refused_where_the_time_is_signed(preset: str) -> None:
    for seconds in (301, -301, 86_400 * 365, -86_400 * 365):
        late = sent(preset, at=NOW - timedelta(seconds=seconds))
        if preset in STAMPED:
            with pytest.raises(Refused):
                proof(preset, late)
        else:
            assert proof(preset, late).trust is Trust.SIGNED
    for seconds in (299, -299):
        assert proof(preset, sent(preset, at=NOW - timedelta(seconds=seconds))).trust is Trust.SIGNED


@each_preset
@pytest.mark.parametrize("stamp", ["", "-1", "1e9", "٣", "NaN", "9" * 15, "9" * 400, "2026-03-01", "12 ", "0x10"])
def test_a_time_that_is_none_is_refused(preset: str, stamp: str) -> None:
    sound = sent(preset)
    names = [name for name, _ in sound.headers if "timestamp" in name]
    if preset == "stripe":
        broken = with_header(sound, "stripe-signature", f"t={stamp},v1=00")
    elif names:
        broken = with_header(sound, names[0], stamp)
    else:
        broken = with_header(sound, signature_header(preset, sound), stamp)
    with pytest.raises(Refused):
        proof(preset, broken)


@each_preset
def test_a_header_that_can_be_read_in_two_ways_is_refused(preset: str) -> None:
    sound = sent(preset)
    name = signature_header(preset, sound)
    value = sound.header(name) or ""
    for other in (value, "x"):
        for headers in ((*sound.headers, (name, other)), ((name, other), *sound.headers)):
            with pytest.raises(Refused):
                proof(preset, replace(sound, headers=headers))
    for odd in (value + "\xe4", value + "\x00", value + "\t", value + "a" * LONGEST_HEADER):
        with pytest.raises(Refused):
            proof(preset, with_header(sound, name, odd))


@each_preset
def test_a_repeat_is_known_again_and_another_delivery_is_not(preset: str) -> None:
    sound = sent(preset)
    assert proof(preset, sound).marks == proof(preset, sent(preset)).marks
    body = sound.body + (b"x" if preset == "twilio" else b" ")
    other = delivery(body, SIGNERS[preset](secret_of(preset), body, NOW, "d-2"), at=NOW)
    assert not proof(preset, sound).marks & proof(preset, other).marks


def test_a_repeat_under_another_unsigned_id_is_known_again() -> None:
    """Shopify's id is not signed: who has seen a delivery could send it again under a new one."""
    sound = sent("shopify")
    renamed = with_header(sound, "x-shopify-webhook-id", "d-99")
    assert proof("shopify", sound).marks & proof("shopify", renamed).marks


def test_a_repeat_signed_anew_is_known_by_its_id() -> None:
    again = sent("chatwoot", at=NOW - timedelta(seconds=60))
    assert len(proof("chatwoot", sent("chatwoot")).marks & proof("chatwoot", again).marks) == 1


def test_twilios_fields_split_anew_are_a_repeat() -> None:
    """Nothing stands between names and values in what Twilio signs."""
    sound = sent("twilio")
    split = replace(sound, body=b"CallSidCA1From=%28040%29+1&To=")
    assert proof("twilio", sound).marks & proof("twilio", split).marks


def test_a_body_that_twilio_has_not_signed_is_refused() -> None:
    sound = sent("twilio")
    for kind in ("application/json", "text/plain", ""):
        with pytest.raises(Refused):
            proof("twilio", with_header(sound, "content-type", kind))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['preset']}, {vector['origin']}")
def test_what_vendors_libraries_sign_is_believed(vector: dict[str, Any]) -> None:
    query = vector.get("query", "")
    url = f"{vector['url']}?{query}" if query else vector.get("url")
    at = datetime.fromtimestamp(vector["at"], UTC)
    found = delivery(vector["body"].encode(), vector["headers"], at=at, query=query)
    scheme, secrets = PRESETS[vector["preset"]], Secrets((vector["secret"],))
    assert verify(scheme, found, secrets, url=url).trust is Trust.SIGNED
    with pytest.raises(Refused):
        verify(scheme, replace(found, body=found.body.replace(b"1", b"2", 1)), secrets, url=url)


PUBLISHED: dict[str, tuple[Any, str]] = {
    "standard-webhooks": (PRESETS["standard"], "2021-02-25T15:02:10+00:00"),
    "twilio": (PRESETS["twilio"], "2026-01-01T00:00:00+00:00"),
    "slack-v0": (PRESETS["slack"], "2018-07-12T18:36:58+00:00"),
    "x-hub-signature-256": (PRESETS["github"], "2026-01-01T00:00:00+00:00"),
    "zendesk-body-then-timestamp": (
        Hmac(
            header="x-zendesk-webhook-signature",
            encoding="base64",
            signs="{body}{timestamp}",
            timestamp_header="x-zendesk-webhook-signature-timestamp",
            timestamp_unit="iso",
        ),
        "2021-07-25T10:00:00+00:00",
    ),
}


@pytest.mark.shared_data
@pytest.mark.parametrize("name", PUBLISHED)
def test_what_vendors_have_published_is_believed(shared_data: Path, name: str) -> None:
    text = (shared_data / "vendors" / "webhook-signatures" / "vectors.json").read_text(encoding="utf-8")
    (vector,) = [each for each in json.loads(text) if each["scheme"] == name]
    scheme, at = PUBLISHED[name]
    headers = dict(vector["headers"])
    body = vector.get("body", "").encode()
    if "form" in vector:
        from urllib.parse import urlencode

        body, headers["content-type"] = urlencode(vector["form"]).encode(), "application/x-www-form-urlencoded"
    query = vector.get("url", "").partition("?")[2]
    found = delivery(body, headers, at=datetime.fromisoformat(at), query=query)
    assert verify(scheme, found, Secrets((vector["secret"],)), url=vector.get("url")).trust is Trust.SIGNED
    with pytest.raises(Refused):
        verify(scheme, replace(found, body=body + b"&x=1"), Secrets((vector["secret"],)), url=vector.get("url"))


# Standard Webhooks


def test_one_of_several_signatures_is_enough() -> None:
    sound = sent("standard")
    right = sound.header("webhook-signature")
    others = f"v1,{base64.b64encode(b'x' * 32).decode()} v1a,AAAA v2,zz {right}"
    assert proof("standard", with_header(sound, "webhook-signature", others)).trust is Trust.SIGNED
    many = " ".join(["v1,AAAA"] * 16 + [str(right)])
    with pytest.raises(Refused):
        proof("standard", with_header(sound, "webhook-signature", many))


def test_a_secret_with_and_without_its_prefix_is_the_same() -> None:
    whole = secret_of("standard")
    bare = whole.removeprefix("whsec_")
    assert verify(StandardWebhooks(), sent("standard"), Secrets((bare,))).trust is Trust.SIGNED


def test_a_secret_that_is_no_base64_asks_the_operator() -> None:
    with pytest.raises(OperatorError, match="base64"):
        verify(StandardWebhooks(), sent("standard"), Secrets(("whsec_???",)))


def test_a_public_key_is_used_where_cryptography_is_there() -> None:
    """RFC 8032, section 7.1, test 3, is a vector of the curve; a delivery signed with a fresh key is ours."""
    sound = sent("standard")
    if importlib.util.find_spec("cryptography") is None:
        with pytest.raises(OperatorError, match="cryptography"):
            verify(StandardWebhooks(), sound, Secrets(("whpk_" + base64.b64encode(b"k" * 32).decode(),)))
        return
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    public = "whpk_" + base64.b64encode(key.public_key().public_bytes_raw()).decode()
    message = f"d-1.{int(NOW.timestamp())}.".encode() + sound.body
    signature = "v1a," + base64.b64encode(key.sign(message)).decode()
    signed = with_header(sound, "webhook-signature", f"v1,AAAA {signature}")
    assert verify(StandardWebhooks(), signed, Secrets((public,))).trust is Trust.SIGNED
    for broken in (replace(signed, body=b"{}"), with_header(signed, "webhook-signature", "v1a,AAAA"), sound):
        with pytest.raises(Refused):
            verify(StandardWebhooks(), broken, Secrets((public,)))
    with pytest.raises(OperatorError, match="ed25519"):
        verify(StandardWebhooks(), signed, Secrets(("whpk_AAAA",)))


# authenticated, not signed


def test_a_secret_in_a_header_authenticates() -> None:
    scheme = HeaderSecret(header="Authorization", prefix="Bearer ", id_header="x-id")
    found = delivery(b"{}", {"Authorization": f"Bearer {SECRET}", "X-Id": "1"}, at=NOW)
    known = verify(scheme, found, Secrets(("other", SECRET)))
    assert (known.trust, len(known.marks), known.stamped) == (Trust.AUTHENTICATED, 2, False)
    for wrong in (SECRET, f"Bearer {SECRET}x", "Bearer ", "", f"bearer {SECRET}"):
        with pytest.raises(Refused):
            verify(scheme, with_header(found, "authorization", wrong), Secrets((SECRET,)))


@pytest.mark.parametrize(
    ("path", "body", "right"),
    [
        ("token", {"token": SECRET}, True),
        ("token", {"token": "x"}, False),
        ("token", {}, False),
        ("token", {"token": [SECRET]}, True),
        ("token", {"token": [SECRET, "x"]}, False),
        ("token", {"token": []}, False),
        ("token", {"token": 7}, False),
        ("value[].clientState", {"value": [{"clientState": SECRET}, {"clientState": SECRET}]}, True),
        ("value[].clientState", {"value": [{"clientState": SECRET}, {"clientState": "x"}]}, False),
        ("length(token)", {"token": 1}, False),
    ],
)
def test_a_token_in_the_body_authenticates(path: str, body: Any, *, right: bool) -> None:
    found = delivery(json.dumps(body).encode(), {}, at=NOW)
    if right:
        assert verify(BodyToken(path=path), found, Secrets((SECRET,))).trust is Trust.AUTHENTICATED
    else:
        with pytest.raises(Refused):
            verify(BodyToken(path=path), found, Secrets((SECRET,)))


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"nul"])
def test_a_token_is_not_found_in_what_is_no_json(body: bytes) -> None:
    with pytest.raises(Refused):
        verify(BodyToken(path="token"), delivery(body, {}, at=NOW), Secrets((SECRET,)))


def test_user_and_password_authenticate() -> None:
    def basic(text: str) -> Delivery:
        return delivery(b"", {"Authorization": f"Basic {base64.b64encode(text.encode()).decode()}"}, at=NOW)

    assert verify(BasicAuth(), basic("shop:sana"), Secrets(("shop:sana",))).trust is Trust.AUTHENTICATED
    for wrong in (basic("shop:san"), basic(""), delivery(b"", {"Authorization": "Basic ?"}, at=NOW)):
        with pytest.raises(Refused):
            verify(BasicAuth(), wrong, Secrets(("shop:sana",)))


def test_of_an_unsigned_sender_nothing_is_believed() -> None:
    assert verify(Unsigned(), delivery(b"{}", {}, at=NOW), Secrets()) == Proof(Trust.NONE)


@pytest.mark.parametrize("name", [n for n in PRESETS if n != "none"])
@pytest.mark.parametrize("live", [(), ("",), ("x", "")])
def test_an_empty_secret_is_never_compared_with(name: str, live: tuple[str, ...]) -> None:
    with pytest.raises(OperatorError, match="no secret"):
        verify(PRESETS[name], delivery(b"{}", {"x-api-key": "", "authorization": "Basic "}, at=NOW), Secrets(live))


# schemes as an operator writes them


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ({"signs": "{nonce}"}, "nonce"),
        ({"signs": "fixed"}, "body must be signed"),
        ({"signs": "{timestamp}{body}"}, "timestamp"),
        ({"timestamp_header": "x-time"}, "timestamp"),
        ({"timestamp_field": "t", "signs": "{timestamp}{body}"}, "needs field"),
        ({"signs": "{id}{body}"}, "id_header"),
        ({"body_digest": "sha"}, "signed url"),
        ({"header": ()}, "no header"),
        ({"header": "x y"}, "pattern"),
        ({"digest": "md5"}, "sha1"),
        ({"tolerance": 0}, "greater"),
        ({"tolerance": 86_401}, "less"),
        ({"secret": "x"}, "not permitted"),
    ],
)
def test_a_scheme_that_does_not_hold_together_is_refused(written: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Hmac.model_validate({"header": "x-signature", **written})


def test_a_scheme_that_signs_the_url_needs_it() -> None:
    with pytest.raises(OperatorError, match="public_url"):
        verify(PRESETS["hubspot"], sent("hubspot"), Secrets((SECRET,)), url=None)


def test_secrets_do_not_show() -> None:
    assert SECRET not in repr(Secrets((SECRET,), verify_token=SECRET))


@given(st.binary(max_size=200), st.lists(st.tuples(st.sampled_from(["x-a", "x-b"]), st.text(max_size=40)), max_size=4))
def test_whatever_comes_is_refused_and_nothing_else_happens(body: bytes, headers: list[tuple[str, str]]) -> None:
    schemes = [
        Hmac(header="x-a", field="v", signs="{timestamp}{body}", timestamp_header="x-b"),
        HeaderSecret(header="x-a"),
    ]
    found = Delivery("POST", "", tuple(headers), body, NOW)
    for scheme in schemes:
        with pytest.raises(Refused):
            verify(scheme, found, Secrets((SECRET,)))

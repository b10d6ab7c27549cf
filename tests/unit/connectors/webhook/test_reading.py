"""What bodies become: objects under a path, streams, events, deletions; and what cannot be read is kept."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxconnectors.webhook import Webhook
from cxcore.model.interaction import Interaction
from cxcore.sdk import Received, Record, RecordRejected, Trust
from cxcore.sdk.mapping.language import Mapping
from cxcore.sdk.signature.content import FORM
from support.signing import SECRET, SIGNERS, delivery

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MAPPING: dict[str, Any] = {
    "version": 1,
    "key": "id",
    "interaction": [
        {"channel": "chat", "kind": "message", "direction": "inbound", "occurred_at": "at", "text": "text"}
    ],
}
MESSAGE = {"id": "m1", "at": "2026-03-01T10:00:00Z", "text": "Hei"}


def connector(**config: Any) -> Webhook:
    made = Webhook.configured({"scheme": "github", "secret": SECRET, "mapping": MAPPING, **config})
    assert isinstance(made, Webhook)
    return made


def received(body: Any, *, media_type: str = "application/json", **config: Any) -> Received:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": media_type, **SIGNERS["github"](SECRET, raw, NOW, "d-1")}
    return connector(**config).receive(delivery(raw, headers, at=NOW))


def records(body: Any, **config: Any) -> list[Record]:
    found = received(body, **config)
    assert found.proof.trust is Trust.SIGNED
    return list(found.records)


def why(record: Record, **config: Any) -> str:
    with pytest.raises(RecordRejected) as rejected:
        list(connector(**config).map(record))
    return rejected.value.message


def test_an_object_is_one_record() -> None:
    (record,) = records(MESSAGE)
    assert record == Record("items", "m1", MESSAGE, origin="delivery of 2026-03-01T12:00:00Z object 1")
    (made,) = connector().map(record)
    assert isinstance(made, Interaction)
    assert made.text == "Hei"


def test_an_array_is_as_many_records_also_under_a_path() -> None:
    three = [{**MESSAGE, "id": n} for n in (1, 2, 3)]
    assert [record.key for record in records(three)] == ["1", "2", "3"]
    assert [record.key for record in records({"entry": [{"m": three}]}, items="entry[].m[]")] == ["1", "2", "3"]
    assert records({"entry": []}, items="entry[].m[]") == []


def test_the_stream_is_fixed_or_told_by_the_body() -> None:
    assert [record.stream for record in records(MESSAGE, stream="chats")] == ["chats"]
    stream = {"path": "kind", "map": {"Order": "orders"}, "default": "rest"}
    assert [r.stream for r in records({**MESSAGE, "kind": "Order"}, stream=stream)] == ["orders"]
    assert [r.stream for r in records(MESSAGE, stream=stream)] == ["rest"]


@pytest.mark.parametrize("kind", ["Ä", "x" * 60, "", None, {"a": 1}, "a b"])
def test_a_stream_of_no_sound_name_sets_the_body_aside(kind: Any) -> None:
    (record,) = records({**MESSAGE, "kind": kind}, stream={"path": "kind"})
    assert (record.stream, record.media_type) == ("items", "application/octet-stream")
    assert "stream" in why(record, stream={"path": "kind"})


def test_events_that_mean_nothing_are_left_out_and_known_again() -> None:
    found = received({"type": "ping"}, event="type", ignore=["ping", "7"])
    assert (list(found.records), found.wake, len(found.proof.marks)) == ([], False, 2)
    assert list(received({"type": 7}, event="type", ignore=["ping", "7"]).records) == []


def test_deletions_come_by_event_or_by_the_mapping() -> None:
    (record,) = records({"type": "gone", "data": MESSAGE}, event="type", deletes=["gone"], items="data")
    assert (record.key, record.deleted) == ("m1", True)
    assert list(connector().map(record)) == []
    (record,) = records({**MESSAGE, "state": "void"}, mapping={**MAPPING, "deleted": "state == 'void'"})
    assert record.deleted


def test_a_time_of_change_orders_the_versions() -> None:
    (record,) = records(MESSAGE, mapping={**MAPPING, "changed_at": "at"})
    assert record.changed_at == datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_an_id_in_the_body_is_a_mark_of_the_delivery() -> None:
    bare = received({**MESSAGE, "event": "evt_1"}).proof.marks
    assert len(received({**MESSAGE, "event": "evt_1"}, event_id="event").proof.marks - bare) == 1


def test_a_form_is_an_object_of_texts() -> None:
    (record,) = records(b"id=m1&at=2026-03-01&text=Hei+%C3%A4&n=1&n=2&n=3&empty=", media_type=f"{FORM}; charset=utf-8")
    assert record.payload == {"id": "m1", "at": "2026-03-01", "text": "Hei ä", "n": ["1", "2", "3"], "empty": ""}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"7", "no object"),
        (b"null", "no object"),
        (b'"text"', "no object"),
        (b"[" * 100_000, "nested deeper"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "nested deeper"),
        (b"1" * 5000, "no JSON"),
    ],
)
def test_a_body_that_cannot_be_read_is_kept_whole(body: bytes, reason: str) -> None:
    (record,) = records(body)
    assert (record.payload, record.stream) == (body, "items")
    assert reason in why(record)
    assert records(body)[0].key == record.key


def test_json_that_is_called_a_form_is_json_all_the_same() -> None:
    (record,) = records(b" " + json.dumps(MESSAGE).encode(), media_type=FORM)
    assert (record.key, record.payload) == ("m1", MESSAGE)


def test_a_form_that_cannot_be_read_is_kept_whole() -> None:
    (record,) = records(b"a=%FF", media_type=FORM)
    assert (record.payload, record.media_type) == (b"a=%FF", FORM)
    assert "form" in why(record)


@pytest.mark.parametrize("item", [{"text": "no key"}, 7, None, "text", [1], {"id": None}, {"id": ""}])
def test_an_object_without_a_key_is_set_aside_alone(item: Any) -> None:
    good, bad = records([MESSAGE, item])
    assert good.key == "m1"
    assert bad.key.startswith("unread:")
    assert why(bad) in {"the object has no key", "the object is none"}


def test_what_was_set_aside_is_understood_with_better_settings() -> None:
    (bad,) = records({"text": "Hei", "at": "2026-03-01", "number": 5})
    better = {**MAPPING, "key": "number"}
    (made,) = connector(mapping=better, timezone="Europe/Helsinki").map(bad)
    assert isinstance(made, Interaction)
    assert made.text == "Hei"
    (whole,) = records({"data": [MESSAGE, MESSAGE]}, items="nowhere")
    assert "no object" in why(whole, items="nowhere")
    assert len(list(connector(items="data").map(whole))) == 2
    assert list(connector(items="data", event="length(data)", ignore=["2"]).map(whole)) == []


def test_a_reason_never_shows_what_was_sent() -> None:
    for body in (b"canary", b'{"id": 1, "at": "canary"}', b'["canary"]'):
        (record,) = records(body)
        assert "canary" not in why(record)


def test_slack_and_zoom_get_their_challenge_back_and_nothing_lands() -> None:
    for preset, body in (
        ("slack", {"type": "url_verification", "challenge": "abc"}),
        ("zoom", {"event": "endpoint.url_validation", "payload": {"plainToken": "abc"}}),
    ):
        raw = json.dumps(body).encode()
        found = connector(scheme=preset).receive(delivery(raw, SIGNERS[preset](SECRET, raw, NOW, "d"), at=NOW))
        assert found.challenge is not None
        assert "abc" in found.challenge.text
        assert not found.records


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | st.just("id"), inner, max_size=4),
    max_leaves=20,
)


@given(json_values, st.sampled_from([None, "data", "[]", "keys(@)", "*[]"]))
def test_whatever_is_signed_lands_and_can_be_stored(body: Any, items: str | None) -> None:
    reasons = []
    for record in received(body, items=items).records:
        assert record.body()
        assert 0 < len(record.key) <= 500
        try:
            list(connector(items=items).map(record))
        except RecordRejected as exc:
            reasons.append(exc.message)
    assert all(0 < len(reason) < 200 for reason in reasons)


def test_the_mapping_is_the_language_of_files() -> None:
    assert Mapping.model_validate(MAPPING) == connector().config.mapping

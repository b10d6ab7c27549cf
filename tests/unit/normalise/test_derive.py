"""Derive: what a record becomes, row by row, and never more than it says."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.model import ids
from cxcore.model.identifier import Identifier
from cxcore.model.ids import MAX_INTERACTIONS, interaction_id, last_interaction_id, record_id, source_namespace
from cxcore.model.interaction import Attachment, Channel, Direction, Flag, Interaction, Kind, Participant, Role
from cxcore.model.profile import SourceProfile
from cxcore.normalise.derive import Context, derive

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMESPACE = source_namespace("shop")
COLUMNS = [
    "profile_id",
    "occurred_at",
    "id",
    "source_id",
    "channel",
    "direction",
    "kind",
    "role",
    "sequence",
    "conversation_id",
    "subject",
    "text",
    "quoted",
    "duration",
    "attributes",
    "received_at",
]


def context(key: str = "1", *, current: bool = True) -> Context:
    return Context(
        source_id=3,
        namespace=NAMESPACE,
        region="FI",
        record=record_id(NAMESPACE, "orders", key),
        name=f"orders/{key}",
        sequence=9,
        received_at=AT,
        current=current,
    )


def message(**values: Any) -> Interaction:
    fixed: dict[str, Any] = {"channel": Channel.CHAT, "kind": Kind.MESSAGE, "direction": Direction.INBOUND}
    return Interaction(**(fixed | {"occurred_at": AT} | values))


def anna(**values: Any) -> SourceProfile:
    return SourceProfile(name="Anna", identifiers=(Identifier.email("anna@x.example"),), **values)


def row(rows: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(COLUMNS, rows, strict=True))


def test_a_message_is_a_row_of_its_customer() -> None:
    rows = derive([message(customers=(anna(),), subject="Hi", text="x", duration=5, role=Role.AUTHOR)], context())
    [found] = [row(i) for i in rows.interactions]
    [who] = rows.persons
    assert found["profile_id"] == who.id
    assert found["id"] == interaction_id(context().record, 0)
    assert (found["source_id"], found["sequence"], found["occurred_at"], found["received_at"]) == (3, 9, AT, AT)
    assert (found["channel"], found["direction"], found["kind"], found["role"]) == (0, 0, 0, 5)
    assert (found["subject"], found["text"], found["duration"], found["attributes"]) == ("Hi", "x", 5, {})


def test_a_message_to_several_is_a_row_of_each_under_one_id() -> None:
    others = (anna(), SourceProfile(identifiers=(Identifier.email("b@x.example"),)))
    agent = Participant(role=Role.AGENT, name="Desk", address="204")
    rows = derive([message(customers=others, participants=(agent,))], context())
    assert len({row(i)["id"] for i in rows.interactions}) == 1
    assert len({row(i)["profile_id"] for i in rows.interactions}) == 2
    assert [(p[0], p[2], p[3], p[4], p[5]) for p in rows.participants] == [
        (row(i)["profile_id"], 0, 6, "Desk", "204") for i in rows.interactions
    ]


def test_the_same_person_named_twice_takes_part_once() -> None:
    rows = derive([message(customers=(anna(), anna(language="fi")))], context())
    assert (len(rows.persons), len(rows.interactions)) == (1, 1)


def test_a_message_of_nobody_is_kept_under_a_profile_of_its_own() -> None:
    rows = derive([message()], context("7"))
    assert [p.key for p in rows.persons] == ["nobody:orders/7"]
    assert row(rows.interactions[0])["profile_id"] == rows.persons[0].id


def test_an_old_version_tells_of_threads_and_of_those_the_source_knows_by_id_but_of_no_interaction() -> None:
    known = SourceProfile(key="c1", name="Anna")
    mapped = [message(customers=(anna(), known), conversation="t"), anna(key="c2"), message()]
    rows = derive(mapped, context(current=False))
    assert [p.key for p in rows.persons] == ["c1", "c2"]
    assert (rows.interactions, rows.participants, len(rows.threads)) == ([], [], 1)


def test_interactions_of_a_record_are_numbered_in_its_range() -> None:
    rows = derive([message(), anna(key="c1"), message(), message()], context())
    record = context().record
    assert [row(i)["id"] for i in rows.interactions] == [interaction_id(record, n) for n in range(3)]
    assert all(record <= row(i)["id"] <= last_interaction_id(record) for i in rows.interactions)


def test_flags_and_files_stand_in_the_attributes() -> None:
    files = (Attachment(name="a\x00.pdf", media_type="application/pdf", size=10),)
    flags = (Flag.MISSED, Flag.BULK, Flag.MISSED)
    rows = derive([message(flags=flags, attachments=files, attributes={"mood": "a\x00"})], context())
    assert row(rows.interactions[0])["attributes"] == {
        "mood": "a\ufffd",
        "flags": ["bulk", "missed"],
        "attachments": [{"name": "a\ufffd.pdf", "media_type": "application/pdf", "size": 10}],
    }


def test_a_thread_goes_by_all_its_names() -> None:
    rows = derive([message(conversation="a", conversation_aliases=("a", "b", "c", "b"), subject="Hi")], context())
    assert [(t.started_at, t.subject) for t in rows.threads] == [(AT, "Hi"), (AT, None), (AT, None)]
    root = rows.threads[0].id
    assert rows.unions == [(root, rows.threads[1].id), (root, rows.threads[2].id)]
    assert row(rows.interactions[0])["conversation_id"] == root


def test_aliases_without_a_thread_tie_nothing() -> None:
    rows = derive([message(conversation_aliases=("a", "b"))], context())
    assert (rows.threads, rows.unions, row(rows.interactions[0])["conversation_id"]) == ([], [], None)


def test_a_profile_without_a_date_is_dated_by_its_receipt() -> None:
    seen = datetime(2020, 1, 1, tzinfo=UTC)
    rows = derive([anna(key="c1"), anna(key="c2", observed_at=seen)], context())
    assert [p.observed_at for p in rows.persons] == [AT, seen]


def test_what_is_neither_person_nor_interaction_is_the_connectors_bug() -> None:
    with pytest.raises(TypeError, match="map gave a str"):
        derive(["anna@x.example"], context())  # type: ignore[list-item]  # the point


def test_a_record_cannot_become_more_than_its_range_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "MAX_INTERACTIONS", 5)
    assert len(derive([message()] * 5, context()).interactions) == 5
    with pytest.raises(ValueError, match="more than"):
        derive([message()] * 6, context())


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_ranges_of_two_records_never_meet(one: str, other: str) -> None:
    a, b = record_id(NAMESPACE, "orders", one), record_id(NAMESPACE, "orders", other)
    assert (a == b) == (one == other)
    if a != b:
        assert not a <= interaction_id(b, 5) <= last_interaction_id(a)


@given(st.integers())
def test_an_ordinal_outside_the_range_is_refused(ordinal: int) -> None:
    record = record_id(NAMESPACE, "orders", "1")
    if 0 <= ordinal < MAX_INTERACTIONS:
        assert interaction_id(record, ordinal) == UUID(int=record.int + ordinal)
    else:
        with pytest.raises(ValueError, match="more than"):
            interaction_id(record, ordinal)

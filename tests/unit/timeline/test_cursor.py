"""Cursors: what we gave out comes back as it was; nothing else does."""

import base64
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.errors import InvalidInput
from cxcore.resolve.relations import After
from cxcore.timeline.cursor import decode, decode_relation, encode, encode_relation
from cxcore.timeline.query import Position

KEY = b"k" * 32
POSITIONS = st.builds(
    Position, st.datetimes(timezones=st.just(UTC)), st.uuids() | st.sampled_from([UUID(int=0), UUID(int=2**128 - 1)])
)
HERE = Position(datetime(2026, 3, 1, 12, 0, 0, 1, tzinfo=UTC), UUID(int=7))


@given(POSITIONS)
def test_a_position_comes_back_as_it_was(position: Position) -> None:
    assert decode(encode(position, key=KEY), key=KEY) == position


@given(POSITIONS)
def test_a_cursor_can_stand_in_a_url(position: Position) -> None:
    text = encode(position, key=KEY)
    assert len(text) < 200
    assert text.replace("-", "").replace("_", "").isalnum()


@given(POSITIONS, st.data())
def test_a_changed_cursor_is_refused(position: Position, data: st.DataObject) -> None:
    raw = bytearray(base64.urlsafe_b64decode(encode(position, key=KEY) + "=="))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(InvalidInput):
        decode(base64.urlsafe_b64encode(raw).decode().rstrip("="), key=KEY)


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda b: base64.urlsafe_b64encode(b).decode()))
def test_what_we_did_not_give_out_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        decode(text, key=KEY)
    assert str(refusal.value) == "The cursor is not one of ours. Take it from the page before, unchanged."


def test_a_cursor_of_another_house_is_refused() -> None:
    with pytest.raises(InvalidInput):
        decode(encode(HERE, key=b"x" * 32), key=KEY)


@pytest.mark.parametrize("cut", range(54))
def test_a_cursor_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(InvalidInput):
        decode(encode(HERE, key=KEY)[:cut], key=KEY)


@given(st.builds(After, st.integers(0, 2), st.integers(2, 64), st.uuids()))
def test_a_place_among_relations_comes_back_as_it_was_and_only_there(place: After) -> None:
    text = encode_relation(place, key=KEY)
    assert decode_relation(text, key=KEY) == place
    with pytest.raises(InvalidInput):
        decode(text, key=KEY)
    with pytest.raises(InvalidInput):
        decode_relation(encode(HERE, key=KEY), key=KEY)

"""Bodies in JSON: what all readers read alike is taken as it is, the rest refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.api.json_body import TooDeep, read
from cxcore.errors import InvalidInput

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**300), 10**300) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)  # fmt: skip


@given(VALUES)
def test_a_value_comes_back_as_it_was_sent(value: Any) -> None:
    assert read(json.dumps(value).encode()) == value
    assert read(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary() | st.text(alphabet='[]{}":,\\0123456789.eE-+NaInfity ').map(str.encode))
def test_whatever_is_sent_is_read_as_python_reads_it_or_refused(body: bytes) -> None:
    try:
        found = read(body)
    except (ValueError, InvalidInput, TooDeep):
        return
    assert found == json.loads(body)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"a": 1, "a": 2}', "stands twice"),
        (b'[{"a": {"b": 1, "\\u0062": 1}}]', "stands twice"),
        (b"[NaN]", "NaN"),
        (b"[Infinity]", "NaN"),
        (b"-Infinity", "NaN"),
        (b"1e400", "beyond"),
        (b"-1e400", "beyond"),
        (b"[" + b"9" * 400 + b"]", "beyond"),
        (b"9" * 5000, "beyond"),
        (b"-" + b"9" * 5000, "beyond"),
        (b'"\xff"', "UTF-8"),
        (b'"\xed\xa0\x80"', "UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "UTF-8"),
    ],
    ids=str,
)
def test_what_readers_differ_about_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        read(body)


@pytest.mark.parametrize(
    "body", [b"1e308", b"-1.7976931348623157e308", b"9" * 308, b"0.1", b"1e-400", b'\xef\xbb\xbf{"a": 1}']
)
def test_what_a_double_holds_is_taken(body: bytes) -> None:
    assert read(body) == json.loads(body)


def test_depth_is_told_before_anything_is_read() -> None:
    with pytest.raises(TooDeep):
        read(b'{"a": 1, "a": 2, "b": ' + b"[" * 100_000)

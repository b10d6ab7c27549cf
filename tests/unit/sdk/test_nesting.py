"""Nesting: the depth that the bytes show is the depth that a parser finds."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.sdk.nesting import DEEPEST, loads, too_deep

TEXTS = st.text(alphabet=st.sampled_from('[]{}"\\,:aä \n\x00😀')) | st.text()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=20,
)


def depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_a_value_is_too_deep_where_it_is_deeper(value: Any, plain: bool, indent: int | None) -> None:
    body = json.dumps(value, ensure_ascii=plain, indent=indent).encode("utf-8", "surrogatepass")
    found = depth(value)
    assert not too_deep(body, most=found)
    assert found == 0 or too_deep(body, most=found - 1)


@given(st.binary() | st.text(alphabet='[]{}"\\').map(str.encode), st.integers(0, 5))
def test_whatever_a_parser_takes_is_as_deep_as_is_said(body: bytes, most: int) -> None:
    said = too_deep(body, most=most)
    try:
        value = json.loads(body.decode("utf-8"))
    except ValueError:
        return
    assert said is (depth(value) > most)


@pytest.mark.parametrize(
    ("body", "deep"),
    [
        (b"[" * DEEPEST + b"]" * DEEPEST, False),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), True),
        (b'{"a":' * 65 + b"1" + b"}" * 65, True),
        (b"[]" * 1000, False),
        (b'["' + b"[{" * 1000 + b'"]', False),
        (b'["\\"' + b"[" * 1000 + b'"]', False),
        (b'["\\\\", "' + b"[" * 1000 + b'"]', False),
        (b'["\\\\"' + b"[" * 1000, True),
        (b'"' + b'\\"' * 100_000 + b"[" * 1000, False),
        (b"[" * 1_000_000, True),
    ],
)
def test_depth_is_counted_outside_of_texts(body: bytes, *, deep: bool) -> None:
    assert too_deep(body) is deep


def test_what_is_not_too_deep_is_read() -> None:
    assert loads(b'{"a": [1]}') == {"a": [1]}


@pytest.mark.parametrize("body", [b"[" * 65 + b"]" * 65, ("[" * 100_000).encode("utf-16")], ids=["deep", "hidden"])
def test_what_is_too_deep_is_not_read(body: bytes) -> None:
    with pytest.raises(ValueError, match="deep"):
        loads(body)

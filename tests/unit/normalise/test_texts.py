"""Texts: what the database and a reader can take, and nothing a person wrote lost that they can."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.normalise.texts import clean, clean_json, optional

TEXT = st.text(alphabet=st.characters(codec=None))
"""Any text at all, U+0000 and lone surrogates included."""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("given_", "cleaned"),
    [
        ("plain", "plain"),
        ("", ""),
        ("a\x00b", "a\ufffdb"),
        ("ä\x00b", "ä\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
        ("\udfff", "\ufffd"),
        ("\ud83d\ude00", "\ufffd\ufffd"),  # a pair that never was joined
        ("😀", "😀"),
        ("a\u0308", "ä"),
        ("\u212b", "Å"),
        ("line\r\nline\ttab", "line\r\nline\ttab"),
        ("\u202eevil", "\u202eevil"),  # hidden by the page, kept here
    ],
)
def test_only_what_cannot_be_stored_is_replaced(given_: str, cleaned: str) -> None:
    assert clean(given_) == cleaned


@given(TEXT)
def test_cleaned_text_is_utf8_without_nul_and_clean(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert clean(cleaned) == cleaned


@given(st.text(alphabet=st.characters(codec="ascii", exclude_characters="\x00")))
def test_ascii_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


@given(JSON)
def test_json_is_cleaned_to_its_leaves(value: Any) -> None:
    def sound(found: Any) -> bool:
        if isinstance(found, str):
            return clean(found) == found
        if isinstance(found, list):
            return all(sound(f) for f in found)
        if isinstance(found, dict):
            return all(sound(k) and sound(v) for k, v in found.items())
        return True

    assert sound(clean_json(value))


@pytest.mark.parametrize("blank", [None, "", " ", "\t\n", "\u00a0"])
def test_blank_text_is_no_text(blank: str | None) -> None:
    assert optional(blank) is None


def test_text_with_something_in_it_keeps_its_blanks() -> None:
    assert optional(" a ") == " a "

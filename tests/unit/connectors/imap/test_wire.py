"""What a server's lines say; and that no bytes do harm."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxconnectors.imap.wire import MAX_DEPTH, Malformed, answer, number, pairs, quoted


def test_a_fetch_with_a_literal_is_read() -> None:
    found = answer([b"* 12 FETCH (UID 7 BODY[]<0> {5}\r\n", b"a(\r\nb", b' FLAGS (\\Seen "x\\"y" NIL))\r\n'])
    assert found.tag == "*"
    values = found.values()
    assert values[:2] == ["12", "FETCH"]
    assert pairs(values[2]) == {"UID": "7", "BODY[]<0>": b"a(\r\nb", "FLAGS": ["\\Seen", b'x"y', None]}


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        (b"* OK [UIDVALIDITY 3] valid\r\n", "OK", ["UIDVALIDITY", "3"]),
        (b"A1 NO [AuthenticationFailed] no (\r\n", "NO", ["AUTHENTICATIONFAILED"]),
        (b"A1 OK Fetch [done]\r\n", "OK", []),
        (b"* BYE\r\n", "BYE", []),
        (b"* OKAY\r\n", "", []),
        (b"* 3 EXISTS\r\n", "", []),
        (b"\r\n", "", []),
    ],
)
def test_a_status_and_its_code_are_read(line: bytes, status: str, code: list[str]) -> None:
    found = answer([line])
    assert (found.status, found.code) == (status, code)


@pytest.mark.parametrize(
    "line", [b"* X (\r\n", b"* X )\r\n", b'* X "a\r\n', b"* X [a\r\n", b"* X " + b"(" * (MAX_DEPTH + 1) + b"\r\n"]
)
def test_what_follows_no_grammar_is_refused(line: bytes) -> None:
    with pytest.raises(Malformed):
        answer([line]).values()


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=5))
def test_any_bytes_are_read_or_refused(pieces: list[bytes]) -> None:
    found = answer(pieces)
    assert isinstance(found.status, str)
    assert isinstance(found.code, list)
    with suppress(Malformed):
        assert isinstance(found.values(), list)


@pytest.mark.parametrize("seed", [b"(", b"[", b'"', b"\\", b" ", b"a[", b"()", b"{1}"])
def test_long_lines_take_no_time_that_grows_with_their_square(seed: bytes) -> None:
    began = time.process_time()
    with suppress(Malformed):
        answer([b"* X " + seed * (1_000_000 // len(seed)) + b"\r\n"]).values()
    assert time.process_time() - began < 20  # squared it were hours


@pytest.mark.parametrize("value", [None, b"1", [], "", "-1", "1.5", "x", "9" * 20, "٣"])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(Malformed):
        number(value)  # type: ignore[arg-type]  # whatever a server sends


def test_pairs_need_names() -> None:
    for wrong in (None, ["A"], [b"A", "1"], "A"):
        with pytest.raises(Malformed):
            pairs(wrong)  # type: ignore[arg-type]  # whatever a server sends


def test_quoting_keeps_what_is_said() -> None:
    assert answer([b"* " + quoted('a"b\\c').encode() + b"\r\n"]).values() == [b'a"b\\c']

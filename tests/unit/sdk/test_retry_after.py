"""Retry-After: seconds or a date, and nothing else a server may write."""

import email.utils
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.sdk.http import retry_after


@pytest.mark.parametrize(("value", "seconds"), [("0", 0.0), ("120", 120.0), (" 7 ", 7.0), ("007", 7.0)])
def test_seconds_are_seconds(value: str, seconds: float) -> None:
    assert retry_after(value) == seconds


@pytest.mark.parametrize("value", [None, "", "soon", "-5", "1.5", "1e3", "0x10", "Mon, 99 Foo 2026"])
def test_what_is_neither_asks_for_nothing(value: str | None) -> None:
    assert retry_after(value) is None


def test_a_date_is_waited_for_and_one_gone_by_is_now() -> None:
    later = email.utils.formatdate(time.time() + 3600, usegmt=True)
    found = retry_after(later)
    assert found is not None
    assert 3500 < found <= 3600
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0


PRINTABLE = st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=40)
DATES = st.datetimes().map(lambda d: d.strftime("%a, %d %b %Y %H:%M:%S GMT"))


def sensible(found: float | None) -> bool:
    return found is None or (found >= 0 and math.isfinite(found))


@given(PRINTABLE | st.from_regex(r"\A[0-9]{1,300}\Z") | DATES)
def test_whatever_a_server_writes_is_a_time_to_wait_or_nothing(value: str) -> None:
    assert sensible(retry_after(value))


@pytest.mark.parametrize(
    "value",
    ["\u00b2", "1\u00b3", "9" * 400, "Mon, 99999999999999999999 Jan 2020 00:00:00 GMT"],
    ids=["squared", "cubed", "endless", "endless day"],
)
def test_a_hostile_server_cannot_break_the_pull(value: str) -> None:
    assert sensible(retry_after(value))

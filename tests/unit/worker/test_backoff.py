"""Backing off: longer with each failure, never at once, never for ever."""

from hypothesis import given
from hypothesis import strategies as st

from cxcore.worker.main import backoff


@given(st.integers(1, 10_000))
def test_a_wait_is_between_a_second_and_an_hour(failures: int) -> None:
    assert 1.0 <= backoff(failures) <= 3600.0


def test_the_longest_wait_doubles_with_each_failure() -> None:
    longest = [max(backoff(failures) for _ in range(2000)) for failures in range(1, 10)]
    for failures, wait in enumerate(longest, 1):
        most = 5.0 * 2**failures
        assert 0.9 * most < wait <= most


def test_waits_are_spread_so_that_sources_do_not_come_back_together() -> None:
    waits = sorted(backoff(6) for _ in range(1000))
    assert waits[100] < 320 * 0.2
    assert waits[900] > 320 * 0.8

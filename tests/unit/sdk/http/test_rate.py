"""Rate: calls are spaced."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.sdk import Rate, RateLimited
from cxcore.sdk.http.rate import Bucket, shared


@given(st.lists(st.floats(0, 30), min_size=1, max_size=60))
def test_no_two_calls_are_closer_than_the_rate_allows(pauses: list[float]) -> None:
    bucket, now, calls = Bucket(Rate(calls=6, per=timedelta(minutes=1))), 0.0, []
    for pause in pauses:
        now += pause
        now += bucket.delay(now)
        calls.append(now)
    assert all(later - earlier >= 10 - 1e-6 for earlier, later in pairwise(calls))


def test_an_idle_source_is_called_at_once() -> None:
    bucket = Bucket(Rate(calls=1, per=timedelta(seconds=5)))
    assert [bucket.delay(0.0), bucket.delay(0.0), bucket.delay(20.0)] == [0.0, 5.0, 0.0]


def test_the_streams_of_a_source_keep_its_rate_together() -> None:
    rate, home = Rate(calls=1, per=timedelta(seconds=5)), frozenset({("https", "a.example", 443)})
    assert shared(home, rate) is shared(home, Rate(calls=1, per=timedelta(seconds=5)))
    assert shared(frozenset({("https", "b.example", 443)}), rate) is not shared(home, rate)


async def test_a_place_too_far_away_is_handed_back_and_not_taken() -> None:
    bucket = Bucket(Rate(calls=1, per=timedelta(hours=1)))
    await bucket.wait()
    for _ in range(2):
        with pytest.raises(RateLimited) as limited:
            await bucket.wait()
        assert limited.value.retry_after == pytest.approx(3600, abs=5)

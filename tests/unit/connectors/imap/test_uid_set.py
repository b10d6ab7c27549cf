"""Sets of UIDs: what is in them, what is missing, how they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxconnectors.imap import uid_set

UIDS = st.sets(st.integers(1, 60), max_size=40)


def members(ranges: uid_set.Ranges) -> set[int]:
    return {uid for first, last in ranges for uid in range(first, last + 1)}


@given(UIDS)
def test_what_is_written_is_read_again(uids: set[int]) -> None:
    assert not uids or members(uid_set.parse(uid_set.written(uids))) == uids
    assert uid_set.count(uid_set.merged((u, u) for u in uids)) == len(uids)


@given(UIDS, st.integers(1, 60), st.integers(1, 60))
def test_inside_and_missing_make_the_whole(uids: set[int], first: int, last: int) -> None:
    ranges = uid_set.merged((u, u) for u in uids)
    window = set(range(first, last + 1))
    assert members(uid_set.within(ranges, first, last)) == uids & window
    assert members(uid_set.without(ranges, first, last)) == window - uids


@given(UIDS, st.integers(1, 9))
def test_batches_are_all_there_is_in_order(uids: set[int], size: int) -> None:
    found = list(uid_set.batches(uid_set.merged((u, u) for u in uids), size))
    assert [uid for batch in found for uid in batch] == sorted(uids)
    assert all(len(batch) <= size for batch in found)


def test_ranges_are_read_in_any_order_and_written_shortly() -> None:
    assert uid_set.parse("9:7,1,2,8:12") == [(1, 2), (7, 12)]
    assert uid_set.written([5, 1, 2, 3]) == "1:3,5"


@pytest.mark.parametrize("text", ["", "a", "1:", ":1", "1,,2", "4294967296", "-1", "1:*", "\u0661", "99999999999"])
def test_what_is_no_set_of_uids_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a UID"):
        uid_set.parse(text)

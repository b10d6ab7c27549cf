"""What another model would change, told from the customers as they are; and when the gate is shut."""

from collections.abc import Collection
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.resolve.difference import Difference, Kind, Transfer, Weight, differ, refused
from cxcore.resolve.evaluation import measure

PROFILES = [UUID(int=n) for n in range(1, 10)]
A, B, C = (UUID(int=100 * n) for n in (1, 2, 3))


def compared(before: dict[UUID, list[int]], after: Collection[Collection[int]]) -> Difference:
    """Profiles by number, each with as many records as its number says, one of them open."""
    live = {PROFILES[n]: customer for customer, own in before.items() for n in own}
    founders = {customer: (PROFILES[own[0]], float(n)) for n, (customer, own) in enumerate(before.items())}
    cells = [frozenset(PROFILES[n] for n in cell) for cell in after]
    return differ(live, cells, founders, {PROFILES[n]: Weight(n, 1) for own in before.values() for n in own})


def test_nothing_changes_if_all_stay() -> None:
    found = compared({A: [1, 2], B: [3]}, [[3], [1, 2]])
    assert (found.unchanged, found.merged, found.split, found.moved, found.share) == (2, 0, 0, 0, 0.0)
    assert found.weight == Weight(6, 3)


def test_a_merge_names_who_goes_into_whom() -> None:
    found = compared({A: [1, 2], B: [3], C: [4]}, [[1, 2, 3], [4]])
    assert found.transfers[Kind.MERGED] == [
        Transfer(Kind.MERGED, B, A, (PROFILES[3],), (PROFILES[1], PROFILES[2]), Weight(3, 1))
    ]
    assert (found.before, found.after, found.merged, found.split, found.unchanged) == (3, 2, 1, 0, 1)
    assert found.share == pytest.approx(0.3)


def test_a_split_leaves_the_id_with_the_most() -> None:
    found = compared({A: [1, 2, 3]}, [[1], [2, 3]])
    assert found.transfers[Kind.SPLIT] == [
        Transfer(Kind.SPLIT, A, None, (PROFILES[1],), (PROFILES[2], PROFILES[3]), Weight(1, 1))
    ]
    assert (found.merged, found.split, found.moved) == (0, 1, 1)


def test_profiles_that_go_over_to_another_are_moved_and_the_heaviest_come_first() -> None:
    found = compared({A: [1, 2, 3, 8], B: [4, 5, 6]}, [[1, 2], [3, 4, 5, 6], [8]])
    assert [(t.customer, t.to, t.profiles) for t in found.transfers[Kind.MOVED]] == [(A, B, (PROFILES[3],))]
    assert [t.weight.records for kind in (Kind.SPLIT, Kind.MOVED) for t in found.transfers[kind]] == [8, 3]
    assert found.moved_weight == Weight(11, 2)


@given(st.lists(st.integers(0, 3), min_size=9, max_size=9), st.lists(st.integers(0, 3), min_size=9, max_size=9))
def test_what_is_counted_adds_up(before: list[int], after: list[int]) -> None:
    held: dict[UUID, list[int]] = {}
    cells: dict[int, list[int]] = {}
    for n, (b, a) in enumerate(zip(before, after, strict=True)):
        held.setdefault(UUID(int=1000 + b), []).append(n)
        cells.setdefault(a, []).append(n)
    found = compared(held, list(cells.values()))
    everything = [t for kind in Kind for t in found.transfers[kind]]
    assert found.moved == sum(len(t.profiles) for t in everything)
    assert found.moved_weight == sum((t.weight for t in everything), Weight())
    assert found.after - found.before == len(cells) - len(held)
    assert (found.moved == 0) == (found.unchanged == found.before == found.after)
    assert all(t.others for t in everything)
    assert len(everything) >= found.merged


def test_the_gate_names_all_that_shuts_it() -> None:
    found = compared({A: [1, 2], B: [3]}, [[1, 2, 3]])
    good, bad = measure([1, 1, 2], ["a", "a", "b"]), measure([1, 2, 2], ["a", "a", "b"])
    assert refused(found, most_moved=0.5, qualities=(good, good)) == []
    assert refused(found, most_moved=0.5, qualities=(bad, good)) == []
    assert refused(found, most_moved=0.49) == [
        "50.00% of records would change their customer; the most is 49.00%",
    ]
    reasons = refused(found, most_moved=0.49, qualities=(good, bad))
    assert len(reasons) == 3
    assert "pairwise F1 on the labels would fall from 1.0000 to 0.0000" in reasons[1]


def test_without_records_profiles_are_counted() -> None:
    found = differ(
        {PROFILES[0]: A, PROFILES[1]: B}, [frozenset(PROFILES[:2])], {A: (PROFILES[0], 0.0), B: (PROFILES[1], 1.0)}, {}
    )
    assert found.share == 0.5
    assert Difference().share == 0.0

"""Threads: what is tied together has one root, the least id, whatever the order of the ties."""

import random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cxcore.normalise.threads import least_roots

IDS = [UUID(int=n) for n in range(12)]
PAIRS = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=20)


@given(PAIRS, st.randoms())
def test_the_order_of_the_ties_does_not_matter(pairs: list[tuple[UUID, UUID]], rng: random.Random) -> None:
    shuffled = [(b, a) if rng.random() < 0.5 else (a, b) for a, b in pairs]
    rng.shuffle(shuffled)
    assert least_roots(pairs) == least_roots(shuffled)


@given(PAIRS)
def test_the_root_is_the_least_of_all_that_are_tied(pairs: list[tuple[UUID, UUID]]) -> None:
    tied = {i: {i} for i in IDS}
    for a, b in pairs:
        joint = tied[a] | tied[b]
        for member in joint:
            tied[member] = joint
    assert least_roots(pairs) == {i: min(tied[i]) for pair in pairs for i in pair}


def test_a_thousand_mails_in_a_chain_are_one_thread() -> None:
    chain = [(UUID(int=n + 1), UUID(int=n)) for n in range(1000)]
    assert set(least_roots(reversed(chain)).values()) == {UUID(int=0)}

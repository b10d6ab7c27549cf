"""Verified identifiers: what they join, what they forbid, and that no order of arrival matters to it."""

import random
from collections.abc import Collection, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxcore.model.identifier import Scheme
from cxcore.resolve import base, edges
from cxcore.resolve.linkage import Clustered
from cxcore.resolve.model import BITS, default
from cxcore.resolve.payload import Payload, payload
from cxcore.resolve.score import Scorer
from cxcore.resolve.verified import BIRTH_DATE, Claim, Contradiction, claim, contradictions, tied

MAIL, OTHER_MAIL, ROLE = ((Scheme.EMAIL, "", f"{name}@x.example") for name in ("anna", "maria", "info"))
SEVEN, EIGHT, ELSEWHERE = (Scheme.LOYALTY, "club", "7"), (Scheme.LOYALTY, "club", "8"), (Scheme.LOYALTY, "till", "8")
LOGIN = (Scheme.ACCOUNT, "shop", "55")
Shown = tuple[Scheme, str, str]
NUMBERS, BORN = (Contradiction("loyalty", "club"),), (Contradiction(BIRTH_DATE),)


def person(*shown: Shown, verified: Collection[Shown] = (), name: str = "Anna Virtanen", born: str = "") -> Payload:
    return payload(name=name, birth_date=born, identifiers=[*shown, *verified], verified=verified)


MOVED = payload(
    name="Anna Mäkinen",
    birth_date="19811024",
    street="tie 9",
    postcode="33100",
    identifiers=[MAIL, (Scheme.PHONE, "", "+358409222333"), (Scheme.ACCOUNT, "till", "90")],
    verified=[MAIL],
)
"""After a marriage, with another telephone and a date of birth that somebody guessed."""
BEFORE = payload(
    name="Anna Virtanen",
    birth_date="19801111",
    street="katu 1",
    postcode="00100",
    identifiers=[MAIL, (Scheme.PHONE, "", "+358401111111"), (Scheme.ACCOUNT, "till", "1")],
    verified=[MAIL],
)

people = st.builds(
    person,
    st.sampled_from([MAIL, OTHER_MAIL, SEVEN, (Scheme.PHONE, "", "+358401111111")]),
    verified=st.lists(st.sampled_from([MAIL, OTHER_MAIL, SEVEN, EIGHT, ELSEWHERE, LOGIN]), max_size=2, unique=True),
    name=st.sampled_from(["Anna Virtanen", "Anna Mäkinen", "Maria Virtanen", ""]),
    born=st.sampled_from(["", "19800101", "19800110", "19550720"]),
)


def found(
    records: Sequence[Payload], *, must: Collection[tuple[int, int]] = (), cannot: Collection[tuple[int, int]] = ()
) -> tuple[Clustered, list[int]]:
    """What clustering makes of records, and the node of each."""
    collected = base.collect(records)
    of = collected.node_of
    decided = {
        k: [(min(of[a], of[b]), max(of[a], of[b])) for a, b in v] for k, v in (("must", must), ("cannot", cannot))
    }
    return base.partition(collected.payloads, default(), **decided), of


def groups(records: Sequence[Payload], **decided: Collection[tuple[int, int]]) -> set[frozenset[int]]:
    """The records of each customer, by their place."""
    clustered, node_of = found(records, **decided)
    return {frozenset(n for n, node in enumerate(node_of) if node in nodes) for nodes in clustered.clusters}


def against(records: Sequence[Payload], **decided: Collection[tuple[int, int]]) -> list[tuple[Contradiction, ...]]:
    """What contradicts each pair of customers that a person is asked about."""
    return [step.contradicts for step in found(records, **decided)[0].refused]


def test_a_verified_value_joins_two_that_too_little_else_speaks_for() -> None:
    plain = [payload(name="Anna Virtanen", birth_date="19801111", identifiers=[MAIL]), MOVED]
    assert Scorer(default()).pair(BEFORE, MOVED, {}).value < round(default().automatic * BITS)
    assert len(groups([BEFORE, MOVED])) == 1
    (step,) = found([BEFORE, MOVED])[0].joined
    assert (step.verified, step.decided) == (("email",), False)
    assert not any(s.verified for s in found(plain)[0].joined), "only one of the two is verified"


def test_an_edge_stands_however_low_the_score() -> None:
    scorer = Scorer(default())
    far = replace(MOVED, birth_date="19550720")
    assert scorer.pair(far, BEFORE, {}).value < round(default().suggested * BITS)
    assert edges.codes(scorer, far, BEFORE) == scorer.codes(far, BEFORE)
    assert edges.codes(scorer, replace(far, verified=()), BEFORE) is None


@pytest.mark.parametrize("scheme", [Scheme.PHONE, Scheme.HANDLE])
def test_what_passes_from_hand_to_hand_is_verified_in_vain(scheme: Scheme) -> None:
    value = (scheme, "", "+358401111111")
    assert person(verified=[value]) == person(value)


def test_a_value_of_two_people_joins_nobody() -> None:
    pair = [person(verified=[MAIL]), person(verified=[MAIL], name="Pekka Virtanen")]
    assert tied(*pair, {})
    assert not tied(*pair, base.owners_of(pair))
    assert len(groups(pair)) == 2
    desk = [person(verified=[ROLE]), person(verified=[ROLE], born="19800101")]
    assert not tied(*desk, base.owners_of(desk)), "a role's mailbox"


def test_two_verified_numbers_of_one_issuer_are_asked_about() -> None:
    pair = [person(MAIL, verified=[SEVEN]), person(MAIL, verified=[EIGHT])]
    assert len(groups(pair)) == 2
    (asked,) = found(pair)[0].refused
    assert asked.contradicts == NUMBERS
    assert asked.score >= round(default().automatic * BITS), "it would have been joined"


@pytest.mark.parametrize(
    "pair",
    [
        [person(MAIL, SEVEN), person(MAIL, EIGHT)],
        [person(MAIL, verified=[SEVEN]), person(MAIL, EIGHT)],
        [person(MAIL, verified=[SEVEN]), person(MAIL, verified=[ELSEWHERE])],
        [person(MAIL, verified=[SEVEN]), person(MAIL, verified=[SEVEN, EIGHT])],
    ],
    ids=["none verified", "one verified", "of two issuers", "one shows both"],
)
def test_what_contradicts_nothing_is_joined(pair: list[Payload]) -> None:
    assert len(groups(pair)) == 1


def test_a_conflict_is_inherited_by_the_whole_cluster() -> None:
    seven, eight = person(MAIL, verified=[SEVEN]), person(MAIL, verified=[EIGHT], born="19800101")
    between = [person(MAIL, born=born) for born in ("19800101", "19800102")]
    records = [seven, *between, eight]
    assert not any({0, 3} <= part for part in groups(records))
    assert against(records) == [NUMBERS]


def test_dates_of_birth_contradict_what_a_verified_value_would_join() -> None:
    far = [person(verified=[MAIL], born="19550720"), person(verified=[MAIL], born="19800101")]
    assert (len(groups(far)), against(far)) == (2, [BORN])
    slip = [person(verified=[MAIL], born="19800701"), person(verified=[MAIL], born="19800101")]
    assert (len(groups(slip)), against(slip)) == (1, [])


def test_who_decides_settles_it_and_either_number_goes_on() -> None:
    seven, eight = person(MAIL, verified=[SEVEN]), person(MAIL, verified=[EIGHT])
    more = [person(verified=[number], name="A. Virtanen") for number in (SEVEN, EIGHT)]
    records = [seven, eight, *more]
    assert groups(records) == {frozenset({0, 2}), frozenset({1, 3})}
    assert groups(records, must=[(0, 1)]) == {frozenset({0, 1, 2, 3})}
    assert against(records, cannot=[(0, 1)]) == []
    assert len(groups([BEFORE, MOVED], cannot=[(0, 1)])) == 2, "a person's word outranks what is verified"


def test_numbers_that_are_there_already_contradict_nothing() -> None:
    def holding(*numbers: Shown) -> Claim:
        return Claim(frozenset(), frozenset(numbers), frozenset())

    assert contradictions(holding(SEVEN), holding(EIGHT)) == NUMBERS
    assert contradictions(holding(SEVEN, EIGHT), holding(EIGHT)) == ()
    assert contradictions(holding(SEVEN, EIGHT), holding(EIGHT, (Scheme.LOYALTY, "club", "9"))) == NUMBERS
    assert contradictions(holding(SEVEN), holding()) == ()


@settings(max_examples=200)
@given(st.lists(people, min_size=2, max_size=10), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_customers_and_conflicts(records: list[Payload], rng: random.Random) -> None:
    order = list(range(len(records)))
    rng.shuffle(order)
    shuffled = [records[n] for n in order]
    assert {frozenset(order[n] for n in part) for part in groups(shuffled)} == groups(records)
    assert against(shuffled) == against(records)


@settings(max_examples=200)
@given(st.lists(people, min_size=2, max_size=10))
def test_nobody_is_joined_against_what_is_verified_and_all_others_that_it_ties_are(records: list[Payload]) -> None:
    collected = base.collect(records)
    shown, owners = collected.payloads, base.owners_of(collected.payloads)

    def claims(nodes: Collection[int]) -> Claim:
        each = [claim(shown[n], owners) for n in nodes]
        return Claim(*(frozenset().union(*parts) for parts in zip(*each, strict=True)))

    clustered = base.partition(shown, default())
    for step in clustered.joined:
        assert contradictions(claims(step.left), claims(step.right)) == ()
    refused = {(step.left, step.right): step.contradicts for step in clustered.refused}
    for one in clustered.clusters:
        for other in clustered.clusters:
            if one < other and any(tied(shown[a], shown[b], owners) for a in one for b in other):
                assert refused[one, other] == contradictions(claims(one), claims(other)) != ()

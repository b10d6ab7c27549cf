"""Comparing, weighing and clustering: the invariants of identity resolution on whole bases in memory."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cxcore.errors import InvalidInput
from cxcore.model.identifier import Scheme
from cxcore.resolve import base, blocking, exclusivity, model, training
from cxcore.resolve.linkage import LARGEST, between, cluster
from cxcore.resolve.model import BITS, default
from cxcore.resolve.payload import Payload, payload
from cxcore.resolve.score import Scorer

GIVEN = ["Anna", "Anni", "Pekka", "Petri", "Maria", "Marja", "A", "Bob", "Robert", "", "Ян"]
FAMILY = ["Virtanen", "Virtannen", "Mäkinen", "Berg", "Virtanen-Berg", ""]
MAILS = ["anna@x.example", "anna@y.example", "perhe@x.example", "info@x.example", ""]
PHONES = ["+358401111111", "+358401111112", "+358402222222", ""]


def person(  # noqa: PLR0917 - a row of a table
    given: str = "", family: str = "", mail: str = "", phone: str = "", born: str = "", street: str = ""
) -> Payload:
    identifiers = [(s, "", v) for s, v in ((Scheme.EMAIL, mail), (Scheme.PHONE, phone)) if v]
    return payload(
        given_name=given,
        family_name=family,
        birth_date=born,
        street=street,
        postcode="00100" if street else "",
        identifiers=identifiers,
    )


people = st.builds(
    person,
    given=st.sampled_from(GIVEN),
    family=st.sampled_from(FAMILY),
    mail=st.sampled_from(MAILS),
    phone=st.sampled_from(PHONES),
    born=st.sampled_from(["", "19800101", "19800110", "19750315"]),
    street=st.sampled_from(["", "katu 1", "tie 2"]),
)


def groups(records: Sequence[Payload], **decided: list[tuple[int, int]]) -> set[frozenset[int]]:
    """The records of each customer, by their place."""
    collected = base.collect(records)
    pairs = {k: [tuple(sorted((collected.node_of[a], collected.node_of[b]))) for a, b in v] for k, v in decided.items()}
    found = base.partition(collected.payloads, default(), **pairs)  # type: ignore[arg-type]  # two lists of pairs
    cluster_of = {n: c for c, nodes in enumerate(found.clusters) for n in nodes}
    parts: dict[int, set[int]] = {}
    for place, node in enumerate(collected.node_of):
        parts.setdefault(cluster_of[node], set()).add(place)
    return {frozenset(p) for p in parts.values()}


def together(records: Sequence[Payload], a: int, b: int) -> bool:
    return any({a, b} <= part for part in groups(records))


@settings(max_examples=1000)
@given(st.lists(people, min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_customers(records: list[Payload], rng: random.Random) -> None:
    order = list(range(len(records)))
    rng.shuffle(order)
    shuffled = groups([records[n] for n in order])
    assert {frozenset(order[n] for n in part) for part in shuffled} == groups(records)


@given(people, people)
def test_a_score_is_the_same_from_both_sides(a: Payload, b: Payload) -> None:
    scorer = Scorer(default())
    assert scorer.codes(a, b) == scorer.codes(b, a)
    assert scorer.pair(a, b, {}) == scorer.pair(b, a, {})


@settings(max_examples=400)
@given(people, people, st.integers(1, 3))
def test_nobody_is_passed_over_who_is_worth_asking_about(a: Payload, b: Payload, users: int) -> None:
    named = model.parse(
        model.dump(replace(default(), frequencies={"given": {"anna": 0.001}, "family": {"berg": 0.001}}))
    )
    shared = {(s, *v): users for p in (a, b) for s, values in p.identifiers for v in values}
    for scorer in (Scorer(default()), Scorer(named)):
        if not scorer.promising(a, b):
            assert scorer.pair(a, b, shared).value < round(scorer.model.suggested * BITS)


def test_namesakes_alone_are_passed_over() -> None:
    scorer = Scorer(default())
    one = person("Anna", "Virtanen", "anna@x.example")
    assert not scorer.promising(one, person("Anna", "Virtanen", "zzz@y.example"))
    assert scorer.promising(one, person("Anna", "Virtanen", "anna@x.example"))


@given(st.lists(people, min_size=2, max_size=10))
def test_clusters_are_compared_as_they_were_when_they_were_refused(records: list[Payload]) -> None:
    collected = base.collect(records)
    scorer = Scorer(default())
    weigh = base.weigher(collected.payloads, scorer, base.owners_of(collected.payloads))
    for step in base.partition(collected.payloads, default()).refused:
        assert between(step.left, step.right, lambda a, b: weigh(min(a, b), max(a, b)), scorer).score == step.score


@given(st.lists(people, min_size=2, max_size=10), st.data())
def test_decisions_outrank_the_model(records: list[Payload], data: st.DataObject) -> None:
    pairs = list(combinations(range(len(records)), 2))
    collected = base.collect(records)
    a, b = data.draw(st.sampled_from(pairs))
    c, d = data.draw(st.sampled_from(pairs))
    if collected.node_of[a] != collected.node_of[b]:
        assert not any({a, b} <= part for part in groups(records, cannot=[(a, b)]))
        if {collected.node_of[c], collected.node_of[d]} != {collected.node_of[a], collected.node_of[b]}:
            assert any({c, d} <= part for part in groups(records, must=[(c, d)], cannot=[(a, b)]))


@given(st.lists(people, min_size=2, max_size=8))
def test_those_who_share_nothing_change_nothing(records: list[Payload]) -> None:
    strangers = [
        person("Xavier", f"Zz{n}q", f"x{n}@else.example", f"+4670000000{n}", f"19{60 + n}1224") for n in range(3)
    ]
    assert {p for p in groups([*records, *strangers]) if max(p) < len(records)} == groups(records)


@given(people)
def test_equals_are_always_together_if_they_identify_anyone(one: Payload) -> None:
    assume(one.identifying)
    assert len(groups([one, one, one])) == 1


def test_each_step_says_what_it_rests_on() -> None:
    records = [
        person("Anna", "Virtanen", "anna@x.example"),
        person("Anna", "Virtanen", "anna@x.example", "+358401111111"),
        person("", "", "", "+358401111111"),
    ]
    scorer, collected = Scorer(default()), base.collect(records)
    found = base.partition(collected.payloads, default())
    assert len(found.clusters) == 1
    assert len(found.joined) == 2
    for step in found.joined:
        prior = scorer.household_prior if step.household else scorer.prior
        assert prior + sum(w for w in step.weights if w is not None) == step.score
        assert set(step.decisive) <= {*step.left, *step.right}


def test_a_household_stays_two_people() -> None:
    anna = person("Anna", "Virtanen", "perhe@x.example", "+358401111111", street="katu 1")
    pekka = person("Pekka", "Virtanen", "perhe@x.example", "+358401111111", street="katu 1")
    assert not together([anna, pekka], 0, 1)


def test_who_shows_a_shared_number_alone_stays_unresolved_with_candidates() -> None:
    caller = person(phone="+358402222222")
    records = [person("Anna", "Virtanen", "", "+358402222222"), person("Pekka", "Berg", "", "+358402222222"), caller]
    assert len(groups(records)) == 3
    found = base.partition(base.collect(records).payloads, default())
    assert len(found.refused) == 2


def test_a_number_that_one_person_uses_is_theirs() -> None:
    assert together([person("Anna", "Virtanen", "", "+358402222222"), person(phone="+358402222222")], 0, 1)


def test_a_recycled_number_does_not_join_its_owners() -> None:
    assert not together(
        [person("Anna", "Virtanen", "anna@x.example", "+358402222222"), person("Bob", "Berg", "", "+358402222222")],
        0,
        1,
    )


def test_a_key_of_too_many_brings_no_candidates() -> None:
    crowd = [
        person(f"{chr(97 + n % 26)}{chr(97 + n // 26)}xo", "", "info@x.example") for n in range(blocking.LIMIT + 1)
    ]
    assert base.candidates(crowd, ("identifier",)) == []
    assert len(base.candidates(crowd[:-1], ("identifier",))) == blocking.LIMIT * (blocking.LIMIT - 1) / 2


@pytest.mark.parametrize(
    ("names", "people"),
    [
        ([], 1),
        (["anna"], 1),
        (["bob", "robert"], 1),
        (["anna", "a", "pekka"], 2),
        (["anna", "anna"], 1),
        (["anna makinen", "makinen anna"], 1),
        (["annna makinen", "makinen anna", "anna makinen"], 1),
        (["anna a", "anna b"], 1),
        (["anna a", "pekka a"], 2),
    ],
)
def test_owners_are_counted_by_names_that_do_not_fit(names: list[str], people: int) -> None:
    assert exclusivity.owners(names) == exclusivity.owners(reversed(names)) == people


def test_a_large_component_is_cut_at_its_weakest_edges() -> None:
    count = LARGEST + 12
    payloads = [person("Anna", "Virtanen", f"a{n}@x.example") for n in range(count)]
    scorer = Scorer(default())
    strong = [(BITS * 20, n, n + 1) for n in range(0, count - 1, 2)]
    weak = [(-6 * BITS, n, n + 1) for n in range(1, count - 1, 2)]
    found = cluster(
        range(count), strong + weak, base.weigher(payloads, scorer, {}), scorer, claiming=base.claiming(payloads, {})
    )
    assert sorted(n for c in found.clusters for n in c) == list(range(count))
    assert max(map(len, found.clusters)) <= 2


def test_a_model_is_what_it_says_and_nothing_else() -> None:
    one = default()
    again = model.parse(model.dump(one))
    assert again.version == one.version
    assert replace(one, prior=-5.0).version != one.version
    for wrong in (
        "",
        "{}",
        "[]",
        model.dump(one).replace('"email"', '"mail"'),
        model.dump(one).replace('"format": 1', '"format": 9'),
    ):
        with pytest.raises(InvalidInput):
            model.parse(wrong)


def test_few_profiles_teach_nothing() -> None:
    with pytest.raises(InvalidInput, match="too few"):
        training.train([person("Anna")])

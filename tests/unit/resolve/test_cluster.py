"""Clusters: derived from judgements alone, whatever their order, and never across a decision that people are two."""

import random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cxcore.resolve.cluster import Edge, Living, Retired, assign, partition

P = [UUID(int=n) for n in range(1, 11)]
RULES = ["same_loyalty", "same_account", "same_email", "same_handle", "same_phone", "same_phone_and_name"]


@st.composite
def edges(draw: st.DrawFn) -> Edge:
    left, right = sorted(draw(st.lists(st.sampled_from(P), min_size=2, max_size=2, unique=True)))
    by_person = draw(st.booleans())
    positive = draw(st.booleans()) if by_person else True
    rule = ("merge" if positive else "separate") if by_person else draw(st.sampled_from(RULES))
    return Edge(left, right, positive, by_person, rule)


EDGES = st.lists(edges(), max_size=25)


@given(EDGES, st.randoms())
def test_any_order_of_judgements_gives_the_same_customers(found: list[Edge], rng: random.Random) -> None:
    shuffled = list(found)
    rng.shuffle(shuffled)
    assert partition(P, found) == partition(P[::-1], shuffled + shuffled[:5])


@given(EDGES)
def test_every_profile_is_in_one_customer(found: list[Edge]) -> None:
    clusters = partition(P, found)
    assert sorted(p for c in clusters for p in c) == P


@given(EDGES)
def test_no_customer_holds_two_whom_a_person_parted(found: list[Edge]) -> None:
    cluster_of = {p: c for c in partition(P, found) for p in c}
    for edge in found:
        if not edge.positive:
            assert edge.right not in cluster_of[edge.left]


@given(EDGES)
def test_without_objection_all_that_is_tied_is_one(found: list[Edge]) -> None:
    positive = [e for e in found if e.positive]
    cluster_of = {p: c for c in partition(P, positive) for p in c}
    for edge in positive:
        assert edge.right in cluster_of[edge.left]


@given(EDGES)
def test_only_what_is_tied_is_one(found: list[Edge]) -> None:
    tied = {p: {p} for p in P}
    for edge in (e for e in found if e.positive):
        joint = tied[edge.left] | tied[edge.right]
        for member in joint:
            tied[member] = joint
    for cluster in partition(P, found):
        assert cluster <= tied[min(cluster)]


@given(EDGES, st.sets(st.sampled_from(P)))
def test_judgements_on_profiles_that_are_gone_count_for_nothing(found: list[Edge], present: set[UUID]) -> None:
    among = [e for e in found if {e.left, e.right} <= present]
    assert partition(present, found) == partition(present, among)


def edge(a: int, b: int, rule: str) -> Edge:
    by_person = rule in {"merge", "separate"}
    return Edge(*sorted((P[a], P[b])), rule != "separate", by_person, rule)


def numbers(clusters: list[frozenset[UUID]]) -> list[list[int]]:
    return [sorted(P.index(p) for p in c) for c in clusters]


def test_people_are_heeded_before_the_model() -> None:
    parted = edge(0, 2, "separate")
    assert numbers(partition(P[:3], [parted, edge(0, 1, "linkage"), edge(1, 2, "merge")])) == [[0], [1, 2]]
    assert numbers(partition(P[:3], [parted, edge(0, 1, "merge"), edge(1, 2, "linkage")])) == [[0, 1], [2]]


def test_a_person_who_parts_outranks_one_who_merges() -> None:
    assert numbers(partition(P[:2], [edge(0, 1, "merge"), edge(0, 1, "separate")])) == [[0], [1]]


def test_an_objection_holds_for_all_who_join() -> None:
    found = [edge(0, 3, "separate"), edge(0, 1, "merge"), edge(2, 3, "merge"), edge(1, 2, "linkage")]
    assert numbers(partition(P[:4], found)) == [[0, 1], [2, 3]]


# ids


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[frozenset[UUID]], list[Living], list[Retired]]:
    """Profiles as they are held now, how they will be held, and ids of the past."""
    before = draw(st.lists(st.integers(0, 4), min_size=len(P), max_size=len(P)))
    after = draw(st.lists(st.integers(0, 4), min_size=len(P), max_size=len(P)))
    living = []
    for number in sorted(set(before)):
        members = frozenset(p for p, b in zip(P, before, strict=True) if b == number)
        founder = draw(st.sampled_from(P))
        identity = UUID(int=1000 + number)
        living.append(Living(identity, members, founder, (float(draw(st.integers(0, 3))), identity)))
    retired = [
        Retired(UUID(int=2000 + n), draw(st.sampled_from(P)), float(draw(st.integers(0, 3))))
        for n in range(draw(st.integers(0, 5)))
    ]
    clusters = [frozenset(p for p, a in zip(P, after, strict=True) if a == number) for number in sorted(set(after))]
    return clusters, living, retired


@given(worlds(), st.randoms())
def test_an_id_is_given_to_one_customer_whatever_the_order(
    world: tuple[list[frozenset[UUID]], list[Living], list[Retired]], rng: random.Random
) -> None:
    clusters, living, retired = world
    given_ids = assign(clusters, living, retired)
    assert set(given_ids) == set(clusters)
    taken = [i for i in given_ids.values() if i is not None]
    assert len(taken) == len(set(taken))
    for those in (clusters, living, retired):
        rng.shuffle(those)  # type: ignore[arg-type]  # lists of three kinds
    assert assign(clusters, living, retired) == given_ids


@given(worlds(), st.booleans())
def test_a_customer_that_nothing_happened_to_keeps_its_id(
    world: tuple[list[frozenset[UUID]], list[Living], list[Retired]], undone: bool
) -> None:
    clusters, living, retired = world
    given_ids = assign(clusters, living, retired, undone=undone)
    for customer in living:
        if customer.profiles in given_ids:
            assert given_ids[customer.profiles] == customer.id


@given(worlds())
def test_an_old_id_comes_back_only_to_those_it_began_with(
    world: tuple[list[frozenset[UUID]], list[Living], list[Retired]],
) -> None:
    clusters, living, retired = world
    founders = {r.id: r.founder for r in retired}
    for cluster, identity in assign(clusters, living, retired).items():
        if identity in founders:
            assert founders[identity] in cluster


def test_the_part_that_holds_most_keeps_the_id() -> None:
    whole = Living(UUID(int=1000), frozenset(P[:5]), P[4], (0.0, P[0]))
    assert assign([frozenset(P[:3]), frozenset(P[3:5])], [whole], [])[frozenset(P[:3])] == whole.id


def test_of_equal_parts_the_one_it_began_with_keeps_the_id() -> None:
    whole = Living(UUID(int=1000), frozenset(P[:4]), P[3], (0.0, P[0]))
    assert assign([frozenset(P[:2]), frozenset(P[2:4])], [whole], [])[frozenset(P[2:4])] == whole.id


def test_of_two_customers_that_become_one_the_older_lives_on() -> None:
    one = Living(UUID(int=1001), frozenset(P[:2]), P[0], (2.0, UUID(int=1001)))
    other = Living(UUID(int=1000), frozenset(P[2:4]), P[2], (1.0, UUID(int=1000)))
    joint = frozenset(P[:4])
    assert assign([joint], [one, other], []) in ({joint: one.id}, {joint: other.id})
    assert assign([joint], [one, other], []) == assign([joint], [other, one], [])


def test_an_id_goes_home_when_a_decision_is_undone_however_much_came_to_the_other_part() -> None:
    own, other = frozenset(P[:2]), frozenset(P[2:8])
    whole = Living(UUID(int=1000), own | other, P[0], (0.0, P[0]))
    merged = Retired(UUID(int=2000), P[2], 1.0)
    assert assign([own, other], [whole], [merged], undone=True) == {own: whole.id, other: merged.id}
    assert assign([own, other], [whole], [merged])[other] == whole.id

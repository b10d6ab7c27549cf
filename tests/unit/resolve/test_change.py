"""Change: customers derived again and again from changing judgements keep their ids, and old ids come back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from cxcore.resolve.change import Change, plan
from cxcore.resolve.cluster import Edge, Living, Retired, assign, partition

P = [UUID(int=n) for n in range(1, 9)]


@dataclass
class House:
    """Customers and links as the database keeps them, in memory."""

    edges: list[Edge] = field(default_factory=list)
    link: dict[UUID, UUID | None] = field(default_factory=dict)
    founder: dict[UUID, UUID] = field(default_factory=dict)
    merged_into: dict[UUID, UUID] = field(default_factory=dict)
    retired_at: dict[UUID, float] = field(default_factory=dict)
    clock: float = 0.0

    def derive(self) -> Change:
        """Do what links.regroup does, over all profiles."""
        self.clock += 1
        clusters = partition(self.link, self.edges)
        held: dict[UUID, set[UUID]] = {}
        for profile, customer in self.link.items():
            if customer is not None:
                held.setdefault(customer, set()).add(profile)
        born = {c: n for n, c in enumerate(self.founder)}
        living = [Living(c, frozenset(ps), self.founder[c], (float(born[c]), c)) for c, ps in held.items()]
        retired = [Retired(c, self.founder[c], self.retired_at[c]) for c in self.merged_into]
        given_ids = assign(clusters, living, retired)
        founded = {p: sum(f == p for f in self.founder.values()) for p in P}
        change = plan(given_ids, dict(self.link), founded)
        assert not set(change.created) & set(self.founder), "an id was given twice"
        self.founder |= change.created
        for customer in change.revived:
            del self.merged_into[customer]
        self.link |= change.moved
        for customer, heir in change.ended.items():
            self.retired_at[customer] = self.clock
            self.merged_into[customer] = heir
        for customer in self.merged_into:
            self.merged_into[customer] = self.link[self.founder[customer]]  # type: ignore[assignment]  # all are linked
        return change


def partition_of(link: Mapping[UUID, UUID | None]) -> set[frozenset[UUID]]:
    held: dict[UUID | None, set[UUID]] = {}
    for profile, customer in link.items():
        held.setdefault(customer, set()).add(profile)
    return {frozenset(ps) for ps in held.values()}


class Deciding(RuleBasedStateMachine):
    """Profiles arrive, people merge, part and change their minds, in any order."""

    judged = Bundle("judged")

    def __init__(self) -> None:
        super().__init__()
        self.house = House()
        self.ever: set[UUID] = set()

    @rule(profile=st.sampled_from(P))
    def a_profile_arrives(self, profile: UUID) -> None:
        self.house.link.setdefault(profile, None)
        self.house.derive()

    @rule(
        target=judged,
        pair=st.lists(st.sampled_from(P), min_size=2, max_size=2, unique=True),
        word=st.sampled_from(["merge", "separate", "same_email", "same_phone"]),
    )
    def a_pair_is_judged(self, pair: list[UUID], word: str) -> Edge:
        left, right = sorted(pair)
        edge = Edge(left, right, word != "separate", word in {"merge", "separate"}, word)
        self.house.edges.append(edge)
        self.house.derive()
        return edge

    @rule(edge=consumes(judged))
    def a_judgement_is_revoked(self, edge: Edge) -> None:
        self.house.edges.remove(edge)
        self.house.derive()

    @rule()
    def nothing_happens(self) -> None:
        change = self.house.derive()
        assert change == Change()

    @invariant()
    def every_profile_has_a_living_customer(self) -> None:
        for customer in self.house.link.values():
            assert customer in self.house.founder
            assert customer not in self.house.merged_into

    @invariant()
    def every_id_ever_given_is_still_known_and_leads_to_a_living_one_in_one_hop(self) -> None:
        house = self.house
        self.ever |= set(house.founder)
        assert self.ever == set(house.founder)
        living = set(house.link.values())
        assert set(house.founder) == living | set(house.merged_into)
        assert set(house.merged_into.values()) <= living

    @invariant()
    def the_customers_are_what_the_judgements_say(self) -> None:
        assert partition_of(self.house.link) == set(partition(self.house.link, self.house.edges))


TestDeciding = Deciding.TestCase


@given(
    st.lists(st.integers(0, 3), min_size=len(P), max_size=len(P)),
    st.lists(st.integers(0, len(P) - 1), min_size=2, max_size=3, unique=True),
)
def test_a_merge_taken_back_gives_everyone_their_own_id_again(groups: list[int], merged: list[int]) -> None:
    house = House()
    house.link = dict.fromkeys(P)
    anchors: dict[int, UUID] = {}
    for profile, group in zip(P, groups, strict=True):
        anchor = anchors.setdefault(group, profile)
        if anchor != profile:
            house.edges.append(Edge(anchor, profile, positive=True, by_person=False, rule="same_email"))
    house.derive()
    before = dict(house.link)
    decided = [Edge(*sorted((P[merged[0]], P[m])), True, True, "merge") for m in merged[1:]]
    house.edges += decided
    house.derive()
    assert len({house.link[P[m]] for m in merged}) == 1
    for edge in decided:
        house.edges.remove(edge)
    house.derive()
    assert house.link == before


def test_a_customer_that_ends_leads_to_where_most_of_its_profiles_went() -> None:
    one, other, third = (UUID(int=n) for n in (100, 101, 102))
    given_ids: dict[frozenset[UUID], UUID | None] = {frozenset(P[:3]): other, frozenset(P[3:5]): third}
    link: dict[UUID, UUID | None] = {P[0]: one, P[1]: one, P[2]: other, P[3]: one, P[4]: third}
    change = plan(given_ids, link, {})
    assert change.ended == {one: other}
    assert change.moved == {P[0]: other, P[1]: other, P[3]: third}
    assert (change.created, change.revived, change.split) == ({}, [], {})


def test_a_customer_that_loses_profiles_and_lives_is_split() -> None:
    one, other = UUID(int=100), UUID(int=101)
    change = plan({frozenset(P[:2]): one, frozenset(P[2:3]): other}, {P[0]: one, P[1]: one, P[2]: one}, {})
    assert (change.split, change.ended, change.revived) == ({one: {other}}, {}, [other])

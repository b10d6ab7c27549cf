"""Ruleset: what a shared identifier says, in the households, firms and desks it is shared in."""

import random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.model.identifier import Scheme
from cxcore.normalise.names import name_key
from cxcore.resolve.ruleset import Group, Member, basis, judge, strength

NUMBER = {Scheme.PHONE: "+35891234567", Scheme.EMAIL: "info@firm.example"}


def group(scheme: Scheme, *names: str, retired: bool = False) -> Group:
    members = tuple(Member(UUID(int=n), name_key(name)) for n, name in enumerate(names, 1))
    return Group(scheme, "", NUMBER.get(scheme, "42"), members, retired)


def together(found: Group) -> set[frozenset[int]]:
    """Who is one by the verdicts, as sets of members' numbers."""
    sets = {m.profile_id: {m.profile_id} for m in found.members}
    for verdict in judge(found):
        joint = sets[verdict.left] | sets[verdict.right]
        for member in joint:
            sets[member] = joint
    return {frozenset(m.int for m in joint) for joint in sets.values()}


@pytest.mark.parametrize("scheme", [Scheme.PHONE, Scheme.EMAIL, Scheme.HANDLE])
def test_a_household_shares_its_line_and_stays_several(scheme: Scheme) -> None:
    home = group(scheme, "Anna Mäkinen", "Pekka Mäkinen", "Mäkinen, Anna", "")
    assert together(home) == {frozenset({1, 3}), frozenset({2}), frozenset({4})}
    assert {v.rule for v in judge(home)} == {f"same_{scheme.value}_and_name"}


@pytest.mark.parametrize("scheme", [Scheme.PHONE, Scheme.EMAIL, Scheme.HANDLE])
def test_one_persons_line_joins_all_who_show_it(scheme: Scheme) -> None:
    own = group(scheme, "Anna Mäkinen", "", "anna makinen", "Anna")
    assert together(own) == {frozenset({1, 2, 3, 4})}
    assert {v.rule for v in judge(own)} == {f"same_{scheme.value}"}


def test_a_switchboard_makes_nobody_one_with_a_colleague() -> None:
    colleagues = [f"{given} {family}" for given in ("Anna", "Bo", "Carl") for family in ("Aalto", "Berg", "Cole")]
    assert together(group(Scheme.PHONE, *colleagues, "")) == {frozenset({n}) for n in range(1, 11)}


def test_a_role_mailbox_ties_only_equal_names() -> None:
    desk = group(Scheme.EMAIL, "Anna Aalto", "Bo Berg", "Aalto Anna", "", "Reception")
    assert together(desk) == {frozenset({1, 3}), frozenset({2}), frozenset({4}), frozenset({5})}


@pytest.mark.parametrize("scheme", [Scheme.ACCOUNT, Scheme.LOYALTY])
def test_a_number_of_ones_own_joins_whatever_the_names(scheme: Scheme) -> None:
    assert together(group(scheme, "Anna Mäkinen", "Anna Virtanen", "")) == {frozenset({1, 2, 3})}


@pytest.mark.parametrize("scheme", list(Scheme))
def test_a_retired_value_says_nothing(scheme: Scheme) -> None:
    assert judge(group(scheme, "Anna", "Anna", retired=True)) == []


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize("names", [(), ("Anna",)])
def test_a_value_that_one_shows_says_nothing(scheme: Scheme, names: tuple[str, ...]) -> None:
    assert judge(group(scheme, *names)) == []


def test_people_without_names_share_a_line_of_one() -> None:
    assert together(group(Scheme.PHONE, "", "", "")) == {frozenset({1, 2, 3})}


def test_a_verdict_says_what_it_rests_on() -> None:
    [verdict] = judge(group(Scheme.PHONE, "Anna Mäkinen", "Anna"))
    assert (verdict.basis, verdict.score, verdict.names) == ("phone::+35891234567", 1.0, ("anna", "anna makinen"))
    assert basis(Scheme.LOYALTY, "club", "12:34") == "loyalty:club:12:34"


def test_rules_are_heeded_by_what_is_most_ones_own() -> None:
    rules = ["same_loyalty", "same_account", "same_email", "same_handle", "same_phone"]
    assert [strength(r) for r in rules] == sorted((strength(r) for r in rules), reverse=True)
    assert all(strength(r) == strength(f"{r}_and_name") > strength("merge") for r in rules)


MEMBERS = st.lists(st.sampled_from(["", "anna", "anna makinen", "makinen pekka", "pekka", "anna virtanen"]), max_size=8)


@given(st.sampled_from(list(Scheme)), MEMBERS, st.randoms())
def test_the_order_of_the_members_does_not_matter(scheme: Scheme, names: list[str], rng: random.Random) -> None:
    found = group(scheme, *names)
    shuffled = list(found.members)
    rng.shuffle(shuffled)
    assert judge(found) == sorted(
        judge(Group(scheme, "", found.value, tuple(shuffled))), key=lambda v: judge(found).index(v)
    )


@given(st.sampled_from(list(Scheme)), MEMBERS)
def test_pairs_are_in_order_and_each_judged_once(scheme: Scheme, names: list[str]) -> None:
    verdicts = judge(group(scheme, *names))
    assert all(v.left < v.right for v in verdicts)
    assert len({(v.left, v.right) for v in verdicts}) == len(verdicts)


@given(st.sampled_from([Scheme.PHONE, Scheme.EMAIL, Scheme.HANDLE]), MEMBERS)
def test_nobody_is_one_with_a_name_that_does_not_fit(scheme: Scheme, names: list[str]) -> None:
    found = group(scheme, *names)
    keys = {m.profile_id.int: m.name_key for m in found.members}
    fitting = len(together(found)) == 1
    for one in together(found):
        named = {keys[n] for n in one} - {""}
        assert fitting or len(named) <= 1

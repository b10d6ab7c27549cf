"""Survivorship: which of several values is shown, and that the choice is the same for the same profiles."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.resolve import survivorship
from cxcore.resolve.linked import LinkedProfile
from support.profiles import AT, profile


def named(*names: str) -> list[LinkedProfile]:
    return [profile(n, days=n, name=name) for n, name in enumerate(names)]


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["Anna Mäkinen", "ANNA MÄKINEN", "Makinen Anna"], "Anna Mäkinen"),
        (["MÄKINEN ANNA", "mäkinen anna", "Mäkinen, Anna", "Anna Makinen"], "Anna Makinen"),
        (["Makinen Anna", "Anna Mäkinen"], "Anna Mäkinen"),
        (["Anna Mäkinen", "Anna Mäkinen", "Anna Virtanen"], "Anna Mäkinen"),
        (["Anna", "Anna Mäkinen"], "Anna Mäkinen"),  # of equally frequent names the fullest
        (["ANNA"], "ANNA"),
    ],
)
def test_the_name_that_most_show_is_shown_in_its_best_writing(names: list[str], shown: str) -> None:
    found = survivorship.display_name(named(*names))
    assert found is not None
    assert found.value == shown
    assert set(found.others) == set(names) - {shown}


def test_other_names_are_other_names_not_other_writings() -> None:
    names = ["Anna Mäkinen", "MAKINEN ANNA", "Anna Makinen", "Anna Virtanen", "VIRTANEN ANNA"]
    found = survivorship.display_name(named(*names))
    assert found is not None
    assert found.value == "Anna Mäkinen"
    assert survivorship.other_names(found) == ("Anna Virtanen",)


def test_the_address_seen_last_is_shown() -> None:
    found = survivorship.address([profile(1, days=2, address="New"), profile(2, days=1, address="Old"), profile(3)])
    assert found is not None
    assert (found.value, found.rule, found.source, found.others) == ("New", "newest", "shop", ("Old",))
    assert found.observed_at == AT + timedelta(days=2)


def test_the_language_and_the_birth_date_most_state_are_shown() -> None:
    profiles = [
        profile(1, language="fi", birth_date=date(1980, 1, 1)),
        profile(2, language="fi", birth_date=date(1980, 1, 1), source="crm"),
        profile(3, days=9, language="sv", birth_date=date(1908, 1, 1)),
    ]
    language, birth_date = survivorship.language(profiles), survivorship.birth_date(profiles)
    assert language is not None
    assert birth_date is not None
    assert (language.value, language.others) == ("fi", ("sv",))
    assert (birth_date.value, birth_date.others) == ("1980-01-01", ("1908-01-01",))


@pytest.mark.parametrize("choose", [survivorship.display_name, survivorship.address, survivorship.language])
def test_where_nobody_says_anything_nothing_is_shown(choose: Any) -> None:
    assert choose([]) is None
    assert choose([profile(), profile(2)]) is None


PROFILES = st.lists(
    st.builds(
        profile,
        st.integers(1, 99),
        days=st.integers(0, 3),
        name=st.sampled_from([None, "Anna Mäkinen", "ANNA MÄKINEN", "Mäkinen, Anna", "Anna", "Pekka Virta"]),
        address=st.sampled_from([None, "A 1", "B 2"]),
        language=st.sampled_from([None, "fi", "sv"]),
        source=st.sampled_from(["shop", "crm"]),
    ),
    max_size=8,
    unique_by=lambda p: p.id,
)


@given(PROFILES, st.randoms())
def test_the_order_of_the_profiles_does_not_matter(profiles: list[LinkedProfile], rng: random.Random) -> None:
    shuffled = list(profiles)
    rng.shuffle(shuffled)
    for choose in (survivorship.display_name, survivorship.address, survivorship.language):
        one, other = choose(profiles), choose(shuffled)
        assert (one and one.value) == (other and other.value)


@given(PROFILES)
def test_what_is_shown_is_what_a_profile_says(profiles: list[LinkedProfile]) -> None:
    name, address = survivorship.display_name(profiles), survivorship.address(profiles)
    if name is not None:
        assert {name.value, *name.others} == {p.name for p in profiles if p.name}
    if address is not None:
        assert {address.value, *address.others} == {p.address for p in profiles if p.address}

"""Comparing names: a letter wrong in a long one is forgiven, another short name is another person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.normalise.names import name_key
from cxcore.resolve.compare import one_name, part_of, same_word

NAMES = st.lists(
    st.sampled_from(["anna", "bo", "carl", "makinen", "virtanen", "virtaten", "lehtonen"]), max_size=3
).map(" ".join)


@pytest.mark.parametrize(
    "names",
    [
        ("Anna Mäkinen", "Mäkinen Anna"),
        ("Anna Mäkinen", "Anna"),
        ("Anna Mäkinen", "Anna Liisa Mäkinen", "Mäkinen"),
        ("Anna Mäkinen", "Anna Makkinen"),  # a letter doubled
        ("Pekka Virtanen", "Pekka Virtaenn"),  # two swapped
        ("Pekka Virtanen", "Pekka Virtaten"),  # one wrong in a long word
        ("Pekka Virtanen", "Pekka Virtannen"),
        ("Pekka Lehtonen", "Pekka Lehtoneen"),
        ("Anna Mäkinen", "", ""),
        ("Anna", ""),
    ],
)
def test_one_persons_names_fit_together(names: tuple[str, ...]) -> None:
    assert one_name(name_key(n) for n in names)


@pytest.mark.parametrize(
    "names",
    [
        ("Anna Mäkinen", "Pekka Mäkinen"),
        ("Marja Niemi", "Maria Niemi"),
        ("Anna Niemi", "Anni Niemi"),
        ("Anna Mäkinen", "Anna Virtanen"),
        ("Anna Anna", "Anna Mäkinen"),  # each word of the fuller name counts once
        ("Anna Mäkinen", "Anna Virtanen", "Anna"),
        ("Jari", "Jara"),
    ],
)
def test_two_peoples_names_do_not(names: tuple[str, ...]) -> None:
    assert not one_name(name_key(n) for n in names)


def test_no_names_are_no_objection() -> None:
    assert one_name([])
    assert one_name(["", ""])


@given(NAMES)
def test_a_name_fits_itself_and_silence(name: str) -> None:
    assert one_name([name, name, ""])


@given(st.lists(NAMES, max_size=4), st.randoms())
def test_the_order_of_the_names_does_not_matter(names: list[str], rng: object) -> None:
    shuffled = list(names)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert one_name(names) == one_name(shuffled)


@given(st.text(alphabet="abcde", max_size=10), st.text(alphabet="abcde", max_size=10))
def test_words_are_the_same_both_ways_round(a: str, b: str) -> None:
    assert same_word(a, b) == same_word(b, a)
    assert same_word(a, a)


@given(NAMES, NAMES)
def test_what_is_part_is_never_longer(one: str, other: str) -> None:
    if part_of(tuple(one.split()), tuple(other.split())):
        assert len(one.split()) <= len(other.split())

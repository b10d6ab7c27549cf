"""Names: one comparable form, however a name is written."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cxcore.normalise.names import fold, name_key, words

SAME: list[tuple[str, ...]] = [
    ("Anna Mäkinen", "anna mäkinen", "ANNA MÄKINEN", "Anna Makinen", "Anna Ma\u0308kinen", "Mäkinen Anna"),
    ("Anna Mäkinen", "Mäkinen, Anna", "  Anna   Mäkinen ", "Anna\tMäkinen", "Anna\u00a0Mäkinen", "Anna Mäkinen."),
    ("Bo Åberg", "BO ÅBERG", "Bo Aberg", "Bo A\u030aberg", "\u212bberg Bo"),
    ("Kari Ødegård", "KARI ØDEGÅRD", "Kari Odegard", "Ødegård, Kari"),
    ("Jürgen Müller", "JURGEN MULLER", "Müller, Jürgen"),
    ("Anna-Liisa Niemi", "Anna Liisa Niemi", "Niemi, Anna-Liisa", "Anna\u2011Liisa Niemi"),
    ("Pat O'Brien", "Pat O\u2019Brien", "Pat OBrien"),
    ("Lena Weiß", "LENA WEISS", "Lena Weiss"),
    ("Łukasz Đorđić", "Lukasz Dordic"),
    ("Æsa Þórsdóttir", "Aesa Thorsdottir"),
    ("Ｍａｒｙ Ｓｍｉｔｈ", "Mary Smith"),  # noqa: RUF001 - full-width letters are the point
]


@pytest.mark.parametrize("writings", SAME, ids=[w[0] for w in SAME])
def test_writings_of_one_name_are_one(writings: tuple[str, ...]) -> None:
    assert {name_key(w) for w in writings} == {name_key(writings[0])}
    assert name_key(writings[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [("Marja Niemi", "Maria Niemi"), ("Anna", "Anni"), ("Anna Mäkinen", "Anna Mäkilä"), ("Bo", "Bo Berg")],
)
def test_names_of_two_people_stay_two(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    "nobody",
    ["", " ", "-", "...", "Anonymous", "UNKNOWN", "Tuntematon", "Nimetön", "Okänd", "asiakas", "Asiakas Asiakas",
     "Guest 12", "test 1", "12345", "N/A".replace("/", ""), "vieras", "Customer", "☎"],
)  # fmt: skip
def test_a_placeholder_is_nobodys_name(nobody: str) -> None:
    assert name_key(nobody) == ""


@pytest.mark.parametrize("somebody", ["Guest Anna", "Test Virtanen", "安娜", "Анна", "Anna 2"])
def test_a_name_beside_a_placeholder_is_a_name(somebody: str) -> None:
    assert name_key(somebody)


def test_words_keep_their_order() -> None:
    assert words("Mäkinen, Anna-Liisa") == ("makinen", "anna", "liisa")


@given(st.text())
@example("ß")
@example("İ")
@example("ﬁ")
@example("\u0345")
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_a_comparable_name_compared_again_is_itself(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)


@given(st.lists(st.text(alphabet="abcåäöüéø-' ", min_size=1, max_size=8), min_size=1, max_size=5), st.randoms())
def test_neither_order_nor_case_nor_form_counts(parts: list[str], rng: object) -> None:
    name = " ".join(parts)
    shuffled = list(parts)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    other = unicodedata.normalize("NFD", " ".join(shuffled).upper())
    assert name_key(other) == name_key(name)

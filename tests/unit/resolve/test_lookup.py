"""Lookup: how sure an answer is, in the four words a person at a desk understands."""

import random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cxcore.model.identifier import Scheme
from cxcore.resolve.lookup import Confidence, Shown, decide

A, B, C = (UUID(int=n) for n in (1, 2, 3))
MAIL, PHONE, CARD = Scheme.EMAIL, Scheme.PHONE, Scheme.LOYALTY


def shown(customer: UUID, scheme: Scheme, name: str = "") -> Shown:
    return Shown(customer, scheme, f"{scheme.value} of {customer.int}", name)


def test_nothing_found_is_none() -> None:
    answer = decide([], name_key="anna", ignored=(PHONE,))
    assert (answer.confidence, answer.customer_id, answer.candidates) == (Confidence.NONE, None, ())
    assert answer.ignored == (PHONE,)


def test_the_only_one_who_shows_an_address_is_certain() -> None:
    assert decide([shown(A, MAIL)], name_key="").confidence is Confidence.CERTAIN
    assert decide([shown(A, CARD)], name_key="").confidence is Confidence.CERTAIN


def test_a_lone_phone_is_probable_since_phones_change_hands() -> None:
    answer = decide([shown(A, PHONE, "anna")], name_key="")
    assert (answer.confidence, answer.customer_id) == (Confidence.PROBABLE, A)


def test_a_lone_phone_with_a_fitting_name_is_certain() -> None:
    assert decide([shown(A, PHONE, "anna makinen")], name_key="anna").confidence is Confidence.CERTAIN


def test_a_name_that_does_not_fit_makes_the_only_one_unsure() -> None:
    answer = decide([shown(A, MAIL, "anna makinen"), shown(A, PHONE, "anna makinen")], name_key="pekka")
    assert (answer.confidence, answer.customer_id) == (Confidence.UNSURE, None)
    assert [c.customer_id for c in answer.candidates] == [A]
    assert answer.candidates[0].name_fits is False


def test_two_who_fit_equally_are_unsure() -> None:
    answer = decide([shown(A, PHONE, "anna"), shown(B, PHONE, "pekka")], name_key="")
    assert (answer.confidence, answer.customer_id) == (Confidence.UNSURE, None)
    assert {c.customer_id for c in answer.candidates} == {A, B}


def test_of_two_on_a_line_the_name_decides() -> None:
    answer = decide([shown(A, PHONE, "anna makinen"), shown(B, PHONE, "makinen pekka")], name_key="makinen pekka")
    assert (answer.confidence, answer.customer_id) == (Confidence.PROBABLE, B)


def test_who_shows_more_of_it_is_probable() -> None:
    answer = decide([shown(A, PHONE), shown(A, MAIL), shown(B, PHONE)], name_key="")
    assert (answer.confidence, answer.customer_id) == (Confidence.PROBABLE, A)
    assert answer.candidates[0].matched_on == (MAIL, PHONE)


def test_identifiers_of_two_people_are_unsure() -> None:
    assert decide([shown(A, MAIL), shown(B, PHONE)], name_key="").confidence is Confidence.UNSURE


def test_a_customer_without_a_name_is_neither_for_nor_against() -> None:
    answer = decide([shown(A, MAIL)], name_key="anna")
    assert (answer.confidence, answer.candidates[0].name_fits) == (Confidence.CERTAIN, None)


def test_at_most_five_are_named() -> None:
    many = [shown(UUID(int=n), PHONE) for n in range(1, 30)]
    assert len(decide(many, name_key="").candidates) == 5


SHOWN = st.lists(
    st.builds(
        shown,
        st.sampled_from([A, B, C]),
        st.sampled_from([MAIL, PHONE, CARD]),
        st.sampled_from(["", "anna", "anna makinen", "pekka"]),
    ),
    max_size=8,
)
ASKED = st.sampled_from(["", "anna", "anna makinen", "liisa"])


@given(SHOWN, ASKED, st.randoms())
def test_the_order_of_what_was_found_does_not_matter(found: list[Shown], name: str, rng: random.Random) -> None:
    shuffled = list(found)
    rng.shuffle(shuffled)
    assert decide(found, name_key=name) == decide(shuffled, name_key=name)


@given(SHOWN, ASKED)
def test_a_customer_is_named_only_when_the_answer_says_so(found: list[Shown], name: str) -> None:
    answer = decide(found, name_key=name)
    sure = answer.confidence in {Confidence.CERTAIN, Confidence.PROBABLE}
    assert (answer.customer_id is not None) == sure
    if answer.confidence is Confidence.CERTAIN:
        assert {s.customer_id for s in found} == {answer.customer_id}
    if sure:
        assert answer.candidates[0].customer_id == answer.customer_id
        assert answer.candidates[0].name_fits is not False
    assert (answer.confidence is Confidence.NONE) == (not found)

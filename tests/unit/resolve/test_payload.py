"""Payload: what of a profile is compared."""

from datetime import date
from typing import Any

import pytest

from cxcore.model.identifier import Scheme
from cxcore.resolve.payload import from_json, payload, split_address


@pytest.mark.parametrize(
    ("name", "given", "family"),
    [
        ("Anna Mäkinen", "anna", "makinen"),
        ("Mäkinen, Anna Maria", "anna", "makinen"),
        ("Anna Maria Mäkinen", "anna", "makinen"),
        ("Ludwig van der Berg", "ludwig", "berg"),
        ("Madonna", "madonna", ""),
        ("Иван Петров", "ivan", "petrov"),
        ("TURUNEN TIINA", "tiina", "turunen"),
        ("Törmänen Veeti-Janne", "veeti", "tormanen"),
        ("Antti Mikkonen-Laksonen", "antti", "laksonen"),
        ("Oliver James", "oliver", "james"),
        ("Nguyen Thanh", "thanh", "nguyen"),
        ("Family Barnes", "", "barnes"),
        ("ANONYMOUS", "", ""),
        ("", "", ""),
    ],
)
def test_a_whole_name_is_read_as_given_and_family(name: str, given: str, family: str) -> None:
    made = payload(name=name)
    assert (made.given, made.family) == (given, family)


def test_a_name_in_parts_is_taken_at_its_word() -> None:
    made = payload(name="somebody else", given_name="Åsa Maria", family_name="von Döbeln Berg")
    assert (made.given, made.family) == ("asa", "dobeln berg")


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("Mannerheimintie 5 A 3, 00100 Helsinki", ("mannerheimintie 5 a 3", "00100", "helsinki")),
        ("Storgatan 1\n111 22 Stockholm", ("storgatan 1 111 22 stockholm", "", "")),
        ("5 Main Street, Springfield, 62701", ("5 main street springfield", "62701", "")),
        ("Helsinki", ("helsinki", "", "")),
    ],
)
def test_an_address_in_one_line(address: str, parts: tuple[str, str, str]) -> None:
    found = split_address(address)
    assert found[1] == parts[1] or not parts[1]
    assert parts[0].split()[0] in found[0]


def test_equal_payloads_are_one_text_and_come_back_whole() -> None:
    made = payload(
        name="Anna Mäkinen",
        birth_date=date(1980, 2, 3),
        address="Katu 1, 00100 Helsinki",
        identifiers=[
            (Scheme.PHONE, "", "+358401"),
            (Scheme.EMAIL, "", "b@x.example"),
            (Scheme.EMAIL, "", "a@x.example"),
        ],
        traits={"gender": "F", "empty": ""},
    )
    assert from_json(made.as_json()) == made
    assert made.birth_date == "19800203"
    assert made.shown(Scheme.EMAIL) == (("", "a@x.example"), ("", "b@x.example"))
    assert made.traits == (("gender", "f"),)
    assert made.as_json().isascii()


def test_what_identifies_nobody_is_never_shared() -> None:
    assert not payload(name="Anna").identifying
    assert not payload(city="Helsinki").identifying
    assert payload(identifiers=[(Scheme.PHONE, "", "+358401")]).identifying
    assert payload(name="Anna Virtanen", birth_date="19800101").identifying


def test_without_verified_values_a_payload_has_the_signature_it_always_had() -> None:
    shown = [(Scheme.EMAIL, "", "anna@x.example"), (Scheme.LOYALTY, "club", "7")]
    plain: dict[str, Any] = {"name": "Anna Mäkinen", "birth_date": "1980-02-03", "address": "Katu 1, 00100 Helsinki"}
    made = payload(**plain, identifiers=shown)
    assert made.digest().hex() == "dc3594c5d5246f1848036663428365be"
    sure = payload(**plain, identifiers=shown, verified=shown[:1])
    assert sure.digest() != made.digest()
    assert from_json(sure.as_json()) == sure
    assert sure.verified == ((Scheme.EMAIL, (("", "anna@x.example"),)),)
    assert (sure.identifiers, made.verified) == (made.identifiers, ())

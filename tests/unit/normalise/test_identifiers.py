"""Identifiers: every way people write a number or an address that is one person's becomes one value."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cxcore.model.identifier import Identifier, Scheme
from cxcore.normalise import identifiers
from cxcore.normalise.identifiers import normalise, role

MOBILE = "+358401234567"
PHONES: list[tuple[str, str, str | None]] = [
    # one Finnish mobile number, as people and systems write it
    ("+358 40 123 4567", "FI", MOBILE),
    ("+358401234567", "FI", MOBILE),
    ("+358-40-123-4567", "FI", MOBILE),
    ("+358 (0)40 123 4567", "FI", MOBILE),
    ("+358(0)401234567", "FI", MOBILE),
    ("+358 040 1234567", "FI", MOBILE),
    ("+ 358 40 1234567", "FI", MOBILE),
    ("++358401234567", "FI", MOBILE),
    ("0401234567", "FI", MOBILE),
    ("040-1234567", "FI", MOBILE),
    ("040 123 45 67", "FI", MOBILE),
    ("(040) 123 4567", "FI", MOBILE),
    ("040/1234567", "FI", MOBILE),
    ("040/123 45 67", "FI", MOBILE),
    ("040.123.4567", "FI", MOBILE),
    ("040\u00a0123\u00a04567", "FI", MOBILE),  # no-break spaces
    ("040\u2011123\u20114567", "FI", MOBILE),  # no-break hyphens
    ("\u202a+358401234567\u202c", "FI", MOBILE),  # copied out of a page with its direction marks
    ("０４０１２３４５６７", "FI", MOBILE),  # noqa: RUF001 - full-width digits are the point
    ("00358401234567", "FI", MOBILE),
    ("00358 40 1234567", "FI", MOBILE),
    ("00 358 40 1234567", "FI", MOBILE),
    ("358401234567", "FI", MOBILE),
    ("358 40 123 4567", "FI", MOBILE),
    ("358 0401234567", "FI", MOBILE),
    ("401234567", "FI", MOBILE),  # a spreadsheet ate the zero
    ("tel:+358401234567", "FI", MOBILE),
    ("Puh. 040 1234567", "FI", MOBILE),
    ("  0401234567  ", "FI", MOBILE),
    # its extension is not part of it
    ("+358 40 1234567 ext. 12", "FI", MOBILE),
    ("0401234567 ext 5", "FI", MOBILE),
    ("0401234567 x12", "FI", MOBILE),
    ("0401234567;ext=5", "FI", MOBILE),
    # written with the country's code it is the same anywhere
    ("+358 40 123 4567", "SE", MOBILE),
    ("00358401234567", "SE", MOBILE),
    ("358401234567", "SE", MOBILE),
    # Finnish landlines and service numbers
    ("09 1234567", "FI", "+35891234567"),
    ("(09) 123 4567", "FI", "+35891234567"),
    ("+358 9 1234567", "FI", "+35891234567"),
    ("0800 123456", "FI", "+358800123456"),
    ("020 7123456", "FI", "+358207123456"),
    # Swedish numbers
    ("070-123 45 67", "SE", "+46701234567"),
    ("0701234567", "SE", "+46701234567"),
    ("+46 70 123 45 67", "FI", "+46701234567"),
    ("+46 (0)70-123 45 67", "FI", "+46701234567"),
    ("0046 70-123 45 67", "FI", "+46701234567"),
    ("46701234567", "FI", "+46701234567"),
    ("08-123 456 78", "SE", "+46812345678"),
    ("+46 8 123 456 78", "FI", "+46812345678"),
    # further away
    ("+1 202 555 0143", "FI", "+12025550143"),
    ("+44 20 7946 0958", "FI", "+442079460958"),
    ("+49 30 123456", "FI", "+4930123456"),
    ("+372 5123 4567", "FI", "+37251234567"),
    # what is no number of anybody
    ("", "FI", None),
    ("-", "FI", None),
    ("-1", "FI", None),
    ("+", "FI", None),
    ("0", "FI", None),
    ("0000000000", "FI", None),
    ("+358", "FI", None),
    ("00358", "FI", None),
    ("112", "FI", None),
    ("12345", "FI", None),
    ("s", "FI", None),
    ("anonymous", "FI", None),
    ("Unknown", "FI", None),
    ("N/A", "FI", None),
    ("null", "FI", None),
    ("+35840123456789012", "FI", None),
    ("0401234567/0509876543", "FI", None),  # two numbers in one field tell nobody apart
]


def phone(raw: str, region: str) -> str | None:
    found = normalise(Identifier.phone(raw), region=region) if raw else None
    return found.value if found else None


@pytest.mark.parametrize(("raw", "region", "expected"), PHONES)
def test_a_phone_number_is_read_as_it_is_dialled(raw: str, region: str, expected: str | None) -> None:
    assert phone(raw, region) == expected


@given(st.text(alphabet="0123456789+-/(). ", max_size=25))
@example("+358401234567")
def test_a_number_once_normalised_stays_as_it_is(raw: str) -> None:
    found = identifiers.phone(raw, "FI")
    if found is not None:
        assert identifiers.phone(found, "FI") == found
        assert identifiers.phone(found, "SE") == found


@given(st.text(max_size=60), st.sampled_from(["FI", "SE", "ZZ", ""]))
def test_no_text_whatsoever_breaks_the_reading_of_a_number(raw: str, region: str) -> None:
    found = identifiers.phone(raw, region)
    assert found is None or (found.startswith("+") and found[1:].isascii() and found[1:].isdigit())


EMAILS: list[tuple[str, str | None]] = [
    ("anna@kotiposti.example", "anna@kotiposti.example"),
    ("Anna@Kotiposti.EXAMPLE", "anna@kotiposti.example"),
    ("  anna@kotiposti.example ", "anna@kotiposti.example"),
    ("<anna@kotiposti.example>", "anna@kotiposti.example"),
    ("anna+shop@kotiposti.example", "anna@kotiposti.example"),
    ("anna+a+b@kotiposti.example", "anna@kotiposti.example"),
    ("+anna@kotiposti.example", "+anna@kotiposti.example"),
    ("anna@kotiposti.example.", "anna@kotiposti.example"),
    ("anna.makinen@kotiposti.example", "anna.makinen@kotiposti.example"),
    ("Anna.Makinen@gmail.com", "annamakinen@gmail.com"),
    ("anna.makinen+x@googlemail.com", "annamakinen@gmail.com"),
    ("mäkinen@kotiposti.example", "mäkinen@kotiposti.example"),
    ("MÄKINEN@kotiposti.example", "mäkinen@kotiposti.example"),
    ("ma\u0308kinen@kotiposti.example", "mäkinen@kotiposti.example"),
    ("a_b-c@sub.kotiposti.example", "a_b-c@sub.kotiposti.example"),
    ("noreply@shop.example", None),
    ("no-reply@shop.example", None),
    ("NoReply+1@shop.example", None),
    ("mailer-daemon@shop.example", None),
    ("asiakas@shop.example", None),
    ("test@shop.example", None),
    ("anna@localhost", None),
    ("anna", None),
    ("@kotiposti.example", None),
    ("anna@", None),
    ("anna@@kotiposti.example", None),
    ("an na@kotiposti.example", None),
    ("anna@koti posti.example", None),
    ("a@b.example, c@d.example", None),
    ("anna@kotiposti.example>", "anna@kotiposti.example"),
    ('"anna"@kotiposti.example', None),
    ("anna\x00@kotiposti.example", "anna\ufffd@kotiposti.example"),
    (f"{'a' * 65}@kotiposti.example", None),
    ("-", None),
    ("none", None),
]


@pytest.mark.parametrize(("raw", "expected"), EMAILS)
def test_an_address_is_its_mailbox(raw: str, expected: str | None) -> None:
    found = normalise(Identifier.email(raw), region="FI")
    assert (found.value if found else None) == expected


@given(st.emails())
def test_an_address_once_normalised_stays_as_it_is(raw: str) -> None:
    found = identifiers.email(raw)
    if found is not None:
        assert identifiers.email(found) == found


@pytest.mark.parametrize(
    ("given_", "issuer", "value"),
    [
        (Identifier.loyalty("Club", "6006 4912-3456"), "club", "600649123456"),
        (Identifier.loyalty(" CLUB ", "ab12"), "club", "AB12"),
        (Identifier.handle("Mastodon", "@Anna"), "mastodon", "anna"),
        (Identifier.handle("bluesky", "anna.bsky.example"), "bluesky", "anna.bsky.example"),
        (Identifier.handle("blog", "https://anna.example/"), "blog", "https://anna.example"),
        (Identifier.account("shop", "C-007"), "shop", "C-007"),
        (Identifier.account("shop", "c-007"), "shop", "c-007"),
    ],
)
def test_numbers_of_systems_are_compared_within_their_issuer(given_: Identifier, issuer: str, value: str) -> None:
    found = normalise(given_, region="FI")
    assert found is not None
    assert (found.issuer, found.value) == (issuer, value)


@pytest.mark.parametrize("scheme", [Scheme.EMAIL, Scheme.PHONE])
def test_an_address_and_a_number_are_the_same_whoever_quotes_them(scheme: Scheme) -> None:
    value = {Scheme.EMAIL: "anna@x.example", Scheme.PHONE: MOBILE}[scheme]
    found = normalise(Identifier(scheme=scheme, value=value, issuer="shop"), region="FI")
    assert found is not None
    assert found.issuer == ""


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize(
    "placeholder", ["0", "000", "-", "--", " - ", "n/a", "NULL", "None", "unknown", "Test", "\t", "."]
)
def test_a_placeholder_is_no_identifier_of_any_kind(scheme: Scheme, placeholder: str) -> None:
    assert normalise(Identifier(scheme=scheme, value=placeholder, issuer="x"), region="FI") is None


@given(st.sampled_from(list(Scheme)), st.text(min_size=1, max_size=80), st.text(max_size=20))
def test_whatever_is_given_can_be_stored(scheme: Scheme, value: str, issuer: str) -> None:
    found = normalise(Identifier(scheme=scheme, value=value, issuer=issuer), region="FI")
    if found is not None:
        assert found.value
        for text in (found.value, found.raw, found.issuer):
            assert "\x00" not in text
            text.encode()


@pytest.mark.parametrize("address", ["info@x.example", "perhe.oja@x.example", "booking2@x.example", "family@x.example"])
def test_a_mailbox_of_a_role_or_a_family_is_known_as_one(address: str) -> None:
    assert role(address)


@pytest.mark.parametrize("address", ["infantino@x.example", "hrabal@x.example", "anna@x.example", "salesman@x.example"])
def test_a_person_is_no_role(address: str) -> None:
    assert not role(address)

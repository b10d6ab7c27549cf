"""Who a customer is, as the left side of the page says it: name, ways to reach them, and why they are one."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from cxcore.model.identifier import Scheme
from cxcore.resolve.fields import Field
from cxcore.resolve.linked import Correction, LinkedProfile, Reason, ShownIdentifier
from cxcore.resolve.payload import PROVABLE
from cxcore.resolve.rules import DEFAULTS
from cxcore.resolve.survivorship import choose_all
from cxcore.resolve.verified import BIRTH_DATE, SINGLE
from cxcore.web.grounds import speaks_against
from cxcore.web.present import who
from cxcore.web.reach import contacts
from cxcore.web.times import Clock
from cxcore.web.words import WORDS

AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
HELSINKI = ZoneInfo("Europe/Helsinki")
ENGLISH = Clock(HELSINKI, "en", date(2026, 3, 1))
FINNISH = Clock(HELSINKI, "fi", date(2026, 3, 1))


def profile(number: int = 1, *identifiers: ShownIdentifier, name: str | None = "Anna Mäkinen", **values: Any) -> Any:
    plain = LinkedProfile(
        id=UUID(int=number),
        source="shop",
        source_name="Web shop",
        name=name,
        given_name=None,
        family_name=None,
        birth_date=None,
        language=None,
        address=None,
        observed_at=AT,
        received_at=AT,
        since=AT,
        identifiers=identifiers,
    )
    return replace(plain, **values)


def shown(scheme: Scheme, value: str, issuer: str = "") -> ShownIdentifier:
    return ShownIdentifier(scheme, issuer, value, value, verified=False)


def test_contacts_are_shown_once_readable_with_the_sources_that_know_them() -> None:
    phone, mail = shown(Scheme.PHONE, "+358401234567"), shown(Scheme.EMAIL, "anna@x.example")
    found = contacts([profile(1, phone, mail), profile(2, phone, source_name="Desk")], {})
    assert [(c.scheme, c.value, c.sources) for c in found] == [
        ("email", "anna@x.example", "Web shop"),
        ("phone", "+358 40 1234567", "Desk, Web shop"),
    ]


def test_an_unreadable_number_is_shown_as_it_is() -> None:
    [found] = contacts([profile(1, shown(Scheme.PHONE, "204"))], {})
    assert found.value == "204"


def test_a_customer_is_shown_with_name_initials_and_systems() -> None:
    found = who(UUID(int=9), [profile(1), profile(2, source_name="Desk", language="fi")], [], ENGLISH, DEFAULTS)
    assert (found.name, found.initials, found.profiles, found.systems) == (
        "Anna Mäkinen",
        "AM",
        2,
        ("Desk", "Web shop"),
    )
    assert (found.language, found.others) == ("fi", ())


def test_a_customer_nobody_named_is_shown_all_the_same() -> None:
    found = who(UUID(int=9), [profile(name=None)], [], ENGLISH, DEFAULTS)
    assert (found.name, found.initials) == (None, "?")


def test_further_contacts_are_folded() -> None:
    many = tuple(shown(Scheme.ACCOUNT, f"c{n}", "shop") for n in range(8))
    found = who(UUID(int=9), [profile(1, *many)], [], ENGLISH, DEFAULTS)
    assert (len(found.contacts), len(found.more_contacts)) == (5, 3)


def reason(left: int, right: int, rule: str, **values: Any) -> Reason:
    plain = Reason(
        id=UUID(int=50),
        left=UUID(int=left),
        right=UUID(int=right),
        verdict="positive",
        origin="rule",
        rule=rule,
        score=1.0,
        evidence={
            "against": "strangers",
            "prior": -12.0,
            "attributes": [
                {"name": "email", "level": "same", "bits": 17.0, "value": "anna@x.example", "people": 1},
                {"name": "given", "level": "nickname", "bits": 5.0},
                {"name": "phone", "level": "other", "bits": -2.0},
            ],
        },
        model_version="0123456789ab",
        decision_id=None,
        actor=None,
        reason=None,
        decided_at=AT,
    )
    return replace(plain, **values)


def test_why_is_said_in_words() -> None:
    merged = reason(1, 2, "merge", reason="same voice", origin="person", evidence={})
    outside = reason(1, 77, "separate", verdict="negative")
    found = who(
        UUID(int=9), [profile(1), profile(2, name=None)], [reason(1, 2, "linkage"), merged, outside], FINNISH, DEFAULTS
    )
    assert [(b.rule, b.value, b.profiles) for b in found.because] == [
        ("sama sähköpostiosoite, yhteensopiva etunimi", "anna@x.example", "Anna Mäkinen (Web shop) = … (Web shop)"),
        ("ihminen päätti: sama", "same voice", "Anna Mäkinen (Web shop) = … (Web shop)"),
    ]


VERIFIED: dict[str, Any] = {
    "against": "strangers",
    "prior": -12.0,
    "attributes": [
        {"name": "given", "level": "same", "bits": 6.0},
        {"name": "email", "level": "same", "bits": 5.0, "value": "anna@x.example", "people": 1},
        {"name": "loyalty", "level": "other", "bits": -11.0},
        {"name": "birth_date", "level": "other", "bits": -12.0},
    ],
    "verified": ["email"],
    "contradicts": [{"name": "birth_date", "issuer": ""}, {"name": "loyalty", "issuer": "club"}],
}


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        (ENGLISH, "same verified e-mail address, same given name"),
        (FINNISH, "sama vahvistettu sähköpostiosoite, sama etunimi"),
    ],
)
def test_what_is_verified_is_said_first(clock: Clock, said: str) -> None:
    joined = reason(1, 2, "verified", evidence=VERIFIED)
    found = who(UUID(int=9), [profile(1), profile(2)], [joined], clock, DEFAULTS)
    assert [(b.rule, b.value) for b in found.because] == [(said, "anna@x.example")]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("two dates of birth", "two verified loyalty numbers (club)")),
        ("fi", ("kaksi syntymäaikaa", "kaksi vahvistettua kanta-asiakasnumeroa (club)")),
        ("sv", ("två födelsedatum", "två bekräftade lojalitetsnummer (club)")),
    ],
)
def test_what_contradicts_is_said_once_and_before_what_only_speaks_against(
    language: str, said: tuple[str, str]
) -> None:
    assert speaks_against(VERIFIED, language) == said
    other = {**VERIFIED, "contradicts": VERIFIED["contradicts"][:1]}
    assert speaks_against(other, language)[:1] == said[:1]
    assert len(speaks_against(other, language)) == 2


@pytest.mark.parametrize("scheme", PROVABLE)
def test_there_are_words_for_all_that_can_be_verified(scheme: Scheme) -> None:
    assert f"verified_{scheme}" in WORDS
    assert (f"conflict_{scheme}" in WORDS) == (scheme in SINGLE)
    assert f"conflict_{BIRTH_DATE}" in WORDS


def test_the_main_contact_stands_first_though_only_a_person_knows_it() -> None:
    mails = (shown(Scheme.EMAIL, "a@x.example"), shown(Scheme.EMAIL, "b@x.example"))
    both = [profile(1, *mails), profile(2, mails[1], source_name="Desk")]
    assert [c.value for c in contacts(both, choose_all(both, DEFAULTS))] == ["b@x.example", "a@x.example"]
    said = Correction(UUID(int=3), UUID(int=1), Field.EMAIL, "c@x.example", "key:1", "asked", AT)
    corrected = [replace(both[0], corrections=(said,)), both[1]]
    found = contacts(corrected, choose_all(corrected, DEFAULTS))
    assert [(c.value, c.sources, c.field) for c in found] == [
        ("c@x.example", "", Field.EMAIL),
        ("a@x.example", "Web shop", None),
        ("b@x.example", "Desk, Web shop", None),
    ]

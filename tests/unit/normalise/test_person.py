"""Person: the same shown identity is the same profile, however it is written and whenever it comes."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.model.identifier import Identifier
from cxcore.model.ids import source_namespace
from cxcore.model.profile import SourceProfile
from cxcore.normalise.person import NOBODY, SHOWN, Person, person

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMESPACE = source_namespace("shop")


def shown(profile: SourceProfile, *, at: datetime = AT, record: str = "orders/1", region: str = "FI") -> Person:
    return person(profile, namespace=NAMESPACE, region=region, at=at, record=record)


NAMES = ["Anna Mäkinen", "MÄKINEN ANNA", "Mäkinen, Anna", "anna ma\u0308kinen"]
EMAILS = ["anna@x.example", "Anna+shop@X.example", " <anna@x.example> "]
PHONES = ["040 123 4567", "+358401234567", "00358-40-1234567"]


@given(st.sampled_from(NAMES), st.sampled_from(EMAILS), st.sampled_from(PHONES), st.booleans(), st.datetimes())
def test_one_identity_is_one_profile_whatever_its_writing(
    name: str, email: str, phone: str, phone_first: bool, at: datetime
) -> None:
    pair = (Identifier.email(email), Identifier.phone(phone))
    profile = SourceProfile(name=name, identifiers=pair[::-1] if phone_first else pair)
    first = SourceProfile(name=NAMES[0], identifiers=(Identifier.email(EMAILS[0]), Identifier.phone(PHONES[0])))
    one = shown(first)
    other = shown(profile, at=at.replace(tzinfo=UTC), record="orders/2")
    assert one.id == other.id
    assert one.key.startswith(SHOWN)
    assert one.observed_at == other.observed_at


@pytest.mark.parametrize(
    "other",
    [
        SourceProfile(name="Anni Mäkinen", identifiers=(Identifier.email("anna@x.example"),)),
        SourceProfile(identifiers=(Identifier.email("anna@x.example"),)),
        SourceProfile(name="Anna Mäkinen", identifiers=(Identifier.email("anna@y.example"),)),
        SourceProfile(
            name="Anna Mäkinen", identifiers=(Identifier.email("anna@x.example"), Identifier.phone("0401234567"))
        ),
        SourceProfile(name="Anna Mäkinen", identifiers=(Identifier.account("shop", "anna@x.example"),)),
    ],
)
def test_another_identity_is_another_profile(other: SourceProfile) -> None:
    anna = SourceProfile(name="Anna Mäkinen", identifiers=(Identifier.email("anna@x.example"),))
    assert shown(anna).id != shown(other).id


def test_the_sources_own_key_outranks_what_is_shown() -> None:
    one = shown(SourceProfile(key="c1", name="Anna", identifiers=(Identifier.email("a@x.example"),)))
    other = shown(SourceProfile(key="c1", name="Bertta", identifiers=(Identifier.email("b@x.example"),)))
    assert (one.id, one.key, one.keyed) == (other.id, "c1", True)
    assert one.revision != other.revision


def test_the_key_of_another_source_is_another_profile() -> None:
    profile = SourceProfile(key="c1")
    other = person(profile, namespace=source_namespace("mail"), region="FI", at=AT, record="r")
    assert shown(profile).id != other.id


@pytest.mark.parametrize(
    "nobody",
    [
        SourceProfile(),
        SourceProfile(name="Anna"),  # a name alone tells nobody apart
        SourceProfile(identifiers=(Identifier.phone("anonymous"),)),
        SourceProfile(identifiers=(Identifier.email("noreply@x.example"),)),
    ],
)
def test_who_shows_nothing_is_a_profile_of_the_record_alone(nobody: SourceProfile) -> None:
    assert shown(nobody, record="calls/7").key == f"{NOBODY}calls/7"
    assert shown(nobody, record="calls/7").id != shown(nobody, record="calls/8").id


def test_a_name_is_put_together_from_its_parts_and_its_blanks() -> None:
    assert shown(SourceProfile(given_name="Anna", family_name="Mäkinen")).name == "Anna Mäkinen"
    assert shown(SourceProfile(family_name="Mäkinen")).name == "Mäkinen"
    assert shown(SourceProfile(name="  Anna \u00a0 Mäkinen\n")).name == "Anna Mäkinen"
    assert shown(SourceProfile(name="Anna", given_name="Bertta")).name == "Anna"


@pytest.mark.parametrize("placeholder", ["Asiakas", "guest", " ", "?", "12"])
def test_a_placeholder_is_not_shown_as_a_name(placeholder: str) -> None:
    found = shown(SourceProfile(key="c1", name=placeholder))
    assert (found.name, found.name_key) == (None, "")


def test_a_keyed_profile_remembers_its_state_and_its_age() -> None:
    seen = datetime(2025, 1, 1, tzinfo=UTC)
    profile = SourceProfile(key="c1", name="Anna", birth_date=date(1980, 2, 29), language="fi", observed_at=seen)
    found = shown(profile)
    assert found.observed_at == seen
    assert found.state is not None
    assert (found.state["name"], found.state["birth_date"], found.state["language"]) == ("Anna", "1980-02-29", "fi")
    assert shown(profile.model_copy(update={"observed_at": None})).observed_at == AT


def test_writings_of_one_identity_are_of_one_age_and_told_apart_by_content() -> None:
    """So that the store can choose one of them whatever came first."""
    seen = [shown(SourceProfile(name=n, identifiers=(Identifier.email("a@x.example"),)), record=n) for n in NAMES]
    later = [
        shown(SourceProfile(name=n, identifiers=(Identifier.email("a@x.example"),)), at=AT.replace(2027)) for n in NAMES
    ]
    assert len({p.id for p in seen + later}) == 1
    assert len({p.observed_at for p in seen + later}) == 1
    assert {p.revision: p.name for p in seen} == {p.revision: p.name for p in later}
    assert len({p.revision for p in seen}) == len({p.name for p in seen}) == len(NAMES)


TEXT = st.text(alphabet=st.characters(codec=None), min_size=1, max_size=30)


@given(TEXT, TEXT, TEXT, st.dictionaries(TEXT, TEXT, max_size=3))
def test_whatever_a_record_holds_can_be_stored(key: str, name: str, value: str, attributes: dict[str, str]) -> None:
    try:
        profile = SourceProfile(
            key=key, name=name, address=value, identifiers=(Identifier.account("x", value),), attributes=attributes
        )
    except ValueError:
        return  # the model refuses lone surrogates; the record goes to quarantine
    for made in (profile, profile.model_copy(update={"key": None})):
        _storable(shown(made))


def _storable(found: Any) -> None:
    values = [found.key, found.name, found.address, found.name_key, *found.attributes, *found.attributes.values()]
    values += [text for i in found.identifiers for text in (i.value, i.raw, i.issuer)]
    for text in values:
        if text is not None:
            text.encode()
            assert "\x00" not in text

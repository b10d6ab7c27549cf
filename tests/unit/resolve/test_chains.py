"""Chains of rules: each narrows what the ones before it left, a person comes first, and changing them changes nothing."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.errors import InvalidInput
from cxcore.model.identifier import Scheme
from cxcore.resolve import rules
from cxcore.resolve.fields import Field
from cxcore.resolve.linked import Correction, LinkedProfile, ShownIdentifier
from cxcore.resolve.rules import DEFAULTS, Chain, Chains, Ground, Rule
from cxcore.resolve.survivorship import Chosen, choose, choose_all
from support.profiles import AT
from support.profiles import profile as plain

TIMELESS = datetime(1970, 1, 1, tzinfo=UTC)


def profile(number: int, *, days: int = 0, verified: str = "", **values: Any) -> LinkedProfile:
    shown = {"identifiers": (identifier(verified, verified=True),)} if verified else {}
    return plain(number, days=days, **{"received_at": AT + timedelta(hours=number), **shown, **values})


def identifier(value: str, *, scheme: Scheme = Scheme.EMAIL, verified: bool = False) -> ShownIdentifier:
    return ShownIdentifier(scheme, "", value, value, verified)


def correction(number: int, field: Field, value: str, *, on: int = 1, days: int = 0) -> Correction:
    return Correction(UUID(int=number), UUID(int=on), field, value, "key:1", "asked", AT + timedelta(days=days))


def by(field: Field, *wanted: Rule, sources: Sequence[str] = ()) -> Chains:
    return {**DEFAULTS, field: Chain(wanted, tuple(sources))}


def chosen(field: Field, profiles: Sequence[LinkedProfile], chains: Chains) -> Chosen:
    found = choose(field, profiles, chains)
    assert found is not None
    return found


def language(number: int, value: str, **values: Any) -> LinkedProfile:
    return profile(number, language=value, **values)


LANGUAGES = [
    language(1, "fi", days=1),
    language(2, "fi", days=2, source="till"),
    language(3, "sv", days=3, keyed=False),
    language(4, "en", days=0, source="crm", verified="a@x.example"),
    language(5, "en", days=0, source="till", keyed=False),
]


@pytest.mark.parametrize(
    ("chain", "value", "rule"),
    [
        ([Rule.VERIFIED], "en", Ground.VERIFIED),
        ([Rule.NEWEST], "sv", Ground.NEWEST),
        ([Rule.DECLARED], "fi", Ground.NEWEST),  # en and fi are declared, fi is newer
        ([Rule.DECLARED, Rule.MOST_FREQUENT], "fi", Ground.MOST_FREQUENT),
        ([Rule.MOST_FREQUENT], "fi", Ground.NEWEST),  # as often as en
        ([Rule.MOST_FREQUENT, Rule.VERIFIED], "en", Ground.VERIFIED),
        ([Rule.SOURCE_PRIORITY], "en", Ground.SOURCE_PRIORITY),
    ],
)
def test_a_chain_narrows_rule_by_rule_and_the_newest_decides_behind_it(
    chain: list[Rule], value: str, rule: Ground
) -> None:
    sources = ["crm", "till"] if Rule.SOURCE_PRIORITY in chain else []
    found = chosen(Field.LANGUAGE, LANGUAGES, by(Field.LANGUAGE, *chain, sources=sources))
    assert (found.value, found.rule) == (value, rule)
    assert {found.value, *found.others} == {"fi", "sv", "en"}


def test_a_source_that_is_not_listed_comes_after_those_that_are() -> None:
    chains = by(Field.LANGUAGE, Rule.SOURCE_PRIORITY, sources=["till"])
    assert chosen(Field.LANGUAGE, LANGUAGES, chains).value == "fi"  # the newer of the till's
    assert chosen(Field.LANGUAGE, LANGUAGES[2:4], chains).value == "sv"  # the till says nothing: the newest


def test_each_loser_says_where_it_stands_and_by_which_rule_it_lost() -> None:
    found = chosen(Field.LANGUAGE, LANGUAGES, by(Field.LANGUAGE, Rule.DECLARED, Rule.MOST_FREQUENT))
    assert (found.source, found.profile_id, found.observed_at) == ("till", UUID(int=2), AT + timedelta(days=2))
    assert (found.count, found.sources, found.chain.rules[0]) == (2, ("shop", "till"), Rule.DECLARED)
    said = {x.value: (x.rule, x.count, x.sources, x.observed_at) for x in found.losers}
    assert said == {
        "en": (Ground.MOST_FREQUENT, 2, ("crm", "till"), AT),
        "sv": (Ground.DECLARED, 1, ("shop",), None),  # its source does not date it
    }
    assert [x.value for x in found.losers] == ["en", "sv"]


def test_the_main_address_is_the_verified_one_then_the_most_frequent() -> None:
    profiles = [
        profile(1, identifiers=(identifier("a@x.example"), identifier("b@x.example"))),
        profile(2, identifiers=(identifier("b@x.example"),)),
        profile(3, identifiers=(identifier("+358401234567", scheme=Scheme.PHONE, verified=True),)),
    ]
    main = chosen(Field.EMAIL, profiles, DEFAULTS)
    assert (main.value, main.rule, main.others) == ("b@x.example", Ground.MOST_FREQUENT, ("a@x.example",))
    verified = [*profiles, profile(4, identifiers=(identifier("c@x.example", verified=True),))]
    assert chosen(Field.EMAIL, verified, DEFAULTS).value == "c@x.example"
    assert chosen(Field.PHONE, profiles, DEFAULTS).rule is Ground.ONLY


def test_of_addresses_that_nothing_tells_apart_the_first_in_order_is_shown() -> None:
    both = profile(1, identifiers=(identifier("b@x.example"), identifier("a@x.example")))
    found = chosen(Field.EMAIL, [both], DEFAULTS)
    assert (found.value, found.rule) == ("a@x.example", Ground.CONTENT)


def test_a_name_that_lost_by_its_writing_says_so() -> None:
    profiles = [profile(n, name=name) for n, name in enumerate(["MÄKINEN ANNA", "MÄKINEN ANNA", "Anna Mäkinen", "Bo"])]
    found = chosen(Field.NAME, profiles, DEFAULTS)
    assert (found.value, found.rule) == ("Anna Mäkinen", Ground.MOST_FREQUENT)
    assert {x.value: x.rule for x in found.losers} == {"MÄKINEN ANNA": Ground.BEST_WRITTEN, "Bo": Ground.MOST_FREQUENT}
    crm = [*profiles, profile(9, name="Cy", source="crm")]
    assert chosen(Field.NAME, crm, by(Field.NAME, Rule.SOURCE_PRIORITY, sources=["crm"])).value == "Cy"


def test_a_person_comes_first_and_of_several_the_newest() -> None:
    profiles = [
        language(1, "fi", corrections=(correction(1, Field.LANGUAGE, "sv"), correction(2, Field.NAME, "Anna"))),
        language(2, "en", corrections=(correction(3, Field.LANGUAGE, "en", on=2, days=1),)),
        language(3, "de", verified="a@x.example"),
    ]
    found = chosen(Field.LANGUAGE, profiles, by(Field.LANGUAGE, Rule.VERIFIED))
    assert (found.value, found.rule, found.source, found.profile_id) == ("en", Ground.CORRECTION, None, UUID(int=2))
    assert found.correction is not None
    assert (found.correction.actor, found.correction.reason) == ("key:1", "asked")
    assert (found.count, found.sources) == (1, ("shop",))  # a profile says so too
    assert [(x.value, x.rule, x.correction is not None) for x in found.losers] == [
        ("sv", Ground.CORRECTION, True),
        ("de", Ground.CORRECTION, False),
        ("fi", Ground.CORRECTION, False),
    ]
    assert chosen(Field.NAME, profiles, DEFAULTS).value == "Anna"  # though no source names them


@pytest.mark.parametrize(
    ("wanted", "sources", "said"),
    [
        ([], [], "one rule or more"),
        ([Rule.NEWEST, Rule.NEWEST], [], "each once"),
        ([Rule.SOURCE_PRIORITY], [], "go together"),
        ([Rule.NEWEST], ["crm"], "go together"),
        ([Rule.SOURCE_PRIORITY], ["crm", "crm"], "named twice"),
        ([Rule.SOURCE_PRIORITY], ["crm", "gone"], "not there"),
    ],
)
def test_a_chain_that_makes_no_sense_is_refused(wanted: list[Rule], sources: list[str], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        rules.chain(wanted, sources, known={"crm", "till"})


# what holds for all profiles and all chains

EMAILS = st.lists(
    st.builds(identifier, st.sampled_from(["a@x.example", "b@x.example", "c@x.example"]), verified=st.booleans()),
    max_size=2,
    unique_by=lambda i: i.value,
).map(tuple)
CORRECTIONS = st.lists(
    st.builds(
        correction,
        st.integers(1, 99),
        st.sampled_from([Field.NAME, Field.LANGUAGE, Field.EMAIL]),
        st.sampled_from(["fi", "Anna", "a@x.example"]),
        days=st.integers(0, 2),
    ),
    max_size=1,
).map(tuple)
PROFILES = st.lists(
    st.builds(
        profile,
        st.integers(1, 99),
        days=st.integers(0, 2),
        name=st.sampled_from([None, "Anna Mäkinen", "ANNA MÄKINEN", "Mäkinen, Anna", "Anna", "Pekka Virta"]),
        address=st.sampled_from([None, "A 1", "B 2"]),
        language=st.sampled_from([None, "fi", "sv"]),
        birth_date=st.sampled_from([None, date(1980, 1, 1), date(1990, 1, 1)]),
        source=st.sampled_from(["shop", "crm", "till"]),
        keyed=st.booleans(),
        identifiers=EMAILS,
        corrections=CORRECTIONS,
    ),
    max_size=8,
    unique_by=lambda p: p.id,
).filter(lambda ps: len({c.id for p in ps for c in p.corrections}) == sum(len(p.corrections) for p in ps))
CHAIN = st.builds(
    Chain,
    st.lists(st.sampled_from(Rule), min_size=1, max_size=5, unique=True).map(tuple),
    st.permutations(["shop", "crm", "till"]).map(tuple),
)
CHAINS = st.fixed_dictionaries(dict.fromkeys(Field, CHAIN))


@given(PROFILES, CHAINS, st.randoms())
def test_the_order_of_the_profiles_matters_to_no_chain(
    profiles: list[LinkedProfile], chains: Chains, rng: random.Random
) -> None:
    shuffled = list(profiles)
    rng.shuffle(shuffled)
    assert choose_all(shuffled, chains) == choose_all(profiles, chains)


@given(PROFILES, CHAINS)
def test_changing_the_rules_and_back_changes_nothing(profiles: list[LinkedProfile], chains: Chains) -> None:
    before = choose_all(profiles, DEFAULTS)
    choose_all(profiles, chains)
    assert choose_all(profiles, DEFAULTS) == before


@given(PROFILES, CHAINS)
def test_every_value_is_shown_or_lost_and_says_why(profiles: list[LinkedProfile], chains: Chains) -> None:
    for field, found in choose_all(profiles, chains).items():
        said = {c.value for p in profiles for c in p.corrections if c.field is field}
        if field is Field.EMAIL:
            said |= {i.value for p in profiles for i in p.identifiers}
        elif field is not Field.PHONE:
            said |= {str(v) for p in profiles if (v := getattr(p, field.value)) is not None}
        assert sorted([found.value, *found.others]) == sorted(said)
        allowed = {*(Ground(r) for r in chains[field].rules), Ground.NEWEST, Ground.CONTENT, Ground.BEST_WRITTEN}
        grounds = {found.rule, *(x.rule for x in found.losers)}
        if found.correction is not None:
            assert grounds == {Ground.CORRECTION}
        elif found.losers:
            assert grounds <= allowed
        else:
            assert found.rule is Ground.ONLY


@given(PROFILES, st.randoms())
def test_a_correction_goes_where_its_profile_goes(profiles: list[LinkedProfile], rng: random.Random) -> None:
    """Merged and parted again, each side shows what it showed."""
    cut = rng.randint(0, len(profiles))
    ones, others = profiles[:cut], profiles[cut:]
    apart = choose_all(ones, DEFAULTS), choose_all(others, DEFAULTS)
    together = choose_all(profiles, DEFAULTS)
    for field, found in together.items():
        said = [c for p in profiles for c in p.corrections if c.field is field]
        newest = max(said, key=lambda c: (c.made_at, c.id), default=None)
        assert found.correction == newest
    assert (choose_all(ones, DEFAULTS), choose_all(others, DEFAULTS)) == apart

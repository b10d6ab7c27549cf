"""Effects: two states of the same customers compared."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from cxcore.model.identifier import Scheme
from cxcore.resolve.effects import Doubt, State, effects, reviews
from cxcore.resolve.linked import LinkedProfile, ShownIdentifier
from cxcore.resolve.rules import DEFAULTS

AT = datetime(2026, 3, 1, tzinfo=UTC)
A, B, C = (UUID(int=n) for n in (101, 102, 103))


def profile(number: int, born: date, card: str, mail: str) -> LinkedProfile:
    shown = (
        ShownIdentifier(Scheme.LOYALTY, "club", card, card, verified=False),
        ShownIdentifier(Scheme.EMAIL, "", mail, mail, verified=True),
    )
    return LinkedProfile(
        UUID(int=number), "crm", "CRM", "Anna Salo", "Anna", "Salo", born, None, None, AT, AT, AT, shown
    )


ONE = profile(1, date(1980, 1, 1), "7", "a@x.example")
OTHER = profile(2, date(1981, 2, 2), "8", "b@x.example")


def test_what_one_person_hardly_has_twice_is_told() -> None:
    old, new = State({A: [ONE], B: [OTHER]}, {}, set()), State({A: [ONE, OTHER]}, {}, set())
    said = effects(old, new, DEFAULTS, leads={A: None, B: A}, known={A, B}, named={A, B}, judged=())
    (then,) = said.after
    assert [(d.doubt, d.issuer, d.values, d.known) for d in then.contradictions] == [
        (Doubt.BIRTH_DATE, "", ("1980-01-01", "1981-02-02"), False),
        (Doubt.LOYALTY, "club", ("7", "8"), False),
        (Doubt.VERIFIED_EMAIL, "", ("a@x.example", "b@x.example"), False),
    ]
    assert said.leading == ((B, A),)
    assert (said.others, said.new, said.returning) == ((), (), ())


def test_two_verified_accounts_of_one_issuer_are_told() -> None:
    def with_login(of: LinkedProfile, value: str, *, verified: bool) -> LinkedProfile:
        return replace(of, identifiers=(ShownIdentifier(Scheme.ACCOUNT, "shop", value, value, verified=verified),))

    for verified, said in ((True, [(Doubt.VERIFIED_ACCOUNT, "shop", ("1", "2"))]), (False, [])):
        same = replace(OTHER, birth_date=ONE.birth_date)
        pair = [with_login(ONE, "1", verified=verified), with_login(same, "2", verified=verified)]
        old, new = State({A: pair[:1], B: pair[1:]}, {}, set()), State({A: pair}, {}, set())
        found = effects(old, new, DEFAULTS, leads={A: None, B: A}, known={A, B}, named={A, B}, judged=())
        assert [(d.doubt, d.issuer, d.values) for d in found.after[0].contradictions] == said


def test_what_a_customer_shows_twice_today_is_known() -> None:
    third = replace(ONE, id=UUID(int=3))
    old, new = State({A: [ONE, OTHER], B: [third]}, {}, set()), State({A: [ONE, OTHER, third]}, {}, set())
    said = effects(old, new, DEFAULTS, leads={B: A}, known={A, B}, named={A}, judged=())
    assert all(d.known for d in said.after[0].contradictions)
    assert said.others == (B,)


def test_a_review_goes_on_under_the_id_that_its_customer_gets() -> None:
    assert reviews({(A, B), (B, C)}, {(A, C)}, {B: A}) == (((A, B),), ())
    assert reviews({(A, B)}, {(A, C)}, {}) == (((A, B),), ((A, C),))

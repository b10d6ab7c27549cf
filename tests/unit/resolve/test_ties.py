"""What a shared value or a home says of two people: no more than is well founded."""

from itertools import permutations

import pytest

from cxcore.model.identifier import Scheme
from cxcore.resolve import ties
from cxcore.resolve.exclusivity import MOST, Value
from cxcore.resolve.payload import payload
from cxcore.resolve.ties import FEW, Home, Person, RelationKind, Use
from support.strangers import stranger

LANDLINE: Value = (Scheme.PHONE, "", "+358912345670")
MOBILE: Value = (Scheme.PHONE, "", "+358401234567")
FAMILY: Value = (Scheme.EMAIL, "", "perhe.lehto@x.example")
INFO: Value = (Scheme.EMAIL, "", "info@firm.example")
OWN: Value = (Scheme.EMAIL, "", "anna.lehto@x.example")
BROWSER: Value = (Scheme.HANDLE, "browser", "v-9849eebda0d7")
NETWORK: Value = (Scheme.HANDLE, "mastodon", "lehto")
CARD: Value = (Scheme.LOYALTY, "club", "730123456")

FAMILY_OF_TWO = ("anna lehto", "pekka lehto")
COUPLE = ("anna lehto", "pekka virta")
GIVEN = ("aada", "cecilia", "daniel", "eemeli", "gabriel", "hilkka", "kyllikki", "noora", "quentin")
EVERYBODY = tuple(stranger(n) for n in range(1, 800, 7))


def someone(name: str, *, birth: str = "", home: str = "") -> Person:
    return ties.person([payload(name=name, birth_date=birth or None, address=home or None)])


@pytest.mark.parametrize(
    ("value", "names", "kind"),
    [
        (LANDLINE, FAMILY_OF_TWO, RelationKind.HOUSEHOLD),
        (MOBILE, FAMILY_OF_TWO, RelationKind.HOUSEHOLD),
        (BROWSER, FAMILY_OF_TWO, RelationKind.HOUSEHOLD),
        (FAMILY, FAMILY_OF_TWO, RelationKind.HOUSEHOLD),
        (FAMILY, COUPLE, RelationKind.HOUSEHOLD),  # it says that it is a family's
        (LANDLINE, COUPLE, RelationKind.SHARED_LINE),
        (MOBILE, COUPLE, RelationKind.SHARED_LINE),
        (OWN, FAMILY_OF_TWO, RelationKind.SHARED_LINE),  # a person's own mailbox may be under a pet name
        (NETWORK, FAMILY_OF_TWO, RelationKind.SHARED_LINE),
        (CARD, FAMILY_OF_TWO, RelationKind.SHARED_LINE),
        (INFO, FAMILY_OF_TWO, RelationKind.SHARED_LINE),  # a family's firm, or nobody knows
        (INFO, COUPLE, RelationKind.COMPANY),
        (LANDLINE, [*COUPLE, "liisa oja"], RelationKind.COMPANY),
        (MOBILE, [*COUPLE, "liisa oja"], RelationKind.SHARED_LINE),
        (LANDLINE, EVERYBODY[: FEW + 10], RelationKind.COMPANY),
    ],
)
def test_what_a_value_says(value: Value, names: list[str], kind: RelationKind) -> None:
    found = ties.use(value, tuple(names))
    assert found is not None
    assert found.kind is kind
    assert found.people == len(names)


@pytest.mark.parametrize("value", [LANDLINE, INFO, FAMILY, MOBILE])
@pytest.mark.parametrize(
    "names", [[], ["anna lehto"], ["anna lehto", "annika lehto"], ["anna lehto", "koskinenonn", "n n"]]
)
def test_a_value_that_one_person_named_says_nothing_of_others(value: Value, names: list[str]) -> None:
    assert ties.use(value, tuple(names)) is None


def test_a_change_of_name_makes_no_second_family() -> None:
    assert ties.use(LANDLINE, ("anna oja", "anna lehto", "pekka lehto")) == Use(2, RelationKind.HOUSEHOLD)


def test_what_everybody_shows_is_no_companys() -> None:
    for value in (LANDLINE, INFO):
        assert ties.use(value, EVERYBODY) == Use(MOST, RelationKind.SHARED_LINE)


def test_more_than_a_few_of_one_name_are_no_household() -> None:
    many = [f"{given} lehto" for given in GIVEN]
    assert ties.use(LANDLINE, tuple(many[:FEW])) == Use(FEW, RelationKind.HOUSEHOLD)
    assert ties.use(LANDLINE, tuple(many)) == Use(FEW + 1, RelationKind.SHARED_LINE)
    assert ties.use(FAMILY, tuple(many)) == Use(FEW + 1, RelationKind.SHARED_LINE, says_so=True)


def test_the_order_of_names_does_not_matter() -> None:
    names = ["anna oja", "anna lehto", "pekka lehto", "liisa salo"]
    assert len({ties.use(LANDLINE, order) for order in permutations(names)}) == 1


ANNA, PEKKA = someone("Anna Lehto"), someone("Pekka Lehto")


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        ("Pekka Lehto", RelationKind.HOUSEHOLD),
        ("Pekka Virta", RelationKind.SHARED_LINE),
        ("Anski Lehto", RelationKind.SHARED_LINE),  # may be Anna's pet name
    ],
)
def test_a_familys_line_makes_relatives_of_those_who_bear_the_name(other: str, kind: RelationKind) -> None:
    use = Use(2, RelationKind.HOUSEHOLD)
    assert ties.between(use, ANNA, someone(other), apart=False) is kind
    assert ties.between(use, someone(other), ANNA, apart=False) is kind


def test_a_double_name_is_of_both_families() -> None:
    double = ties.person([payload(given_name="Pekka", family_name="Oja-Lehto")])
    assert ties.between(Use(2, RelationKind.HOUSEHOLD), ANNA, double, apart=False) is RelationKind.HOUSEHOLD


def test_a_person_who_decided_that_they_are_two_is_believed() -> None:
    use = Use(2, RelationKind.HOUSEHOLD)
    twin = someone("Anna Lehto")
    assert ties.perhaps_one(ANNA, twin)
    assert ties.between(use, ANNA, twin, apart=True) is RelationKind.HOUSEHOLD
    assert ties.use(MOBILE, ("anna lehto",), known=2) == Use(2, RelationKind.HOUSEHOLD)


def test_of_somebody_without_a_name_it_is_only_known_that_they_use_it() -> None:
    nobody = ties.person([payload(identifiers=[LANDLINE])])
    for kind in RelationKind:
        assert ties.between(Use(4, kind), nobody, PEKKA, apart=False) is RelationKind.SHARED_LINE


@pytest.mark.parametrize(
    ("one", "other", "perhaps"),
    [
        ("Anna Lehto", "Annika Lehto", True),
        ("Anna Lehto", "A. Lehto", False),  # an initial is nobody known
        ("Anna Lehto", "Lehto Anna", True),
        ("Anna Lehto", "Anna Virta", False),
        ("Anna Lehto", "Pekka Lehto", False),
    ],
)
def test_who_could_be_one_person_by_name(one: str, other: str, perhaps: bool) -> None:
    assert ties.perhaps_one(someone(one), someone(other)) is perhaps


def test_years_of_birth_tell_father_and_son_apart() -> None:
    father, son = someone("Pekka Lehto", birth="1950-05-01"), someone("Pekka Lehto", birth="1980-05-01")
    assert not ties.perhaps_one(father, son)
    assert ties.between(Use(2, RelationKind.HOUSEHOLD), father, son, apart=False) is RelationKind.HOUSEHOLD


@pytest.mark.parametrize(
    ("one", "other", "at_home"),
    [
        ("Kuja 1 A 2, 00100 Helsinki", "kuja 1 a 2, 00100 HELSINKI", True),
        ("Kuja 1 A 2, 00100 Helsinki", "Kuja 1 A 2, Helsinki", True),
        ("Kuja 1 A 2, 00100 Helsinki", "Kuja 1 A 2, 33100 Tampere", False),
        ("Kuja 1 A 2, 00100 Helsinki", "Kuja 1 A 3, 00100 Helsinki", False),
        ("Kuja 1 A 2", "Kuja 1 A 2", False),  # in which town?
        ("Kuja 1 A 2, 00100 Helsinki", "", False),
    ],
)
def test_a_home_is_one_place(one: str, other: str, at_home: bool) -> None:
    a, b = someone("Anna Lehto", home=one), someone("Pekka Lehto", home=other)
    found = ties.home(a, b, apart=False)
    assert (found is not None) is at_home
    if found is not None:
        assert found == Home("kuja 1 a 2", "00100", "helsinki")


def test_at_one_address_only_who_bears_the_name_is_of_the_household() -> None:
    home = "Kuja 1 A 2, 00100 Helsinki"
    anna = someone("Anna Lehto", home=home)
    assert ties.home(anna, someone("Pekka Virta", home=home), apart=False) is None
    assert ties.home(anna, someone("Anski Lehto", home=home), apart=False) is None
    assert ties.home(anna, someone("Anski Lehto", home=home), apart=True) is not None

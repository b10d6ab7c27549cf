"""The demo's report: what it counts as glued."""

from cxdemo.report import Contacts, Kin, kin, report

TRUTH = {
    "people": [{"id": p, "name": n} for p, n in (("a", "Anna"), ("b", "Bo"), ("c", "Cia"), ("d", "Cia"))],
    "households": [{"people": ["a", "b"]}],
    "switchboards": [{"people": ["b", "c"]}],
    "recycled_numbers": [{"first": "c", "second": "d"}],
    "records": {
        "chat": {"m1": "a", "m2": "b", "m3": None},
        "mail": {"inbox/<x@y>": "a"},
        "calls": {"1": "c", "2": "d"},
        "social": {},
        "stays": {},
        "arrivals": {},
        "orders": {},
        "loyalty": {},
    },
}


def test_a_household_glued_together_is_counted() -> None:
    found = report(
        [
            ("chat", "m1", "p1", "k", True),
            ("chat", "m2", "p2", "k", True),
            ("mail", "x@y#0", "p3", "k", True),
            ("chat", "m3", "p9", "k", True),
            ("calls", "1", "p4", "l", True),
            ("calls", "2", "p5", "l", False),
        ],
        TRUTH,
    )
    assert (found.households, found.firms, found.recycled) == ((1, 1), (0, 0), (1, 0))
    assert found.precision == 1 / 4
    assert found.recall == 1.0
    assert found.distinct == found.named == 1 / 3
    assert found.wrong == (("a", "b"), ("c", "d"))


def test_contacts_without_a_name_are_counted_by_themselves() -> None:
    found = report(
        [
            ("chat", "m1", "p1", "k", True),
            ("mail", "x@y#0", "p3", "k", False),
            ("calls", "1", "p4", "l", True),
            ("calls", "2", "p5", "l", False),
            ("chat", "m2", "p2", "m", False),
        ],
        TRUTH,
    )
    assert found.contacts == Contacts(given=2, rightly=1, waiting=1)
    assert found.named == 1.0


def test_households_that_are_shown_are_held_against_the_sheet() -> None:
    found = [
        ("chat", "m1", "p1", "k", True),
        ("chat", "m2", "p2", "l", True),
        ("mail", "x@y#0", "p3", "m", True),
        ("calls", "1", "p4", "n", True),
        ("calls", "2", "p5", "o", False),
    ]
    shown = [("line", "p1"), ("line", "p2"), ("other", "p4"), ("other", "p5")]
    assert kin([], shown, found, TRUTH) == Kin(said=0, rightly=0, known=1, tied=1, found=0)
    right, wrong, oneself, nameless = ("l", "k"), ("l", "n"), ("k", "m"), ("n", "o")
    assert kin([right, right[::-1], wrong, oneself, nameless], shown, found, TRUTH) == Kin(3, 1, 1, 1, 1)
    assert kin([right], shown[:1], found, TRUTH) == Kin(said=1, rightly=1, known=1, tied=0, found=0)

"""The demo's report: what it counts as glued."""

from cxdemo.report import report

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
            ("chat", "m1", "p1", "k"),
            ("chat", "m2", "p2", "k"),
            ("mail", "x@y#0", "p3", "k"),
            ("chat", "m3", "p9", "k"),
            ("calls", "1", "p4", "l"),
            ("calls", "2", "p5", "l"),
        ],
        TRUTH,
    )
    assert (found.households, found.firms, found.recycled) == (1, 0, 1)
    assert found.precision == 1 / 4
    assert found.recall == 1.0
    assert found.distinct == 1 / 3
    assert found.wrong == (("a", "b"), ("c", "d"))

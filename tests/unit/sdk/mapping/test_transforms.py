"""Every transform, with what it takes and what it refuses."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cxcore.sdk.mapping.transforms import TRANSFORMS, Unfit, as_date, as_text, bound

HELSINKI = ZoneInfo("Europe/Helsinki")

GOOD: list[tuple[str, Any, Any, Any]] = [
    ("strip", None, "  a b ", "a b"),
    ("strip", None, "  ", None),
    ("strip", None, 12, "12"),
    ("lower", None, "ÄB", "äb"),
    ("lower", None, ["A", None, "B"], ["a", "b"]),
    ("upper", None, "äb", "ÄB"),
    ("int", None, " 1 200 ", 1200),
    ("int", None, "7.0", 7),
    ("int", None, 7, 7),
    ("decimal", None, "1,234.50", 1234.5),
    ("decimal", ",", "1.234,50", 1234.5),
    ("decimal", ",", "\u22121\u00a0200", -1200),
    ("decimal", None, 12, 12),
    ("bool", None, "Kyllä", True),
    ("bool", None, 0, False),
    ("bool", None, True, True),
    ("bool", None, "", False),
    ("datetime", None, "2026-01-05T10:00:00Z", datetime(2026, 1, 5, 10, tzinfo=UTC)),
    ("datetime", None, "2026-01-05 10:00", datetime(2026, 1, 5, 8, tzinfo=UTC)),
    ("datetime", None, "2026-07-05", datetime(2026, 7, 4, 21, tzinfo=UTC)),
    ("datetime", "%d.%m.%Y %H.%M", "5.1.2026 10.00", datetime(2026, 1, 5, 8, tzinfo=UTC)),
    ("datetime", None, "2026-10-25T03:30:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # comes twice: the first
    ("datetime", None, "2026-03-29T03:30:00", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # is left out
    ("date", None, "1980-02-29", date(1980, 2, 29)),
    ("date", None, "1980-02-29T23:00:00Z", date(1980, 2, 29)),
    ("date", "%d.%m.%Y", "29.2.1980", date(1980, 2, 29)),
    ("epoch_s", None, 1767600000, datetime(2026, 1, 5, 8, tzinfo=UTC)),
    ("epoch_s", None, "1767600000.5", datetime(2026, 1, 5, 8, 0, 0, 500_000, tzinfo=UTC)),
    ("epoch_ms", None, "1767600000500", datetime(2026, 1, 5, 8, 0, 0, 500_000, tzinfo=UTC)),
    ("html_text", None, "<p>a &amp; b</p><style>x</style>", "a & b"),
    ("digits", None, "+358 40-12", "35840" + "12"),
    ("digits", None, "none", None),
    ("first", None, [None, "", "b", "c"], "b"),
    ("first", None, [], None),
    ("first", None, "a", "a"),
    ("join", None, ["a", None, " ", "b "], "a b"),
    ("join", ", ", ["a", 1], "a, 1"),
    ("join", None, [], None),
    ("null_if", ["-", "n/a"], " n/a ", None),
    ("null_if", ["-"], "x", "x"),
]

BAD: list[tuple[str, Any, Any, str]] = [
    ("strip", None, {"a": 1}, "not a text"),
    ("int", None, "1.5", "not a whole number"),
    ("int", None, "abc", "not a number"),
    ("int", None, True, "not a number"),
    ("int", None, "9" * 100, "not a number"),
    ("decimal", None, "12 €", "not a number"),
    ("decimal", None, "1e9", "not a number"),
    ("decimal", None, "nan", "not a number"),
    ("bool", None, "maybe", "neither true nor false"),
    ("datetime", None, "soon", "not a date"),
    ("datetime", None, 1767600000, "epoch_s"),
    ("datetime", None, ["x"], "not a date"),
    ("datetime", "%d.%m.%Y", "2026-01-05", "of the form %d"),
    ("datetime", None, "0001-01-01T00:00:00+10:00", "not a date"),
    ("date", None, "32.1.2026", "not a date"),
    ("epoch_s", None, 1767600000500, "not a time in seconds"),
    ("epoch_ms", None, "x", "not a number"),
]


@pytest.mark.parametrize(("name", "argument", "value", "expected"), GOOD)
def test_a_transform_gives(name: str, argument: Any, value: Any, expected: Any) -> None:
    found = bound(name, argument, HELSINKI)(value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(("name", "argument", "value", "problem"), BAD)
def test_a_transform_refuses_without_showing_the_value(name: str, argument: Any, value: Any, problem: str) -> None:
    with pytest.raises(Unfit) as refused:
        bound(name, argument, HELSINKI)(value)
    assert problem in str(refused.value)
    assert str(value) not in str(refused.value)


def test_every_transform_is_tested_and_documented() -> None:
    assert {name for name, *_ in GOOD} == set(TRANSFORMS)
    assert all(transform.doc for transform in TRANSFORMS.values())


def test_a_time_without_zone_needs_the_setting() -> None:
    with pytest.raises(Unfit, match="set `timezone`"):
        bound("datetime", None, None)("2026-01-05T10:00:00")


@pytest.mark.parametrize(("value", "text"), [(True, "true"), (1.0, "1"), (1.5, "1.5"), (10**20, "1" + "0" * 20), (date(2026, 1, 5), "2026-01-05")])  # fmt: skip
def test_numbers_and_dates_have_one_text(value: Any, text: str) -> None:
    assert as_text(value) == text


def test_a_time_has_a_day() -> None:
    assert as_date(datetime(2026, 1, 5, 23, tzinfo=UTC)) == date(2026, 1, 5)

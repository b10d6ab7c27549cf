"""Fields: what a person types is read as the sources' values are, or refused with a word on what is expected."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.errors import InvalidInput
from cxcore.resolve.fields import MOST, Field, read

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        (Field.NAME, "  Anna   Mäkinen ", "Anna Mäkinen"),
        (Field.NAME, "Ma\u0308kinen", "Mäkinen"),
        (Field.NAME, "李小龍", "李小龍"),
        (Field.BIRTH_DATE, "1980-02-29", "1980-02-29"),
        (Field.BIRTH_DATE, "2026-03-01", "2026-03-01"),
        (Field.EMAIL, " Anna@X.Example ", "anna@x.example"),
        (Field.PHONE, "040 123 4567", "+358401234567"),
        (Field.PHONE, "+46 70 123 45 67", "+46701234567"),
        (Field.LANGUAGE, "SV-fi", "sv-FI"),
        (Field.LANGUAGE, "zh-HANT-tw", "zh-Hant-TW"),
        (Field.ADDRESS, "Kuja 1\n00100 Helsinki", "Kuja 1 00100 Helsinki"),
    ],
)
def test_a_value_is_kept_as_the_sources_values_are(field: Field, typed: str, kept: str) -> None:
    assert read(field, typed, region="FI", today=TODAY) == kept


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        *((field, typed) for field in Field for typed in ("", "  \n ", "a" * (MOST + 1))),
        (Field.NAME, "123"),
        (Field.NAME, "a" * 301),
        (Field.BIRTH_DATE, "31.12.1980"),
        (Field.BIRTH_DATE, "1980-02-30"),
        (Field.BIRTH_DATE, "19801231"),
        (Field.BIRTH_DATE, "1980-W01-1"),
        (Field.BIRTH_DATE, "2026-03-02"),
        (Field.BIRTH_DATE, "1799-01-01"),
        (Field.BIRTH_DATE, "\u0661\u0669\u0668\u0660-\u0660\u0661-\u0660\u0661"),
        (Field.EMAIL, "liisa"),
        (Field.EMAIL, "a@x.example, b@x.example"),
        (Field.EMAIL, "noreply@x.example"),
        (Field.PHONE, "99"),
        (Field.PHONE, "+999 123 456 789"),
        (Field.LANGUAGE, "finnish!"),
        (Field.LANGUAGE, "suomi"),
    ],
)
def test_what_is_no_such_value_is_refused_and_not_repeated(field: Field, typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(field, typed, region="FI", today=TODAY)
    assert refused.value.hint
    assert not typed.strip() or typed not in str(refused.value)


@given(st.sampled_from(Field), st.text(max_size=30))
def test_reading_twice_is_reading_once(field: Field, typed: str) -> None:
    try:
        kept = read(field, typed, region="FI", today=TODAY)
    except InvalidInput:
        return
    assert read(field, kept, region="FI", today=TODAY) == kept

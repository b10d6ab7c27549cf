"""Fields: what is shown of a customer as one value each, and how a person's own writing of it is read. Pure."""

import re
from datetime import date
from enum import StrEnum

from cxcore.errors import InvalidInput
from cxcore.normalise import identifiers, names
from cxcore.normalise.texts import clean


class Field(StrEnum):
    """What is shown of a customer, in the order of the page; email and phone are the main ones."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    LANGUAGE = "language"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"


MOST = 1000
"""Characters of a value."""
_MOST_NAME = 300
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIRST_YEAR = 1850
_BCP47 = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_SCRIPT, _COUNTRY = 4, 2
_EXPECTED = {
    Field.NAME: f"Write a name with letters, of at most {_MOST_NAME} characters.",
    Field.EMAIL: "Write one address like anna@example.org, not a role's such as noreply@.",
    Field.PHONE: "Write a number that can exist, with its country code: +358 40 1234567.",
    Field.LANGUAGE: "Write a tag as of BCP 47: fi, sv-FI.",
    Field.BIRTH_DATE: "Write a day that has been, as 1980-12-31.",
    Field.ADDRESS: "Write it on one line.",
}


def read(field: Field, text: str, *, region: str, today: date) -> str:
    """A value of the field as it is kept: white space folded, normalised as the sources' values are.

    A date of birth is ISO 8601, a phone number E.164 (``region`` is whose national numbers are meant), a language a tag
    as of BCP 47.

    Raises:
        InvalidInput: it is none; the message says what is expected and repeats nothing.
    """
    value = " ".join(clean(text).split())
    if not value or len(value) > MOST:
        raise InvalidInput("A value is needed.", hint=f"Write one of 1 to {MOST} characters.")
    found = _normalised(field, value, region, today)
    if found is None:
        raise InvalidInput(f"That is no {field.replace('_', ' ')}.", hint=_EXPECTED[field])
    return found


def _normalised(field: Field, value: str, region: str, today: date) -> str | None:
    match field:
        case Field.NAME:
            return value if names.name_key(value) and len(value) <= _MOST_NAME else None
        case Field.EMAIL:
            return identifiers.email(value)
        case Field.PHONE:
            return identifiers.phone(value, region)
        case Field.LANGUAGE:
            return _language(value)
        case Field.BIRTH_DATE:
            return _birth_date(value, today)
        case Field.ADDRESS:
            return value


def _birth_date(value: str, today: date) -> str | None:
    if not _DATE.fullmatch(value) or not value.isascii():
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return value if day.year >= _FIRST_YEAR and day <= today else None


def _language(value: str) -> str | None:
    """The tag in the case that RFC 5646, section 2.1.1, recommends."""
    if not _BCP47.fullmatch(value):
        return None
    first, *rest = value.split("-")
    cased = [p.title() if len(p) == _SCRIPT else p.upper() if len(p) == _COUNTRY else p.lower() for p in rest]
    return "-".join([first.lower(), *cased])

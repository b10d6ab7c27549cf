"""Profiles as survivorship sees them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cxcore.resolve.linked import LinkedProfile

AT = datetime(2026, 3, 1, tzinfo=UTC)


def profile(number: int = 1, *, days: int = 0, **values: Any) -> LinkedProfile:
    """One that shows nothing but what is given, seen ``days`` after the first of March."""
    blank = LinkedProfile(
        id=UUID(int=number),
        source="shop",
        source_name="Shop",
        name=None,
        given_name=None,
        family_name=None,
        birth_date=None,
        language=None,
        address=None,
        observed_at=AT + timedelta(days=days),
        received_at=AT,
        since=AT,
        identifiers=(),
    )
    return replace(blank, **values)

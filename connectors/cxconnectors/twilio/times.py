"""Times as Twilio writes them."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def moment(text: object) -> datetime | None:
    """A time of RFC 2822 in UTC; None where there is none, or none that can be read."""
    try:
        found = parsedate_to_datetime(text) if isinstance(text, str) else None
    except (ValueError, OverflowError):
        return None
    if found is None:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)

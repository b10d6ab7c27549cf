"""How long a source is waited for, how much is taken from it, and how often it is asked again."""

import email.utils
import random
import re
import time
from dataclasses import dataclass

PATIENCE = 30.0
"""Seconds that a source may ask to wait within a pull; what it asks beyond goes back to the engine."""
ATTEMPTS = 3
MIB = 1024 * 1024
_SECONDS = re.compile("[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Limits:
    """Walls against a server that is slow, endless or hostile. Times in seconds.

    ``whole`` stays below the time for which a pull claims its source, so that no two workers pull one source at once.
    """

    most_bytes: int = 20 * MIB
    """Of a body, as sent and as decompressed."""
    connect: float = 10.0
    """For a connection."""
    first: float = 40.0
    """From the request to the end of the answer's headers."""
    request: float = 120.0
    """For one request with its answer."""
    whole: float = 200.0
    """For all attempts at a request, with the waiting between them."""
    window: float = 15.0
    """In each of so many seconds, ``progress`` bytes of a body must come."""
    progress: int = 4096


def retry_after(value: str | None) -> float | None:
    """Seconds that ``Retry-After`` (RFC 9110, seconds or a date) asks for; None when it asks for nothing sensible."""
    if value is None:
        return None
    if _SECONDS.fullmatch(value.strip()):
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def backoff(attempt: int) -> float:
    """Seconds before the attempt with this number (from 1): full jitter over a doubling range."""
    return random.uniform(0, 0.5 * 2**attempt)  # noqa: S311 - no secret

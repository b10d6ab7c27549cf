"""When a delivery is tried again, how long a webhook that fails is left alone, and when it is paused."""

import random
from datetime import timedelta

from cxcore.events import feed

DELAYS = tuple(timedelta(seconds=s) for s in (5, 300, 1800, 7200, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600))
"""After the first, second, ... attempt: ten within 75 hours, as Standard Webhooks recommends."""
ATTEMPTS = len(DELAYS) + 1
DOUBT = 10
"""Failures in a row after which a webhook is asked with one delivery at a time, and rests between."""
PAUSED_AFTER = sum(DELAYS, timedelta())
"""Of nothing but failures: then nothing more is sent until somebody enables the webhook again."""
KEPT = feed.KEPT
"""For how long the log of deliveries can be read: as long as their events."""
_REST, _MOST_REST = 5.0, 300.0
_JITTER = 0.1


def again(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None: it was the last."""
    if attempts >= ATTEMPTS:
        return None
    return DELAYS[attempts - 1] * random.uniform(1.0, 1.0 + _JITTER)  # noqa: S311 - no secret


def rest(failures: int) -> timedelta | None:
    """How long to leave a webhook alone after so many failures in a row: five minutes at most; None: not at all."""
    if failures < DOUBT:
        return None
    most = min(_MOST_REST, _REST * 2 ** min(failures - DOUBT, 10))
    return timedelta(seconds=random.uniform(most / 2, most))  # noqa: S311 - no secret

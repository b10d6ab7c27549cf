"""Times as sources write them in requests, rounded so that nothing falls between two requests."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST = datetime(1, 1, 1, tzinfo=UTC)
_SECOND, _MILLISECOND = timedelta(seconds=1), timedelta(milliseconds=1)


def unit(form: str) -> timedelta:
    """The smallest step of time that a form can write."""
    return _MILLISECOND if form in {"iso_ms", "epoch_ms"} else _SECOND


def floor(at: datetime, form: str) -> datetime:
    """The time as the form can write it, never later."""
    step = unit(form)
    return EPOCH + (at - EPOCH) // step * step


def earlier(at: datetime, by: timedelta) -> datetime:
    """The time ``by`` before, or the first there is: some systems write the year 1 for "never"."""
    return at - by if at - FIRST > by else FIRST


def lower(at: datetime, form: str, *, inclusive: bool, precision: timedelta = timedelta(0)) -> datetime:
    """The bound to ask from, so that what changed at ``at`` is in the answer whether the source means > or >=.

    ``precision``: how coarsely the source compares, if more so than the form can write: by days, for instance.
    """
    bound = floor(at, form)
    return bound if inclusive else earlier(bound, max(unit(form), precision))


def upper(at: datetime, form: str) -> datetime:
    """The bound to ask up to, never earlier than ``at``."""
    bound = floor(at, form)
    return bound if bound == at else bound + unit(form)


def written(at: datetime, form: str) -> str | int:
    """``iso`` 2026-01-31T09:30:00Z, ``iso_ms`` with milliseconds, ``epoch_s``, ``epoch_ms``, or a strftime form; in UTC."""
    at = at.astimezone(UTC)
    if form in {"epoch_s", "epoch_ms"}:
        return (at - EPOCH) // unit(form)
    if form in {"iso", "iso_ms"}:
        spec = "milliseconds" if form == "iso_ms" else "seconds"
        return at.replace(tzinfo=None).isoformat(timespec=spec) + "Z"
    return at.strftime(form)

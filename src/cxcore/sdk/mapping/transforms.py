"""The closed list of transforms that a mapping may name, each a pure function with a sentence of documentation."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from cxcore.sdk.html import html_to_text

__all__ = ["TRANSFORMS", "Transform", "Unfit", "as_date", "as_datetime", "as_int", "as_text", "bound"]

Function = Callable[[Any], Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXACT = 1e15
_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?")
_TRUE = frozenset({"true", "t", "1", "yes", "y", "on", "x", "kyllä", "ja", "joo", "wahr"})
_FALSE = frozenset({"false", "f", "0", "no", "n", "off", "", "ei", "nej", "nein", "falsch"})


class Unfit(ValueError):
    """The value is not what the transform takes; the message says what it is not, never the value."""


def as_text(value: Any) -> str:
    """Texts as they are, numbers in plain digits, true and false in JSON's words."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise Unfit("not a text")


def as_int(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    number = as_decimal(value, ".")
    if number != number.to_integral_value():
        raise Unfit("not a whole number")
    return int(number)


def as_decimal(value: Any, point: str) -> Decimal:
    if isinstance(value, bool):
        raise Unfit("not a number")
    text = as_text(value).strip().replace("\u2212", "-")
    group = "." if point == "," else ","
    for space in (" ", "\u00a0", "\u202f", "'"):
        text = text.replace(space, "")
    text = text.replace(group, "").replace(point, ".")
    if not _NUMBER.fullmatch(text):
        raise Unfit("not a number")
    return Decimal(text)


def _decimal(value: Any, argument: Any, _zone: ZoneInfo | None) -> int | float:
    """As a number that JSON can hold: whole where it is whole."""
    try:
        number = as_decimal(value, argument or ".")
        return int(number) if number == number.to_integral_value() else float(number)
    except InvalidOperation as exc:
        raise Unfit("not a number") from exc


def as_datetime(value: Any, form: str | None, zone: ZoneInfo | None) -> datetime:
    """An aware UTC time from ISO 8601 or by a ``strptime`` form.

    A time without zone is read in ``zone``. In the hour that comes twice in autumn it is the first; in the hour that
    spring leaves out it is what the clock would have shown had it not been moved.
    """
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, str):
        try:
            text = value.strip()
            moment = datetime.strptime(text, form) if form else datetime.fromisoformat(text)  # noqa: DTZ007 - zone below
        except (ValueError, OverflowError, re.error) as exc:
            raise Unfit("not a date" if not form else f"not a date of the form {form}") from exc
    elif isinstance(value, int | float):
        raise Unfit("a number is not a date, say epoch_s or epoch_ms")
    else:
        raise Unfit("not a date")
    if moment.tzinfo is None:
        if zone is None:
            raise Unfit("the time has no zone, set `timezone` of the source")
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(UTC)
    except (OverflowError, ValueError) as exc:
        raise Unfit("not a date") from exc


def as_date(value: Any, form: str | None = None) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        text = as_text(value).strip()
        if form:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no zone
        return datetime.fromisoformat(text).date() if len(text) > 10 else date.fromisoformat(text)  # noqa: PLR2004
    except (ValueError, OverflowError, re.error) as exc:
        raise Unfit("not a date" if not form else f"not a date of the form {form}") from exc


def _epoch(value: Any, _argument: Any, _zone: ZoneInfo | None, *, per_second: int) -> datetime:
    try:
        number = as_decimal(value, ".")
        return _EPOCH + timedelta(microseconds=int(number * (1_000_000 // per_second)))
    except (InvalidOperation, OverflowError) as exc:
        raise Unfit("not a time in milliseconds" if per_second > 1 else "not a time in seconds") from exc


def _bool(value: Any, _argument: Any, _zone: ZoneInfo | None) -> bool:
    word = as_text(value).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise Unfit("neither true nor false")


def _first(value: Any, _argument: Any, _zone: ZoneInfo | None) -> Any:
    items = value if isinstance(value, list) else [value]
    return next((item for item in items if item is not None and item != ""), None)


def _join(value: Any, argument: Any, _zone: ZoneInfo | None) -> str | None:
    items = value if isinstance(value, list) else [value]
    return (" " if argument is None else argument).join(
        text for item in items if item is not None and (text := as_text(item).strip())
    ) or None


def _null_if(value: Any, argument: Any, _zone: ZoneInfo | None) -> Any:
    return None if as_text(value).strip() in argument else value


def _html(value: Any, _argument: Any, _zone: ZoneInfo | None) -> str:
    return html_to_text(as_text(value))


@dataclass(frozen=True, slots=True)
class Transform:
    """``apply(value, argument, zone)`` never sees None. ``argument``: "no", "may" or "must" be given, as which type."""

    doc: str
    apply: Callable[[Any, Any, ZoneInfo | None], Any]
    argument: str = "no"
    kind: type = str
    on_list: bool = False


TRANSFORMS: dict[str, Transform] = {
    "strip": Transform(
        "text without blanks around it; empty becomes nothing", lambda v, _a, _z: as_text(v).strip() or None
    ),
    "lower": Transform("text in small letters", lambda v, _a, _z: as_text(v).lower()),
    "upper": Transform("text in capitals", lambda v, _a, _z: as_text(v).upper()),
    "int": Transform("whole number", lambda v, _a, _z: as_int(v)),
    "decimal": Transform('number; {decimal = ","} for a decimal comma', _decimal, "may"),
    "bool": Transform("true for true, 1, yes, y, on, x, kyllä, ja; false for false, 0, no, n, off, ei, nej", _bool),
    "datetime": Transform("time from ISO 8601, or by a strptime form", as_datetime, "may"),
    "date": Transform("day from ISO 8601, or by a strptime form", lambda v, a, _z: as_date(v, a), "may"),
    "epoch_s": Transform("time from seconds since 1970", partial(_epoch, per_second=1)),
    "epoch_ms": Transform("time from milliseconds since 1970", partial(_epoch, per_second=1000)),
    "html_text": Transform("what a reader of the HTML sees", _html),
    "digits": Transform("only the digits", lambda v, _a, _z: re.sub(r"\D", "", as_text(v), flags=re.ASCII) or None),
    "first": Transform("first item of a list that is not empty", _first, on_list=True),
    "join": Transform(
        "items of a list as one text, with a blank or the given text between", _join, "may", on_list=True
    ),
    "null_if": Transform("nothing, if the text is one of those listed", _null_if, "must", list),
}


def bound(name: str, argument: Any, zone: ZoneInfo | None) -> Function:
    """A transform with its argument, from value to value; a list is transformed item by item, but by first and join."""
    transform = TRANSFORMS[name]
    apply = transform.apply
    if transform.on_list:
        return lambda value: apply(value, argument, zone)

    def one_or_each(value: Any) -> Any:
        if isinstance(value, list):
            return [apply(item, argument, zone) for item in value if item is not None]
        return apply(value, argument, zone)

    return one_or_each

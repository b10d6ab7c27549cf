"""Compiled values of a mapping: from a row to what one field of the target takes."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from cxcore.sdk.errors import RecordRejected
from cxcore.sdk.mapping.expression import FAULTS, Lookup, compiled, is_plain
from cxcore.sdk.mapping.language import Value
from cxcore.sdk.mapping.transforms import Unfit, as_date, as_datetime, as_int, as_text, bound
from cxcore.sdk.plain_text import clean

T = TypeVar("T")


class Misfit(RecordRejected):
    """One field of a row cannot be made: "occurred_at: not a date"."""

    def __init__(self, target: str, problem: str) -> None:
        super().__init__(f"{target}: {problem}")


def _joined(expressions: tuple[str, ...], sep: str) -> Lookup:
    lookups = [compiled(expression) for expression in expressions]

    def join(row: Any) -> str | None:
        parts = (lookup(row) for lookup in lookups)
        return sep.join(t for part in parts if part is not None and (t := as_text(part).strip())) or None

    return join


def _source(value: Value) -> Lookup:
    if value.path is not None:
        return compiled(value.path)
    if value.join is not None:
        return _joined(value.join, value.sep)
    const = value.const
    return lambda _row: const


def raw_value(value: Value, target: str, zone: ZoneInfo | None) -> Lookup:
    """The value as the mapping makes it, still of any type; None where there is nothing.

    The function raises Misfit, which names ``target`` and never shows the value.
    """
    source = _source(value)
    steps = [bound(use.name, use.argument, zone) for use in value.uses]
    table, default, has_default = value.map, value.default, "default" in value.model_fields_set

    def evaluate(row: Any) -> Any:
        try:
            found = source(row)
            for step in steps:
                if found is None:
                    break
                found = step(found)
            if table is not None and found is not None:
                found = _mapped(table, as_text(found), has_default=has_default)
        except Unfit as exc:
            raise Misfit(target, str(exc)) from None  # the cause would show the value
        except FAULTS as exc:
            raise Misfit(target, f"cannot be worked out ({type(exc).__name__})") from None
        return default if found is None else found

    if steps or table is not None or has_default:
        return evaluate
    return source if value.path is not None and is_plain(value.path) else _guarded(source, target)


def _mapped(table: dict[str, Any], word: str, *, has_default: bool) -> Any:
    if word not in table and not has_default:
        raise Unfit("the value is not in the map")
    return table.get(word)


def _guarded(source: Lookup, target: str) -> Lookup:
    def evaluate(row: Any) -> Any:
        try:
            return source(row)
        except Unfit as exc:
            raise Misfit(target, str(exc)) from None
        except FAULTS as exc:
            raise Misfit(target, f"cannot be worked out ({type(exc).__name__})") from None

    return evaluate


def _finished(lookup: Lookup, target: str, finish: Callable[[Any], T]) -> Callable[[Any], T | None]:
    def evaluate(row: Any) -> T | None:
        found = lookup(row)
        if found is None or found == "":
            return None
        try:
            return finish(found)
        except FAULTS as exc:
            raise Misfit(target, str(exc) if isinstance(exc, Unfit) else "does not fit") from None

    return evaluate


def _line(value: Any) -> str | None:
    text = value if isinstance(value, str) else as_text(value)
    return clean(text).strip() or None


def text(value: Value, target: str, zone: ZoneInfo | None) -> Callable[[Any], str | None]:
    """A text, stripped and clean; None where nothing is left."""
    lookup = raw_value(value, target, zone)
    other = _finished(lambda found: found, target, _line)

    def evaluate(row: Any) -> str | None:
        found = lookup(row)
        if type(found) is str and found.isascii() and "\x00" not in found:
            return found.strip() or None  # most are; no more calls for them
        return other(found)

    return evaluate


def moment(value: Value, target: str, zone: ZoneInfo | None) -> Callable[[Any], datetime | None]:
    """A UTC time; ISO 8601 needs no transform."""
    return _finished(raw_value(value, target, zone), target, partial(_as_moment, zone))


def _as_moment(zone: ZoneInfo | None, value: Any) -> datetime:
    return as_datetime(value, None, zone)


def day(value: Value, target: str, zone: ZoneInfo | None) -> Callable[[Any], date | None]:
    return _finished(raw_value(value, target, zone), target, as_date)


def whole(value: Value, target: str, zone: ZoneInfo | None) -> Callable[[Any], int | None]:
    return _finished(raw_value(value, target, zone), target, as_int)


def texts(value: Value, target: str, zone: ZoneInfo | None) -> Callable[[Any], list[str]]:
    """All texts of a value that may be a list."""
    lookup = raw_value(value, target, zone)

    def evaluate(row: Any) -> list[str]:
        found = lookup(row)
        if found is None or found == "":
            return []
        if isinstance(found, str):
            line = _line(found)
            return [line] if line else []
        try:
            return [
                t for item in (found if isinstance(found, list) else [found]) if item is not None and (t := _line(item))
            ]
        except Unfit as exc:
            raise Misfit(target, str(exc)) from None

    return evaluate


def json_value(found: Any) -> Any:
    """A JSON value with clean texts; times as ISO texts."""
    if isinstance(found, str):
        return clean(found)
    if isinstance(found, datetime | date):
        return found.isoformat()
    if isinstance(found, list):
        return [json_value(item) for item in found]
    if isinstance(found, dict):
        return {clean(str(key)): json_value(item) for key, item in found.items()}
    return found

"""Masks: what each role does not see, in one table, taken out of everything that is answered or shown to it."""

import dataclasses
import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from cxcore.auth.policy import AccessRole

HIDDEN = "•••"
"""What stands where a value is not shown."""


class Masked(StrEnum):
    """What can be hidden of a customer. Of an address of mail the first letter and the domain stay, of a phone number the
    last three digits; of what was said among colleagues nothing but that it was."""

    EMAIL = "email"
    PHONE = "phone"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    INTERNAL = "internal"


MASKS: Mapping[AccessRole, frozenset[Masked]] = MappingProxyType({
    AccessRole.FRONT_DESK: frozenset(Masked),
    AccessRole.AGENT: frozenset({Masked.BIRTH_DATE}),
    AccessRole.STEWARD: frozenset(),
    AccessRole.ADMIN: frozenset(),
    AccessRole.SERVICE: frozenset(),
})  # fmt: skip
"""What each role does not see."""

_EMAIL = re.compile(r"(?<![^\s@<>\"'(),;:])([^\s@<>\"'(),;:])[^\s@<>\"'(),;:]*@(?=[^\s@<>\"'(),;:]+\.\w)")
_PHONE = re.compile(
    r"(?<![\w+])(?:(?:\+|00)\d[\d ().\-/\u00a0]{4,24}|0\d[\d ()\-/\u00a0]{3,24}|\d{7,12})(\d{3})(?![\w@]|[:.]\d|-\w)"
)
_NO_WORDS = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-]\d\d:\d\d)?)?", re.IGNORECASE
)
"""An id or a time, in which digits are no phone number's."""
_NAMING = ("field", "name", "doubt", "attribute", "scheme")
_OF_A_FIELD = frozenset({"value", "values", "others", "before", "after", "losers", "correction", "reason", "where"})
_SAID = frozenset({"text", "first"})
_SAID_BESIDE = frozenset({"subject", "quoted", "title", "rest"})
_BESIDE = frozenset({"attributes", "facts", "attachments"})
_WHOLE = {Masked.BIRTH_DATE, Masked.ADDRESS}


def applied(found: Any, hidden: frozenset[Masked]) -> Any:
    """The same without what is hidden: JSON, or frozen dataclasses in tuples, lists and mappings; texts within, too.

    A birth date or postal address is known by the name of what holds it: a key of that name, or a ``field``, ``name``,
    ``doubt`` or ``attribute`` that names it beside the value. Addresses of mail and phone numbers are known by how they
    are written, wherever they stand.
    """
    if not hidden:
        return found
    if type(found) is str:
        return found if _NO_WORDS.fullmatch(found) else _words(found, hidden)
    if type(found) in {list, tuple}:
        return type(found)(applied(each, hidden) for each in found)
    if dataclasses.is_dataclass(found) and not isinstance(found, type):
        held = {f.name: getattr(found, f.name) for f in dataclasses.fields(found)}
        return dataclasses.replace(found, **_held(held, hidden))
    if isinstance(found, dict):
        return _held(found, hidden)
    return found


def _held(found: dict[Any, Any], hidden: frozenset[Masked]) -> dict[Any, Any]:
    whole = {field.value for field in hidden & _WHOLE}
    named = any(found[n] in whole for n in _NAMING if isinstance(found.get(n), str))
    internal = Masked.INTERNAL in hidden and str(found.get("direction")) == "internal"
    kept: dict[Any, Any] = {}
    for key, value in found.items():
        if internal and key in _SAID:
            kept[key] = HIDDEN if value else value
        elif internal and key in _SAID_BESIDE:
            kept[key] = None
        elif internal and key in _BESIDE:
            kept[key] = type(value)()
        elif (named and key in _OF_A_FIELD) or (key in whole and "role" not in found):
            kept[key] = _gone(value)
        else:
            kept[key] = applied(value, hidden)
    return kept


def _gone(value: Any) -> Any:
    """The same with every text in it hidden, except what names a rule, a source, an id or a time."""
    if type(value) is str:
        return HIDDEN
    if isinstance(value, list | tuple):
        return type(value)(_gone(each) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        held = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        return dataclasses.replace(value, **{k: _gone(v) if k in _OF_A_FIELD else v for k, v in held.items()})
    if isinstance(value, dict):
        return {k: _gone(v) if k in _OF_A_FIELD else v for k, v in value.items()}
    return value


def _words(text: str, hidden: frozenset[Masked]) -> str:
    if Masked.EMAIL in hidden and "@" in text:
        text = _EMAIL.sub(rf"\1{HIDDEN}@", text)
    if Masked.PHONE in hidden:
        text = _PHONE.sub(rf"{HIDDEN}\1", text)
    return text

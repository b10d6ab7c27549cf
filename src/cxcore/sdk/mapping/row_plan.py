"""RowPlan: a mapping compiled, from the row of a table to profiles and interactions."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from cxcore.model.identifier import Identifier, Scheme
from cxcore.model.interaction import Channel, Direction, Interaction, Kind, Role
from cxcore.model.profile import SourceProfile
from cxcore.sdk.errors import RecordRejected
from cxcore.sdk.mapping import fields
from cxcore.sdk.mapping.expression import FAULTS, Lookup, compiled, truthy
from cxcore.sdk.mapping.fields import Misfit
from cxcore.sdk.mapping.language import IdentifierEntry, InteractionEntry, Mapping, Person, ProfileEntry, Value
from cxcore.sdk.page import Mapped
from cxcore.sdk.plain_text import clean

Row = dict[str, Any]
MAX_KEY = 500

_WORDS: dict[str, type[StrEnum]] = {"channel": Channel, "kind": Kind, "direction": Direction, "role": Role}
_PERSON_TEXTS = ("key", "name", "given_name", "family_name", "language", "address")


def _condition(expression: str | None, target: str) -> Callable[[Any], bool] | None:
    if expression is None:
        return None
    lookup = compiled(expression)

    def holds(row: Any) -> bool:
        try:
            return truthy(lookup(row))
        except FAULTS as exc:
            raise Misfit(target, f"cannot be worked out ({type(exc).__name__})") from None

    return holds


def _identifiers(entry: IdentifierEntry, target: str, zone: ZoneInfo | None) -> Callable[[Row], list[Identifier]]:
    values = fields.texts(entry.value, target, zone)
    verified: Lookup = (
        (lambda _row: entry.verified)
        if isinstance(entry.verified, bool)
        else fields.raw_value(entry.verified, f"{target}.verified", zone)
    )

    def make(row: Row) -> list[Identifier]:
        sure = truthy(verified(row))
        return [
            Identifier(scheme=entry.scheme, issuer=entry.issuer, value=value, verified=sure) for value in values(row)
        ]

    return make


def _contacts(entry: Person, target: str, zone: ZoneInfo | None) -> Callable[[Row], tuple[Identifier, ...]]:
    plain = [
        (scheme, fields.texts(value, f"{target}{scheme.value}", zone))
        for scheme, values in ((Scheme.EMAIL, entry.email), (Scheme.PHONE, entry.phone))
        for value in values
    ]
    others = [_identifiers(each, f"{target}identifier", zone) for each in entry.identifier]

    def make(row: Row) -> tuple[Identifier, ...]:
        found = [Identifier(scheme=scheme, value=value) for scheme, values in plain for value in values(row)]
        for other in others:
            found += other(row)
        return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)

    return make


def _person(entry: Person, target: str, zone: ZoneInfo | None) -> Callable[[Row], dict[str, Any]]:
    """The fields of a SourceProfile that a row fills."""
    lookups: list[tuple[str, Lookup]] = [
        (name, fields.text(value, target + name, zone))
        for name in _PERSON_TEXTS
        if (value := getattr(entry, name)) is not None
    ]
    if entry.birth_date:
        lookups.append(("birth_date", fields.day(entry.birth_date, f"{target}birth_date", zone)))
    if isinstance(entry, ProfileEntry) and entry.observed_at:
        lookups.append(("observed_at", fields.moment(entry.observed_at, f"{target}observed_at", zone)))
    contacts = _contacts(entry, target, zone)
    attributes = [(name, fields.text(v, f"{target}attributes.{name}", zone)) for name, v in entry.attributes.items()]

    def make(row: Row) -> dict[str, Any]:
        made = {name: found for name, lookup in lookups if (found := lookup(row)) is not None}
        if identifiers := contacts(row):
            made["identifiers"] = identifiers
        if attributes and (told := {name: f for name, lookup in attributes if (f := lookup(row)) is not None}):
            made["attributes"] = told
        return made

    return make


def _profile(entry: ProfileEntry, target: str, zone: ZoneInfo | None) -> Callable[[Row], SourceProfile | None]:
    person = _person(entry, target, zone)
    when = _condition(entry.when, f"{target}when")

    def make(row: Row) -> SourceProfile | None:
        if when and not when(row):
            return None
        made = person(row)
        return SourceProfile(**made) if made.keys() - {"observed_at"} else None

    return make


def _words(entry: InteractionEntry, target: str, zone: ZoneInfo | None) -> Callable[[Row], dict[str, StrEnum]]:
    """Channel, kind, direction and role of a row; those the same for all rows are looked up once."""
    constant: dict[str, StrEnum] = {}
    changing: list[tuple[str, type[StrEnum], Lookup]] = []
    for name, kind in _WORDS.items():
        value: Value | None = getattr(entry, name)
        if value is None:
            continue
        if value.const is not None:
            constant[name] = kind(str(value.const))
        else:
            changing.append((name, kind, fields.raw_value(value, target + name, zone)))

    def make(row: Row) -> dict[str, StrEnum]:
        made = dict(constant)
        for name, kind, lookup in changing:
            word = lookup(row)
            if word is None or word == "":
                raise Misfit(target + name, "missing")
            if not isinstance(word, str) or word not in list(kind):
                raise Misfit(target + name, f"is none of {', '.join(kind)}")
            made[name] = kind(word)
        return made

    return make


def _told(entry: InteractionEntry, target: str, zone: ZoneInfo | None) -> list[tuple[str, Lookup]]:
    """Look-ups of what an interaction may leave out."""
    lookups: list[tuple[str, Lookup]] = [
        (name, fields.text(value, target + name, zone))
        for name in ("subject", "text", "conversation")
        if (value := getattr(entry, name)) is not None
    ]
    if entry.duration:
        lookups.append(("duration", fields.whole(entry.duration, f"{target}duration", zone)))
    if entry.flags:
        flags = [(each.flag, _condition(each.when, f"{target}flags")) for each in entry.flags]
        lookups.append(("flags", lambda row: tuple(flag for flag, holds in flags if holds and holds(row))))
    if entry.attributes:
        told = [(name, fields.raw_value(v, f"{target}attributes.{name}", zone)) for name, v in entry.attributes.items()]

        def attributes(row: Row) -> dict[str, Any]:
            found = ((name, lookup(row)) for name, lookup in told)
            return {name: fields.json_value(value) for name, value in found if value is not None and value != ""}

        lookups.append(("attributes", attributes))
    if entry.customer:
        person = _person(entry.customer, f"{target}customer.", zone)
        lookups.append(("customers", lambda row: (SourceProfile(**who),) if (who := person(row)) else ()))
    return lookups


def _interaction(entry: InteractionEntry, target: str, zone: ZoneInfo | None) -> Callable[[Row], Interaction | None]:
    when = _condition(entry.when, f"{target}when")
    words = _words(entry, target, zone)
    occurred_at = fields.moment(entry.occurred_at, f"{target}occurred_at", zone)
    told = _told(entry, target, zone)

    def make(row: Row) -> Interaction | None:
        if when and not when(row):
            return None
        made: dict[str, Any] = words(row)
        at = occurred_at(row)
        if at is None:
            raise Misfit(f"{target}occurred_at", "missing")
        made["occurred_at"] = at
        for name, lookup in told:
            if (found := lookup(row)) is not None:
                made[name] = found
        return Interaction(**made)

    return make


def _prefix(kind: str, number: int, entries: tuple[Any, ...]) -> str:
    """What stands before a field's name in a reason: nothing if it is clear which entry is meant."""
    return "" if len(entries) == 1 and kind == "interaction" else f"{kind}[{number}]."


class RowPlan:
    """A mapping, ready to be applied."""

    def __init__(self, mapping: Mapping, zone: ZoneInfo | None) -> None:
        self._key = fields.text(mapping.key, "key", zone)
        self._changed_at = fields.moment(mapping.changed_at, "changed_at", zone) if mapping.changed_at else None
        self._deleted = fields.raw_value(mapping.deleted, "deleted", zone) if mapping.deleted else None
        self._skip = _condition(mapping.skip, "skip")
        self._when = _condition(mapping.when, "when")
        makers: list[Callable[[Row], Mapped | None]] = []
        for number, profile in enumerate(mapping.profile):
            makers.append(_profile(profile, _prefix("profile", number, mapping.profile), zone))
        for number, interaction in enumerate(mapping.interaction):
            makers.append(_interaction(interaction, _prefix("interaction", number, mapping.interaction), zone))
        self._makers = makers

    def key(self, row: Row) -> str | None:
        """The row's key; None if it has none that could be one."""
        try:
            key = self._key(row)
        except Misfit:
            return None
        if key is None or (len(key) <= MAX_KEY and key.isprintable()):
            return key
        return f"{clean(key)[:100]}#{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"

    def changed_at(self, row: Row) -> datetime | None:
        """When the row changed; None also where it cannot be read: mapping then rejects the row with the reason."""
        try:
            return self._changed_at(row) if self._changed_at else None
        except Misfit:
            return None

    def deleted(self, row: Row) -> bool:
        try:
            return truthy(self._deleted(row)) if self._deleted else False
        except Misfit:
            return False

    def mapped(self, row: Row, *, dated: bool) -> list[Mapped]:
        """What a row means. ``dated``: its time of change was read.

        Raises:
            RecordRejected: naming the field that cannot be made, never its value.
        """
        if (self._skip and self._skip(row)) or (self._when and not self._when(row)):
            return []
        if self._changed_at and not dated:
            self._changed_at(row)
        if self._deleted:
            self._deleted(row)
        try:
            return [made for maker in self._makers if (made := maker(row)) is not None]
        except ValidationError as exc:
            problem = exc.errors(include_url=False, include_context=False, include_input=False)[0]
            where = ".".join(str(part) for part in problem["loc"])
            raise RecordRejected(f"{exc.title}.{where}: {problem['msg']}") from None

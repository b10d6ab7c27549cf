"""A source's settings as fields of a form, made from what its connector declares. Pure."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from cxcore.errors import InvalidInput

Kind = Literal["text", "number", "yes", "choice", "lines", "secret"]
OTHER = "other"
"""The field that holds, as TOML or JSON, all settings that are no single values."""
_PREFIX = "set_"
_SECRET, _PATH = "password", "path"


@dataclass(frozen=True, slots=True)
class Field:
    """A setting. ``name``: of the form's field. ``value``: what stands there, never a secret. ``held``: one is there."""

    name: str
    label: str
    kind: Kind
    help: str
    required: bool
    value: str
    choices: tuple[str, ...] = ()
    held: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """``first``: what must be filled in; ``more``: what may. ``others``: the settings of ``other`` with their present
    values as JSON; ``needs_other``: one of them must be given."""

    first: tuple[Field, ...]
    more: tuple[Field, ...]
    others: tuple[str, ...]
    other: str
    needs_other: bool


def form(config: type[BaseModel], values: Mapping[str, Any], entered: Mapping[str, str] | None = None) -> Form:
    """The form for a configuration. ``values``: the settings as stored; ``entered``: what a person wrote, right or not."""
    schema = config.model_json_schema()
    required = set(schema.get("required", ()))
    fields, others = [], []
    for name, told in schema["properties"].items():
        plain = _plain(told, schema)
        kind, choices = _kind(plain, schema)
        if kind is not None:
            shown = _shown(values.get(name, told.get("default")))
            shown = "" if kind == "secret" else (entered or {}).get(_PREFIX + name, shown)
            held = kind == "secret" and values.get(name) is not None
            text = str(told.get("description", ""))
            label = name.replace("_", " ")
            fields.append(Field(_PREFIX + name, label, kind, text, name in required, shown, choices, held))
        elif not _is_path(plain):
            others.append(name)
    given = {name: values[name] for name in others if values.get(name) is not None}
    other = json.dumps(given, indent=2, ensure_ascii=False) if given else ""
    return Form(
        tuple(field for field in fields if field.required),
        tuple(field for field in fields if not field.required),
        tuple(sorted(others, key=lambda name: name not in required)),
        (entered or {}).get(OTHER, other),
        needs_other=not required.isdisjoint(others),
    )


def read(config: type[BaseModel], entered: Mapping[str, str], before: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that were entered and differ from ``before`` and from the connector's own; secrets left empty stay.

    Raises:
        InvalidInput: a number is none, or the other settings are neither TOML nor JSON.
    """
    schema = config.model_json_schema()
    found = _others(entered.get(OTHER, ""))
    for name, told in schema["properties"].items():
        plain = _plain(told, schema)
        kind, _ = _kind(plain, schema)
        if kind is None:
            continue
        text = entered.get(_PREFIX + name, "").strip()
        if kind == "secret":
            if text:
                found[name] = text
        elif kind == "lines":
            found[name] = [line.strip() for line in text.splitlines() if line.strip()]
        elif kind == "yes":
            found[name] = bool(text)
        elif kind == "number":
            found[name] = _number(name, text, whole=plain.get("type") == "integer") if text else told.get("default")
        else:
            found[name] = text or told.get("default", "")
    defaults = {name: told.get("default") for name, told in schema["properties"].items()}
    return {name: value for name, value in found.items() if value != before.get(name, defaults.get(name))}


def _plain(told: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A setting's own schema: without the null that it may be, and with what it refers to."""
    variants = [v for v in told.get("anyOf", ()) if v.get("type") != "null"]
    if len(variants) == 1:
        return _plain(variants[0], schema)
    if "$ref" in told:
        found: Mapping[str, Any] = schema["$defs"][told["$ref"].removeprefix("#/$defs/")]
        return found
    return told


def _kind(plain: Mapping[str, Any], schema: Mapping[str, Any]) -> tuple[Kind | None, tuple[str, ...]]:
    """What a setting is entered as; None where that is no single value, or names a file of the server's."""
    if _is_path(plain):
        return None, ()
    if plain.get("format") == _SECRET:
        return "secret", ()
    if plain.get("type") == "string" and "enum" in plain:
        return "choice", tuple(str(each) for each in plain["enum"])
    kinds: dict[str, Kind] = {"string": "text", "integer": "number", "number": "number", "boolean": "yes"}
    if plain.get("type") == "array" and _plain(plain.get("items", {}), schema).get("type") == "string":
        return "lines", ()
    return kinds.get(str(plain.get("type"))), ()


def _is_path(plain: Mapping[str, Any]) -> bool:
    return plain.get("format") == _PATH


def _shown(value: Any) -> str:
    if value is None or value is False:
        return ""
    return "\n".join(str(each) for each in value) if isinstance(value, list | tuple) else str(value)


def _number(name: str, text: str, *, whole: bool) -> float:
    try:
        return int(text) if whole else float(text)
    except ValueError:
        raise InvalidInput(f"{name.replace('_', ' ')} is not a number.") from None


def _others(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        found = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as exc:
        raise InvalidInput(
            f"The other settings are neither TOML nor JSON: {exc}.", hint="See the connector's README."
        ) from exc
    return dict(found)

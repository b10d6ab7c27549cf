"""Vendors' OpenAPI and Swagger documents as judges of what is asked and answered."""

import json
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft4Validator, FormatChecker


class Document:
    """An OpenAPI 3.0 or Swagger 2.0 document."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        self.raw = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
        self._schemas = _as_json_schema(self.raw)

    def operation(self, method: str, path: str) -> dict[str, Any]:
        found: dict[str, Any] = self.raw["paths"][path][method.lower()]
        return found

    def faults(self, schema: Any, value: Any) -> list[str]:
        """What a schema of the document finds wrong with a value."""
        validator = Draft4Validator({**self._schemas, **_as_json_schema(schema)}, format_checker=FormatChecker())
        return [f"{'.'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(value)]

    def parameter_faults(self, operation: dict[str, Any], query: dict[str, str]) -> list[str]:
        """Query parameters that the operation does not know, or whose text does not fit."""
        known = {each["name"]: each for each in operation["parameters"] if each["in"] == "query"}
        faults = [f"{name} is no parameter" for name in query.keys() - known.keys()]
        for name in query.keys() & known.keys():
            schema = known[name]
            if schema["type"] == "array":
                schema = schema["items"]
            value = int(query[name]) if schema["type"] == "integer" and query[name].isdigit() else query[name]
            fields = {each: schema[each] for each in ("type", "enum", "format") if each in schema}
            faults += [f"{name}: {fault}" for fault in self.faults(fields, value)]
        return faults


def _as_json_schema(schema: Any) -> Any:
    """OpenAPI 3.0's ``nullable`` as JSON Schema has it; the rest is JSON Schema already."""
    if isinstance(schema, list):
        return [_as_json_schema(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _as_json_schema(each) for name, each in schema.items() if name not in {"example", "examples"}}
    if schema.get("nullable") is True and isinstance(schema.get("type"), str):
        made["type"] = [schema["type"], "null"]
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
    return made

"""Judges data by lexicons, the schemas of the AT protocol (https://atproto.com/specs/lexicon)."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

_FORMATS = {
    "at-uri": r"at://(did:[a-z]+:[A-Za-z0-9._:%-]+|[a-z0-9.-]+)(/[a-zA-Z0-9.-]+(/[A-Za-z0-9._~:@!$&')(*+,;=-]+)?)?",
    "at-identifier": r"did:[a-z]+:[A-Za-z0-9._:%-]+|([a-zA-Z0-9-]+\.)+[a-zA-Z][a-zA-Z0-9-]*",
    "cid": r"[a-zA-Z0-9+=]{8,256}",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,20})?(Z|[+-]\d\d:\d\d)",
    "did": r"did:[a-z]+:[A-Za-z0-9._:%-]+",
    "handle": r"([a-zA-Z0-9-]+\.)+[a-zA-Z][a-zA-Z0-9-]*",
    "language": r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*",
    "nsid": r"[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+\.[a-zA-Z][a-zA-Z0-9]*",
    "record-key": r"[A-Za-z0-9._~:-]{1,512}",
    "tid": r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}",
    "uri": r"[a-z][a-z0-9+.-]*:\S+",
}


class Violation(AssertionError):
    """Data that the lexicon does not allow. No connector may swallow it."""


class Lexicons:
    """All lexicons below a folder."""

    def __init__(self, folder: Path) -> None:
        self._read = cache(lambda nsid: json.loads((folder / (nsid.replace(".", "/") + ".json")).read_text("utf-8")))

    def method(self, nsid: str) -> str:
        """GET of a query, POST of a procedure."""
        return {"query": "GET", "procedure": "POST"}[self._main(nsid)["type"]]

    def parameters(self, nsid: str, asked: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """The parameters of a call in their types; violations of what is allowed fail."""
        schema = self._main(nsid).get("parameters", {"properties": {}})
        found: dict[str, Any] = {}
        for name, values in asked.items():
            kind = schema["properties"].get(name) or self._fail(nsid, f"no parameter {name}")
            if kind["type"] == "array":
                found[name] = list(values)
            else:
                self._require(len(values) == 1, nsid, f"{name} is repeated")
                found[name] = int(values[0]) if kind["type"] == "integer" else values[0]
        self._object(schema, found, nsid, nsid)
        return found

    def input(self, nsid: str, body: Any) -> None:
        schema = self._main(nsid).get("input")
        if schema is None:
            self._require(body is None, nsid, "a body where none is allowed")
        else:
            self.check(schema["schema"], body, nsid, f"{nsid} input")

    def output(self, nsid: str, body: Any) -> None:
        self.check(self._main(nsid)["output"]["schema"], body, nsid, f"{nsid} output")

    def error(self, nsid: str, name: str) -> None:
        """Errors that every call may have, or the lexicon names."""
        general = {"InvalidRequest", "ExpiredToken", "InvalidToken", "AuthenticationRequired", "AuthMissing"}
        named = {each["name"] for each in self._main(nsid).get("errors", [])}
        self._require(name in general | named, nsid, f"no error {name}")

    def record(self, nsid: str, value: Any) -> None:
        self.check(self._main(nsid)["record"], value, nsid, nsid)

    def check(self, schema: Mapping[str, Any], value: Any, nsid: str, where: str) -> None:
        """Raises:
        Violation: the value does not fit the schema.
        """
        kind = schema["type"]
        if kind in {"ref", "union"}:
            self._referred(schema, value, nsid, where)
        elif kind == "object":
            self._require(isinstance(value, dict), where, "is no object")
            self._object(schema, value, nsid, where)
        elif kind == "array":
            self._require(isinstance(value, list), where, "is no array")
            self._require(len(value) <= schema.get("maxLength", len(value)), where, "is too long")
            for number, each in enumerate(value):
                self.check(schema["items"], each, nsid, f"{where}[{number}]")
        elif kind in {"string", "integer", "boolean"}:
            self._plain(schema, value, where)
        elif kind == "blob":
            self._require(isinstance(value, dict) and value.get("$type") == "blob", where, "is no blob")
            self._require(isinstance(value.get("size"), int) and "$link" in value.get("ref", {}), where, "is no blob")
        elif kind == "unknown":
            self._require(isinstance(value, dict), where, "is no object")

    def _object(self, schema: Mapping[str, Any], value: Mapping[str, Any], nsid: str, where: str) -> None:
        for name in schema.get("required", ()):
            self._require(name in value, where, f"lacks {name}")
        for name, each in value.items():
            known = schema["properties"].get(name)
            if known is not None and not (each is None and name in schema.get("nullable", ())):
                self.check(known, each, nsid, f"{where}.{name}")

    def _plain(self, schema: Mapping[str, Any], value: Any, where: str) -> None:
        types = {"string": str, "integer": int, "boolean": bool}
        self._require(type(value) is types[schema["type"]], where, f"is no {schema['type']}")
        if "const" in schema or "enum" in schema:
            self._require(value in schema.get("enum", [schema.get("const")]), where, "is not allowed")
        if isinstance(value, str):
            pattern = _FORMATS.get(schema.get("format", ""), r"[\s\S]*")
            self._require(re.fullmatch(pattern, value) is not None, where, f"is no {schema.get('format')}")
            self._require(len(value.encode()) <= schema.get("maxLength", 1 << 30), where, "is too long")
        elif schema["type"] == "integer":
            self._require(schema.get("minimum", value) <= value <= schema.get("maximum", value), where, "out of range")

    def _referred(self, schema: Mapping[str, Any], value: Any, nsid: str, where: str) -> None:
        if schema["type"] == "ref":
            there, found = self._resolved(schema["ref"], nsid)
            self.check(found, value, there, where)
            return
        self._require(isinstance(value, dict) and isinstance(value.get("$type"), str), where, "has no $type")
        refs = {self._absolute(ref, nsid) for ref in schema["refs"]}
        if value["$type"] in refs:
            there, found = self._resolved(value["$type"], nsid)
            self.check(found, value, there, where)
        else:
            self._require(not schema.get("closed"), where, f"may not be a {value['$type']}")

    def _resolved(self, ref: str, nsid: str) -> tuple[str, Mapping[str, Any]]:
        there, _, name = self._absolute(ref, nsid).partition("#")
        found = self._read(there)["defs"][name or "main"]
        return there, found.get("record", found)

    @staticmethod
    def _absolute(ref: str, nsid: str) -> str:
        return (nsid + ref if ref.startswith("#") else ref).removesuffix("#main")

    def _main(self, nsid: str) -> dict[str, Any]:
        return dict(self._read(nsid)["defs"]["main"])

    def _require(self, true: object, where: str, what: str) -> None:
        if not true:
            self._fail(where, what)

    @staticmethod
    def _fail(where: str, what: str) -> Any:
        raise Violation(f"{where}: {what}")

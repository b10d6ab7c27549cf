"""What a newer OpenAPI document takes away from those who were promised an older one. Additions take nothing away.

A request that was right stays right; an answer holds what it held, of the kinds it had. Answers may have new fields and
new values of an enumeration (docs/api/README.md says so to clients), but lose none of their required fields.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]
_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_SAME = ("pattern", "format", "multipleOf", "uniqueItems")


def broken(old: Schema, new: Schema) -> list[str]:
    """One line for each promise of the old document that the new one breaks, in the old document's order."""
    return list(_Comparison(old, new).operations())


@dataclass(frozen=True, slots=True)
class _Comparison:
    old: Schema
    new: Schema

    def operations(self) -> Iterator[str]:
        for path, methods in self.old["paths"].items():
            for method, was in methods.items():
                now = self.new["paths"].get(path, {}).get(method)
                where = f"{method.upper()} {path}"
                if now is None:
                    yield f"{where}: is gone"
                else:
                    yield from (f"{where}: {what}" for what in self.operation(was, now))

    def operation(self, was: Schema, now: Schema) -> Iterator[str]:
        if was["operationId"] != now["operationId"]:
            yield f"is called {now['operationId']}, was {was['operationId']}"
        if not was.get("security") and now.get("security"):
            yield "needs a key now"
        yield from self.parameters(was.get("parameters", []), now.get("parameters", []))
        yield from self.body(was.get("requestBody"), now.get("requestBody"))
        for status, answer in was["responses"].items():
            if not status.startswith("2"):
                continue
            if status not in now["responses"]:
                yield f"answers no {status} any more"
            else:
                yield from self.answer(status, answer, now["responses"][status])

    def parameters(self, was: list[Schema], now: list[Schema]) -> Iterator[str]:
        before, after = ({(p["in"], p["name"]): p for p in ps} for ps in (was, now))
        for (place, name), parameter in before.items():
            found = after.get((place, name))
            if found is None:
                yield f"{place} parameter {name} is gone"
                continue
            if found.get("required") and not parameter.get("required"):
                yield f"{place} parameter {name} is required now"
            yield from self.sent(parameter["schema"], found["schema"], f"{place} parameter {name}")
        for (place, name), parameter in after.items():
            if parameter.get("required") and (place, name) not in before:
                yield f"{place} parameter {name} is new and required"

    def body(self, was: Schema | None, now: Schema | None) -> Iterator[str]:
        if was is None or now is None:
            if was is not None:
                yield "takes no body any more"
            elif now is not None and now.get("required"):
                yield "needs a body now"
            return
        if now.get("required") and not was.get("required"):
            yield "needs a body now"
        for kind, content in was["content"].items():
            if kind not in now["content"]:
                yield f"takes no {kind} any more"
            else:
                yield from self.sent(content.get("schema", {}), now["content"][kind].get("schema", {}), "body")

    def answer(self, status: str, was: Schema, now: Schema) -> Iterator[str]:
        for name in was.get("headers", {}):
            if name not in now.get("headers", {}):
                yield f"{status}: header {name} is gone"
        for kind, content in was.get("content", {}).items():
            if kind not in now.get("content", {}):
                yield f"{status}: gives no {kind} any more"
            else:
                yield from self.given(content.get("schema", {}), now["content"][kind].get("schema", {}), status)

    def sent(
        self, was: Schema, now: Schema, where: str, seen: frozenset[tuple[str, str]] = frozenset()
    ) -> Iterator[str]:
        """What could be sent and is refused now."""
        if "$ref" in was and "$ref" in now:  # being compared already where a schema holds itself
            pair = (was["$ref"], now["$ref"])
            if pair in seen:
                return
            seen |= {pair}
        was, now = _resolved(self.old, was), _resolved(self.new, now)
        if "anyOf" in was or "anyOf" in now:
            for one in _ways(was):
                if all(list(self.sent(one, other, where, seen)) for other in _ways(now)):
                    yield f"{where}: no longer takes {_told(one)}"
            return
        yield from _kinds(where, narrower=_types(now), wider=_types(was), sent=True)
        yield from _narrowed(was, now, where)
        if was.get("default") != now.get("default"):
            yield f"{where}: has another default"
        if was.get("additionalProperties", True) is not False and now.get("additionalProperties", True) is False:
            yield f"{where}: takes no other fields any more"
        yield from self.sent_fields(was, now, where, seen)
        if "items" in now:
            yield from self.sent(was.get("items", {}), now["items"], f"{where}/*", seen)

    def sent_fields(self, was: Schema, now: Schema, where: str, seen: frozenset[tuple[str, str]]) -> Iterator[str]:
        before, after = was.get("properties", {}), now.get("properties", {})
        for name in before:
            if name not in after:
                yield f"{where}/{name}: is gone"
            else:
                yield from self.sent(before[name], after[name], f"{where}/{name}", seen)
        for name in now.get("required", []):
            if name not in was.get("required", []):
                yield f"{where}/{name}: is required now"

    def given(
        self, was: Schema, now: Schema, where: str, seen: frozenset[tuple[str, str]] = frozenset()
    ) -> Iterator[str]:
        """What could be relied upon in an answer and no longer can."""
        if "$ref" in was and "$ref" in now:  # being compared already where a schema holds itself
            pair = (was["$ref"], now["$ref"])
            if pair in seen:
                return
            seen |= {pair}
        was, now = _resolved(self.old, was), _resolved(self.new, now)
        if "anyOf" in was or "anyOf" in now:
            for one in _ways(now):
                if all(list(self.given(other, one, where, seen)) for other in _ways(was)):
                    yield f"{where}: may be {_told(one)} now"
            return
        yield from _kinds(where, narrower=_types(was), wider=_types(now), sent=False)
        if was.get("format") != now.get("format"):
            yield f"{where}: has another format"
        if "enum" in was and "enum" not in now and "const" not in now:
            yield f"{where}: may be anything now"
        before, after = was.get("properties", {}), now.get("properties", {})
        for name in before:
            if name not in after:
                yield f"{where}/{name}: is gone"
                continue
            if name in was.get("required", []) and name not in now.get("required", []):
                yield f"{where}/{name}: may be missing now"
            yield from self.given(before[name], after[name], f"{where}/{name}", seen)
        if "items" in was:
            yield from self.given(was["items"], now.get("items", {}), f"{where}/*", seen)


def _resolved(document: Schema, schema: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = {**found, **{k: v for k, v in schema.items() if k not in {"$ref", "description"}}}
    return schema


def _ways(schema: Schema) -> list[Schema]:
    return schema.get("anyOf") or [schema]


def _told(schema: Schema) -> str:
    return str(schema.get("$ref", schema.get("type", "anything"))).rsplit("/", 1)[-1]


def _types(schema: Schema) -> set[str]:
    """The JSON types a schema allows; a number includes integers. Without a word on it, all."""
    found = schema.get("type")
    types = (
        {found} if isinstance(found, str) else set(found or ("array", "boolean", "null", "number", "object", "string"))
    )
    return types | {"integer"} if "number" in types else types


def _kinds(where: str, *, narrower: set[str], wider: set[str], sent: bool) -> Iterator[str]:
    if lost := wider - narrower:
        yield f"{where}: {'no longer takes' if sent else 'may be'} {', '.join(sorted(lost))}{'' if sent else ' now'}"


def _narrowed(was: Schema, now: Schema, where: str) -> Iterator[str]:
    """Limits that let less through than before."""
    for limit in (*_LEAST, *_MOST):
        if limit not in now:
            continue
        stricter = limit not in was or (now[limit] > was[limit] if limit in _LEAST else now[limit] < was[limit])
        if stricter:
            yield f"{where}: {limit} is stricter"
    for limit in _SAME:
        if limit in now and was.get(limit) != now[limit]:
            yield f"{where}: {limit} is another"
    if (values := _values(now)) is not None and (lost := (_values(was) or {"anything"}) - values):
        yield f"{where}: no longer takes {', '.join(sorted(lost))}"


def _values(schema: Schema) -> set[str] | None:
    if "const" in schema:
        return {str(schema["const"])}
    return {str(value) for value in schema["enum"]} if "enum" in schema else None

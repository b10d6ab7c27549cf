"""The OpenAPI document: what the app says, what the repository holds, and every part of it described."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cxcore.api.app import create
from cxcore.db.session import Database
from cxcore.errors import CxError

SIGNED = {"/v1/deliveries/{source}", "/v1/deliveries/{source}/{path}"}
"""Where the sender's signature is the authority."""
STORED = Path(__file__).resolve().parents[3] / "openapi" / "cxcore.v1.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(create(Database("postgresql://"), cursor_key=b"").openapi()))
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, found in document["paths"].items():
        for method, operation in found.items():
            yield path, method, operation


def test_the_repository_holds_what_the_app_says(document: dict[str, Any]) -> None:
    assert json.loads(STORED.read_text(encoding="utf-8")) == document, "run `make openapi`"


def test_every_operation_has_an_id_a_summary_and_a_description(document: dict[str, Any]) -> None:
    found = list(operations(document))
    assert len({o["operationId"] for *_, o in found}) == len(found) > 5
    for path, method, operation in found:
        assert operation.get("summary"), (path, method)
        assert operation.get("description"), (path, method)
        assert operation.get("tags"), (path, method)


def test_every_parameter_is_described(document: dict[str, Any]) -> None:
    for path, _, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            assert parameter.get("description") or parameter["in"] == "path", (path, parameter["name"])


def described_elsewhere(document: dict[str, Any], found: dict[str, Any]) -> bool:
    """Whether a field is of a kind that has the description itself."""
    kind = found.get("$ref", "").removeprefix("#/components/schemas/")
    return bool(document["components"]["schemas"].get(kind, {}).get("description"))


def test_every_field_of_every_schema_is_described(document: dict[str, Any]) -> None:
    bare = [
        f"{name}.{field}"
        for name, schema in document["components"]["schemas"].items()
        for field, found in schema.get("properties", {}).items()
        if not found.get("description") and not described_elsewhere(document, found)
    ]
    assert bare == []
    assert [
        n for n, s in document["components"]["schemas"].items() if "properties" in s and not s.get("description")
    ] == []


def behind_a_key(path: str) -> bool:
    return path.startswith("/v1/") and path not in SIGNED


def test_every_operation_but_health_and_deliveries_is_behind_a_key_and_says_so(document: dict[str, Any]) -> None:
    for path, _, operation in operations(document):
        assert bool(operation.get("security")) == behind_a_key(path), path


def test_every_error_is_a_problem(document: dict[str, Any]) -> None:
    for path, _, operation in operations(document):
        for status, answer in operation["responses"].items():
            if status.startswith(("4", "5")) and path.startswith("/v1/"):
                schema = answer["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}, (path, status)
        if behind_a_key(path):
            assert {"401", "403", "422"} <= operation["responses"].keys()
        elif path in SIGNED:
            assert operation["responses"].keys() == {"200", "401", "413", "503"}


def test_what_is_sent_may_hold_nothing_unknown(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    sent = [name for name in schemas if name.endswith("In")]
    assert len(sent) >= 5
    for name in sent:
        assert schemas[name]["additionalProperties"] is False, name


def test_what_is_answered_always_has_all_its_fields(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        if name.endswith("Out"):
            assert set(schema["required"]) == set(schema["properties"]), name


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in document["components"]["schemas"]


def test_no_path_and_no_parameter_carries_personal_data(document: dict[str, Any]) -> None:
    ids = {"customer_id", "decision_id", "correction_id", "conversation_id", "interaction_id", "left", "right"}
    allowed = (
        ids
        | {"explain", "field", "key", "source", "path", "before", "after"}
        | {"Idempotency-Key", "If-Match", "If-None-Match"}
        | {"cursor", "limit", "channel", "direction", "kind", "since", "until"}
    )
    found = {p["name"] for *_, o in operations(document) for p in o.get("parameters", ())}
    assert found <= allowed


def test_codes_of_errors_are_never_used_twice() -> None:
    def below(kind: type[CxError]) -> Iterator[type[CxError]]:
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    codes: dict[str, set[str]] = {}
    for kind in below(CxError):
        if kind.__module__.startswith("cxcore") and "code" in vars(kind):
            codes.setdefault(kind.code, set()).add(kind.__qualname__)
    assert [c for c, kinds in codes.items() if len(kinds) > 1] == []

"""The breaking-change gate: every kind of break is seen, and no addition is taken for one."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from support.compatibility import broken

DOCUMENT: dict[str, Any] = {
    "paths": {
        "/v1/things/{thing_id}": {
            "post": {
                "operationId": "changeThing",
                "parameters": [
                    {
                        "in": "path",
                        "name": "thing_id",
                        "required": True,
                        "schema": {"type": "string", "format": "uuid"},
                    },
                    {"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": 100, "default": 50}},
                ],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ThingIn"}}}},
                "responses": {
                    "200": {
                        "headers": {"ETag": {"schema": {"type": "string"}}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ThingOut"}}},
                    },
                    "404": {},
                },
            }
        }
    },
    "components": {
        "schemas": {
            "Colour": {"type": "string", "enum": ["red", "green"]},
            "ThingIn": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "minLength": 1, "maxLength": 10},
                    "colour": {"$ref": "#/components/schemas/Colour"},
                    "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                    "parts": {"type": "array", "maxItems": 5, "items": {"$ref": "#/components/schemas/ThingIn"}},
                },
            },
            "ThingOut": {
                "type": "object",
                "required": ["name", "colour", "parts", "note"],
                "properties": {
                    "name": {"type": "string"},
                    "made": {"type": "string", "format": "date-time"},
                    "colour": {"$ref": "#/components/schemas/Colour"},
                    "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/ThingOut"}},
                },
            },
        }
    },
}
WHERE = "POST /v1/things/{thing_id}: "
Change = Callable[[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]], Any]
"""Of the document: changes its operation, what is sent, what is given, or all of it."""


def after(change: Change) -> list[str]:
    new = copy.deepcopy(DOCUMENT)
    schemas = new["components"]["schemas"]
    change(new["paths"]["/v1/things/{thing_id}"]["post"], schemas["ThingIn"], schemas["ThingOut"], new)
    return [line.removeprefix(WHERE) for line in broken(DOCUMENT, new)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda o, i, g, d: d["paths"].clear(), "is gone"),
        (lambda o, i, g, d: o.update(operationId="alterThing"), "is called alterThing, was changeThing"),
        (lambda o, i, g, d: o.update(security=[{"key": []}]), "needs a key now"),
        (lambda o, i, g, d: o["parameters"].pop(), "query parameter limit is gone"),
        (lambda o, i, g, d: o["parameters"][1].update(required=True), "query parameter limit is required now"),
        (
            lambda o, i, g, d: o["parameters"].append(
                {"in": "header", "name": "If-Match", "required": True, "schema": {}}
            ),
            "header parameter If-Match is new and required",
        ),
        (lambda o, i, g, d: o["parameters"][1]["schema"].update(maximum=50), "query parameter limit: maximum is stricter"),
        (lambda o, i, g, d: o["parameters"][1]["schema"].update(minimum=5), "query parameter limit: minimum is stricter"),
        (lambda o, i, g, d: o["parameters"][1]["schema"].update(default=20), "query parameter limit: has another default"),
        (
            lambda o, i, g, d: o["parameters"][0]["schema"].update(format="date"),
            "path parameter thing_id: format is another",
        ),
        (lambda o, i, g, d: o.pop("requestBody"), "takes no body any more"),
        (lambda o, i, g, d: o["requestBody"].update(required=True), "needs a body now"),
        (lambda o, i, g, d: o["requestBody"].update(content={"text/csv": {}}), "takes no application/json any more"),
        (lambda o, i, g, d: i["properties"].pop("note"), "body/note: is gone"),
        (lambda o, i, g, d: i["required"].append("note"), "body/note: is required now"),
        (lambda o, i, g, d: i["properties"]["name"].update(type="integer"), "body/name: no longer takes string"),
        (lambda o, i, g, d: i["properties"]["name"].update(maxLength=5), "body/name: maxLength is stricter"),
        (lambda o, i, g, d: i["properties"]["name"].update(pattern="a"), "body/name: pattern is another"),
        (lambda o, i, g, d: i["properties"].update(note={"type": "string"}), "body/note: no longer takes null"),
        (lambda o, i, g, d: i["properties"].update(colour={"const": "red", "type": "string"}),
         "body/colour: no longer takes green"),
        (lambda o, i, g, d: i["properties"]["name"].update(enum=["a"]), "body/name: no longer takes anything"),
        (lambda o, i, g, d: i["properties"]["parts"].update(maxItems=4), "body/parts: maxItems is stricter"),
        (lambda o, i, g, d: i["properties"]["parts"].update(items={"type": "string"}), "body/parts/*: no longer takes object"),
        (lambda o, i, g, d: o["responses"].update({"201": o["responses"].pop("200")}), "answers no 200 any more"),
        (lambda o, i, g, d: o["responses"]["200"].pop("headers"), "200: header ETag is gone"),
        (lambda o, i, g, d: o["responses"]["200"].update(content={}), "200: gives no application/json any more"),
        (lambda o, i, g, d: g["properties"].pop("made"), "200/made: is gone"),
        (lambda o, i, g, d: g["required"].remove("name"), "200/name: may be missing now"),
        (lambda o, i, g, d: g["properties"]["name"].update(type=["string", "integer"]), "200/name: may be integer now"),
        (lambda o, i, g, d: g["properties"]["made"].update(format="date"), "200/made: has another format"),
        (lambda o, i, g, d: g["properties"].update(name={"anyOf": [{"type": "string"}, {"type": "null"}]}),
         "200/name: may be null now"),
        (lambda o, i, g, d: g["properties"].update(colour={"type": "string"}), "200/colour: may be anything now"),
        (lambda o, i, g, d: g["properties"]["parts"].update(items={"type": "string"}), "200/parts/*: may be string now"),
    ],
)  # fmt: skip
def test_a_break_is_seen(change: Change, told: str) -> None:
    assert told in after(change)


def test_what_was_additional_may_not_be_refused_later() -> None:
    old = copy.deepcopy(DOCUMENT)
    del old["components"]["schemas"]["ThingIn"]["additionalProperties"]
    assert WHERE + "body: takes no other fields any more" in broken(old, DOCUMENT)


@pytest.mark.parametrize(
    "change",
    [
        lambda o, i, g, d: None,
        lambda o, i, g, d: d["paths"].update({"/v1/more": {"get": {"operationId": "more", "responses": {}}}}),
        lambda o, i, g, d: o["parameters"].append({"in": "query", "name": "more", "schema": {"type": "string"}}),
        lambda o, i, g, d: o["parameters"][1]["schema"].update(maximum=200),
        lambda o, i, g, d: o["parameters"][1]["schema"].update(type=["integer", "null"]),
        lambda o, i, g, d: i["properties"].update(more={"type": "string"}),
        lambda o, i, g, d: i["required"].remove("name"),
        lambda o, i, g, d: i["properties"]["name"].pop("maxLength"),
        lambda o, i, g, d: i["properties"].update(name={"anyOf": [i["properties"]["name"], {"type": "null"}]}),
        lambda o, i, g, d: g["properties"].update(more={"type": "string"}),
        lambda o, i, g, d: g["required"].append("made"),
        lambda o, i, g, d: g["properties"].update(note={"type": "string"}),
        lambda o, i, g, d: d["components"]["schemas"]["Colour"]["enum"].append("blue"),
        lambda o, i, g, d: o["responses"].update({"409": {}}),
        lambda o, i, g, d: o["responses"]["200"]["headers"].update({"Link": {}}),
    ],
)
def test_an_addition_breaks_nothing(change: Change) -> None:
    assert after(change) == []

"""Links of the document: each leads to an operation that has the parameters it fills, and works when it is followed."""

import json
from pathlib import Path
from typing import Any

from support.calling import Api
from support.story import ANNA

DOCUMENT = json.loads((Path(__file__).resolve().parents[3] / "openapi" / "cxcore.v1.json").read_text(encoding="utf-8"))
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


def links(name: str) -> dict[str, Any]:
    answers = OPERATIONS[name][2]["responses"]
    return next((answer.get("links", {}) for status, answer in answers.items() if status.startswith("2")), {})


def test_every_link_fills_parameters_that_are_there() -> None:
    found = [(name, target, link) for name in OPERATIONS for target, link in links(name).items()]
    assert len(found) > 20
    for name, target, link in found:
        parameters = {p["name"] for p in OPERATIONS[link["operationId"]][2].get("parameters", ())}
        assert link["parameters"].keys() <= parameters, (name, target)


async def test_who_is_resolved_is_read_by_the_links(api: Api, people: dict[str, str]) -> None:
    answer = await api.post("/v1/customers:resolve", {"identifiers": [{"scheme": "email", "value": ANNA}]})
    following = links("resolveCustomer")
    assert {"readCustomer", "readTimeline", "readCoverage"} <= following.keys()
    for link in following.values():
        method, path, _ = OPERATIONS[link["operationId"]]
        ((name, expression),) = link["parameters"].items()
        value = answer.json()[expression.removeprefix("$response.body#/")]
        assert (await api.send(method.upper(), path.replace(f"{{{name}}}", value))).status_code == 200

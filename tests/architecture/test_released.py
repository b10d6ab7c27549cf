"""The API keeps what was released: openapi/released/ holds the document and the scopes of the last release."""

import json
from typing import Any

from architecture import checkout
from cxcore.auth.scopes import Scope
from support.compatibility import broken

OPENAPI = checkout.ROOT / "openapi"


def read(*parts: str) -> Any:
    return json.loads(OPENAPI.joinpath(*parts).read_text(encoding="utf-8"))


def test_nothing_that_was_released_is_taken_away() -> None:
    told = "see docs/decisions/0020-released-contract.md"
    assert broken(read("released", "cxcore.v1.json"), read("cxcore.v1.json")) == [], told


def test_no_scope_that_was_released_is_gone() -> None:
    assert set(read("released", "scopes.json")) - {scope.value for scope in Scope} == set()

"""What Schemathesis checks of every answer beside its own checks; it loads this module (`hooks` in its configuration)."""

import json
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, Response

UNFIT = "The request does not fit the contract."
"""The API's word for a request that the document does not allow; what only the data forbid has another."""

OURS = "Value error, "
"""How what a validator of ours says begins: no schema can say it (a time must lie in this age)."""


@schemathesis.serializer("application/x-ndjson")
def lines(ctx: Any, value: Any) -> bytes:
    """A body of lines: text as it was made up, anything else as one line."""
    return value if isinstance(value, bytes) else (value if isinstance(value, str) else json.dumps(value)).encode()


@schemathesis.check
def every_error_is_a_problem(ctx: CheckContext, response: Response, case: Case) -> None:
    """RFC 9457, with a stable code; what another server than ours would answer (a malformed request line) is not asked."""
    if response.status_code < 400:
        return
    assert response.headers["content-type"] == ["application/problem+json"], response.headers["content-type"]
    problem = json.loads(response.content)
    assert problem.keys() >= {"type", "title", "status", "code", "detail", "errors"}, sorted(problem)
    assert problem["status"] == response.status_code
    assert problem["type"].endswith(problem["code"])


@schemathesis.check
class WhatTheDocumentAllowsFits:
    """No request that the document allows is refused as one that it does not allow; the sentence is seen at all."""

    def __init__(self) -> None:
        self.seen = False

    def after_response(self, ctx: CheckContext, response: Response, case: Case) -> None:
        if response.status_code != 422 or UNFIT.encode() not in response.content:
            return
        self.seen = True
        if all(error["detail"].startswith(OURS) for error in json.loads(response.content)["errors"]):
            return
        meta = case.meta
        assert meta is None or not meta.generation.mode.is_positive, response.text

    def after_run(self, ctx: CheckContext) -> None:
        assert self.seen, "nothing was refused as unfit: is the sentence another now?"

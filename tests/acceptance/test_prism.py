"""Prism as the tests of connectors use it: what a vendor's document does not allow fails them, whoever does it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from support import prism
from support.prism import Flaw, Judge
from support.rest import Reply, Request

PIECE = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
SIZE = {"name": "size", "in": "query", "schema": {"type": "integer", "maximum": 50}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.1",
    "info": {"title": "Pieces", "version": "1"},
    "servers": [{"url": "https://pieces.example/api"}],
    "security": [{"key": []}],
    "components": {
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-key"}},
        "parameters": {"size": SIZE},
        "schemas": {"Piece": PIECE},
    },
    "paths": {
        "/pieces/{number}": {
            "get": {
                "parameters": [
                    {"name": "number", "in": "path", "required": True, "schema": {"type": "integer"}},
                    {"$ref": "#/components/parameters/size"},
                ],
                "responses": {
                    "200": {
                        "description": "A piece.",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Piece"}}},
                    }
                },
            }
        }
    },
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    with prism.judge(DOCUMENT, tmp_path_factory.mktemp("prism")) as found:
        yield found


@pytest.fixture
def judge(running: Judge) -> Judge:
    """Prism before a fake that answers rightly."""
    running.fake.answer = lambda request: Reply({"id": 4}, headers={"X-Seen": request.target})
    return running


def ask(judge: Judge, path: str = "/pieces/4", *, key: str | None = "k") -> httpx2.Response:
    return httpx2.get(judge.url + path, headers={"x-key": key} if key else {}, trust_env=False)


def test_what_the_document_allows_passes_both_ways(judge: Judge) -> None:
    with judge.watching():
        answer = ask(judge, "/pieces/4?size=5")
    assert (answer.json(), answer.headers["x-seen"]) == ({"id": 4}, "/pieces/4?size=5")


@pytest.mark.parametrize(
    ("path", "key", "fault"),
    [
        ("/pieces/four", "k", "must be integer"),
        ("/pieces/4?size=51", "k", "must be <= 50"),
        ("/pieces/4?since=2026", "k", "since is no parameter"),
        ("/pieces/4", None, "security"),
        ("/peaces/4", "k", "no path matched"),
    ],
)
def test_a_request_that_the_document_does_not_allow_fails_the_test(
    judge: Judge, path: str, key: str | None, fault: str
) -> None:
    with pytest.raises(AssertionError, match=fault), judge.watching():
        ask(judge, path, key=key)


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (Reply({"id": "four"}), "id must be integer"),
        (Reply({}), "must have required property 'id'"),
        (Reply({"id": 4}, status=206), "returned status code"),
    ],
    ids=["a wrong value", "a missing field", "an unknown status"],
)
def test_an_answer_that_the_document_does_not_allow_fails_the_test(judge: Judge, reply: Reply, fault: str) -> None:
    def wrong(request: Request) -> Reply:
        return reply

    judge.fake.answer = wrong
    with pytest.raises(AssertionError, match=fault), judge.watching():
        ask(judge)


@pytest.mark.parametrize("status", [401, 429, 503])
def test_a_refusal_needs_no_word_in_the_document(judge: Judge, status: int) -> None:
    judge.fake.answer = lambda request: Reply({}, status=status, headers={"Retry-After": "7"})
    with judge.watching():
        answer = ask(judge)
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "7")


def test_a_flaw_of_a_document_is_put_right_as_long_as_it_is_there(tmp_path: Path) -> None:
    path = tmp_path / "pieces.json"
    path.write_text(json.dumps(DOCUMENT))
    put = Flaw("/components/schemas/Piece/properties/id/type", "integer", "ids are texts", should="string")
    dropped = Flaw("/paths/~1pieces~1{number}/get/parameters/1", {"$ref": "#/components/parameters/size"}, "no size")
    mended = prism.read(path, [put, dropped])
    assert mended["components"]["schemas"]["Piece"]["properties"]["id"] == {"type": "string"}
    assert len(mended["paths"]["/pieces/{number}"]["get"]["parameters"]) == 1
    path.write_text(json.dumps(mended))
    with pytest.raises(AssertionError, match="any more"):
        prism.read(path, [put])


def test_dates_of_a_yaml_document_stay_texts(tmp_path: Path) -> None:
    path = tmp_path / "pieces.yaml"
    path.write_text("example: 2026-03-01\nnumber: 4\n")
    assert prism.read(path) == {"example": "2026-03-01", "number": 4}

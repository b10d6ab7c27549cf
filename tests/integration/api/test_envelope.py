"""Envelope: what surrounds every request, and every error a problem that repeats nothing of what was sent."""

import gzip
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from cxcore.api.app import application
from cxcore.db.session import Database
from support.calling import CURSOR_KEY, Api, as_json, calling, pointers, problem
from support.server import named

CANARY = "canary-4711-kaarina"
MIB = 1024 * 1024
SEARCH = "/v1/customers:search"


async def chunks(size: int) -> AsyncIterator[bytes]:
    """A body whose length nobody announces."""
    yield b'{"query": "'
    for _ in range(size // 65536):
        yield b"a" * 65536
    yield b'"}'


async def test_every_answer_is_numbered_and_kept_out_of_caches(api: Api) -> None:
    answers = [
        await api.post(SEARCH, {"query": "anna"}),
        await api.post(SEARCH, {}),
        await api.get("/v1/nothing"),
        await api.send("DELETE", SEARCH),
        await api.client.get("/healthz"),
        await api.client.get("/openapi.json"),
        await api.post(SEARCH, content=b"x" * (MIB + 1)),
        await api.get(f"/v1/customers/{UUID(int=1)}"),
    ]
    assert [a.status_code for a in answers] == [200, 422, 404, 405, 200, 200, 413, 404]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert len({a.headers["request-id"] for a in answers}) == len(answers)


async def test_a_body_of_a_mebibyte_is_taken(api: Api) -> None:
    padding = " " * (MIB - len('{"query":"anna"}'))
    answer = await api.post(SEARCH, content=f'{{"query":"anna"{padding}}}'.encode())
    assert answer.status_code == 200, answer.text


async def test_a_body_announced_as_larger_is_refused_unread(api: Api) -> None:
    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    headers = {"Content-Length": str(MIB + 1), "Expect": "100-continue"}
    problem(await api.post(SEARCH, content=never(), headers=headers), 413, "too_large")


@pytest.mark.parametrize("headers", [{}, {"Content-Length": str(2**40)}, {"Content-Encoding": "gzip"}])
async def test_of_a_body_without_end_a_part_is_read(api: Api, headers: dict[str, str]) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 100 * MIB:
            read += MIB
            yield b"a" * MIB

    answer = await api.post(SEARCH, content=endless(), headers=headers)
    problem(answer, 413, "too_large")
    assert answer.headers["connection"] == "close"
    assert read in (16 * MIB, 17 * MIB)


async def test_a_larger_body_in_chunks_is_refused(api: Api) -> None:
    problem(await api.post(SEARCH, content=chunks(2 * MIB)), 413, "too_large")


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "9" * 5000, " "])
async def test_a_length_that_is_none_is_refused(api: Api, length: str) -> None:
    answer = await api.post(SEARCH, content=b"{}", headers={"Content-Length": length})
    assert 400 <= answer.status_code < 500
    problem(answer, answer.status_code, answer.json()["code"])


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity"])
async def test_a_compressed_body_is_refused(api: Api, encoding: str) -> None:
    body = gzip.compress(b'{"query": "anna"}')
    problem(await api.post(SEARCH, content=body, headers={"Content-Encoding": encoding}), 413, "too_large")


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/", "/v1/customers", "/v1/customers/", "/v1/nothing", "/v2/customers:search"]
)
async def test_an_unknown_path_is_a_problem(api: Api, path: str) -> None:
    problem(await api.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", SEARCH), ("PUT", SEARCH), ("DELETE", f"/v1/customers/{UUID(int=1)}"), ("POST", f"/v1/customers/{UUID(int=1)}/timeline"),
     ("PATCH", f"/v1/customers/{UUID(int=1)}"), ("OPTIONS", SEARCH), ("POST", "/healthz")],
)  # fmt: skip
async def test_a_method_that_is_not_offered_is_a_problem(api: Api, method: str, path: str) -> None:
    answer = await api.send(method, path)
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"]


async def test_head_is_not_offered(api: Api) -> None:
    answer = await api.send("HEAD", f"/v1/customers/{UUID(int=1)}")
    assert (answer.status_code, answer.headers["cache-control"]) == (405, "no-store")


BODIES: list[Any] = [
    None,
    [],
    "text",
    5,
    {},
    {"query": None},
    {"query": ""},
    {"query": "   "},
    {"query": 5},
    {"query": ["a"]},
    {"query": "a" * 201},
    {"query": "a", "limit": 0},
    {"query": "a", "limit": 101},
    {"query": "a", "limit": "many"},
    {"query": "a", "surplus": 1},
    {"Query": "a"},
]


@pytest.mark.parametrize("body", BODIES, ids=[str(b)[:30] for b in BODIES])
async def test_a_body_that_does_not_fit_is_refused_by_the_field(api: Api, body: Any) -> None:
    found = problem(await api.post(SEARCH, content=json.dumps(body).encode()), 422, "invalid_input")
    assert found["errors"]
    assert all(p == "" or p.startswith("/") or p == "body" for p in pointers(found))


@pytest.mark.parametrize(
    "raw", [b"", b"{", b'{"query": }', b"\xff\xfe", b'{"query": "\xff"}', b'{"query": "a"} x', b"\x00"]
)
async def test_what_is_no_json_is_refused(api: Api, raw: bytes) -> None:
    problem(await api.post(SEARCH, content=raw), 422, "invalid_input")


async def test_json_that_goes_too_deep_is_refused(api: Api) -> None:
    found = await api.post(SEARCH, content=b'{"query": ' + b"[" * 100_000 + b"]" * 100_000 + b"}")
    problem(found, 400, "too_deep")


TEXTS: dict[str, tuple[str, Any]] = {
    "query": (SEARCH, lambda text: {"query": text}),
    "name": (
        "/v1/customers:resolve",
        lambda text: {"identifiers": [{"scheme": "email", "value": "a@x.example"}], "name": text},
    ),
    "value": ("/v1/customers:resolve", lambda text: {"identifiers": [{"scheme": "email", "value": text}]}),
    "issuer": (
        "/v1/customers:resolve",
        lambda text: {"identifiers": [{"scheme": "account", "value": "1", "issuer": text}]},
    ),
    "region": (
        "/v1/customers:resolve",
        lambda text: {"identifiers": [{"scheme": "email", "value": "a@x.example"}], "region": text},
    ),
    "merge": ("/v1/customers:merge", lambda text: {"customers": [str(UUID(int=1)), str(UUID(int=2))], "reason": text}),
    "separate": (
        f"/v1/customers/{UUID(int=1)}:separate",
        lambda text: {"profiles": [str(UUID(int=2))], "reason": text},
    ),
}


@pytest.mark.parametrize("hostile", ["a\x00b", "\x00", "a\ud800", "\udfff"], ids=["nul inside", "nul", "high", "low"])
@pytest.mark.parametrize("field", TEXTS)
async def test_text_that_cannot_be_stored_is_refused(api: Api, field: str, hostile: str) -> None:
    path, body = TEXTS[field]
    problem(await api.post(path, content=as_json(body(hostile))), 422, "invalid_input")


@pytest.mark.parametrize("name", ["surplus", "a/b~c", "", "\x00", "\ud800", "x" * 5000])
async def test_an_unknown_field_is_refused_whatever_its_name(api: Api, name: str) -> None:
    found = problem(await api.post(SEARCH, content=as_json({"query": "anna", name: 1})), 422, "invalid_input")
    assert len(json.dumps(found)) < 2000


async def test_no_value_of_the_request_comes_back_in_a_problem(api: Api) -> None:
    one = {"scheme": "email", "value": "a@x.example"}
    requests: list[tuple[str, str, bytes]] = [
        ("POST", SEARCH, as_json({"query": [CANARY]})),
        ("POST", SEARCH, as_json({"query": "a", "limit": CANARY})),
        ("POST", SEARCH, as_json({"query": "a", "surplus": CANARY})),
        ("POST", SEARCH, as_json(CANARY)),
        ("POST", SEARCH, f'{{"query": {CANARY}}}'.encode()),
        ("POST", SEARCH, f'"{CANARY}'.encode()),
        ("POST", "/v1/customers:resolve", as_json({"identifiers": [{**one, "scheme": CANARY}]})),
        ("POST", "/v1/customers:resolve", as_json({"identifiers": [{**one, "issuer": CANARY * 10}]})),
        ("POST", "/v1/customers:resolve", as_json({"identifiers": [one], "region": CANARY})),
        ("POST", "/v1/customers:resolve", as_json({"identifiers": [one], "name": CANARY * 50})),
        ("POST", "/v1/customers:merge", as_json({"customers": [CANARY, CANARY], "reason": CANARY})),
        ("POST", f"/v1/customers/{CANARY}:separate", as_json({"profiles": [CANARY], "reason": ""})),
        ("POST", f"/v1/decisions/{CANARY}:revoke", b""),
        ("GET", f"/v1/customers/{CANARY}", b""),
        ("GET", f"/v1/{CANARY}", b""),
        ("GET", f"/v1/customers/{UUID(int=1)}/timeline?cursor={CANARY}", b""),
        ("GET", f"/v1/customers/{UUID(int=1)}/timeline?channel={CANARY}", b""),
        ("GET", f"/v1/customers/{UUID(int=1)}/timeline?since={CANARY}", b""),
        ("GET", f"/v1/customers/{UUID(int=1)}/timeline?limit={CANARY}", b""),
        ("PUT", f"/v1/customers/{CANARY}", b""),
    ]
    for method, path, body in requests:
        answer = await api.send(method, path, content=body)
        assert 400 <= answer.status_code < 500, (path, answer.text)
        problem(answer, answer.status_code, answer.json()["code"])
        assert CANARY not in answer.text, path
        assert CANARY not in str(answer.headers), path
    refused = await api.get(SEARCH, key=f"cx_{CANARY}_{CANARY}")
    assert CANARY not in refused.text


async def test_a_database_that_does_not_answer_is_a_problem_of_ours() -> None:
    gone = Database(named("postgresql://nobody@127.0.0.1:1/x", "x"))
    try:
        async with calling(application(gone, cursor_key=CURSOR_KEY)) as client:
            body = problem(await client.get("/healthz"), 503, "database_unavailable")
            assert body["detail"].startswith("The database does not answer.")
            key = {"Authorization": "Bearer cx_000000000000_x"}
            problem(await client.post(SEARCH, json={"query": "a"}, headers=key), 503, "database_unavailable")
    finally:
        await gone.close()


async def test_what_nobody_foresaw_is_told_without_its_words(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr("cxcore.timeline.search.search", broken)
    answer = await api.post(SEARCH, {"query": "anna"})
    problem(answer, 500, "internal")
    assert CANARY not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["request-id"]


AMBIGUOUS = {"a name twice": b'{"query": "a", "query": "b"}', "NaN": b'{"query": NaN}', "1e400": b'{"limit": 1e400}'}


@pytest.mark.parametrize("body", AMBIGUOUS.values(), ids=AMBIGUOUS)
async def test_json_that_readers_would_differ_about_is_refused(api: Api, body: bytes) -> None:
    problem(await api.post(SEARCH, content=body), 422, "invalid_input")

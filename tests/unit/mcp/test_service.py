"""What an assistant is told when the service refuses, or something else answers."""

from collections.abc import Callable

import httpx2
import pytest

from cxcore.mcp.service import Refused, Service

PROBLEM = {
    "code": "invalid_input",
    "detail": "It does not fit.",
    "errors": [{"pointer": "/query", "detail": "too long"}],
}


def silent(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("no route", request=request)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (lambda _: httpx2.Response(422, json=PROBLEM), "invalid_input: It does not fit. /query: too long."),
        (
            lambda _: httpx2.Response(
                429, json={"code": "too_many", "detail": "Slower."}, headers={"Retry-After": "7"}
            ),
            "too_many: Slower. Ask again after 7 seconds.",
        ),
        (lambda _: httpx2.Response(502, text="<html>"), "What answers (502) is not cxcore. Check CX_URL."),
        (lambda _: httpx2.Response(200, json=[]), "200: refused."),
        (silent, "cxcore does not answer. Is it running, and is CX_URL where it is?"),
    ],
)
async def test_a_refusal_is_told_in_words(answers: Callable[[httpx2.Request], httpx2.Response], told: str) -> None:
    async with Service("http://cx.example", "cx_key", transport=httpx2.MockTransport(answers)) as service:
        with pytest.raises(Refused) as caught:
            await service.ask("/v1/customers:search", {"query": "a"})
    assert str(caught.value) == told


async def test_the_key_travels_with_every_request() -> None:
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(200, json={})

    async with Service("http://cx.example", "cx_key", transport=httpx2.MockTransport(answer)) as service:
        await service.read("/v1/customers/1/timeline", {"channel": ["email", "phone"], "limit": 2})
    assert asked[0].headers["authorization"] == "Bearer cx_key"
    assert asked[0].url.query == b"channel=email&channel=phone&limit=2"

"""What cxcore-client does while following when it is not answered, or refused."""

import json
import logging

import httpx
import pytest

from cxcore_client import Failed, Patience, PositionGone, connect, follow, follow_async
from cxcore_client.v1.client import AuthenticatedClient

Told = int | tuple[int, dict[str, str]] | type[Exception] | str


class Server:
    """Answers as it is told: a position that a page leads to, a status with headers, a problem's code, or nothing."""

    def __init__(self, *answers: Told) -> None:
        self.answers = list(answers)
        self.asked: list[str | None] = []
        self.slept: list[float] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.params.get("after"))
        told = self.answers.pop(0)
        if isinstance(told, type):
            raise told("no answer")
        if isinstance(told, tuple):
            return httpx.Response(told[0], headers=told[1])
        if isinstance(told, int):
            return httpx.Response(200, json={"events": [], "next": told, "more": False})
        status = 410 if told == "position_gone" else 403
        problem = {"type": "about:blank", "title": "x", "status": status, "code": told, "detail": "x", "errors": []}
        return httpx.Response(status, content=json.dumps(problem), headers={"content-type": "application/problem+json"})

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def client(self) -> AuthenticatedClient:
        """A client made by `connect` whose requests come here."""
        made = connect("http://cx.example", "key", patience=Patience(attempts=1))
        for inner in (made.get_httpx_client(), made.get_async_httpx_client()):
            inner._transport._inner = httpx.MockTransport(self.answer)  # type: ignore[union-attr]
        return made


PASSING: list[Told] = [(503, {}), (429, {}), (500, {}), httpx.ConnectError, httpx.ReadTimeout]


@pytest.mark.parametrize("failure", PASSING)
def test_what_passes_is_waited_out_at_the_same_position(failure: Told, caplog: pytest.LogCaptureFixture) -> None:
    server = Server(7, failure, failure, failure, 9)
    with server.client() as client, caplog.at_level(logging.WARNING, "cxcore_client"):
        walked = follow(client, after=3, sleep=server.slept.append)
        assert [next(walked).next_, next(walked).next_] == [7, 9]
    assert server.asked == ["3", "7", "7", "7", "7"]
    assert all(2**n / 2 <= pause <= 2**n for n, pause in enumerate(server.slept, start=1))
    assert len(caplog.records) == 3


async def test_it_is_so_under_asyncio(caplog: pytest.LogCaptureFixture) -> None:
    server = Server(httpx.ConnectError, 7, (503, {}), 9)
    async with server.client() as client:
        walked = follow_async(client, sleep=server.sleep)
        assert [(await anext(walked)).next_, (await anext(walked)).next_] == [7, 9]
    assert server.asked == [None, None, "7", "7"]
    assert len(server.slept) == 2


def test_retry_after_is_kept_to_however_long_it_is() -> None:
    server = Server((429, {"Retry-After": "600"}), 9)
    with server.client() as client:
        assert next(follow(client, sleep=server.slept.append)).next_ == 9
    assert server.slept == [600]


def test_pauses_grow_no_longer_than_half_a_minute() -> None:
    server = Server(*[(503, {})] * 12, 9)
    with server.client() as client:
        next(follow(client, sleep=server.slept.append))
    assert 15 <= server.slept[-1] <= 30


def test_a_position_that_is_gone_is_said_to_be() -> None:
    server = Server(7, "position_gone")
    with server.client() as client:
        walked = follow(client, after=3, sleep=server.slept.append)
        next(walked)
        with pytest.raises(PositionGone) as caught:
            next(walked)
    assert (caught.value.position, caught.value.status, caught.value.code) == (7, 410, "position_gone")
    assert isinstance(caught.value, Failed)


def test_a_refusal_is_raised() -> None:
    server = Server("permission_denied")
    with server.client() as client, pytest.raises(Failed, match="403 permission_denied"):
        next(follow(client, sleep=server.slept.append))
    assert server.slept == []

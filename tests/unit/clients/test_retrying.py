"""When cxcore-client sends a request again, and what it then sends."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from cxcore_client.retrying import KEY, AsyncRetrying, Patience, Retrying

Answers = list[int | tuple[int, str] | type[Exception]]
"""What the server does with one request after another: a status, one with Retry-After, or no answer."""
URL = "http://cx.example/v1/customers:merge"


class Server:
    """Answers as it is told, and keeps what it was sent."""

    def __init__(self, *answers: int | tuple[int, str] | type[Exception]) -> None:
        self.answers: Answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.slept: list[float] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        told = self.answers.pop(0)
        if isinstance(told, type):
            raise told("no answer")
        status, after = told if isinstance(told, tuple) else (told, None)
        return httpx.Response(status, headers={} if after is None else {"Retry-After": after})

    async def answer_later(self, request: httpx.Request) -> httpx.Response:
        return self.answer(request)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def send(self, method: str = "POST", *, patience: Patience | None = None, **headers: str) -> httpx.Response:
        transport = Retrying(httpx.MockTransport(self.answer), patience or Patience(), self.slept.append)
        with httpx.Client(transport=transport) as client:
            return client.request(method, URL, content=b"body", headers=headers)

    async def send_async(self, method: str = "POST") -> httpx.Response:
        transport = AsyncRetrying(httpx.MockTransport(self.answer_later), Patience(), self.sleep)
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.request(method, URL, content=b"body")


@pytest.mark.parametrize(
    "failure", [429, 502, 503, 504, httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError]
)
async def test_what_may_be_sent_again_is_sent_again_with_the_same_key_and_body(failure: int | type[Exception]) -> None:
    server = Server(failure, failure, 200)
    assert server.send().status_code == 200
    assert len({r.headers[KEY] for r in server.asked}) == 1
    assert [r.content for r in server.asked] == [b"body"] * 3
    other = Server(failure, failure, 200)
    assert (await other.send_async()).status_code == 200
    assert len({r.headers[KEY] for r in other.asked}) == 1
    assert other.asked[0].headers[KEY] != server.asked[0].headers[KEY]


@pytest.mark.parametrize("status", [200, 307, 400, 401, 404, 409, 412, 422, 500])
def test_other_answers_are_handed_over_at_once(status: int) -> None:
    server = Server(status)
    assert server.send().status_code == status
    assert server.slept == []


class Streamed(httpx.AsyncByteStream):
    """A body that only asyncio can read, as one from the network."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"code": "idempotency_in_flight"}'


def test_what_is_still_worked_on_is_asked_for_again() -> None:
    answers = [httpx.Response(409, json={"code": "idempotency_in_flight"}), httpx.Response(200)]
    transport = Retrying(httpx.MockTransport(lambda _: answers.pop(0)), Patience(), lambda _: None)
    with httpx.Client(transport=transport) as client:
        assert client.post(URL).status_code == 200


async def test_what_is_still_worked_on_is_asked_for_again_under_asyncio() -> None:
    server = Server()
    later = [httpx.Response(409, stream=Streamed()), httpx.Response(200)]

    async def answer(_: httpx.Request) -> httpx.Response:
        return later.pop(0)

    async with httpx.AsyncClient(
        transport=AsyncRetrying(httpx.MockTransport(answer), Patience(), server.sleep)
    ) as patient:
        assert (await patient.post(URL)).status_code == 200
    assert len(server.slept) == 1


def test_a_key_of_the_callers_is_kept() -> None:
    server = Server(503, 200)
    server.send(**{KEY: "mine"})
    assert [r.headers[KEY] for r in server.asked] == ["mine", "mine"]


@pytest.mark.parametrize(("method", "keyed"), [("POST", True), ("PATCH", True), ("GET", False), ("PUT", False)])
def test_only_what_is_not_repeatable_by_itself_carries_a_key(method: str, keyed: bool) -> None:
    server = Server(200)
    server.send(method)
    assert (KEY in server.asked[0].headers) is keyed


def test_it_gives_up_after_its_attempts() -> None:
    server = Server(503, 503, 503, 503, 200)
    assert server.send().status_code == 503
    assert len(server.slept) == 3
    silent = Server(httpx.ConnectError, httpx.ConnectError)
    with pytest.raises(httpx.ConnectError):
        silent.send(patience=Patience(attempts=2))


def test_pauses_double_up_to_the_most_and_are_never_longer() -> None:
    patience = Patience(attempts=9)
    for attempt, most in enumerate([0.5, 1, 2, 4, 8, 8, 8, 8], 1):
        found = [patience.pause(attempt, None) for _ in range(200)]
        assert all(pause is not None and 0 <= pause <= most for pause in found)
        assert max(p for p in found if p is not None) > most / 2


def in_seconds(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("after", "least", "most"),
    [(lambda: "7", 7, 7), (lambda: in_seconds(20), 17, 20), (lambda: in_seconds(-5), 0, 0), (lambda: "soon", 0, 0.5)],
    ids=["seconds", "date", "date gone by", "nonsense"],
)
def test_retry_after_is_kept_to(after: Callable[[], str], least: float, most: float) -> None:
    server = Server((429, after()), 200)
    assert server.send().status_code == 200
    assert least <= server.slept[0] <= most


def test_nobody_is_kept_waiting_for_an_hour() -> None:
    server = Server((429, "3600"))
    assert server.send().status_code == 429
    assert server.slept == []

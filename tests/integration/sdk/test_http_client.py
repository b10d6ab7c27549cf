"""The client of connectors on real sockets, against a server that does it harm."""

import asyncio
import gzip
import json
import time
from datetime import timedelta

import pytest

from cxcore.sdk import AuthFailed, Rate, RateLimited, SourceUnavailable
from cxcore.sdk.http import Http, Limits, client
from support.hostile import Behaviour, Call, Hostile

LIMITS = Limits(most_bytes=100_000, first=1.0, request=3.0, whole=8.0, window=0.4, progress=1000)
LONGEST = 10.0
"""Seconds after which a case has held its worker too long, on a busy machine."""


@pytest.fixture(autouse=True)
def _no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "backoff", lambda _attempt: 0.01)


async def reset_mid_body(call: Call) -> None:
    await call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 100)
    await call.reset()


async def byte_a_second(call: Call) -> None:
    await call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        await call.send(b"x")
        await asyncio.sleep(0.1)


async def header_a_second(call: Call) -> None:
    await call.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await call.send(b"X-More: 1\r\n")
        await asyncio.sleep(0.1)


async def says_nothing(call: Call) -> None:
    await asyncio.sleep(60)


async def too_short(call: Call) -> None:
    await call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n{}")
    await call.reset()


async def endless(call: Call) -> None:
    await call.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await call.send(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")


async def endless_headers(call: Call) -> None:
    await call.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await call.send(b"X-More: " + b"x" * 4000 + b"\r\n")


async def five_gigabytes(call: Call) -> None:
    await call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5368709120\r\n\r\n")
    while True:
        await call.send(b"x" * 65536)


async def bomb(call: Call) -> None:
    await call.answer(gzip.compress(b"\0" * 50_000_000), headers="Content-Encoding: gzip\r\n")


async def circles(call: Call) -> None:
    await call.answer(b"", status="302 Found", headers=f"Location: {call.target}x\r\n")


async def no_http(call: Call) -> None:
    await call.send(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")


async def always_busy(call: Call) -> None:
    await call.answer(b"", status="503 Busy", headers="Retry-After: 0\r\n")


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (reset_mid_body, "does not answer: ReadError"),
        (byte_a_second, "too slowly"),
        (header_a_second, "does not answer: TimeoutError"),
        (says_nothing, "does not answer: TimeoutError"),
        (too_short, "does not answer"),
        (endless, "larger than 100000 bytes"),
        (endless_headers, "does not answer: RemoteProtocolError"),
        (five_gigabytes, "larger than 100000 bytes"),
        (bomb, "larger than 100000 bytes"),
        (circles, "redirects in circles"),
        (no_http, "does not answer: RemoteProtocolError"),
        (always_busy, "answers 503"),
    ],
)
async def test_every_harm_ends_in_time_with_a_clear_failure(behaviour: Behaviour, said: str) -> None:
    began = time.monotonic()
    with Hostile(behaviour) as server:
        async with Http(homes=[server.url], limits=LIMITS) as http:
            with pytest.raises(SourceUnavailable, match=said) as failure:
                await http.get(f"{server.url}/x?email=secret@x.example")
    assert time.monotonic() - began < LONGEST
    assert failure.value.hint
    assert "secret" not in str(failure.value)


async def test_a_length_that_is_too_long_gives_what_was_announced() -> None:
    async def too_long(call: Call) -> None:
        await call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}{}{}HTTP/1.1 200 OK\r\n\r\n")

    with Hostile(too_long) as server:
        async with Http(homes=[server.url], limits=LIMITS) as http:
            assert (await http.get(server.url)).json() == {}


async def test_the_whole_time_holds_for_all_attempts_together() -> None:
    began = time.monotonic()
    with Hostile(says_nothing) as server:
        async with Http(homes=[server.url], limits=Limits(whole=0.5)) as http:
            with pytest.raises(SourceUnavailable, match=r"longer than 0\.5 seconds"):
                await http.get(server.url)
    assert time.monotonic() - began < LONGEST


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost:{port}/inner",
        "http://[::ffff:127.0.0.1]:{port}/inner",
        "http://2130706433:{port}/inner",
        "http://0x7f.1:{port}/inner",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.255.255.1/",
        "http://0.0.0.0:{port}/inner",
    ],
)
async def test_a_redirect_to_a_private_address_is_refused(target: str) -> None:
    async def lead_inwards(call: Call) -> None:
        where = target.format(port=server.port)
        if call.target == "/inner":
            await call.answer(b'{"inner": "secret"}')
        else:
            await call.answer(b"", status="302 Found", headers=f"Location: {where}\r\n")

    with Hostile(lead_inwards) as server:
        async with Http(homes=[server.url], limits=LIMITS) as http:
            with pytest.raises(SourceUnavailable, match="private network, which is refused"):
                await http.get(server.url)
    assert [call.target for call in server.calls] == ["/"]


async def test_a_name_that_dns_leads_inwards_is_refused_unless_the_setting_allows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def hello(call: Call) -> None:
        await call.answer(b'"hello"')

    async def resolve(host: str, port: int, **_: object) -> list[object]:
        assert host == "shop.example"
        return [(2, 1, 6, "", ("169.254.169.254", port)), (2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    with Hostile(hello) as server:
        url = f"http://shop.example:{server.port}/"
        async with Http(homes=[url], limits=LIMITS) as http:
            with pytest.raises(SourceUnavailable, match="private_network = true"):
                raise await _failure(http, url)
        assert server.calls == []
        async with Http(homes=[url], limits=LIMITS, private_network=True) as http:
            assert (await http.get(url)).json() == "hello"
        assert server.calls[0].headers["host"] == f"shop.example:{server.port}"


async def _failure(http: Http, url: str) -> Exception:
    """The failure with its hint as its text."""
    try:
        await http.get(url)
    except SourceUnavailable as exc:
        return SourceUnavailable(str(exc))
    return AssertionError("no failure")


async def test_credentials_go_to_their_origin_alone() -> None:
    async def hello(call: Call) -> None:
        await call.answer(b'"hello"')

    with Hostile(hello) as other:

        async def away(call: Call) -> None:
            where = f"{other.url}/there" if call.target == "/away" else "/here"
            if call.target == "/here":
                await call.answer(b'"here"', headers="Set-Cookie: spy=1\r\n")
            else:
                await call.answer(b"", status="307 Go", headers=f"Location: {where}\r\n")

        with Hostile(away) as server:
            async with Http(headers={"Authorization": "Bearer s"}, homes=[server.url], private_network=True) as http:
                assert (await http.get(f"{server.url}/near", headers={"X-Key": "k"})).json() == "here"
                assert (await http.get(f"{server.url}/away", headers={"X-Key": "k"})).json() == "hello"
                assert (await http.get(f"{other.url}/asked")).json() == "hello"
    assert [call.headers.get("authorization") for call in server.calls] == ["Bearer s"] * 3
    for call in other.calls:
        assert not call.headers.keys() & {"authorization", "x-key", "cookie", "referer"}
    assert all("cookie" not in call.headers for call in server.calls)


async def test_environment_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hello(call: Call) -> None:
        await call.answer(b'"hello"')

    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with Hostile(hello) as server:
        async with Http(homes=[server.url]) as http:
            assert (await http.get(server.url)).json() == "hello"


async def test_a_search_is_posted_and_repeated_like_a_read() -> None:
    async def search(call: Call) -> None:
        if len(server.calls) == 1:
            await call.answer(b"", status="502 Bad Gateway")
        else:
            await call.answer(call.body)

    with Hostile(search) as server:
        async with Http(homes=[server.url]) as http:
            assert (await http.post(server.url, json={"query": "ä"})).json() == {"query": "ä"}
    assert [call.method for call in server.calls] == ["POST", "POST"]


async def test_too_many_requests_without_end_are_handed_back() -> None:
    async def busy(call: Call) -> None:
        await call.answer(b"", status="429 Too Many Requests", headers="Retry-After: 0\r\n")

    with Hostile(busy) as server:
        async with Http(homes=[server.url]) as http:
            with pytest.raises(RateLimited) as limited:
                await http.get(server.url)
    assert limited.value.retry_after == 60.0
    assert len(server.calls) == 3


async def test_refused_credentials_are_not_tried_again() -> None:
    async def refuse(call: Call) -> None:
        await call.answer(b"", status="401 No")

    with Hostile(refuse) as server:
        async with Http(homes=[server.url]) as http:
            with pytest.raises(AuthFailed):
                await http.get(server.url)
    assert len(server.calls) == 1


async def test_calls_are_spaced_by_the_rate() -> None:
    times = []

    async def hello(call: Call) -> None:
        times.append(time.monotonic())
        await call.answer(json.dumps(len(times)).encode())

    with Hostile(hello) as server:
        async with Http(homes=[server.url], rate=Rate(calls=10, per=timedelta(seconds=1))) as http:
            for _ in range(4):
                await http.get(server.url)
    assert times[-1] - times[0] >= 0.28

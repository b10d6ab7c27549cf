"""Where webhooks may lead: tricky addresses and names, none of which reaches anything that is not public."""

import asyncio
import socket
from typing import Any
from uuid import uuid4

import httpcore2
import pytest

from cxcore.errors import InvalidInput
from cxcore.webhooks import address
from cxcore.webhooks.sender import Message, Sender
from support.signing import WHSEC

PUBLIC = "93.184.215.14"
TRICKY = (
    "http://hooks.example/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://017700000001/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://127.0.0.1./",
    "https://0/",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://172.31.255.255/",
    "https://192.168.1.1:8443/",
    "https://100.64.0.1/",
    "https://198.18.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.100.100.200/",
    "https://168.63.129.16/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://localhost/",
    "https://LocalHost./",
    "https://a.localhost/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fc00::1]/",
    "https://[fec0::1]/",
    "https://[fd00:ec2::254]/",
    "https://[ff02::1]/",
    "https://[2002:7f00:1::]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b:1::7f00:1]/",
    "https://[2001:0:4136:e378:8000:63bf:80ff:fffe]/",
    "https://hooks.example@127.0.0.1/",
    "https://127.0.0.1\\@hooks.example/",
    "https://127.0.0.1#@hooks.example/",
    "https://hooks.example:22/",
    "https://hooks.example:8443@127.0.0.1:22/",
    "https://hooks.example./",
    "https://①②⑦.⓪.⓪.①/",
    "https://127。0。0。1/",
    "https://ⓛocalhost/",
    "https:///etc/passwd",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_INFO",
    "https://hooks.example/\r\nHost: inner",
    "https:// 127.0.0.1/",
)
"""What is refused as it is written."""
NAMES = {
    "inner.example": ["10.0.0.5"],
    "metadata.example": ["169.254.169.254"],
    "mapped.example": ["::ffff:10.0.0.5"],
    "nat64.example": ["64:ff9b::a00:5"],
    "mixed.example": [PUBLIC, "127.0.0.1"],
    "mixed-six.example": [PUBLIC, "::1"],
    "inner-first.example": ["192.168.0.1", PUBLIC],
}
"""What only shows when the name is resolved."""


@pytest.fixture
async def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were connected to; names lead where ``NAMES`` say, or to a public address."""
    found: list[str] = []
    loop = asyncio.get_running_loop()
    genuine = loop.getaddrinfo

    async def resolve(host: Any, port: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if not name.endswith(".example"):
            return await genuine(host, port, flags=socket.AI_NUMERICHOST, **kwargs)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in NAMES.get(name, [PUBLIC])]

    async def connect(_: object, host: str, *args: object, **kwargs: object) -> None:
        found.append(host)
        raise httpcore2.ConnectError

    monkeypatch.setattr(loop, "getaddrinfo", resolve)
    monkeypatch.setattr(httpcore2.AnyIOBackend, "connect_tcp", connect)
    return found


async def send(url: str) -> str | None:
    async with Sender() as sender:
        return (await sender.send(Message(uuid4(), url, b"{}", [WHSEC]), at=0)).problem


@pytest.mark.parametrize("url", [pytest.param(url, id=f"{n:02}") for n, url in enumerate(TRICKY, 1)])
async def test_a_tricky_address_is_refused_and_would_not_be_connected_to(url: str, connected: list[str]) -> None:
    with pytest.raises(InvalidInput):
        address.check(url, private_network=False)
    assert await send(url) is not None
    assert set(connected) <= {PUBLIC}


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_with_any_address_that_is_not_public_is_not_connected_to(name: str, connected: list[str]) -> None:
    address.check(f"https://{name}/", private_network=False)
    assert await send(f"https://{name}/") == "it leads to an address that is not public"
    assert connected == []


async def test_a_name_that_leads_inwards_the_second_time_is_refused_then(
    connected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(NAMES, "rebinding.example", [PUBLIC])
    assert await send("https://rebinding.example/") == "no connection: ConnectError"
    monkeypatch.setitem(NAMES, "rebinding.example", ["127.0.0.1"])
    assert await send("https://rebinding.example/") == "it leads to an address that is not public"
    assert connected == [PUBLIC]


@pytest.mark.parametrize("url", ["https://hooks.example/x?y=1", "https://hooks.example:8443/", f"https://{PUBLIC}/"])
async def test_a_public_address_is_connected_to(url: str, connected: list[str]) -> None:
    address.check(url, private_network=False)
    await send(url)
    assert connected == [PUBLIC]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/", "http://receiver:9000/", "https://10.0.0.1/"])
def test_a_network_of_ones_own_may_be_allowed(url: str) -> None:
    address.check(url, private_network=True)


@pytest.mark.parametrize("url", ["http://169.254.169.254/", "http://[fe80::1]/", "http://0.0.0.0/", "ftp://127.0.0.1/"])
def test_what_no_receiver_lives_at_is_never_allowed(url: str) -> None:
    with pytest.raises(InvalidInput):
        address.check(url, private_network=True)

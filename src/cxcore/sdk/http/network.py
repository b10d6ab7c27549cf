"""The network as connectors see it: names are resolved once, their addresses checked, and exactly these connected to."""

import asyncio
import socket
import ssl
from collections.abc import Iterable
from functools import cache

import httpcore2
import httpx2

from cxcore.sdk.errors import SourceUnavailable
from cxcore.sdk.http.addresses import Reach, literal, reach

_MOST_TRIED = 4


class Hosts:
    """Which hosts may be at private addresses: those configured so in plain sight, or all by a setting."""

    def __init__(self, homes: Iterable[str], *, private_network: bool) -> None:
        self._plain = {host for host in homes if literal(host) is Reach.PRIVATE}
        self._all = private_network

    def permits(self, host: str, address: str) -> bool:
        """Whether ``host`` may be reached at ``address``; never at metadata services, link-local and the like."""
        where = reach(address)
        if where is Reach.PRIVATE:
            return self._all or host.lower() in self._plain
        return where is Reach.PUBLIC

    def permitted(self, host: str, found: Iterable[str]) -> list[str]:
        """Of the addresses that a host has, those at which it may be reached."""
        return [address for address in found if self.permits(host, address)]


class Network(httpcore2.AsyncNetworkBackend):
    """Opens connections to permitted addresses only, whatever DNS answers the second time it is asked."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's contract
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        found = await _resolve(host, port, timeout)
        permitted = self._hosts.permitted(host, found)
        if not permitted:
            raise SourceUnavailable(
                "The source leads to an address of a private network, which is refused.",
                hint="If it is meant to be there, set private_network = true.",
            )
        failure: httpcore2.ConnectError | httpcore2.ConnectTimeout | None = None
        for address in permitted[:_MOST_TRIED]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as exc:
                failure = exc
        raise failure or httpcore2.ConnectError

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's contract
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        raise httpcore2.ConnectError

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Transport(httpx2.AsyncHTTPTransport):
    """httpx2's transport over ``Network``."""

    def __init__(self, hosts: Hosts) -> None:
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=ssl_context(),
            max_connections=8,
            max_keepalive_connections=4,
            keepalive_expiry=5.0,
            network_backend=Network(hosts),
        )


@cache
def ssl_context() -> ssl.SSLContext:
    """The system's trusted authorities; made once, since loading them takes longer than a request."""
    return httpx2.create_ssl_context(trust_env=False)


async def _resolve(host: str, port: int, timeout: float | None) -> list[str]:  # noqa: ASYNC109 - handed through
    """The addresses of a host, each once, in the resolver's order."""
    try:
        async with asyncio.timeout(timeout):
            answers = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError as exc:
        raise httpcore2.ConnectTimeout from exc
    except (OSError, UnicodeError) as exc:
        raise httpcore2.ConnectError from exc
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))

"""Sending: one signed POST, no redirect, no proxy, ten seconds, and nothing kept of the answer but its status."""

import asyncio
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

import httpcore2

from cxcore.sdk.errors import SourceUnavailable
from cxcore.sdk.http import network
from cxcore.sdk.signature.standard import sign
from cxcore.webhooks.address import Receivers

PATIENCE = 10.0
"""Seconds for the whole exchange."""
MOST_READ = 64 * 1024
"""Bytes of an answer that are read and dropped so that the connection can be used again; beyond, it is closed."""
CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: an event in JSON under its id, to a URL, signed with each of the secrets."""

    id: UUID
    url: str
    body: bytes
    secrets: Sequence[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it; without a status ``problem`` says why."""

    status: int | None
    problem: str | None
    seconds: float

    @property
    def taken(self) -> bool:
        """Whether the receiver has taken it (2xx)."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own


class Sender:
    """Connections to receivers: ``async with Sender() as sender``."""

    def __init__(self, *, private_network: bool = False, trusted: ssl.SSLContext | None = None) -> None:
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=trusted or network.ssl_context(),
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS,
            keepalive_expiry=5.0,
            network_backend=network.Network(Receivers(private_network=private_network)),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *args: object) -> None:
        await self._pool.aclose()

    async def send(self, message: Message, *, at: int) -> Answer:
        """Send a message, signed at a time in seconds since 1970; whatever happens is an answer."""
        began = time.monotonic()
        status, problem = None, None
        try:
            async with asyncio.timeout(PATIENCE):
                status = await self._post(message, at)
        except (TimeoutError, httpcore2.TimeoutException):
            problem = f"no answer within {PATIENCE:g} seconds"
        except SourceUnavailable:
            problem = "it leads to an address that is not public"
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as exc:
            problem = f"no connection: {type(exc).__name__}"
        except Exception as exc:  # noqa: BLE001 - one message that nobody foresaw must not end the sending of others
            problem = f"it cannot be sent: {type(exc).__name__}"
        return Answer(status, problem, time.monotonic() - began)

    async def _post(self, message: Message, at: int) -> int:
        sent = self._pool.stream(
            "POST",
            message.url,
            headers=headers(message, at=at),
            content=message.body,
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), PATIENCE)},
        )
        async with sent as answer:
            read = 0
            async for part in answer.aiter_stream():
                read += len(part)
                if read > MOST_READ:
                    break
            status: int = answer.status
            return status


def headers(message: Message, *, at: int) -> dict[bytes | str, bytes | str]:
    """The headers of Standard Webhooks 1.0.0, with those that say what the body is."""
    signed = f"{message.id}.{at}.".encode() + message.body
    return {
        "Content-Type": "application/json",
        "User-Agent": "cxcore",
        "webhook-id": str(message.id),
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(sign(signed, secret) for secret in message.secrets),
    }

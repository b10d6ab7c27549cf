"""HTTP for connectors: time-outs, size limits, patience and retries in one place, failures named for the engine."""

import asyncio
import email.utils
import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import httpx2

from cxcore.sdk.errors import AuthFailed, RateLimited, SourceUnavailable

MOST_BYTES = 20 * 1024 * 1024
PATIENCE = 30.0
"""Seconds that a source may ask to wait within a pull; what it asks beyond goes back to the engine."""
_ATTEMPTS = 3
_TOTAL = 120.0
_SECONDS = re.compile("[0-9]{1,9}")
_SERVER_ERROR = 500
_OK = frozenset({200, 201, 202, 203, 204, 206, 304})


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer within the size limit; header names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class Http:
    """A client for one pull: ``async with Http() as http``. Only reads are repeated."""

    def __init__(
        self,
        *,
        headers: Mapping[str, str] | None = None,
        most_bytes: int = MOST_BYTES,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._most = most_bytes
        self._client = httpx2.AsyncClient(
            headers={"User-Agent": "cxcore", **(headers or {})},
            timeout=httpx2.Timeout(30.0, connect=10.0),
            transport=transport,
            follow_redirects=True,
            max_redirects=5,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *args: object) -> None:
        await self._client.aclose()

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Read a URL; a short ``Retry-After`` is waited for, outages are tried three times with full jitter.

        Raises:
            AuthFailed: 401 or 403.
            RateLimited: the source asks for more patience than ``PATIENCE``.
            SourceUnavailable: no sensible answer, or one larger than the limit.
        """
        failure = SourceUnavailable("The source does not answer.")
        for attempt in range(_ATTEMPTS):
            if attempt:
                await asyncio.sleep(random.uniform(0, 0.5 * 2**attempt))  # noqa: S311 - no secret
            try:
                async with asyncio.timeout(_TOTAL):
                    answer = await self._read(url, headers or {})
            except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as exc:
                failure = SourceUnavailable(f"The source does not answer: {type(exc).__name__}.")
                continue
            if answer.status in _OK:
                return answer
            if answer.status in {401, 403}:
                raise AuthFailed(f"The source refuses us ({answer.status}).", hint="Check its address and credentials.")
            if answer.status in {429, 503} and (wait := retry_after(answer.headers.get("retry-after"))) is not None:
                if wait > PATIENCE:
                    raise RateLimited(retry_after=wait)
                await asyncio.sleep(wait)
            elif answer.status < _SERVER_ERROR and answer.status != 429:  # noqa: PLR2004 - too many requests
                raise SourceUnavailable(f"The source answers {answer.status}.", hint="Is the address right?")
            failure = SourceUnavailable(f"The source answers {answer.status}.")
        raise failure

    async def _read(self, url: str, headers: Mapping[str, str]) -> Answer:
        async with self._client.stream("GET", url, headers=headers) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > self._most:
                    raise SourceUnavailable(f"The source's answer is larger than {self._most // 1024 // 1024} MiB.")
            return Answer(response.status_code, dict(response.headers), bytes(body), str(response.url))


def retry_after(value: str | None) -> float | None:
    """Seconds that ``Retry-After`` (RFC 9110, seconds or a date) asks for; None when it asks for nothing sensible."""
    if value is None:
        return None
    if _SECONDS.fullmatch(value.strip()):
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None

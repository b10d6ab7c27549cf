"""Sending again what may be sent again: the same request, with the same Idempotency-Key, as late as it is asked for."""

import asyncio
import random
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

_AGAIN = frozenset({429, 502, 503, 504})
_CONFLICT = 409
_IN_FLIGHT = b'"idempotency_in_flight"'
_KEYED = frozenset({"POST", "PATCH"})
KEY = "Idempotency-Key"


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to wait, in seconds.

    ``attempts`` in all, the first included; pauses double from ``first`` to ``most``, each a random part of that (full
    jitter). A ``Retry-After`` is kept to, unless it asks for more than ``longest``: then the answer is handed over.
    """

    attempts: int = 4
    first: float = 0.5
    most: float = 8.0
    longest: float = 60.0

    def pause(self, attempt: int, answer: httpx.Response | None) -> float | None:
        """Seconds until the next attempt after the ``attempt``-th (from 1), None where there is to be none.

        ``answer`` is None when none came.
        """
        if attempt >= self.attempts or (answer is not None and not _passing(answer)):
            return None
        asked = retry_after(answer) if answer is not None else None
        if asked is not None:
            return asked if asked <= self.longest else None
        return random.uniform(0, min(self.most, self.first * 2 ** (attempt - 1)))  # noqa: S311 - no secret


def _passing(answer: httpx.Response) -> bool:
    """Whether it may go well later: the service or its limits say so, or the same request is still being worked on."""
    return answer.status_code in _AGAIN or (answer.status_code == _CONFLICT and _IN_FLIGHT in answer.read())


def retry_after(answer: httpx.Response) -> float | None:
    """Seconds that ``Retry-After`` asks for, written as such or as a date (RFC 9110, section 10.2.3)."""
    given = answer.headers.get("retry-after")
    if given is None:
        return None
    if given.isdigit():
        return float(given)
    try:
        at = parsedate_to_datetime(given)
    except ValueError:
        return None
    return max(0.0, (at - datetime.now(UTC)).total_seconds())


def _keyed(request: httpx.Request) -> None:
    if request.method in _KEYED and KEY not in request.headers:
        request.headers[KEY] = str(uuid.uuid4())


class Retrying(httpx.BaseTransport):
    """A transport around another one."""

    def __init__(
        self, inner: httpx.BaseTransport, patience: Patience, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._inner, self._patience, self._sleep = inner, patience, sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        _keyed(request)
        request.read()
        attempt = 1
        while True:
            answer, failure = None, None
            try:
                answer = self._inner.handle_request(request)
            except httpx.TransportError as exc:
                failure = exc
            pause = self._patience.pause(attempt, answer)
            if pause is None:
                if answer is None:
                    raise failure or AssertionError
                return answer
            if answer is not None:
                answer.close()
            self._sleep(pause)
            attempt += 1

    def close(self) -> None:
        self._inner.close()


class AsyncRetrying(httpx.AsyncBaseTransport):
    """The same for asyncio."""

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        patience: Patience,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._inner, self._patience, self._sleep = inner, patience, sleep

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        _keyed(request)
        await request.aread()
        attempt = 1
        while True:
            answer, failure = None, None
            try:
                answer = await self._inner.handle_async_request(request)
                if answer.status_code == _CONFLICT:
                    await answer.aread()
            except httpx.TransportError as exc:
                failure = exc
            pause = self._patience.pause(attempt, answer)
            if pause is None:
                if answer is None:
                    raise failure or AssertionError
                return answer
            if answer is not None:
                await answer.aclose()
            await self._sleep(pause)
            attempt += 1

    async def aclose(self) -> None:
        await self._inner.aclose()

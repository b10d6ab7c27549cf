"""How long a request may take: one that is slower is ended with its transaction, and answered as a problem."""

import asyncio
from types import MappingProxyType

import structlog
from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cxcore.api.problems import problem
from cxcore.errors import TimedOut

SECONDS = 10.0
MORE = MappingProxyType({
    "/v1/changes": 30.0,
    "/interactions:bulk": 50.0,
    "/quarantine:replay": 110.0,
    ":check": 60.0,
})  # fmt: skip
"""Seconds beyond the limit of all others, by how a path ends: what waits, is large, or asks other systems."""
LONGEST = max(MORE.values())
"""Seconds that a request may take beyond the limit of most."""
_SLOW_SENDER = 408
_log = structlog.get_logger(__name__)


class TimeLimit:
    """ASGI middleware. A request whose answer has not begun after ``seconds`` is cancelled: what it has written is rolled
    back, and the server ends the statement under way. A commit that has begun is waited for (``settle``), so that
    nothing is told to have failed that was done. ``home``: as of ``problem``."""

    def __init__(self, app: ASGIApp, *, seconds: float, home: str) -> None:
        self.app, self._seconds, self._home = app, seconds, home

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sending = False

        async def watched() -> Message:
            nonlocal sending
            sending = True
            message = await receive()
            sending = False
            return message

        async def begun(message: Message) -> None:
            _lift(limit)
            await send(message)

        limit = asyncio.timeout(self._seconds + _more(scope["path"]))
        scope.setdefault("state", {})["limit"] = limit
        try:
            async with limit:
                await self.app(scope, watched, begun)
        except TimeoutError:
            if not limit.expired():
                raise
            _log.warning("request timed out", path=scope["path"])
            await self._answer(slow_sender=sending)(scope, receive, send)

    def _answer(self, *, slow_sender: bool) -> ASGIApp:
        if slow_sender:
            return problem(_SLOW_SENDER, TimedOut.code, "The request did not arrive whole in time.", home=self._home)
        answer = problem(TimedOut.status, TimedOut.code, str(TimedOut.of_request()), home=self._home)
        answer.headers.update(TimedOut.headers)
        return answer


def settle(request: Request) -> None:
    """Let what follows, the commit, end in its own time."""
    limit: asyncio.Timeout | None = getattr(request.state, "limit", None)
    if limit is not None:
        _lift(limit)


def _lift(limit: asyncio.Timeout) -> None:
    if not limit.expired():  # then what is answered is why the request could not be ended cleanly
        limit.reschedule(None)


def _more(path: str) -> float:
    return next((seconds for end, seconds in MORE.items() if path.endswith(end)), 0.0)

"""What surrounds every request: a number, a limit on its body, and headers that keep personal data out of caches."""

import asyncio
import contextlib
import secrets

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cxcore.api.problems import problem

BODY_LIMIT = 1024 * 1024
BULK_LIMIT = 8 * BODY_LIMIT
BULK = "/interactions:bulk"
DRAIN_LIMIT = 16 * BODY_LIMIT
DRAIN_SECONDS = 2.0
TOO_LARGE = 413
FAILED = 500
_DIGITS = 20
_DETAIL = "The body is larger than 1 MiB (in bulk 8 MiB), or compressed. Send it plain, in parts."
_HEADERS = {
    b"cache-control": b"no-store",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
}


class Envelope:
    """ASGI middleware; refuses bodies over ``BODY_LIMIT`` bytes, in bulk ``BULK_LIMIT``, or compressed ones, whether announced or not.

    What is not read of a body when the answer begins is read and dropped first, up to ``DRAIN_LIMIT`` bytes or for
    ``DRAIN_SECONDS``: a connection closed with bytes unread is reset, and the answer may be lost with it (RFC 9112,
    section 9.6). A peer that waits for leave to send its body (``Expect``) is not given it. After a failure of ours, or
    with bytes still unread, the connection is closed, and the answer says so, lest the next request be sent into it.
    """

    def __init__(self, app: ASGIApp, *, home: str = "") -> None:
        self.app, self._home = app, home

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = secrets.token_hex(8).encode()
        given = dict(scope["headers"])
        size = 0
        limit = BULK_LIMIT if scope["path"].endswith(BULK) else BODY_LIMIT
        unread = b"expect" not in given

        async def read() -> Message:
            nonlocal size, unread
            message = await receive()
            size += len(message.get("body", b""))
            unread = message.get("more_body", False)
            return message

        async def counted() -> Message:
            message = await read()
            if size > limit:
                raise HTTPException(TOO_LARGE, _DETAIL)
            return message

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(DRAIN_SECONDS):
                        while unread and size < DRAIN_LIMIT:
                            await read()
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    (b"request-id", number),
                    *((name, value) for name, value in _HEADERS.items() if name not in present),
                    *((n.lower().encode(), v.encode()) for n, v in scope.get("state", {}).get("rate", {}).items()),
                ]
                if unread or message["status"] == FAILED:
                    message["headers"].append((b"connection", b"close"))
            await send(message)

        length = given.get(b"content-length", b"0")
        announced = int(length) if length.isdigit() and len(length) < _DIGITS else limit + 1
        if announced > limit or b"content-encoding" in given:
            await problem(TOO_LARGE, "too_large", _DETAIL, home=self._home)(scope, receive, with_headers)
        else:
            await self.app(scope, counted, with_headers)

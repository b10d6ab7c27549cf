"""Masks on the API: whatever JSON is answered to a role that does not see everything leaves without what it does not see."""

import json

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cxcore.auth.masks import MASKS, Masked, applied
from cxcore.auth.policy import Principal


def hide(request: Request, who: Principal) -> None:
    """Have the answer to this request leave without what ``who`` does not see."""
    request.state.hidden = MASKS[who.role]


def show(request: Request) -> None:
    """Have the answer to this request leave whole: what it shows has been asked for with a reason, and noted."""
    request.state.hidden = frozenset()


class Masking:
    """ASGI middleware: an answer in JSON is held back until it is whole, and goes on masked. Others hold no values."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        held: list[Message] = []

        def hidden() -> frozenset[Masked]:
            found: frozenset[Masked] = scope.get("state", {}).get("hidden", frozenset())
            return found

        async def masked(message: Message) -> None:
            if message["type"] == "http.response.start" and hidden() and _is_json(message):
                held.append(message)
            elif message["type"] == "http.response.body" and held:
                held.append(message)
                if not message.get("more_body", False):
                    await _send(held, hidden(), send)
            else:
                await send(message)

        await self.app(scope, receive, masked)


def _is_json(start: Message) -> bool:
    kind = MutableHeaders(raw=list(start["headers"])).get("content-type", "").partition(";")[0].strip()
    return kind == "application/json" or kind.endswith("+json")


async def _send(held: list[Message], hidden: frozenset[Masked], send: Send) -> None:
    start, *parts = held
    body = b"".join(part.get("body", b"") for part in parts)
    if body:
        body = json.dumps(applied(json.loads(body), hidden), ensure_ascii=False, separators=(",", ":")).encode()
    headers = MutableHeaders(raw=list(start["headers"]))
    headers["content-length"] = str(len(body))
    await send({**start, "headers": headers.raw})
    await send({"type": "http.response.body", "body": body})

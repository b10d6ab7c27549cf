"""Assistants at /mcp: the way in to the tools of cxcore.mcp, for keys that may read customers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cxcore.api.access import needs
from cxcore.auth.policy import Principal
from cxcore.auth.scopes import Scope as Right
from cxcore.errors import NotFound

router = APIRouter()
Assistant = Annotated[Principal, Depends(needs(Right.READ_CUSTOMERS))]
"""A check of its own, before that of each operation that a tool asks."""


class _Handed(Response):
    """What another application answers to a request whose body has been read."""

    def __init__(self, app: ASGIApp, body: bytes) -> None:
        super().__init__()
        self._app, self._asked = app, body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = False

        async def again() -> Message:
            nonlocal read
            if read:
                return await receive()
            read = True
            return {"type": "http.request", "body": self._asked, "more_body": False}

        await self._app(scope, again, send)


@router.post("/mcp", operation_id="askAssistants", include_in_schema=False)
async def ask(request: Request, _: Assistant) -> Response:
    """A message of the Model Context Protocol; the tools ask the API anew with the same key."""
    tools: ASGIApp | None = request.app.state.assistants
    if tools is None:
        raise NotFound("Assistants cannot ask here.", hint="Install cxcore[mcp] where the service runs.")
    return _Handed(tools, await request.body())

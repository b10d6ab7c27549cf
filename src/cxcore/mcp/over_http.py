"""The tools over HTTP: each request is answered by itself, with the rights of the key that it carries."""

from contextvars import ContextVar

from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from cxcore.errors import PermissionDenied
from cxcore.mcp.service import Service
from cxcore.mcp.tools import server

_ASKED: ContextVar[Service] = ContextVar("asked")
_OURS = TransportSecuritySettings(enable_dns_rebinding_protection=False)


class Assistants:
    """ASGI application for POST: streamable HTTP of the Model Context Protocol, without sessions, answered in JSON alone.

    Its caller has let the key on the request pass. The tools ask ``api`` in this process with that key, so that scopes,
    masks, limits and audit are the API's. ``origin``: the one web page's origin that may ask, which is our own; requests
    that no browser sends name none.
    """

    def __init__(self, api: ASGIApp, *, origin: str) -> None:
        self._api = api
        self._origin = origin
        self._tools = server(_ASKED.get)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request.

        Raises:
            PermissionDenied: a page of another origin sent it.
        """
        headers = Headers(scope=scope)
        if headers.get("origin", self._origin) != self._origin:
            raise PermissionDenied("This request was sent from another site's page.")
        key = headers["authorization"].partition(" ")[2]
        async with Service.inside(self._api, key) as service:
            _ASKED.set(service)  # a request has a context of its own, which ends with it
            self._tools.streamable_http_app(stateless_http=True, json_response=True, transport_security=_OURS)
            manager = self._tools.session_manager
            async with manager.run():
                await manager.handle_request(_for_json(scope), receive, send)


def _for_json(scope: Scope) -> Scope:
    """The request as one that takes no stream of events: a stream would stay open with nothing to tell."""
    headers = MutableHeaders(raw=list(scope["headers"]))
    headers["accept"] = "application/json"
    return {**scope, "headers": headers.raw}

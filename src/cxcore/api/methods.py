"""What may be done at a path: any other method answers 405 with ``Allow`` (RFC 9110, section 15.5.6)."""

import re
from functools import cached_property

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.types import ASGIApp, Receive, Scope, Send

from cxcore.api.problems import problem

_PLACE = re.compile(r"\{(\w+)(:\w+)?\}")


class Methods:
    """ASGI middleware around an app's routes.

    The router takes ``/customers/1:separate`` for a customer called ``1:separate``, and names in ``Allow`` only what
    the first route at a path takes. Here a verb behind a colon is a verb, and all routes at a path count.
    """

    def __init__(self, app: ASGIApp, *, routes: FastAPI, home: str) -> None:
        self.app, self._routes, self._home = app, routes, home

    @cached_property
    def _taken(self) -> list[tuple[re.Pattern[str], frozenset[str]]]:
        """Each path with the methods it takes; read when all routes are there."""
        found: dict[str, set[str]] = {}
        for route in iter_route_contexts(self._routes.routes):
            if route.path is not None:
                found.setdefault(route.path, set()).update(route.methods or ())
        return [(_pattern(path), frozenset(methods)) for path, methods in found.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            allowed: set[str] = set().union(*(m for pattern, m in self._taken if pattern.fullmatch(scope["path"])))
            if allowed and scope["method"] not in allowed:
                answer = problem(
                    405,
                    "method_not_allowed",
                    "This path does not take that method; Allow names what it does.",
                    home=self._home,
                )
                answer.headers["Allow"] = ", ".join(sorted(allowed))
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _pattern(path: str) -> re.Pattern[str]:
    fixed = _PLACE.split(path)[::3]
    places = ["(?s:.+)" if place[2] else "[^/:]+" for place in _PLACE.finditer(path)]
    return re.compile("".join(re.escape(f) + p for f, p in zip(fixed, [*places, ""], strict=True)))

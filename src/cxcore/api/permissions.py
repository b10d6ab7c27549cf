"""Deny by default: a route that declares no permission, and is not known to be open, keeps the API from starting."""

from collections.abc import Callable
from types import MappingProxyType

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from cxcore.api.access import DECLARED
from cxcore.auth.scopes import Scope
from cxcore.errors import OperatorError

OPEN = MappingProxyType({
    "/openapi.json": "the document itself holds nothing of anybody",
    "/healthz": "asked by machines that have no key; it says ok or not",
    "/problems/{code}": "what a problem's code means is no secret",
    "/v1/deliveries/{source}": "the sender's signature stands for the key",
    "/v1/deliveries/{source}/{path:rest}": "the same",
})  # fmt: skip
"""Routes without a permission, and why."""


def declared(route: RouteContext) -> dict[Callable[..., object], Scope]:
    """The scopes that a route asks for, by the dependencies that do."""
    found: dict[Callable[..., object], Scope] = {}
    waiting: list[Dependant] = list(getattr(route, "dependant", Dependant()).dependencies)
    while waiting:
        part = waiting.pop()
        waiting += part.dependencies
        if part.call in DECLARED:
            found[part.call] = DECLARED[part.call]
    return found


def require_all(app: FastAPI) -> None:
    """Refuse an API of which a route is neither open nor asks for a scope.

    Raises:
        OperatorError: there is such a route; the message names it.
    """
    for route in iter_route_contexts(app.routes):
        if route.path not in OPEN and not declared(route):
            raise OperatorError(f"The route {route.path} declares no permission, so the API does not start.")

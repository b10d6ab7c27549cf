"""Connectors by entry point: one door for our own and for third parties'."""

from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from cxcore.errors import NotFound, OperatorError
from cxcore.sdk.connector import Connector

GROUP = "cxcore.connectors"


@dataclass(frozen=True, slots=True)
class Broken:
    """A connector that is installed but cannot be used, and why."""

    key: str
    reason: str


def load(entry: EntryPoint) -> type[Connector[Any]]:
    """The connector class behind an entry point.

    Raises:
        OperatorError: it does not import, is no connector, or its manifest names another key.
    """
    try:
        found = entry.load()
    except Exception as exc:
        raise OperatorError(f"The connector {entry.name} does not import: {type(exc).__name__}: {exc}.") from exc
    if not (isinstance(found, type) and issubclass(found, Connector)):
        raise OperatorError(f"The entry point {entry.name} is not a Connector class.")
    if found.manifest.key != entry.name:
        raise OperatorError(f"The connector {entry.name} calls itself {found.manifest.key} in its manifest.")
    return found


@cache
def installed() -> dict[str, type[Connector[Any]] | Broken]:
    """All connectors installed here, by key; those that cannot be used stand there with the reason."""
    result: dict[str, type[Connector[Any]] | Broken] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name):
        try:
            result[entry.name] = load(entry)
        except OperatorError as exc:
            result[entry.name] = Broken(entry.name, str(exc))
    return result


def connector(key: str) -> type[Connector[Any]]:
    """The connector with this key.

    Raises:
        NotFound: none is installed under it.
        OperatorError: it is installed but cannot be used.
    """
    found = installed().get(key)
    if found is None:
        known = ", ".join(installed()) or "none"
        raise NotFound(f"There is no connector {key!r}.", hint=f"Installed: {known}.")
    if isinstance(found, Broken):
        raise OperatorError(found.reason)
    return found

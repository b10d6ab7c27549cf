"""Which capabilities of its source a conformance test needs; without them it is not collected."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import SecretStr

from cxcore.sdk.connector import Connector

F = TypeVar("F", bound=Callable[..., Any])


def needs(*capabilities: str, secrets: bool = False) -> Callable[[F], F]:
    """Mark a test as needing methods of the source fixture, or a connector with secrets."""

    def mark(test: F) -> F:
        test.needs = capabilities  # type: ignore[attr-defined]  # a mark on a function
        test.needs_secrets = secrets  # type: ignore[attr-defined]  # a mark on a function
        return test

    return mark


def with_secrets(connector: type[Connector[Any]]) -> bool:
    """Whether the connector's configuration has a field for a secret."""
    schema = str(connector.Config.model_json_schema())
    return "'format': 'password'" in schema or any(
        field.annotation is SecretStr for field in connector.Config.model_fields.values()
    )

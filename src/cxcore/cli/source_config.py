"""A source's settings as the command line gives them: a TOML file, a mapping file, and values by name."""

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cxcore.errors import InvalidInput, OperatorError


def read_config(config: Path | None, mapping: Path | None, values: Sequence[str]) -> dict[str, Any]:
    """The connector's settings from a file, a mapping file and single values.

    Raises:
        OperatorError: a file cannot be read.
        InvalidInput: it is not TOML, or a value is not name=value.
    """
    result: dict[str, Any] = _toml(config) if config else {}
    if mapping:
        result["mapping"] = _toml(mapping)
    for item in values:
        name, equals, value = item.partition("=")
        if not equals:
            raise InvalidInput(f"{item!r} is not a setting.", hint="Write --set name=value.")
        result[name.strip()] = _typed(value)
    return result


def _typed(value: str) -> Any:
    """Numbers, true, false and JSON lists as themselves; anything else as text."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise OperatorError(f"{path} cannot be read: {exc.strerror}.") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise InvalidInput(f"{path} is not TOML: {exc}.", hint="See docs/connectors.md for the form.") from exc

"""JMESPath expressions, compiled once; plain paths ("customer.email") become direct look-ups with the same meaning."""

from collections.abc import Callable
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.visitor import Options, TreeInterpreter

Lookup = Callable[[Any], Any]

FAULTS = (JMESPathError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RecursionError)
"""What an evaluation may raise when the data is not what the expression expects."""

MAX_LENGTH = 2000


def parse(expression: str) -> dict[str, Any]:
    """The syntax tree of an expression.

    Raises:
        ValueError: it is not JMESPath; the message shows where.
    """
    if len(expression) > MAX_LENGTH:
        raise ValueError(f"the expression is longer than {MAX_LENGTH} characters")
    try:
        tree: dict[str, Any] = jmespath.compile(expression).parsed
    except (JMESPathError, RecursionError) as exc:
        said = " ".join(str(exc).split(":\n")[0].split()) or "too deep"
        hint = ' A column whose name has blanks is written in double quotes: "Order ID".' if " " in expression else ""
        raise ValueError(f"{expression!r} is not JMESPath: {said}.{hint}") from exc
    return tree


def _names(tree: dict[str, Any]) -> list[str] | None:
    """The names of a plain path; None if the expression is more than that."""
    if tree["type"] == "field":
        return [tree["value"]]
    if tree["type"] == "subexpression":
        parts = [_names(child) for child in tree["children"]]
        return [name for part in parts if part is not None for name in part] if None not in parts else None
    return None


def is_plain(expression: str) -> bool:
    """Whether the expression is a plain path, whose evaluation cannot fail."""
    return _names(parse(expression)) is not None


def compiled(expression: str) -> Lookup:
    """A function from a row to the value of ``expression``; None where there is nothing. May raise ``FAULTS``."""
    tree = parse(expression)
    names = _names(tree)
    if names is None:
        visit = TreeInterpreter(Options()).visit
        return lambda row: visit(tree, row)
    if len(names) == 1:
        name = names[0]
        return lambda row: row.get(name) if isinstance(row, dict) else None

    def walk(row: Any) -> Any:
        for name in names:
            if not isinstance(row, dict):
                return None
            row = row.get(name)
        return row

    return walk


def truthy(value: Any) -> bool:
    """As JMESPath has it: false are null, false, "", [] and {}; zero is true."""
    return not (value is None or value is False or value in ("", [], {}))

"""Finds what a module writes to: insert, update and delete of a mapped class, rows made of it, COPY, and raw SQL."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping

_STATEMENTS = frozenset({"insert", "update", "delete", "merge"})
_SQL = re.compile(
    r"\b(?:insert\s+into|delete\s+from(?:\s+only)?|truncate(?:\s+table)?|merge\s+into|copy)\s+(?:only\s+)?\"?(\w+)"
    r"|\bupdate\s+(?:only\s+)?\"?(\w+)\"?\s+(?:as\s+)?(?:\w+\s+)?set\b",
    re.IGNORECASE,
)


def written(tree: ast.Module, tables: Mapping[str, str], *, module: str = "") -> Iterator[tuple[int, str]]:
    """Line and table of every write that the module ``module`` shows. ``tables``: class as module.Class to table."""
    names = _imported(tree, tables)
    if module:
        names |= {path.rpartition(".")[2]: t for path, t in tables.items() if path.rpartition(".")[0] == module}
    prose = _prose(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from ((node.lineno, table) for table in _by_call(node, names, set(tables.values())))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield from ((node.lineno, table) for table in _by_sql(node.value, set(tables.values())))


def _imported(tree: ast.Module, tables: Mapping[str, str]) -> dict[str, str]:
    """The expressions that mean a mapped class in this module, as they are written, and its table."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                shown, full = alias.asname or alias.name, f"{node.module}.{alias.name}"
                for path, table in tables.items():
                    if path == full:
                        names[shown] = table
                    elif path.startswith(f"{full}."):
                        names[shown + path.removeprefix(full)] = table
        elif isinstance(node, ast.Import):
            for alias in node.names:
                for path, table in tables.items():
                    if path.startswith(f"{alias.name}."):
                        names[(alias.asname or alias.name) + path.removeprefix(alias.name)] = table
    return names


def _by_call(call: ast.Call, names: Mapping[str, str], tables: Collection[str]) -> Iterator[str]:
    function = ast.unparse(call.func)
    last = function.rpartition(".")[2]
    if function in names:  # a row made here can only be meant for adding
        yield names[function]
    elif last in _STATEMENTS:
        of = call.args[0] if call.args else None
        for candidate in (ast.unparse(of) if of else "", function.rpartition(".")[0]):
            if (name := candidate.removesuffix(".__table__")) in names:
                yield names[name]
    elif last.startswith("copy"):
        values = [*call.args, *(keyword.value for keyword in call.keywords)]
        yield from (v.value for v in values if isinstance(v, ast.Constant) and v.value in tables)


def _by_sql(text: str, tables: Collection[str]) -> Iterator[str]:
    for found in _SQL.finditer(text):
        if (table := (found[1] or found[2]).lower()) in tables:
            yield table


def _prose(tree: ast.Module) -> set[int]:
    """Docstrings, which may speak of writing."""
    return {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}

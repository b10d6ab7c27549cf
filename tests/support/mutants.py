"""Mutants: a module's source with one thing changed, each executed as a module of its own."""

import ast
import copy
from collections.abc import Iterator
from types import ModuleType

_OTHERWISE: dict[type[ast.AST], type[ast.AST]] = {
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
"""Operators, and what each is taken for."""


def mutants(module: ModuleType, source: str) -> Iterator[tuple[str, ModuleType]]:
    """Each mutant with the line and the code that it has instead.

    Changed is what decides: operators, operands, conditions, members of sets, calls of ``frozenset``, what is returned or
    raised. Words are not.
    """
    tree = ast.parse(source)
    for number, node in enumerate(ast.walk(tree)):
        for instead in _instead(node):
            changed = copy.deepcopy(tree)
            target = next(n for k, n in enumerate(ast.walk(changed)) if k == number)
            mutated = _Put(target, instead).visit(changed)
            made = ModuleType(module.__name__)
            exec(compile(ast.fix_missing_locations(mutated), "mutant", "exec"), made.__dict__)  # noqa: S102 - our own source
            yield f"line {getattr(node, 'lineno', '?')}: {ast.unparse(instead)}", made


class _Put(ast.NodeTransformer):
    def __init__(self, target: ast.AST, instead: ast.AST) -> None:
        self.target, self.instead = target, instead

    def visit(self, node: ast.AST) -> ast.AST:
        return self.instead if node is self.target else super().visit(node)  # type: ignore[no-any-return]


def _instead(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.BoolOp(values=values):
            yield _with(node, op=_OTHERWISE[type(node.op)]())
            yield from values
        case ast.BinOp(op=ast.BitOr() | ast.BitAnd()):
            yield _with(node, op=_OTHERWISE[type(node.op)]())
            yield from (node.left, node.right)
        case ast.Compare(ops=[op]):
            yield _with(node, ops=[_OTHERWISE[type(op)]()])
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.If() | ast.IfExp():
            yield from (_with(node, test=ast.Constant(value=value)) for value in (True, False))
        case ast.comprehension(ifs=[_]):
            yield _with(node, ifs=[])
        case ast.Set(elts=members) if len(members) > 1:
            yield from (_with(node, elts=[m for m in members if m is not gone]) for gone in members)
        case ast.Call(func=ast.Name(id="frozenset")):
            yield _with(node, args=[])
        case ast.Return():
            yield from (ast.Return(value=ast.Constant(value=value)) for value in (True, False, None))
        case ast.Raise():
            yield ast.Pass()


def _with(node: ast.AST, **changed: object) -> ast.AST:
    made = copy.copy(node)
    for name, value in changed.items():
        setattr(made, name, value)
    return made

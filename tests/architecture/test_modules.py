"""Modules: small, with a first line that says what they are for, and named in the field's words."""

import ast
import re
from collections.abc import Iterator

import pytest

from architecture import checkout
from architecture.checkout import Module

LONGEST = 500

NO_NAME = frozenset({"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc", "repository"})
"""They say nothing of what is inside, so everything lands there."""

NOT_OUR_WORDS = {
    "golden": "Customer",
    "party": "Customer",
    "engagement": "Interaction",
    "activity": "Interaction",
    "ticket": "Interaction or Conversation",
    "integration": "Connector",
    "plugin": "Connector",
    "campaign": "Prompt or Offer",
    "tag": "Trait",
}
"""Words that the glossary replaces. Connectors may name their vendor's tickets so; the core may not."""

OTHER_MEANING = {
    ("cxcore.auth", "ticket"),  # what opens a session, once
}
"""Packages in which such a word means something else."""

_MARKS = (("TO", "DO"), ("FIX", "ME"), ("XX", "X"), ("HA", "CK"))
MARKS = re.compile(rf"\b(?:{'|'.join(start + end for start, end in _MARKS)})\b")


def python_files() -> list[Module]:
    return [
        checkout.parse(path, path.relative_to(checkout.ROOT).with_suffix("").as_posix().replace("/", "."))
        for path in checkout.files()
        if path.suffix == ".py" and checkout.GENERATED not in path.parents
    ]


def words(name: str) -> list[str]:
    """A name's words in lower case: LandedRecord and landed_record are landed, record."""
    return re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())


def defined(tree: ast.Module) -> Iterator[str]:
    """Names that a module gives: classes, functions, and what it assigns at its top."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
    for top in tree.body:
        targets = top.targets if isinstance(top, ast.Assign) else [top.target] if isinstance(top, ast.AnnAssign) else []
        yield from (t.id for t in targets if isinstance(t, ast.Name))


def test_every_module_opens_with_what_it_is_for() -> None:
    assert [m.where for m in python_files() if not (ast.get_docstring(m.tree) or "").strip()] == []


def test_no_module_of_the_product_is_long() -> None:
    assert {m.where: m.lines for m in checkout.modules() if m.lines > LONGEST} == {}


def test_no_module_or_class_has_a_name_for_everything() -> None:
    found = [m.where for m in python_files() if NO_NAME.intersection(words(m.path.stem))]
    found += [
        f"{m.where}: {node.name}"
        for m in checkout.modules()
        for node in ast.walk(m.tree)
        if isinstance(node, ast.ClassDef) and NO_NAME.intersection(words(node.name))
    ]
    assert found == []


def test_the_core_speaks_the_glossary() -> None:
    found = [
        f"{module.name}.{name}: say {NOT_OUR_WORDS[word]}"
        for module in checkout.modules()
        if module.name.startswith("cxcore")
        for name in (*defined(module.tree), module.name.rpartition(".")[2])
        for word in words(name)
        if word in NOT_OUR_WORDS and (module.package, word) not in OTHER_MEANING
    ]
    assert found == []


def test_no_matter_is_left_open_in_a_comment() -> None:
    found = []
    for path in checkout.files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(checkout.ROOT)}:{n}" for n, line in enumerate(lines, 1) if MARKS.search(line)]
    assert found == []


def test_nothing_named_get_writes() -> None:
    """A function named get_… must not add, update or delete."""
    from architecture.test_tables import CLASSES
    from architecture.writes import written

    found = [
        f"{module.name}.{node.name}"
        for module in checkout.modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("get_")
        and list(written(ast.Module([node], []), CLASSES))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "found"), [("LandedRecord", ["landed", "record"]), ("sign_in", ["sign", "in"]), ("_KEY2", ["key2"])]
)
def test_words_of_a_name(name: str, found: list[str]) -> None:
    assert words(name) == found

"""The documents name all there is: settings, verbs, scopes, events, transforms, proofs; their links lead somewhere."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import typer.main
from pydantic import BaseModel

from architecture import checkout
from cxcore.auth.scopes import Scope
from cxcore.cli.app import app
from cxcore.events.outbox import EventType
from cxcore.sdk.manifest import Manifest, Rate, Stream
from cxcore.sdk.mapping.transforms import TRANSFORMS
from cxcore.settings import Settings

DOCS = checkout.ROOT / "docs"
CONNECTORS = checkout.ROOT / "connectors" / "cxconnectors"


PROOFS = (
    "tested against a real server",
    "conforms to the vendor's specification",
    "written from documentation, untested",
)
"""What a connector's README says of how it was proven; exactly these words."""

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_ANCHOR = re.compile(r"<a\s+(?:id|name)=\"([^\"]+)\"")


def page(*parts: str) -> str:
    path = DOCS.joinpath(*parts)
    assert path.is_file(), f"{path.relative_to(checkout.ROOT)} is not written yet"
    return path.read_text(encoding="utf-8")


def whole(*folders: Path) -> str:
    """All documents below the folders."""
    found = [path.read_text(encoding="utf-8") for path in checkout.documents() if set(folders) & set(path.parents)]
    return "\n".join(found)


def named(word: str, text: str) -> bool:
    """Whether the text names the word as a word of its own, not as a part of a longer one."""
    return re.search(rf"(?<![\w.:-]){re.escape(word)}(?![\w:-])", text) is not None


def missing(words: list[str], text: str) -> list[str]:
    return [word for word in words if not named(word, text)]


def verbs(command: Any, path: str) -> Iterator[str]:
    """Every command with its whole path; groups only through what is in them."""
    children = getattr(command, "commands", None)
    if children is None:
        yield path
        return
    for name, child in children.items():
        if not child.hidden:
            yield from verbs(child, f"{path} {name}")


def connectors() -> list[Path]:
    return sorted(path.parent for path in CONNECTORS.glob("*/__init__.py"))


def fields(model: type[BaseModel]) -> list[str]:
    return list(model.model_fields)


def test_every_setting_is_in_configuration() -> None:
    assert missing([f"CX_{name.upper()}" for name in fields(Settings)], page("configuration.md")) == []


def test_configuration_names_no_setting_that_is_not_there() -> None:
    known = {f"CX_{name.upper()}" for name in fields(Settings)} | {
        "CX_TEST_DATABASE_URL",
        "CX_TEST_OIDC",
        "CX_TEST_PRETIX",
        "CX_TEST_PRISM",
        "CX_TEST_SYNAPSE",
        "CX_TEST_TYPESCRIPT",
    }
    assert set(re.findall(r"\bCX_[A-Z_]*[A-Z]\b", page("configuration.md"))) - known == set()


def test_every_verb_of_the_command_line_is_in_the_docs() -> None:
    every = list(verbs(typer.main.get_command(app), "cxcore"))
    assert "cxcore source add" in every
    assert missing(every, whole(DOCS)) == []


def test_every_scope_is_on_the_page_of_access() -> None:
    assert missing([scope.value for scope in Scope], page("api", "access.md")) == []


def test_every_event_is_in_events() -> None:
    assert missing([event.value for event in EventType], page("events.md")) == []


def test_every_field_of_a_manifest_is_in_the_docs() -> None:
    """In words (`name`) or in an example (name=…)."""
    text = page("connectors.md")
    every = {*fields(Manifest), *fields(Stream), *fields(Rate)}
    assert sorted(name for name in every if not re.search(rf"`{name}\b[^`\n]*`|\b{name}=", text)) == []


def test_every_transform_is_in_the_docs_of_files() -> None:
    text = whole(DOCS / "connectors", CONNECTORS / "files")
    assert [name for name in TRANSFORMS if not re.search(rf"`{re.escape(name)}\b[^`\n]*`", text)] == []


@pytest.mark.parametrize("folder", connectors(), ids=lambda folder: folder.name)
def test_a_connector_says_how_it_was_proven(folder: Path) -> None:
    readme = folder / "README.md"
    assert readme.is_file(), f"{folder.name} has no README.md"
    text = " ".join(readme.read_text(encoding="utf-8").split())
    assert any(proof in text for proof in PROOFS), f"none of: {'; '.join(PROOFS)}"


@pytest.mark.parametrize("folder", connectors(), ids=lambda folder: folder.name)
def test_a_connectors_manifest_leads_to_a_document_that_is_there(folder: Path) -> None:
    from cxcore.sdk import registry

    found = registry.connector(folder.name)
    docs = found.manifest.docs
    assert docs.startswith("https://") or (checkout.ROOT / docs).is_file(), docs


def anchors(path: Path) -> set[str]:
    """The headings' anchors, as GitHub makes them."""
    text = path.read_text(encoding="utf-8")
    result = set(_ANCHOR.findall(text))
    for heading in _HEADING.findall(_FENCE.sub("", text)):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        kept = (c for c in shown if c in " -_" or unicodedata.category(c)[0] in "LNM")
        slug = stem = "".join(kept).replace(" ", "-")
        again = 0
        while slug in result:
            again += 1
            slug = f"{stem}-{again}"
        result.add(slug)
    return result


def links(path: Path) -> list[str]:
    text = _CODE.sub("", _FENCE.sub("", path.read_text(encoding="utf-8")))
    return [unquote(inline or reference) for inline, reference in _LINK.findall(text)]


def test_every_relative_link_leads_somewhere() -> None:
    known = set(checkout.files())
    folders = {parent for path in known for parent in path.parents}
    dead = []
    for path in checkout.documents():
        for link in links(path):
            if re.match(r"[a-z][a-z0-9+.-]*:", link):
                continue
            place, _, anchor = link.partition("#")
            target = (path.parent / place).resolve() if place else path
            if target not in known | folders or (anchor and anchor not in anchors(target)):
                dead.append(f"{path.relative_to(checkout.ROOT)}: {link}")
    assert dead == []


def test_the_readme_says_something() -> None:
    assert len((checkout.ROOT / "README.md").read_text(encoding="utf-8")) > 1000


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("CX_PORT", "Set `CX_PORT`.", True),
        ("CX_PORT", "CX_PORTS", False),
        ("cxcore source", "cxcore sources", False),
        ("customers:read", "`customers:read`,", True),
        ("customers:read", "customers:read:all", False),
    ],
)
def test_a_word_is_named_as_a_whole(word: str, text: str, *, found: bool) -> None:
    assert named(word, text) is found

"""What the tests of this folder look at: the files of the checkout, parsed modules, floors and tables."""

import ast
import configparser
import importlib
import pkgutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import Table

import cxcore
from cxcore.db.base import Base

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {"cxcore": ROOT / "src", "cxconnectors": ROOT / "connectors", "cxdemo": ROOT / "demo"}
"""Our packages and the folders they are imported from."""
GENERATED = ROOT / "clients" / "python" / "src" / "cxcore_client" / "v1"
"""What `make clients` writes."""


@cache
def files() -> tuple[Path, ...]:
    """All that is committed or about to be: what git does not ignore."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    found = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(sorted(path for path in found if path.is_file()))


def documents() -> list[Path]:
    """The pages that people read."""
    return [path for path in files() if path.suffix == ".md"]


@dataclass(frozen=True, slots=True)
class Module:
    """A module of ours; ``name`` as it is imported."""

    name: str
    path: Path
    lines: int
    tree: ast.Module

    @property
    def package(self) -> str:
        """The floor it stands on, e.g. ``cxcore.land``."""
        return ".".join(self.name.split(".")[:2])

    @property
    def where(self) -> str:
        return self.path.relative_to(ROOT).as_posix()


def parse(path: Path, name: str) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(name, path, text.count("\n"), ast.parse(text, filename=str(path)))


@cache
def modules() -> tuple[Module, ...]:
    """Every module of cxcore, cxconnectors and cxdemo."""
    found = []
    for package, source in SOURCES.items():
        for path in sorted((source / package).rglob("*.py")):
            parts = path.relative_to(source).with_suffix("").parts
            found.append(parse(path, ".".join(parts[:-1] if parts[-1] == "__init__" else parts)))
    return tuple(found)


def floors() -> dict[str, int]:
    """Packages of cxcore and how deep they stand, 0 on top; as .importlinter says."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    layers = config["importlinter:contract:floors"]["layers"].split("\n")
    return {
        name.strip().strip("()"): depth
        for depth, layer in enumerate(layer for layer in layers if layer)
        for name in layer.split("|")
    }


@cache
def tables() -> dict[str, tuple[str, str, Table]]:
    """Tables by name: the package that owns it, the name of its class, the table."""
    for found in pkgutil.iter_modules(cxcore.__path__):
        if found.ispkg and importlib.util.find_spec(f"cxcore.{found.name}.tables"):
            importlib.import_module(f"cxcore.{found.name}.tables")
    owned = {}
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        assert isinstance(table, Table)
        package, _, module = mapper.class_.__module__.rpartition(".")
        assert module == "tables", f"{mapper.class_.__name__} is defined outside a tables.py"
        owned[table.name] = (package, mapper.class_.__name__, table)
    return owned

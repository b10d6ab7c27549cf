"""What is committed tells nothing of the machine it was written on, and pins all that it needs."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from architecture import checkout

REQUIREMENTS = checkout.ROOT / "requirements"
PROJECT = tomllib.loads((checkout.ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# Put together from pieces, so that this file does not find itself.
_HOMES = ("work", "root")
_REGISTRIES = ("pypi", "pythonhosted", "npmjs", "yarnpkg", "crates", "rubygems", "anaconda", "jfrog")
MACHINE = re.compile(rf"(?<![\w.~-])/(?:{'|'.join(_HOMES)})/" rf"|\b(?:{'|'.join(_REGISTRIES)})\.(?:org|com|io)\b")


def pinned(name: str) -> dict[str, str]:
    """Packages and their versions; a package pinned for some systems only is there too."""
    text = (REQUIREMENTS / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", text, re.MULTILINE))


def test_no_file_names_this_machine_or_a_registry() -> None:
    found = []
    for path in checkout.files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if match := MACHINE.search(line):
                found.append(f"{path.relative_to(checkout.ROOT)}:{number}: {match[0]}")
    assert found == []


@pytest.mark.parametrize("line", [f"cd /{home}/x" for home in _HOMES] + [f"//{name}.org/" for name in _REGISTRIES])
def test_a_machine_is_recognised(line: str) -> None:
    assert MACHINE.search(line)


@pytest.mark.parametrize("line", ["/api/work/items", "https://shop.example/root/", "~/work/", "an api of crates"])
def test_other_words_are_no_machine(line: str) -> None:
    assert not MACHINE.search(line)


@pytest.mark.parametrize("name", ["run.txt", "build.txt", "dev.txt", "extras.txt", "clients.txt"])
def test_every_pin_has_a_hash_and_no_address(name: str) -> None:
    text = (REQUIREMENTS / name).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert len(blocks) == len(re.findall(r"^[a-z0-9-]+==", text, re.MULTILINE))
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE)


def wanted(*extras: str, dev: bool = False) -> list[Requirement]:
    """What pyproject.toml asks for."""
    texts = [*PROJECT["project"]["dependencies"]]
    for extra in extras:
        texts += PROJECT["project"]["optional-dependencies"][extra]
    if dev:
        texts += PROJECT["dependency-groups"]["dev"]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize(
    ("name", "extras", "dev"),
    [
        ("run.txt", ("embedded",), False),
        ("dev.txt", ("embedded", "mcp", "testing"), True),
        ("extras.txt", ("embedded", "bench", "spark"), False),
    ],
)
def test_what_the_project_asks_for_is_pinned(name: str, extras: tuple[str, ...], *, dev: bool) -> None:
    pins = pinned(name)
    unfit = [
        f"{r} is pinned to {pins.get(canonicalize_name(r.name))}: run `make requirements`"
        for r in wanted(*extras, dev=dev)
        if not r.specifier.contains(pins.get(canonicalize_name(r.name), "0"), prereleases=True)
    ]
    assert unfit == []


def test_work_and_service_run_on_the_same_versions() -> None:
    dev = pinned("dev.txt")
    extras = {name: version for name, version in pinned("extras.txt").items() if name in dev}
    others = pinned("run.txt") | pinned("build.txt") | extras
    assert {name: version for name, version in others.items() if dev.get(name) != version} == {}

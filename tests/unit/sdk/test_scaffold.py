"""A connector written by `cxcore connector new` works before a word of it is changed."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from cxcore.errors import Conflict, CxError, InvalidInput, OperatorError
from cxcore.sdk.scaffold import scaffold


def test_it_passes_the_conformance_suite_as_it_stands(tmp_path: Path) -> None:
    folder = scaffold("front_desk", tmp_path)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    *_, last = ran.stdout.strip().splitlines()
    assert int(last.split()[0]) >= 30, last


def test_its_name_stands_in_all_its_parts_and_no_other(tmp_path: Path) -> None:
    folder = scaffold("front_desk", tmp_path)
    assert folder == tmp_path / "cxcore-front-desk"
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["name"] == "cxcore-front-desk"
    assert project["project"]["entry-points"]["cxcore.connectors"] == {"front_desk": "cxcore_front_desk:FrontDesk"}
    texts = {str(path): path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()}
    assert len(texts) == 8
    assert "FRONT_DESK_TOKEN" in texts[str(folder / "README.md")]
    assert not [path for path, text in texts.items() if "parley" in (path + text).lower() or ".template" in path]


@pytest.mark.parametrize("name", ["", "Desk", "front-desk", "../desk", "class", "7up", "ä", "a" * 50, "desk\n"])
def test_what_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput):
        scaffold(name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="installed"):
        scaffold("imap", tmp_path)
    folder = scaffold("desk", tmp_path)
    (folder / "README.md").write_text("mine", encoding="utf-8")
    with pytest.raises(Conflict, match="already"):
        scaffold("desk", tmp_path)
    assert (folder / "README.md").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OperatorError) as told:
        scaffold("desk", tmp_path / "file")
    assert isinstance(told.value, CxError)
    assert "cannot be written" in told.value.message

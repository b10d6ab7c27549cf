"""The active model fitted to the base's size from the command line: foretold, made, refused, and taken back."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from cxcore.resolve import switch
from cxcore.resolve.calibration import LEAST, calibrated
from cxcore.resolve.model import default, dump
from support.exported import MAPPING
from support.saying import Run, one_line

CRM = """id;at;name;mail;phone
1;2026-03-01 10:00;Anna Mäkinen;anna@x.example;
2;2026-03-02 10:00;Anna Mäkinen;anna@x.example;040 1234567
3;2026-03-04 10:00;Pekka Virta;pekka.virta@x.example;040 7654321
4;2026-03-04 10:00;Pekka Salo;pekka.virta@y.example;050 1112223
5;2026-03-04 10:00;Onni Virta;onni@x.example;
"""
SMALL = calibrated(default(), LEAST)
FITTED = f"{SMALL.version} is active instead of {default().version}"


@pytest.fixture
def pulled(on_database: Run, tmp_path: Path) -> Run:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "crm.csv").write_text(CRM, encoding="utf-8")
    (tmp_path / "crm.toml").write_text(MAPPING, encoding="utf-8")
    settings = ["--set", f"path={tmp_path / 'exports'}", "--set", "timezone=Europe/Helsinki"]
    on_database("source", "add", "crm", "files", *settings, "--mapping", str(tmp_path / "crm.toml"))
    on_database("source", "pull")
    return on_database


def customers(run: Run) -> list[str]:
    found = "".join(run("customer", "find", name).out for name in ("mäkinen", "pekka", "onni"))
    return sorted(set(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", found)))


def test_a_base_of_another_size_is_fitted_as_foretold_and_taken_back(pulled: Run, tmp_path: Path) -> None:
    to = tmp_path / "difference.json"
    (tmp_path / "small.json").write_text(dump(SMALL), encoding="utf-8")
    before = customers(pulled)
    tried = pulled("identity", "calibrate", "--dry-run", "--most-moved", "1")
    assert tried.status == 0, tried.err
    assert f"{default().version} was made for 18,263 different profiles; the base has 5." in tried.out
    assert f"from {default().prior:+.1f} to {SMALL.prior:+.1f} bits" in tried.out
    assert "this was a dry run" in tried.out
    assert SMALL.version not in pulled("identity", "models").out, "a dry run keeps nothing"
    pulled("identity", "shadow", str(tmp_path / "small.json"), "--json", str(to))
    foretold = json.loads(to.read_text("utf-8"))
    assert foretold["customers"]["merged"] == 1, "the test needs something that changes"
    made = pulled("identity", "calibrate", "--most-moved", "1", "--reason", "it is small")
    assert FITTED in made.out, made.err
    assert len(customers(pulled)) == len(before) - 1 == foretold["customers"]["after"]
    listed = pulled("identity", "models").out
    assert re.search(rf"{SMALL.version}  active .* {default().version} +200 ", listed), listed
    again = pulled("identity", "calibrate")
    assert (again.status, "It fits." in again.out) == (0, True), again.err
    assert f"{default().version} is active" in pulled("identity", "rollback", "--reason", "no good").out
    assert customers(pulled) == before


def test_the_gate_keeps_a_model_back_that_moves_too_many(pulled: Run) -> None:
    before = customers(pulled)
    shut = pulled("identity", "calibrate")
    assert shut.status == 1, shut.err
    assert "The gate is shut: " in shut.out
    assert "Nothing was changed." in shut.out
    assert customers(pulled) == before
    listed = pulled("identity", "models").out
    assert f"{default().version}  active" in listed
    assert f"{SMALL.version}  shadow" in listed


def test_a_base_that_outgrew_its_model_says_so_until_it_is_fitted(pulled: Run, tmp_path: Path) -> None:
    tiny = replace(default(), population=2)
    (tmp_path / "tiny.json").write_text(dump(tiny), encoding="utf-8")
    warning = f"5 different profiles, and {tiny.version} was made for 2: run `cxcore identity calibrate`"
    assert "calibrate" not in pulled("identity", "models").err
    assert warning in pulled("identity", "rebuild", "--use", str(tmp_path / "tiny.json")).err
    assert warning in pulled("identity", "models").err
    rebuilt = pulled("identity", "rebuild", "--calibrate")
    assert rebuilt.status == 0, rebuilt.err
    assert "identity calibrate" not in rebuilt.err
    assert f"{calibrated(tiny, 5).version}  active" in pulled("identity", "models").out


def test_what_cannot_be_is_said_in_one_line(pulled: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = replace(default(), population=0, trained_on="elsewhere")
    (tmp_path / "unknown.json").write_text(dump(unknown), encoding="utf-8")
    pulled("identity", "rebuild", "--use", str(tmp_path / "unknown.json"))
    one_line(pulled("identity", "calibrate"), "does not say for how many different profiles", "identity train")

    async def killed(*_: object) -> None:
        raise KeyboardInterrupt

    pulled("identity", "rebuild", "--use", "default")
    with monkeypatch.context() as dying:
        dying.setattr(switch, "_batch", killed)
        assert pulled("identity", "calibrate", "--most-moved", "1").status > 0
    one_line(pulled("identity", "calibrate"), "is not finished", "--resume")
    assert FITTED in pulled("identity", "switch", "--resume").out

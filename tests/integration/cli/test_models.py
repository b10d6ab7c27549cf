"""The model changed from the command line: tried, refused by the gate, switched to, and taken back."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cxcore.resolve import switch
from cxcore.resolve.model import default, dump
from support.exported import MAPPING
from support.saying import Run, one_line

CRM = """id;at;name;mail;phone
1;2026-03-01 10:00;Anna Mäkinen;anna@x.example;
2;2026-03-02 10:00;Anna Mäkinen;anna@x.example;040 1234567
3;2026-03-03 10:00;Pekka Virta;pekka@x.example;
4;2026-03-04 10:00;Pekka Virta;pekka@x.example;040 7654321
5;2026-03-04 10:00;Onni Virta;pekka@x.example;
"""
LABELS = "given_name,surname,email,phone,cluster\n" + "".join(
    f"{name},Salo,{name}@x.example,{phone},{n}\n"
    for n, name in enumerate(("Anna", "Pekka", "Onni"))
    for phone in ("", f"+35840123456{n}")
)


@pytest.fixture
def pulled(on_database: Run, tmp_path: Path) -> Run:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "crm.csv").write_text(CRM, encoding="utf-8")
    (tmp_path / "crm.toml").write_text(MAPPING, encoding="utf-8")
    settings = ["--set", f"path={tmp_path / 'exports'}", "--set", "timezone=Europe/Helsinki"]
    on_database("source", "add", "crm", "files", *settings, "--mapping", str(tmp_path / "crm.toml"))
    on_database("source", "pull")
    return on_database


def test_a_model_is_tried_switched_to_and_taken_back(pulled: Run, tmp_path: Path) -> None:
    shy = replace(default(), automatic=30.0, suggested=20.0)
    file, labels, to = tmp_path / "shy.json", tmp_path / "labels.csv", tmp_path / "difference.json"
    file.write_text(dump(shy), encoding="utf-8")
    labels.write_text(LABELS, encoding="utf-8")
    shut = pulled("identity", "shadow", str(file), "--labels", str(labels), "--json", str(to))
    assert shut.status == 1, shut.err
    assert "The gate is shut: " in shut.out
    assert "of records would change their customer; the most is 1.00%" in shut.out
    assert "the pairwise F1 on the labels would fall from 1.0000 to 0.0000" in shut.out
    assert "to one of its own" in shut.out
    assert "nodes weighed" in shut.err
    found = json.loads(to.read_text("utf-8"))
    assert (found["model"], found["active"], len(found["refused"])) == (shy.version, default().version, 3)
    assert found["customers"]["split"] == len({c["customer"] for c in found["changes"]})
    assert found["samples"][0]["evidence"]["attributes"]
    listed = pulled("identity", "models").out
    assert f"{shy.version}  shadow" in listed
    assert f"{default().version}  active" in listed
    open_ = pulled("identity", "shadow", shy.version, "--most-moved", "1", "--samples", "0")
    assert (open_.status, "The gate is open" in open_.out) == (0, True), open_.err
    before = pulled("customer", "find", "mäkinen").out
    switched = pulled("identity", "switch", shy.version, "--reason", "a trial")
    assert f"{shy.version} is active instead of {default().version}" in switched.out, switched.err
    assert len(pulled("customer", "find", "mäkinen").out.splitlines()) > len(before.splitlines())
    back = pulled("identity", "rollback", "--reason", "no good")
    assert f"{default().version} is active instead of {shy.version}" in back.out, back.err
    assert pulled("customer", "find", "mäkinen").out == before


def test_a_switch_cut_short_says_so_and_goes_on(pulled: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shy = replace(default(), automatic=30.0, suggested=20.0)
    (tmp_path / "shy.json").write_text(dump(shy), encoding="utf-8")
    pulled("identity", "shadow", str(tmp_path / "shy.json"))

    async def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(switch, "_batch", killed)
        assert pulled("identity", "switch", shy.version, "--reason", "a trial").status > 0
    listed = pulled("identity", "models").out
    assert "is not finished: run `cxcore identity switch --resume`" in listed
    assert "switching, 0% derived" in listed
    one_line(pulled("identity", "switch", default().version, "--reason", "other"), "is not finished")
    assert "is active instead of" in pulled("identity", "switch", "--resume").out
    one_line(pulled("identity", "switch", "--resume"), "No switch is unfinished")


def test_what_cannot_be_is_said_in_one_line(pulled: Run, tmp_path: Path) -> None:
    (tmp_path / "wrong.json").write_text("{}", encoding="utf-8")
    (tmp_path / "unlabelled.csv").write_text("given_name,surname,email\nAnna,Salo,a@x.example\n", encoding="utf-8")
    one_line(pulled("identity", "rollback", "--reason", "r"), "No other model was active")
    one_line(pulled("identity", "switch"), "needs a version and a reason")
    one_line(pulled("identity", "switch", "0123"), "no one model 0123")
    one_line(pulled("identity", "switch", default().version, "--reason", "r"), "is the active model already")
    one_line(pulled("identity", "shadow", str(tmp_path / "wrong.json")), "not a model")
    one_line(pulled("identity", "shadow", "0123"), "no one model")
    unlabelled = pulled("identity", "shadow", "default", "--labels", str(tmp_path / "unlabelled.csv"))
    assert "The labels say of no record who it is" in unlabelled.err

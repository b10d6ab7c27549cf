"""Rules, corrections and explanations as an operator uses them."""

import re
from pathlib import Path

import pytest

from support.exported import MAPPING
from support.saying import Run

ROWS = (
    "id;at;name;mail;phone\n1;2026-03-01 10:00;Anna Mäkinen;anna@x.example;\n"
    "2;2026-03-02 10:00;Anna Mäkinen;anna@x.example;040 1234567\n3;2026-03-03 10:00;MAKINEN ANNA;anna@x.example;\n"
)
ID = r"[0-9a-f]{8}-[0-9a-f-]{27}"


@pytest.fixture
def anna(on_database: Run, tmp_path: Path) -> str:
    (tmp_path / "orders.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "orders.toml").write_text(MAPPING, encoding="utf-8")
    settings = ["--set", f"path={tmp_path / 'orders.csv'}", "--set", "timezone=Europe/Helsinki"]
    added = on_database("source", "add", "orders", "files", *settings, "--mapping", str(tmp_path / "orders.toml"))
    assert added.status == 0, added.err
    on_database("source", "pull")
    return found(on_database, "anna@x.example")


def found(run: Run, query: str) -> str:
    [one] = re.findall(rf"^{ID}", run("customer", "find", query).out, re.MULTILINE)
    assert isinstance(one, str)
    return one


def test_rules_are_listed_set_and_reset(on_database: Run, anna: str) -> None:
    assert re.search(r"email +verified, most_frequent, newest +default", on_database("survivorship", "list").out)
    said = on_database("survivorship", "set", "name", "source_priority, newest", "--sources", "orders")
    assert said.out == "name: source_priority, newest (orders)\n"
    assert re.search(r"name +source_priority, newest +orders +cli:\S+ +20", on_database("survivorship", "list").out)
    assert on_database("survivorship", "reset", "name").out == "name: most_frequent, the default\n"
    for wrong in (["name", "loudest"], ["name", "newest,newest"], ["name", "source_priority"], ["name", ","]):
        refused = on_database("survivorship", "set", *wrong)
        assert (refused.status, refused.err.count("\n")) == (1, 1), refused.err
    assert on_database("survivorship", "set", "shoe_size", "newest").status == 2
    assert "orders" not in on_database("survivorship", "list").out


def test_a_value_is_explained_corrected_and_set_back(on_database: Run, anna: str) -> None:
    before = on_database("customer", "explain", anna).out
    assert re.search(r"name +Anna Mäkinen +most_frequent \(of most_frequent\) +orders", before), before
    assert re.search(r"MAKINEN ANNA +lost by best_written", before), before
    assert re.search(r"phone +\+358401234567 +only", before), before
    made = on_database("customer", "correct", anna, "name", "Anna Salo", "--reason", "passport")
    assert re.search(rf"^Correction ({ID}); name of {anna} is Anna Salo$", made.out, re.MULTILINE), made.out + made.err
    why = on_database("customer", "explain", anna, "name").out
    correction = re.search(rf"name +Anna Salo +correction +0 +({ID}) cli:\S+ 20.*: passport", why)
    assert correction, why
    assert "phone" not in why
    assert "Anna Salo" in on_database("customer", "find", "anna@x.example").out
    assert f"customer: {anna}" in on_database("customer", "uncorrect", correction[1]).out
    assert on_database("customer", "explain", anna).out == before
    again = on_database("customer", "uncorrect", correction[1])
    assert (again.status, "revoked already" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("birth_date", "31.12.1980", "1980-12-31"), ("phone", "99", "+358 40 1234567"), ("name", "4711", "letters")],
)
def test_what_is_no_value_is_refused_with_what_is_expected(
    on_database: Run, anna: str, field: str, value: str, said: str
) -> None:
    refused = on_database("customer", "correct", anna, field, value, "--reason", "x")
    assert (refused.status, refused.out) == (1, "")
    assert said in refused.err
    assert value not in refused.err

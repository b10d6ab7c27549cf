"""The command line as an operator uses it, from a folder of exports to a customer's reasons."""

import json
import re
from pathlib import Path

import pytest

from cxcore.resolve import spark
from support.exported import MAPPING
from support.saying import Run

ROWS = (
    "id;at;name;mail;phone\n1;2026-03-01 10:00;Anna Mäkinen;anna@x.example;\n"
    "2;2026-03-02 10:00;Anna Mäkinen;anna@x.example;040 1234567\n3;never;Pekka Virta;pekka@x.example;\n"
    "4;2026-03-04 10:00;Pekka Virta;pekka@x.example;\n"
)
BETTER = MAPPING.replace("occurred_at = {", "when = \"at != 'never'\"\noccurred_at = {")


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "orders.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "orders.toml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "better.toml").write_text(BETTER, encoding="utf-8")
    return tmp_path


def arguments(orders: Path) -> list[str]:
    return [
        "--set",
        f"path={orders / 'exports'}",
        "--set",
        "timezone=Europe/Helsinki",
        "--mapping",
        str(orders / "orders.toml"),
    ]


def customers(run: Run, query: str) -> list[str]:
    found = run("customer", "find", query)
    assert found.status == 0, found.err
    return re.findall(r"^[0-9a-f]{8}-[0-9a-f-]{27}", found.out, re.MULTILINE)


def test_from_a_dry_run_to_the_timeline_and_back_from_quarantine(on_database: Run, orders: Path) -> None:
    settings = arguments(orders)
    tried = on_database("source", "try", "files", *settings)
    assert tried.status == 0, tried.err
    assert "4 records: 3 interactions" in tried.out
    assert "orders.csv row 4: occurred_at" in tried.out
    assert "no sources" not in on_database("source", "list").out  # a dry run leaves nothing
    assert on_database("source", "add", "orders", "files", *settings, "--name", "Web shop").status == 0
    assert "1 file" in on_database("source", "check", "orders").out
    pulled = on_database("source", "pull", "orders")
    assert re.search(r"Web shop\s+files\s+4\s+4\s+3\s+1", pulled.out), pulled.out
    assert re.search(r"Web shop\s+files\s+0\s+0\s+0\s+0", on_database("source", "pull").out)
    assert re.search(r"orders\s+files\s+active\s+20\d\d-\S+ \S+\s+0\s+1", on_database("source", "list").out)
    assert re.search(r"3\s+orders.csv row 4\s+occurred_at", on_database("source", "quarantine", "orders").out)
    assert "0 understood now, 1 still set aside" in on_database("source", "replay", "orders").out
    assert on_database("source", "reconfigure", "orders", "--mapping", str(orders / "better.toml")).status == 0
    assert "1 understood now, 0 still set aside" in on_database("source", "replay", "orders").out
    assert "4 records gave 3 interactions; 0 set aside" in on_database("source", "normalise", "orders").out
    assert "paused" in on_database("source", "pause", "orders").out
    assert "Web shop" not in on_database("source", "pull").out
    assert "active" in on_database("source", "resume", "orders").out


def test_customers_are_found_merged_and_parted(on_database: Run, orders: Path) -> None:
    on_database("source", "add", "orders", "files", *arguments(orders))
    on_database("source", "pull")
    (anna,) = customers(on_database, "makinen")
    (pekka,) = customers(on_database, "pekka@x.example")
    assert customers(on_database, "+358401234567") == [anna]
    why = on_database("customer", "why", anna).out
    assert "linkage (positive)" in why
    assert "email same" in why
    assert "(anna@x.example)" in why
    preview = on_database("customer", "merge", anna, pekka, "--preview")
    assert preview.status == 0
    for wanted in ("this is a preview", "leads elsewhere", "Anna Mäkinen", "Pekka Virta", anna, pekka):
        assert wanted in preview.out, wanted
    assert len(set(customers(on_database, "makinen") + customers(on_database, "virta"))) == 2
    unsaid = on_database("customer", "merge", anna, pekka)
    assert unsaid.status == 1
    assert "--reason" in unsaid.err
    merged = on_database("customer", "merge", anna, pekka, "--reason", "same voice").out
    decision = re.search(r"Decision ([0-9a-f-]{36})", merged)
    assert decision is not None
    assert len(set(customers(on_database, "makinen") + customers(on_database, "virta"))) == 1
    undoing = on_database("customer", "unmerge", decision.group(1), "--preview")
    assert undoing.status == 0
    assert "lives again" in undoing.out
    assert on_database("customer", "unmerge", decision.group(1)).status == 0
    assert (customers(on_database, "makinen"), customers(on_database, "virta")) == ([anna], [pekka])
    profile = re.findall(r"^([0-9a-f-]{36})\s+orders", why, re.MULTILINE)[0]
    parted = on_database("customer", "separate", anna, "--profile", profile, "--reason", "mother and daughter")
    assert parted.status == 0
    assert len(customers(on_database, "makinen")) == 2


def test_relatives_are_shown_and_are_no_merges(on_database: Run, orders: Path) -> None:
    used = [("Anna Lehto", "09 1234567"), ("Pekka Lehto", "09 1234567"), ("Anna Lehto", "040 1234567"),
            ("Olli Virta", "040 1234567")]  # fmt: skip
    rows = [f"{n};2026-03-0{n} 10:00;{name};{name[:3]}@x.example;{line}" for n, (name, line) in enumerate(used, 1)]
    (orders / "exports" / "orders.csv").write_text("\n".join(["id;at;name;mail;phone", *rows]), encoding="utf-8")
    on_database("source", "add", "orders", "files", *arguments(orders))
    on_database("source", "pull")
    anna, pekka, olli = (customers(on_database, f"{name}@x.example")[0] for name in ("ann", "pek", "oll"))
    shown = on_database("customer", "relations", anna)
    assert re.search(rf"household +{pekka}", shown.out), shown.out
    assert re.search(rf"shared_line +{olli}", shown.out), shown.out
    assert "2 of 2." in shown.out
    assert "1 of 2." in on_database("customer", "relations", anna, "--limit", "1").out
    assert "no such customer" in on_database("customer", "relations", pekka.replace(pekka[:4], "0000")).err


def test_identities_are_rebuilt_reviewed_and_kept_apart(
    on_database: Run, orders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_database("source", "add", "orders", "files", *arguments(orders))
    on_database("source", "pull")
    (anna,) = customers(on_database, "makinen")
    (pekka,) = customers(on_database, "pekka@x.example")
    rebuilt = on_database("identity", "rebuild")
    assert re.search(r"\d+ profiles: (\d+) customers before, \1 now", rebuilt.out), rebuilt.out
    assert on_database("identity", "rebuild", "--use", "default").status == 0
    assert customers(on_database, "makinen") == [anna]
    monkeypatch.setattr(spark, "java", lambda: False)
    refused = on_database("identity", "rebuild", "--engine", "spark")
    assert (refused.status, "cxcore[spark]" in refused.err or "Spark needs Java" in refused.err) == (1, True), (
        refused.err
    )
    assert on_database("identity", "review").status == 0
    assert on_database("identity", "never", anna, pekka, "--reason", "neighbours").status == 0
    unlike = on_database("identity", "why-not", anna, pekka)
    assert re.search(r"a person keeps them apart.* bits; joined from .*neighbours", unlike.out, re.DOTALL), unlike.out
    one, other = re.findall(r"^[0-9a-f]{8}-[0-9a-f-]{27}", on_database("identity", "how", anna).out, re.MULTILINE)[:2]
    tied = on_database("identity", "why", one, other)
    assert tied.out.startswith(f"One customer: {anna}.")
    assert "anna@x.example" in tied.out
    assert "No review" in on_database("identity", "skip", anna, pekka, "--reason", "later").err
    refused = on_database("customer", "merge", anna, pekka, "--reason", "same voice")
    assert refused.status == 1
    assert "decided that these are not the same" in refused.err
    for wrong in (tmp_path / "missing.json", orders):
        assert on_database("identity", "rebuild", "--use", str(wrong)).status == 1
    (tmp_path / "wrong.json").write_text("{}", encoding="utf-8")
    assert "not a model" in on_database("identity", "rebuild", "--use", str(tmp_path / "wrong.json")).err


def test_labelled_data_is_measured_and_learnt_from(on_database: Run, tmp_path: Path) -> None:
    people = ["given_name,surname,email,dob,cluster"]
    letters = "abcdefghijklmnopqrst"
    for n in range(120):
        name = letters[n % 20] * 3 + letters[n // 20] * 3
        people += [f"{name},Salo{name},{name}@x.example,19{n % 90 + 10}-0{n % 9 + 1}-11,{n}"] * 2
        people += [f"{name},Salo{name},{name}@x.example,,{n}"]
    data = tmp_path / "people.csv"
    data.write_text("\n".join(people), encoding="utf-8")
    measured = on_database("identity", "evaluate", str(data)).out
    assert re.search(r"pairwise +1.0000 +1.0000 +1.0000", measured), measured
    report = tmp_path / "m.html"
    trained = on_database("identity", "train", str(data), "--to", str(tmp_path / "m.json"), "--report", str(report))
    assert trained.status == 0, trained.err
    assert "Precision of pairs" in report.read_text(encoding="utf-8")
    assert (
        "became 120 customers" in on_database("identity", "evaluate", str(data), "--use", str(tmp_path / "m.json")).out
    )
    by_splink = ("train", str(data), "--engine", "splink", "--to", str(tmp_path / "s.json"))
    assert on_database("identity", *by_splink).status == 0
    assert (
        "became 120 customers" in on_database("identity", "evaluate", str(data), "--use", str(tmp_path / "s.json")).out
    )
    for content, said in (
        ("x,y\n1,2\n", "No column names a person"),
        ("", "no rows"),
        ("surname\nSalo\n", "of no record"),
    ):
        data.write_text(content, encoding="utf-8")
        refused = on_database("identity", "evaluate", str(data))
        assert (refused.status, said in refused.err) == (1, True), refused.err
    assert "cannot be read" in on_database("identity", "evaluate", str(tmp_path / "none.csv")).err


def test_keys_are_made_shown_once_and_revoked(on_database: Run) -> None:
    key = on_database("key", "create", "desk", "--scope", "customers:read", "--days", "30").out.strip()
    assert re.fullmatch(r"cx_[0-9a-f]{12}_[\w-]{43}", key)
    listed = on_database("key", "list").out
    identity = key.split("_")[1]
    assert re.search(rf"{identity}\s+desk\s+customers:read", listed)
    assert key.split("_", 2)[2] not in listed
    assert on_database("key", "revoke", identity).status == 0
    assert re.search(rf"{identity}.*revoked", on_database("key", "list").out)
    assert "customers:decide" in on_database("key", "scopes").out


def test_the_document_and_the_connectors(on_database: Run, tmp_path: Path) -> None:
    document = on_database("openapi").out
    assert json.loads(document)["openapi"].startswith("3.1")
    (tmp_path / "api.json").write_text(document, encoding="utf-8")
    assert on_database("openapi", "--check", str(tmp_path / "api.json")).status == 0
    listed = on_database("connector", "list").out
    assert all(key in listed for key in ("files", "asterisk_cdr", "feed"))
    assert on_database("connector", "new", "front_desk", "--into", str(tmp_path)).status == 0
    assert (tmp_path / "cxcore-front-desk" / "pyproject.toml").is_file()
    assert on_database("migrate").status == 0

"""What the command line prints: ids whole, names harmless, states true, and a dry run leaves nothing behind."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cxcore.db.session import Database
from support import server as servers
from support.saying import Run

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
MAPPING = """
version = 1
key = "id"
[[interaction]]
channel = "purchase"
kind = "order"
direction = "inbound"
role = "buyer"
occurred_at = "at"
customer = { name = "name", email = "email", phone = "phone" }
"""


@pytest.fixture
def narrow(on_database: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A terminal of 80 columns, or a pipe."""
    monkeypatch.setenv("COLUMNS", "80")
    return on_database


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    (tmp_path / "orders.toml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "orders").mkdir()
    return tmp_path / "orders"


def pull(run: Run, orders: Path, *rows: dict[str, Any]) -> None:
    """Have the rows pulled from a table."""
    fixed = {"at": "2026-01-06T10:00:00Z"}
    lines = [json.dumps({"id": f"o{n}"} | fixed | row) + "\n" for n, row in enumerate(rows)]
    (orders / "orders.jsonl").write_text("".join(lines), encoding="utf-8")
    mapping = str(orders.with_suffix(".toml"))
    assert run("source", "add", "orders", "files", "--set", f"path={orders}", "--mapping", mapping).status == 0
    assert run("source", "pull").status == 0


def said(run: Run, *words: str) -> str:
    ended = run(*words)
    assert ended.status == 0, ended.err
    return ended.out


def found(run: Run, query: str) -> list[str]:
    return re.findall(UUID, said(run, "customer", "find", query))


def on(url: str, statement: str) -> None:
    async def execute() -> None:
        database = Database(url)
        async with database.unit() as session:
            await session.execute(text(statement))
        await database.close()

    asyncio.run(execute())


def test_ids_are_printed_whole_however_long_the_rest_is(narrow: Run, orders: Path) -> None:
    """They are there to be copied into the next command."""
    long = {"name": "Wolfeschlegelsteinhausenbergerdorff Hubert " * 3, "phone": "0509998877"}
    pull(narrow, orders, long | {"email": f"{'a' * 60}@{'b' * 60}.example"}, long | {"email": "x@x.example"})
    [customer] = found(narrow, "0509998877")
    why = said(narrow, "customer", "why", customer)
    profiles = set(re.findall(rf"^\s*({UUID})", why, re.MULTILINE))
    assert len(profiles) == 2
    parted = said(narrow, "customer", "separate", customer, "--profile", profiles.pop(), "--reason", "two people")
    [decision, *customers] = re.findall(UUID, parted)
    assert len(customers) == 2
    assert decision in said(narrow, "customer", "why", customers[0])
    assert "two people" in said(narrow, "customer", "why", customers[0])


@pytest.mark.parametrize(
    "name",
    [
        "[bold]Anna[/bold]",
        "Anna [/x]",
        "[red",
        "Anna \x1b[2J\x1b]0;owned\x07",
        "Anna\u202egnp",
        ":warning: Anna",
        "Anna\r\n2",
    ],
)
def test_a_hostile_name_is_printed_as_it_is_and_does_nothing(narrow: Run, orders: Path, name: str) -> None:
    pull(narrow, orders, {"name": name, "email": "hostile@x.example"}, {"name": name, "email": "b@x.example"})
    [customer], [other] = found(narrow, "hostile@x.example"), found(narrow, "b@x.example")
    merged = said(narrow, "customer", "merge", customer, other, "--reason", name.replace("\r\n", " "))
    [one] = set(re.findall(UUID, merged)) & {customer, other}
    listed, why = said(narrow, "customer", "find", "hostile@x.example"), said(narrow, "customer", "why", one)
    assert not set(listed + why) & set("\x1b\x07\r\u202e")
    for part in re.findall(r"\[[^ ]*\]|\[red|:warning:|Anna", name.split("\x1b", maxsplit=1)[0]):
        assert part in listed  # in the narrower table of why it may be broken over two lines


def test_the_state_of_a_key_is_true(narrow: Run, database_url: str) -> None:
    for name in ("fresh", "expired", "gone"):
        number = said(narrow, "key", "create", name, "--days", "1").split("_")[1]
    assert narrow("key", "revoke", number).status == 0
    on(database_url, "update api_key set expires_at = now() - interval '1 second' where name <> 'fresh'")
    listed = said(narrow, "key", "list")
    assert re.search(r"fresh .* live", listed)
    assert re.search(r"expired .* expired", listed)
    assert re.search(r"gone .* revoked", listed)


def test_a_dry_run_leaves_nothing_and_is_in_nobodys_way(narrow: Run, orders: Path) -> None:
    pull(narrow, orders, {"name": "Anna"})
    mapping = str(orders.with_suffix(".toml"))
    words = ["files", "--set", f"path={orders}", "--mapping", mapping]
    for key in ("dry-run", "other"):
        assert said(narrow, "source", "try", *words).startswith("1 records: 1 interactions")
        assert narrow("source", "add", key, *words).status == 0
    assert said(narrow, "source", "try", *words).startswith("1 records: 1 interactions")
    assert len(re.findall("files", said(narrow, "source", "list"))) == 3


def test_a_source_can_be_configured_from_a_file(narrow: Run, orders: Path, tmp_path: Path) -> None:
    (orders / "orders.jsonl").write_text("{}\n", encoding="utf-8")
    config = tmp_path / "config.toml"
    config.write_text(f'path = "{orders}"\npattern = "*.jsonl"\n[limits]\npage_records = 1\n', encoding="utf-8")
    mapping = str(orders.with_suffix(".toml"))
    assert narrow("source", "add", "o", "files", "--config", str(config), "--mapping", mapping).status == 0
    assert said(narrow, "source", "check", "o").startswith("1 file, ")


def test_the_schema_is_brought_down_and_up_again(
    run: Run, server_url: str, worker_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"cxcore_cli_{worker_id}"
    monkeypatch.setenv("CX_DATABASE_URL", servers.fresh_database(server_url, name, migrated=False))
    assert run("source", "list").status == 0  # the first command sets an empty database up
    assert said(run, "migrate", "base") == "The schema is at base.\n"
    assert "Run `cxcore migrate`." in run("source", "list").err
    assert said(run, "migrate") == "The schema is at head.\n"
    assert run("source", "list").status == 0
    servers.drop_database(server_url, name)

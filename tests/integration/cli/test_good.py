"""The command line at its work: each verb does what it says and says what it did."""

import json
import re
from pathlib import Path

import pytest

from cxcore.auth.scopes import Scope
from support.shell import Shell

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture
def filled(shell: Shell, inbox: Path, orders: Path) -> Shell:
    """Two sources, pulled."""
    assert shell("source", "add", "mail", "files", "--set", f"path={inbox}", "--set", 'own_addresses=["@shop.example"]').said
    toml = str(orders.with_suffix(".toml"))
    assert shell("source", "add", "orders", "files", "--set", f"path={orders}", "--mapping", toml, "--name", "Web shop").said
    assert shell("source", "pull").said
    return shell


def found(shell: Shell, query: str) -> list[str]:
    return re.findall(UUID, shell("customer", "find", query).said)


def test_without_a_verb_it_says_what_there_is(shell: Shell) -> None:
    for words in ([], ["--help"], ["source", "--help"], ["customer"], ["key"]):
        outcome = shell(*words)
        assert "Usage:" in outcome.out + outcome.err
        assert "Traceback" not in outcome.err


def test_a_source_is_added_checked_and_listed(shell: Shell, inbox: Path) -> None:
    said = shell("source", "add", "mail", "files", "--set", f"path={inbox}", "--name", "Inbox").said
    assert said.splitlines() == ["Source mail is configured. Try it with `cxcore source check mail`."]
    assert shell("source", "check", "mail").said.startswith("3 files, ")
    listed = shell("source", "list").said
    assert re.search(r"mail\s+files\s+active\s+-\s+0\s+0", listed)


def test_a_source_is_configured_from_a_file(shell: Shell, inbox: Path, tmp_path: Path) -> None:
    config = tmp_path / "mail.toml"
    config.write_text(f'path = "{inbox}"\nown_addresses = ["@shop.example"]\n[limits]\npage_records = 1\n', encoding="utf-8")
    assert shell("source", "add", "mail", "files", "--config", str(config), "--set", "pattern=*.eml").said
    assert "3 files" in shell("source", "check", "mail").said


def test_trying_writes_nothing_and_shows_what_would_become(shell: Shell, orders: Path) -> None:
    toml = str(orders.with_suffix(".toml"))
    said = shell("source", "try", "files", "--set", f"path={orders}", "--mapping", toml).said
    assert said.splitlines()[0] == "3 records: 2 interactions, 2 sightings of people, 1 set aside."
    assert "orders.jsonl row 3" in said
    assert '"channel": "purchase"' in said
    assert "Anna Mäkinen" in said
    listed = shell("source", "list").said
    assert "dry-run" not in listed
    assert "files" not in listed


def test_trying_many_times_uses_nothing_up(shell: Shell, inbox: Path) -> None:
    for _ in range(3):
        assert shell("source", "try", "files", "--set", f"path={inbox}", "--limit", "1").said
    assert shell("source", "add", "dry-run", "files", "--set", f"path={inbox}").said
    assert shell("source", "try", "files", "--set", f"path={inbox}").said.startswith("3 records")


def test_pulling_says_what_came(filled: Shell) -> None:
    said = filled("source", "pull").said
    assert re.search(r"mail\s+files\s+\d+\s+0\s+0\s+0", said)
    listed = filled("source", "list").said
    assert re.search(r"mail\s+files\s+active\s+\d{4}-\d\d-\d\d \d\d:\d\d\s+0\s+1", listed) or re.search(
        r"mail\s+files\s+active\s+-\s+0\s+1", listed
    )


def test_pulling_names_one_source_or_several(filled: Shell) -> None:
    said = filled("source", "pull", "orders").said
    assert "Web shop" in said
    assert "mail" not in said
    both = filled("source", "pull", "orders", "mail").said
    assert "Web shop" in both
    assert "mail" in both


def test_what_was_set_aside_is_listed_with_the_reason(filled: Shell) -> None:
    assert re.search(r"3\.eml\s+the mail has no date\s+1", filled("source", "quarantine", "mail").said)
    said = filled("source", "quarantine", "orders").said
    assert "row 3" in said
    assert "soon" not in said
    assert "liisa" not in said


def test_a_better_mapping_is_tried_on_what_was_set_aside(filled: Shell, orders: Path) -> None:
    toml = orders.with_suffix(".toml")
    toml.write_text(toml.read_text().replace('occurred_at = "at"', 'occurred_at = { path = "at", map = { soon = "2026-01-08T10:00:00Z" }, default = "2026-01-01T00:00:00Z" }'), encoding="utf-8")  # fmt: skip
    said = filled("source", "reconfigure", "orders", "--mapping", str(toml)).said
    assert "Source orders is changed." in said
    assert filled("source", "replay", "orders").said == "1 understood now, 0 still set aside.\n"
    assert len(found(filled, "liisa@x.example")) == 1
    assert filled("source", "normalise", "orders").said == "3 records gave 3 interactions; 0 set aside.\n"


def test_a_paused_source_is_not_pulled_until_it_is_resumed(filled: Shell, inbox: Path) -> None:
    assert filled("source", "pause", "mail").said == "Source mail is paused.\n"
    assert "mail" not in filled("source", "pull").said
    assert re.search(r"mail\s+files\s+paused", filled("source", "list").said)
    assert filled("source", "resume", "mail").said == "Source mail is active.\n"
    assert "mail" in filled("source", "pull").said


def test_a_key_is_made_shown_once_listed_and_revoked(shell: Shell) -> None:
    key = shell("key", "create", "desk Tampere", "--days", "30").said.strip()
    assert re.fullmatch(r"cx_[0-9a-f]{12}_[\w-]{43}", key)
    number = key.split("_")[1]
    listed = shell("key", "list").said
    assert re.search(rf"{number}\s+desk Tampere\s+customers:read\s+\d{{4}}-\d\d-\d\d\s+never\s+live", listed)
    assert key.split("_", 2)[2] not in listed
    assert shell("key", "revoke", number).said == f"The key {number} is revoked.\n"
    assert re.search(rf"{number}.*revoked", shell("key", "list").said)
    assert shell("key", "revoke", number).said


def test_a_key_can_have_several_scopes(shell: Shell) -> None:
    words = [word for scope in Scope for word in ("--scope", scope.value)]
    assert shell("key", "create", "all", *words).said
    listed = shell("key", "list").said
    for scope in Scope:
        assert scope.value in listed
        assert scope.value in shell("key", "scopes").said


def test_an_expired_key_is_not_called_live(shell: Shell, url: str) -> None:
    import asyncio

    from sqlalchemy import text

    from cxcore.db.session import Database

    shell("key", "create", "old", "--days", "1")

    async def expire() -> None:
        database = Database(url)
        async with database.unit() as session:
            await session.execute(text("update api_key set expires_at = now() - interval '1 day'"))
        await database.close()

    asyncio.run(expire())
    assert re.search(r"old\s.*expired", shell("key", "list").said)


def test_customers_are_found_explained_merged_separated_and_undone(filled: Shell) -> None:
    [by_mail], [by_phone] = found(filled, "anna@kotiposti.example"), found(filled, "040 123 4567")
    assert by_mail != by_phone
    said = filled("customer", "merge", by_mail, by_phone, "--reason", "same voice").said
    decision, one = re.findall(UUID, said)
    assert one in {by_mail, by_phone}
    assert found(filled, "anna@kotiposti.example") == found(filled, "0401234567") == [one]
    why = filled("customer", "why", by_mail).said
    assert "merge (positive)" in why
    assert "same voice" in why
    assert decision in why
    profiles = re.findall(rf"^\s*({UUID})", why, re.MULTILINE)
    assert len(profiles) == 2
    said = filled("customer", "unmerge", decision).said
    assert set(re.findall(UUID, said)) == {decision, by_mail, by_phone}
    assert found(filled, "0401234567") == [by_phone]
    said = filled("customer", "merge", by_mail, by_phone, "--reason", "again").said
    [one] = set(re.findall(UUID, said)) & {by_mail, by_phone}
    parted = filled("customer", "separate", one, "--profile", profiles[0], "--reason", "two people").said
    assert len(set(re.findall(UUID, parted))) == 3


def test_ids_are_printed_whole_however_long_the_rest_is(filled: Shell, orders: Path) -> None:
    """They are there to be copied into the next command."""
    row = {"id": "o9", "at": "2026-01-09T10:00:00Z", "name": "Wolfeschlegelsteinhausenbergerdorff Hubert " * 3,
           "email": f"{'a' * 60}@{'b' * 60}.example", "phone": "0509998877"}  # fmt: skip
    with (orders / "more.jsonl").open("w", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n" + json.dumps(row | {"id": "o10", "email": "x@x.example"}) + "\n")
    assert filled("source", "pull").said
    [customer] = found(filled, "0509998877")
    assert len(set(re.findall(UUID, filled("customer", "why", customer).said))) == 2


@pytest.mark.parametrize(
    "name", ["[bold]Anna[/bold]", "Anna [/x]", "[red", "Anna \x1b[2J\x1b]0;owned\x07", "Anna\u202egnp", ":warning: Anna"]
)
def test_a_hostile_name_is_printed_as_it_is_and_does_nothing(filled: Shell, orders: Path, name: str) -> None:
    row = {"id": "o9", "at": "2026-01-09T10:00:00Z", "name": name, "email": "hostile@x.example"}
    (orders / "more.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert filled("source", "pull").said
    [customer] = found(filled, "hostile@x.example")
    for said in (filled("customer", "find", "hostile@x.example").said, filled("customer", "why", customer).said):
        assert "Anna" in said or name == "[red"
        assert "\x1b" not in said
        assert "\x07" not in said
        if name.startswith("["):
            assert name in said


def test_the_schema_is_brought_up_down_and_up(shell: Shell) -> None:
    assert shell("migrate").said == "The schema is at head.\n"
    assert shell("migrate", "base").said == "The schema is at base.\n"
    assert shell("source", "list").code == 1
    assert shell("migrate").said == "The schema is at head.\n"
    assert shell("source", "list").said


def test_an_empty_database_is_set_up_by_the_first_command(private_url: str, tmp_path: Path) -> None:
    first = Shell({"CX_DATABASE_URL": private_url, "CX_DATA_DIR": str(tmp_path)})
    assert first("source", "list").said
    assert first("key", "create", "x").said


@pytest.fixture
def private_url(server_url: str, worker_id: str) -> str:
    from support import server as servers

    return servers.fresh_database(server_url, f"cxcore_cli_{worker_id}", migrated=False)


def test_the_openapi_document_is_printed_and_checked(shell: Shell, tmp_path: Path) -> None:
    document = shell("openapi").said
    assert json.loads(document)["info"]["title"] == "cxcore"
    file = tmp_path / "openapi.json"
    file.write_text(document, encoding="utf-8")
    assert shell("openapi", "--check", str(file)).said == f"{file} matches.\n"
    stored = Path(__file__).resolve().parents[3] / "openapi" / "cxcore.v1.json"
    assert shell("openapi", "--check", str(stored)).said


def test_the_connectors_are_listed(shell: Shell) -> None:
    said = shell("connectors").said
    for key in ("asterisk_cdr", "feed", "files"):
        assert key in said

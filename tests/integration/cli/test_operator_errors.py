"""Every error an operator can cause prints one line that says what to do, and ends with a status that is not 0."""

import io
import socket
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from cxcore.sdk import registry
from support.saying import Run, one_line

MAPPING = """
version = 1
key = "id"
[[interaction]]
channel = "chat"
kind = "message"
direction = { const = "inbound" }
occurred_at = "at"
"""


def test_a_mapping_that_is_not_toml(on_database: Run, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text("key = ")
    (tmp_path / "a.csv").write_text("id\n1\n")
    ended = on_database("source", "try", "files", "--set", f"path={tmp_path}", "--mapping", str(tmp_path / "m.toml"))
    one_line(ended, "m.toml is not TOML", "docs/connectors.md")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (('occurred_at = "at"', 'occurred_at = { path = "at", as = ["datum"] }'), "datum"),
        (('key = "id"', 'key = "id["'), "key"),
        (('key = "id"\n', ""), "key"),
        (('channel = "chat"', 'channel = "pigeon"'), "channel"),
        (("version = 1", "version = 7"), "version"),
    ],
)
def test_a_mapping_that_does_not_fit_names_the_entry(
    on_database: Run, tmp_path: Path, changed: tuple[str, str], says: str
) -> None:
    (tmp_path / "m.toml").write_text(MAPPING.replace(*changed))
    (tmp_path / "a.csv").write_text("id,at\n1,2026-01-01\n")
    ended = on_database("source", "try", "files", "--set", f"path={tmp_path}", "--mapping", str(tmp_path / "m.toml"))
    one_line(ended, "does not fit the connector files", says)


def test_a_mapping_file_that_is_not_there(on_database: Run, tmp_path: Path) -> None:
    ended = on_database("source", "try", "files", "--set", "path=/", "--mapping", str(tmp_path / "none.toml"))
    one_line(ended, "none.toml cannot be read: No such file")


def test_a_folder_that_is_not_there(on_database: Run) -> None:
    assert on_database("source", "add", "mail", "files", "--set", "path=/nowhere/mail").status == 0
    one_line(on_database("source", "check", "mail"), "/nowhere/mail")
    one_line(on_database("source", "pull", "mail"), "/nowhere/mail")


def test_an_unknown_source(on_database: Run) -> None:
    one_line(on_database("source", "pull", "nobody"), "There is no source 'nobody'", "Known:")
    for verb in ("check", "quarantine", "replay", "normalise", "pause", "resume", "reconfigure"):
        one_line(on_database("source", verb, "nobody"), "There is no source 'nobody'")


def test_an_unknown_connector(on_database: Run) -> None:
    one_line(on_database("source", "add", "x", "pigeons"), "There is no connector 'pigeons'", "Installed: ")


def test_a_connector_that_does_not_import(on_database: Run, connectors: dict[str, object]) -> None:
    connectors["broken"] = registry.Broken("broken", "The connector broken does not import: ImportError: no wings.")
    one_line(on_database("source", "add", "x", "broken"), "does not import", "no wings")


def test_a_source_key_that_is_taken_or_malformed(on_database: Run, tmp_path: Path) -> None:
    on_database("source", "add", "mail", "files", "--set", f"path={tmp_path}")
    one_line(on_database("source", "add", "mail", "files", "--set", f"path={tmp_path}"), "a source 'mail' already")
    one_line(on_database("source", "add", "Ma il", "files", "--set", f"path={tmp_path}"), "cannot be a source's key")


def test_a_setting_that_is_none(on_database: Run) -> None:
    one_line(on_database("source", "add", "x", "files", "--set", "path"), "'path' is not a setting", "name=value")
    one_line(on_database("source", "add", "x", "files", "--set", "colour=blue"), "does not fit the connector files")


def test_a_region_that_is_none(on_database: Run) -> None:
    one_line(on_database("source", "add", "x", "files", "--set", "path=/", "--region", "Finland"), "not a country")


def test_a_secret_in_plain_text_is_sealed_and_never_repeated(on_database: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "url=postgresql://u:swordfish@127.0.0.1:1/db"
    ended = on_database("source", "add", "calls", "asterisk_cdr", "--set", url)
    assert ended.status == 0, ended
    checked = on_database("source", "check", "calls")
    one_line(checked, "The source")
    monkeypatch.setenv("CX_VAULT_KEY", "another-key-than-that-which-sealed-it")
    refused = on_database("source", "check", "calls")
    one_line(refused, "which is not here", "enter the credential anew")
    assert "swordfish" not in "".join(e.out + e.err for e in (ended, checked, refused))


def test_only_a_secret_can_be_entered_as_one(on_database: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("swordfish\n"))
    on_database("source", "add", "calls", "asterisk_cdr", "--set", "url=env:NO_SUCH_VARIABLE")
    one_line(on_database("source", "credential", "calls", "file"), "file is no secret", "Its secrets: url")


def test_a_secret_is_entered_by_standard_input(on_database: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    on_database("source", "add", "calls", "asterisk_cdr", "--set", "url=env:NO_SUCH_VARIABLE")
    monkeypatch.setattr("sys.stdin", io.StringIO("postgresql://u:swordfish@127.0.0.1:1/db\n"))
    entered = on_database("source", "credential", "calls", "url")
    assert (entered.status, entered.out) == (0, "url of the source calls is sealed.\n")
    one_line(on_database("source", "check", "calls"), "cannot be read: ConnectionRefusedError")


def test_a_secret_that_is_not_there(on_database: Run) -> None:
    on_database("source", "add", "calls", "asterisk_cdr", "--set", "url=env:NO_SUCH_VARIABLE")
    one_line(on_database("source", "check", "calls"), "NO_SUCH_VARIABLE is not set")
    on_database("source", "add", "more", "asterisk_cdr", "--set", "url=file:/no/such/file")
    one_line(on_database("source", "check", "more"), "/no/such/file cannot be read")


def test_a_wrong_password_of_a_source(
    on_database: Run, server_url: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = make_url(database_url).set(drivername="postgresql", username="no_such_role", password="swordfish")
    monkeypatch.setenv("CDR_URL", url.render_as_string(hide_password=False))
    on_database("source", "add", "calls", "asterisk_cdr", "--set", "url=env:CDR_URL")
    ended = on_database("source", "check", "calls")
    one_line(ended, "refuses the user", "Check user, password and rights")
    assert "swordfish" not in ended.err


def test_a_database_that_refuses_the_user(run: Run, server_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = make_url(server_url).set(username="no_such_role", password="swordfish")
    monkeypatch.setenv("CX_DATABASE_URL", url.render_as_string(hide_password=False))
    ended = run("key", "list")
    one_line(ended, "refuses the user or password", "CX_DATABASE_URL")
    assert "swordfish" not in ended.err


def test_a_database_that_does_not_exist(run: Run, server_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "CX_DATABASE_URL", make_url(server_url).set(database="no_such_db").render_as_string(hide_password=False)
    )
    one_line(run("key", "list"), "database named does not exist", "Create it")


def test_a_database_that_is_down(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("CX_DATABASE_URL", f"postgresql://u:swordfish@127.0.0.1:{port}/cxcore")
    ended = run("migrate")
    one_line(ended, "does not answer", "Is the server running")
    assert "swordfish" not in ended.err


@pytest.mark.parametrize(
    ("url", "says"),
    [("mysql://u:p@h/db", "cxcore needs PostgreSQL, not mysql"), ("not a url", "is not a database URL")],
)
def test_a_database_url_that_is_none(run: Run, monkeypatch: pytest.MonkeyPatch, url: str, says: str) -> None:
    monkeypatch.setenv("CX_DATABASE_URL", url)
    one_line(run("key", "list"), says, "postgresql://")


def test_a_port_that_is_taken(on_database: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("CX_PORT", str(taken.getsockname()[1]))
        for command in (["serve"], ["serve", "--workers", "2"], ["up"]):
            one_line(on_database(*command), "is taken", "CX_PORT")


@pytest.mark.parametrize(
    ("name", "value"),
    [("CX_PORT", "many"), ("CX_LOG_LEVEL", "loud"), ("CX_ENVIRONMENT", "moon"), ("CX_POOL_SIZE", "0")],
)
def test_a_setting_of_the_environment_that_cannot_be_used(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    one_line(run("key", "list"), name, "docs/configuration.md")


def test_a_time_zone_that_does_not_exist(on_database: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_TIMEZONE", "Europe/Atlantis")
    monkeypatch.setenv("CX_PORT", "0")
    one_line(on_database("serve"), "Europe/Atlantis", "Europe/Helsinki")


def test_a_secret_key_that_is_short(on_database: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_SECRET_KEY", "short")
    monkeypatch.setenv("CX_PORT", "0")
    one_line(on_database("serve"), "CX_SECRET_KEY is shorter than 32")


def test_production_without_a_database_or_a_key(run: Run, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_ENVIRONMENT", "production")
    one_line(run("serve"), "CX_DATABASE_URL is not set")
    monkeypatch.setenv("CX_DATABASE_URL", database_url)
    monkeypatch.setenv("CX_PORT", "0")
    one_line(run("serve"), "CX_SECRET_KEY is not set")


def test_a_data_directory_that_cannot_be_used(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("CX_DATA_DIR", str(tmp_path / "file" / "data"))
    one_line(run("key", "list"), "file")


def test_ids_that_are_none_or_nobodys(on_database: Run) -> None:
    nobody = "6f0c2d1e-5a0b-5d6e-9a53-0b6c7c1c4f11"
    one_line(on_database("customer", "why", "anna"), "'anna' is not an id")
    one_line(on_database("customer", "why", nobody), "There is no such customer")
    one_line(on_database("customer", "merge", nobody, nobody, "--reason", "x"), "There is no such customer")
    one_line(on_database("customer", "unmerge", nobody), "There is no decision")
    one_line(on_database("key", "revoke", "k"), "There is no key 'k'")


def test_an_openapi_file_that_is_old_or_missing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text("{}")
    one_line(run("openapi", "--check", str(tmp_path / "api.json")), "is not what the app says", "cxcore openapi >")
    one_line(run("openapi", "--check", str(tmp_path / "none.json")), "cannot be read")


def test_words_that_are_no_command_end_without_a_traceback(run: Run) -> None:
    ended = run("fly")
    assert ended.status == 2
    assert "Traceback" not in ended.err

"""Operators' errors that are easily overlooked: each is one line that says what to do, too."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from cxcore.db.session import Database
from support import server as servers
from support.private import PASSWORD, PrivateServer
from support.saying import Run, one_line

NOBODY = "6f0c2d1e-5a0b-5d6e-9a53-0b6c7c1c4f11"
BYTES = b"\xff\xfe".decode("utf-8", "surrogateescape")
"""How an argument that is no UTF-8 reaches a program."""


# the database


def test_a_wrong_password_of_a_real_server(run: Run, private: PrivateServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_DATABASE_URL", private.url(password="wrong-canary"))
    for words in (["source", "list"], ["migrate"], ["key", "create", "x"], ["serve"], ["worker"]):
        ended = run(*words)
        one_line(ended, "refuses the user or password", "Check CX_DATABASE_URL")
        assert "canary" not in ended.err + ended.out


def test_a_password_that_is_right_gets_in(run: Run, private: PrivateServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_DATABASE_URL", private.url())
    assert run("source", "list").status == 0


def test_a_database_that_is_not_on_a_real_server(
    run: Run, private: PrivateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CX_DATABASE_URL", private.url("nowhere"))
    one_line(run("source", "list"), "does not exist", "Create it")


def test_a_server_that_stopped(run: Run, private: PrivateServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_DATABASE_URL", private.url())
    private.stop()
    try:
        ended = run("source", "list")
        one_line(ended, "does not answer", "CX_DATABASE_URL")
        assert PASSWORD not in ended.err
    finally:
        private.start()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:canary@127.0.0.1:port/x",
        "postgresql://u:canary@127.0.0.1:99999/x",
        "postgresql://u:canary@[::1/x",
        "://u:canary@h/x",
        "sqlite:///x.db",
        "",
        "postgresql+psycopg",
    ],
)
def test_a_url_that_is_nearly_one(run: Run, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("CX_DATABASE_URL", url)
    ended = run("source", "list")
    one_line(ended)
    assert "canary" not in ended.err


def test_a_schema_of_a_newer_version(
    run: Run, server_url: str, worker_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"cxcore_newer_{worker_id}"
    url = servers.fresh_database(server_url, name)

    async def newer() -> None:
        database = Database(url)
        async with database.unit() as session:
            await session.execute(text("update alembic_version set version_num = 'ffff00001111'"))
        await database.close()

    asyncio.run(newer())
    monkeypatch.setenv("CX_DATABASE_URL", url)
    one_line(run("migrate"), "newer cxcore (revision ffff00001111)", "Install that version or newer")
    servers.drop_database(server_url, name)


@pytest.mark.parametrize("revision", ["nonsense", "ffff00001111", "-1x", "head+1", ""])
def test_a_revision_that_is_none(on_database: Run, revision: str) -> None:
    one_line(on_database("migrate", "--", revision))


# settings


@pytest.mark.parametrize(
    "zone", ["Europe", "Europe/", "", "/etc/passwd", "../../etc/passwd", "Europe\\Helsinki", "UTC+2", "ä"]
)
def test_a_time_zone_that_is_a_folder_or_a_path(on_database: Run, monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("CX_TIMEZONE", zone)
    monkeypatch.setenv("CX_PORT", "0")
    one_line(on_database("serve"), "CX_TIMEZONE", "Europe/Helsinki")


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "127.0.0.1:80", "::g"])
def test_an_address_that_is_not_ours(on_database: Run, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("CX_HOST", host)
    monkeypatch.setenv("CX_PORT", "0")
    one_line(on_database("serve"), host)


def test_a_folder_without_the_servers_programs(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_PG_BINDIR", str(tmp_path))
    one_line(run("key", "list"), str(tmp_path))


def test_a_signing_key_that_cannot_be_kept(on_database: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in the way").write_text("")
    monkeypatch.setenv("CX_DATA_DIR", str(tmp_path / "in the way" / "data"))
    monkeypatch.setenv("CX_PORT", "0")
    one_line(on_database("serve"), "in the way", "CX_DATA_DIR")


# sources


@pytest.mark.parametrize("key", ["ähky", "", "9x", "-x", "a b", "a" * 64, "a.b", "A", "a\n"])
def test_a_source_key_that_is_malformed(on_database: Run, tmp_path: Path, key: str) -> None:
    one_line(on_database("source", "add", "--set", f"path={tmp_path}", "--", key, "files"), "cannot be a source's key")


@pytest.mark.parametrize("key", ["a" * 63, "a-b_c9"])
def test_a_source_key_that_is_just_right(on_database: Run, tmp_path: Path, key: str) -> None:
    assert on_database("source", "add", key, "files", "--set", f"path={tmp_path}").status == 0


@pytest.mark.parametrize(
    "content",
    [
        'path = "a\\u0000b"',
        "path = 2026-01-01",
        "path = nan",
        "[path]",
        'path = ["a"]',
        "path = '/x'\npath = '/y'",
        'path = "/x"\nown_addresses = ["\\u0000@x.example"]',
        'path = "/x"\ntimezone = "Europe"',
        'path = "/x"\nencoding = "\\u0000"',
    ],
)
def test_a_file_of_settings_that_cannot_be_stored(on_database: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "c.toml").write_text(content, encoding="utf-8")
    one_line(on_database("source", "add", "x", "files", "--config", str(tmp_path / "c.toml")))


@pytest.mark.parametrize("value", ["nan", "inf", "2026-01-01", "2026-01-01T00:00:00Z", '"\\u0000"'])
def test_a_mapping_with_a_constant_that_cannot_be_stored(on_database: Run, tmp_path: Path, value: str) -> None:
    """TOML knows values that JSON does not."""
    (tmp_path / "m.toml").write_text(
        f'version = 1\nkey = "id"\n[[interaction]]\nchannel = "chat"\nkind = "message"\ndirection = "inbound"\n'
        f'occurred_at = "at"\ntext = {{ const = {value} }}\n',
        encoding="utf-8",
    )
    words = ["--set", f"path={tmp_path}", "--mapping", str(tmp_path / "m.toml")]
    ended = on_database("source", "add", "x", "files", *words)
    if ended.status != 0:
        one_line(ended)
    else:
        assert on_database("source", "try", "files", *words).status == 0


def test_a_file_that_cannot_be_read(on_database: Run, tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes('name = "Mäkinen"'.encode("latin-1"))
    words = ["source", "add", "x", "files", "--set", "path=/x"]
    one_line(on_database(*words, "--config", str(tmp_path)), "cannot be read", "directory")
    one_line(on_database(*words, "--config", str(tmp_path / "latin.toml")), "is not TOML")


def test_a_secret_file_that_is_no_text(on_database: Run, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"\xff\xfe")
    on_database("source", "add", "calls", "asterisk_cdr", "--set", f"url=file:{tmp_path / 'secret'}")
    one_line(on_database("source", "check", "calls"), "cannot be read")


@pytest.mark.parametrize(
    "secret", ["", "nonsense", "postgresql://u:canary@127.0.0.1:1/x", "mysql://u:canary@h/x", "oracle://u:canary@h/x"]
)
def test_a_secret_that_leads_nowhere(on_database: Run, monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv("CDR_URL", secret)
    on_database("source", "add", "calls", "asterisk_cdr", "--set", "url=env:CDR_URL")
    for verb in ("check", "pull"):
        ended = on_database("source", verb, "calls")
        one_line(ended)
        assert "canary" not in ended.err + ended.out


def test_a_secret_is_stored_as_its_reference_alone(
    on_database: Run, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDR_URL", "postgresql://u:canary@127.0.0.1:1/x")
    on_database("source", "add", "calls", "asterisk_cdr", "--set", "url=env:CDR_URL")
    on_database("source", "pull", "calls")

    async def stored() -> str:
        database = Database(database_url)
        async with database.unit() as session:
            rows = await session.execute(
                text("select s::text || coalesce(r::text, '') from source s left join run r on true")
            )
            found = "\n".join(rows.scalars())
        await database.close()
        return found

    found = asyncio.run(stored())
    assert "env:CDR_URL" in found
    assert "canary" not in found


def test_an_argument_that_is_no_utf8(on_database: Run, tmp_path: Path) -> None:
    words = ["source", "add", "mail", "files", "--set", f"path={tmp_path}"]
    for ended in (
        on_database(*words, "--name", BYTES),
        on_database(*words, "--region", BYTES),
        on_database("source", "add", "x", "files", "--set", f"path={BYTES}"),
        on_database("source", "add", "y", BYTES),
        on_database("source", "check", BYTES),
        on_database("customer", "find", BYTES),
        on_database("customer", "find", f"anna {BYTES}"),
        on_database("customer", "why", BYTES),
        on_database("customer", "merge", NOBODY, NOBODY, "--reason", BYTES),
        on_database("key", "create", BYTES),
        on_database("key", "revoke", BYTES),
    ):
        one_line(ended, "not UTF-8 text")


# keys, customers


@pytest.mark.parametrize("days", ["999999999", "4000000", "0", "-1"])
def test_a_key_for_ever_and_a_day(on_database: Run, days: str) -> None:
    ended = on_database("key", "create", "x", "--days", days)
    assert ended.status in {1, 2}
    assert "Traceback" not in ended.err


def test_a_key_without_a_name(on_database: Run) -> None:
    one_line(on_database("key", "create", " "), "needs a name")


def test_a_merge_of_one(on_database: Run) -> None:
    one_line(on_database("customer", "merge", NOBODY, "--reason", "x"))
    one_line(on_database("customer", "separate", NOBODY, "--profile", NOBODY, "--reason", "x"), "no such customer")
    one_line(on_database("customer", "separate", "anna", "--profile", NOBODY, "--reason", "x"), "'anna' is not an id")
    one_line(on_database("customer", "unmerge", "anna"), "'anna' is not an id")

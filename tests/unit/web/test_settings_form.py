"""Forms made of what connectors declare: every setting is there, no secret shows, and only what changed is read."""

from typing import Any

import pytest

from cxconnectors.http_json import HttpJsonConfig
from cxconnectors.imap.config import ImapConfig
from cxcore.errors import InvalidInput
from cxcore.sdk import registry
from cxcore.web import settings_form

STORED = {"host": "mail.example", "user": "desk@hotel.example", "password": "sealed:", "port": 1993}
USABLE = [c for c in registry.installed().values() if not isinstance(c, registry.Broken) and not c.manifest.local]


def entered(values: dict[str, Any], **changes: str) -> dict[str, str]:
    """What a browser sends of the form for these settings, with changes by setting."""
    form = settings_form.form(ImapConfig, values)
    sent = {field.name: field.value for field in (*form.first, *form.more)} | {settings_form.OTHER: form.other}
    return sent | {f"set_{name}" if name != settings_form.OTHER else name: text for name, text in changes.items()}


def test_what_must_be_filled_in_stands_first_and_no_secret_shows() -> None:
    form = settings_form.form(ImapConfig, STORED | {"password": "swordfish"})
    assert [field.name for field in form.first] == ["set_host", "set_user", "set_password"]
    shown = {field.name: field for field in (*form.first, *form.more)}
    assert (shown["set_password"].value, shown["set_password"].held) == ("", True)
    assert shown["set_port"].value == "1993"
    assert shown["set_security"].choices == ("tls", "starttls", "none")
    assert shown["set_folders"].value == "INBOX\n\\Sent"
    assert "swordfish" not in repr(form)
    assert "set_ca_file" not in shown, "files of the server are the command line's"
    assert (form.others, form.needs_other) == (("limits",), False)


@pytest.mark.parametrize("connector", USABLE, ids=[c.manifest.key for c in USABLE])
def test_every_setting_of_every_connector_can_be_entered(connector: Any) -> None:
    form = settings_form.form(connector.Config, {})
    there = {field.name.removeprefix("set_") for field in (*form.first, *form.more)} | set(form.others)
    files = {"ca_file"}
    assert there >= connector.Config.model_fields.keys() - files
    assert settings_form.read(connector.Config, {f.name: f.value for f in (*form.first, *form.more)}, {}).keys() <= {
        field.name.removeprefix("set_") for field in form.first
    }, "what is left as the connector has it is not stored"


@pytest.mark.parametrize("connector", USABLE, ids=[c.manifest.key for c in USABLE])
def test_nobody_is_told_to_enter_what_a_page_refuses(connector: Any) -> None:
    form = settings_form.form(connector.Config, {})
    assert [f.name for f in (*form.first, *form.more) if "env:" in f.help or "file:" in f.help] == []


def test_what_is_not_changed_is_not_read() -> None:
    assert settings_form.read(ImapConfig, entered(STORED), STORED) == {}


def test_each_kind_of_setting_is_read_as_what_it_is() -> None:
    sent = entered(
        STORED,
        port="143",
        security="starttls",
        folders="INBOX\n\n Archive \n",
        password="new one",
        other="[limits]\nseconds = 5.5",
    )
    assert settings_form.read(ImapConfig, sent, STORED) == {
        "port": 143,
        "security": "starttls",
        "folders": ["INBOX", "Archive"],
        "password": "new one",
        "limits": {"seconds": 5.5},
    }


def test_what_is_emptied_is_as_the_connector_has_it() -> None:
    assert settings_form.read(ImapConfig, entered(STORED, port=""), STORED) == {"port": None}


def test_other_settings_may_be_json_too_and_are_needed_where_they_are() -> None:
    form = settings_form.form(HttpJsonConfig, {})
    assert form.needs_other
    assert form.others[0] == "stream"
    found = settings_form.read(HttpJsonConfig, {settings_form.OTHER: '{"stream": [{"name": "orders"}]}'}, {})
    assert found["stream"] == [{"name": "orders"}]


@pytest.mark.parametrize(
    "text", ["{", "{]", "stream =", "{" * 10_000, "[1"], ids=["cut", "wrong", "no value", "deep", "open"]
)
def test_what_is_neither_toml_nor_json_is_said_so(text: str) -> None:
    with pytest.raises(InvalidInput, match="neither TOML nor JSON"):
        settings_form.read(ImapConfig, {settings_form.OTHER: text}, {})


def test_what_was_entered_stays_but_for_secrets() -> None:
    form = settings_form.form(ImapConfig, {}, entered(STORED, port="x1", password="swordfish", other="limits ="))
    shown = {field.name: field.value for field in (*form.first, *form.more)}
    assert (shown["set_host"], shown["set_port"], shown["set_password"]) == ("mail.example", "x1", "")
    assert form.other == "limits ="

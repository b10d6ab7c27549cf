"""Access from the command line: keys rotated, staff taken on, changed and let go, passwords set once."""

import getpass
import re

import pytest

from support.saying import Run, one_line

PASSWORD = "a long password of ours"


def test_a_key_is_rotated_and_its_role_is_listed(on_database: Run) -> None:
    made = on_database("key", "create", "desk", "--role", "front_desk")
    number = made.out.strip().split("_")[1]
    rotated = on_database("key", "rotate", number, "--overlap", "1")
    assert rotated.out.startswith(f"cx_{number}_")
    assert rotated.out != made.out
    assert re.search(rf"{number}\s+desk\s+customers:read\s+front_desk", on_database("key", "list").out)
    assert on_database("key", "revoke", number).status == 0
    one_line(on_database("key", "rotate", number), "This key is over")
    one_line(on_database("key", "create", "x", "--role", "agent", "--scope", "sources:write"), "sources:write")


def test_somebody_is_taken_on_changed_and_let_go(on_database: Run) -> None:
    added = on_database("staff", "add", "Kaisa", "--role", "agent", "--subject", "1", "--issuer", "https://id.example")
    who = added.out.strip()
    assert re.search(rf"{who}\s+Kaisa\s+agent\s+https://id.example\s+never\s+active", on_database("staff", "list").out)
    assert "is steward now" in on_database("staff", "role", who, "steward").out
    assert "signed out" in on_database("staff", "deactivate", who).out
    assert re.search(r"steward\s+https://id.example\s+never\s+ended", on_database("staff", "list").out)
    assert on_database("staff", "activate", who).status == 0
    one_line(on_database("staff", "add", "K", "--role", "service", "--subject", "2"), "service is for keys")


def test_a_password_is_asked_for_and_set_once(on_database: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda *_, **__: PASSWORD)
    who = on_database("staff", "add", "Kaisa", "--role", "admin", "--subject", "kaisa").out.strip()
    done = on_database("staff", "password", who)
    assert done.status == 0, done.err
    assert PASSWORD not in done.out + done.err
    assert "active, password" in on_database("staff", "list").out
    again = on_database("staff", "password", who)
    assert (again.status, "They have a password already." in again.err) == (1, True)
    other = on_database("staff", "add", "K", "--role", "admin", "--subject", "1", "--issuer", "https://id.example")
    assert on_database("staff", "password", other.out.strip()).status == 1

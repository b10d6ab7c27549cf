"""The vault: what is sealed opens with its key, for its use, unaltered, and in no other way."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.errors import OperatorError
from cxcore.pull.vault import Vault

OLD, NEW = "o" * 40, "n" * 40
SECRET = "correct horse battery staple"


@given(st.text())
def test_what_is_sealed_opens_again(secret: str) -> None:
    vault = Vault.of([OLD])
    assert vault.open(vault.seal(secret, bound="source 1 token"), bound="source 1 token") == secret


def test_the_same_secret_is_never_sealed_alike() -> None:
    vault = Vault.of([OLD])
    one, two = (vault.seal(SECRET, bound="x") for _ in range(2))
    assert one.sealed != two.sealed
    assert one.wrapped != two.wrapped
    assert SECRET.encode() not in one.sealed + one.wrapped


def test_it_opens_for_its_own_use_only() -> None:
    vault = Vault.of([OLD])
    sealed = vault.seal(SECRET, bound="source 1 token")
    with pytest.raises(OperatorError, match="does not open"):
        vault.open(sealed, bound="source 2 token")


@pytest.mark.parametrize("part", ["wrapped", "sealed"])
def test_altered_anywhere_it_does_not_open(part: str) -> None:
    vault = Vault.of([OLD])
    held = vault.seal("pin", bound="x")
    whole: bytes = getattr(held, part)
    for n in range(len(whole)):
        altered = whole[:n] + bytes([whole[n] ^ 1]) + whole[n + 1 :]
        with pytest.raises(OperatorError) as failure:
            vault.open(dataclasses.replace(held, **{part: altered}), bound="x")
        assert "pin" not in str(failure.value)


def test_a_new_key_seals_while_the_old_still_opens() -> None:
    before = Vault.of([OLD]).seal(SECRET, bound="x")
    both = Vault.of([NEW, OLD])
    assert both.open(before, bound="x") == SECRET
    assert both.seal(SECRET, bound="x").key_id == both.current != before.key_id


def test_sealed_again_it_needs_the_old_key_no_more() -> None:
    before = Vault.of([OLD]).seal(SECRET, bound="x")
    after = Vault.of([NEW, OLD]).wrap_again(before, bound="x")
    assert after.sealed == before.sealed, "the secret itself is not opened"
    assert Vault.of([NEW]).open(after, bound="x") == SECRET
    with pytest.raises(OperatorError, match="which is not here"):
        Vault.of([OLD]).open(after, bound="x")


def test_without_a_key_nothing_is_sealed_and_the_error_says_what_to_do() -> None:
    with pytest.raises(OperatorError) as failure:
        Vault().seal(SECRET, bound="x")
    assert "CX_VAULT_KEY" in str(failure.value)


def test_a_short_key_is_refused_without_being_shown() -> None:
    with pytest.raises(OperatorError) as failure:
        Vault.of(["hunter2"])
    assert "hunter2" not in str(failure.value)


def test_keys_do_not_show() -> None:
    vault = Vault.of([OLD])
    assert OLD not in repr(vault) + str(vault.current)

"""The settings of a mailbox: what is refused, and what follows from them."""

from typing import Any

import pytest
from pydantic import ValidationError

from cxconnectors.imap import ImapConfig

BASE = {"host": "imap.shop.example", "user": "help@shop.example", "password": "x"}


def config(**more: Any) -> ImapConfig:
    return ImapConfig.model_validate({**BASE, **more})


@pytest.mark.parametrize(
    "wrong",
    [
        {"folders": []},
        {"folders": ["\\Trash"]},
        {"folders": ["a\r\nb"]},
        {"user": "a\r\nLOGOUT"},
        {"host": ""},
        {"own_addresses": ["nobody"]},
        {"timezone": "Mars"},
        {"security": "perhaps"},
        {"port": 0},
    ],
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        config(**wrong)


def test_the_port_follows_from_the_security() -> None:
    assert [config(security=s).reached_at for s in ("tls", "starttls", "none")] == [993, 143, 143]
    assert config(port=1143).reached_at == 1143


def test_a_user_that_is_an_address_is_one_of_ours() -> None:
    assert config(own_addresses=["@staff.example"]).own == ("@staff.example", "help@shop.example")
    assert config(user="help").own == ()

"""The README names every setting."""

import re
from pathlib import Path

from pydantic import BaseModel

from cxconnectors import imap
from cxconnectors.imap.config import ROLES, ImapConfig, Limits

README = Path(imap.__file__).with_name("README.md").read_text(encoding="utf-8")


def unnamed(model: type[BaseModel]) -> list[str]:
    return [name for name in model.model_fields if not re.search(rf"`{name}\b[^`]*`", README)]


def test_every_setting_is_named() -> None:
    assert unnamed(ImapConfig) == []
    assert unnamed(Limits) == []
    assert [role for role in ROLES if f"`{role}`" not in README] == []

"""READMEs of connectors name every setting."""

import re
from pathlib import Path

import pytest

from cxcore.sdk import registry

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("key", sorted(registry.installed()))
def test_every_setting_is_named(key: str) -> None:
    found = registry.connector(key)
    assert found.manifest.docs.startswith("connectors/")
    readme = (ROOT / found.manifest.docs).read_text(encoding="utf-8")
    assert [name for name in found.Config.model_fields if not re.search(rf"`(\[\[)?{name}\b[^`]*`", readme)] == []

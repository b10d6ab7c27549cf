"""READMEs of connectors name every setting."""

import re
from pathlib import Path

import pytest

from cxcore.sdk import registry

ROOT = Path(__file__).resolve().parents[3]


<<<<<<< HEAD
@pytest.mark.parametrize("key", ["chatwoot", "mastodon", "pretix", "twilio"])
=======
@pytest.mark.parametrize("key", ["chatwoot", "cloudbeds", "twilio"])
>>>>>>> 59ce88525a59b8ae32b80133299e65a844b2a02d
def test_every_setting_is_named(key: str) -> None:
    found = registry.connector(key)
    readme = (ROOT / found.manifest.docs).read_text(encoding="utf-8")
    assert [name for name in found.Config.model_fields if not re.search(rf"`{name}\b[^`]*`", readme)] == []

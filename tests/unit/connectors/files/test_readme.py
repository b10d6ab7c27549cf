"""The README names every setting, transform and field of a mapping."""

from pathlib import Path

import pytest

from cxconnectors import files
from cxconnectors.files.config import FilesConfig, Format, Limits
from cxcore.sdk.mapping.language import IdentifierEntry, InteractionEntry, Mapping, ProfileEntry, Value
from cxcore.sdk.mapping.transforms import TRANSFORMS

README = (Path(files.__file__).parent / "README.md").read_text(encoding="utf-8")
WORDS = {
    *FilesConfig.model_fields,
    *Limits.model_fields,
    *Format,
    *TRANSFORMS,
    *(field for entry in (Mapping, ProfileEntry, InteractionEntry, IdentifierEntry) for field in entry.model_fields),
    *(info.alias or name for name, info in Value.model_fields.items()),
}


@pytest.mark.parametrize("word", sorted(WORDS))
def test_the_readme_names(word: str) -> None:
    assert word in README

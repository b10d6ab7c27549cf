"""Text as the database and a reader can take it: no U+0000, no lone surrogates, NFC. The raw stays in the record."""

import re
import unicodedata
from math import isfinite
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without what PostgreSQL refuses (U+0000 and lone surrogates become U+FFFD), in NFC."""
    if text.isascii():
        return text.replace("\x00", "\ufffd") if "\x00" in text else text
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    text = _SURROGATE.sub("\ufffd", text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def optional(text: str | None) -> str | None:
    """The cleaned text, or None where nothing but white space is left."""
    if text is None:
        return None
    text = clean(text)
    return text if text and not text.isspace() else None


def clean_json(value: Any) -> Any:
    """JSON data with every text in it cleaned, keys included, and numbers that JSON does not know (NaN) left out."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return [clean_json(item) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, dict):
        return {clean(str(key)): clean_json(item) for key, item in value.items()}
    return value

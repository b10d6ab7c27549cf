"""Text that every database and screen can take: no U+0000, no lone surrogates."""

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without U+0000, with lone surrogates replaced by U+FFFD."""
    if text.isascii():
        return text.replace("\x00", "") if "\x00" in text else text
    return _UNSTORABLE.sub(lambda m: "" if m[0] == "\x00" else "\ufffd", text)


def one_line(text: str, limit: int) -> str | None:
    """The text on one line, cut to ``limit`` characters; None if nothing is left."""
    return clean(" ".join(text.split()))[:limit].strip() or None


def decode(raw: bytes, encoding: str | None) -> str:
    """``raw`` by ``encoding``; without one as UTF-8, else as Windows-1252. Never fails."""
    if encoding:
        return raw.decode(encoding, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")

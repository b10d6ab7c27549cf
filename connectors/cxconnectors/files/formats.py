"""Which format a file has, by its place, its name and its first bytes."""

import re

from cxconnectors.files.config import FilesConfig, Format
from cxconnectors.files.scan import FileSeen

HEAD = 4096

_BY_NAME = {
    "mbox": Format.MBOX,
    "mbx": Format.MBOX,
    "eml": Format.EML,
    "csv": Format.CSV,
    "tsv": Format.TSV,
    "tab": Format.TSV,
    "jsonl": Format.JSONL,
    "ndjson": Format.JSONL,
}
_HEADER = re.compile(
    rb"(?:Return-Path|Received|Delivered-To|From|To|Subject|Date|Message-ID|MIME-Version|Content-Type):", re.IGNORECASE
)


def format_of(file: FileSeen, head: bytes, config: FilesConfig) -> Format | None:
    """The format to read ``file`` by, given its first ``HEAD`` bytes; None if it is none of ours."""
    if config.format is not Format.AUTO:
        return config.format
    if file.in_maildir:
        return Format.MAILDIR
    name = file.place.rpartition("/")[2]
    by_name = _BY_NAME.get(name.rpartition(".")[2].lower()) if "." in name else None
    if by_name not in {None, Format.EML}:
        return by_name
    if head.startswith(b"From "):
        return Format.MBOX  # also where several mails were saved as one .eml
    if by_name or _HEADER.match(head):
        return Format.EML
    return _format_of_text(head)


def _format_of_text(head: bytes) -> Format | None:
    """JSONL by its brace; any other text is read as a mail, and set aside if it is none; None for what is no text."""
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return Format.JSONL
    return Format.EML if head.strip() and b"\x00" not in head else None

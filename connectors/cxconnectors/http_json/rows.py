"""Rows: from a source's answer to records."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from cxconnectors.http_json.language import FAULTS, RowPlan, compiled
from cxcore.sdk import Record, SourceUnavailable

NO_KEY = "application/x-no-key+json"
"""The media type of what is no object or has no key, and is landed to be set aside."""
_HARMLESS = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class Row:
    """One item of a list as it came: its key, None without one, and when it changed as the list has it."""

    item: Any
    key: str | None
    changed_at: datetime | None

    @property
    def mark(self) -> str:
        """What tells the row from others of its list."""
        return self.key if self.key is not None else _content(self.item)


def rows(data: Any, expression: str, plan: RowPlan) -> list[Row]:
    """The items that ``expression`` finds in an answer; none in an empty one.

    Raises:
        SourceUnavailable: it finds no list.
    """
    if data is None:
        return []
    found = value(expression, data)
    if isinstance(found, dict) and expression == "@":
        found = [found]
    if not isinstance(found, list):
        raise SourceUnavailable("The source's answer holds no list of records.", hint="Is `records` right?")
    return [row(item, plan) for item in found]


def row(item: Any, plan: RowPlan) -> Row:
    """An item with its key and its time of change."""
    if not isinstance(item, dict):
        return Row(item, None, None)
    return Row(item, plan.key(item), plan.changed_at(item))


def value(expression: str, data: Any) -> Any:
    """What an expression finds.

    Raises:
        SourceUnavailable: it cannot be worked out.
    """
    try:
        return compiled(expression)(data)
    except FAULTS as exc:
        raise SourceUnavailable(f"{expression!r} cannot be worked out on the source's answer.") from exc


def detail_path(path: str, names: list[str], item: Any) -> str | None:
    """The path of a row's detail with its fields filled in; None where a field is missing or no text or number."""
    for name in names:
        found = item.get(name) if isinstance(item, dict) else None
        if isinstance(found, bool) or not isinstance(found, str | int) or found in {"", ".", ".."}:
            return None
        path = path.replace(f"{{{name}}}", quote(str(found), safe=""))
    return path


def record(stream: str, row: Row, plan: RowPlan, *, deleted: bool = False) -> Record:
    """The record of a row; a row without a key is kept as it is, to be set aside."""
    if row.key is None:
        return Record(stream, f"no-key-{_content(row.item)}", row.item, media_type=NO_KEY, origin=f"{stream}, no key")
    return Record(
        stream,
        row.key,
        row.item,
        changed_at=row.changed_at,
        deleted=deleted or plan.deleted(row.item),
        origin=f"{stream} {row.key}" if _HARMLESS.fullmatch(row.key) else stream,
    )


def _content(item: Any) -> str:
    return hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()[:24]


def page_digest(found: list[Row]) -> str:
    """What tells a page from others of a walk: its records, in order and as they are."""
    marks = "\n".join(f"{each.mark} {each.changed_at.timestamp() if each.changed_at else None}" for each in found)
    return hashlib.sha256(marks.encode("utf-8", "surrogatepass")).hexdigest()[:24]

"""A comment as it is landed: what counts of it, the page that it stands on, and whom it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cxconnectors.wordpress.config import WordPressConfig
from cxcore.sdk import Place, Record
from cxcore.sdk.mail import OwnSide

STREAM = "comments"
_WRITER = ("author", "author_name", "author_email", "author_url")
_KEPT = ("id", "post", "parent", *_WRITER, "date_gmt", "link", "status")
_IDS = 31


@dataclass(frozen=True, slots=True)
class Comment:
    """``written`` is in s since 1970. ``number`` is the time and the id, so that it orders comments and none shares it."""

    id: int
    parent: int
    written: int
    own: bool
    payload: dict[str, Any]

    @property
    def number(self) -> int:
        return number_at(self.written) | self.id & ((1 << _IDS) - 1)

    def records(self, answered: "Comment | None") -> tuple[Record, Record]:
        """Two records of the one comment: a version, and its place, by which its deletion is known.

        An edited comment is a new version, so the version has no place; the engine then has the object and notes the
        place alone.
        """
        writer = {name: answered.payload[name] for name in _WRITER if name in answered.payload} if answered else None
        payload = self.payload | ({"answers": writer} if writer is not None else {})
        key, origin = str(self.id), f"comment {self.id}"
        version = Record(STREAM, key, payload, origin=origin)
        return version, Record(STREAM, key, payload, origin=origin, place=Place(STREAM, 0, self.number))


def number_at(seconds: int) -> int:
    """The lowest number of a comment of this time (s since 1970)."""
    return min(max(seconds, 0), (1 << 32) - 1) << _IDS


def read(found: Mapping[str, Any], config: WordPressConfig) -> Comment | None:
    """A comment as the API gives it; None for what has no id."""
    number, parent = found.get("id"), found.get("parent")
    if not isinstance(number, int) or isinstance(number, bool) or number <= 0:
        return None
    content = found.get("content")
    shown = content if isinstance(content, dict) else {}
    payload = {name: found[name] for name in _KEPT if found.get(name) not in (None, "")}
    payload["html"] = shown.get("raw") or shown.get("rendered") or ""
    payload["on"] = _page(found.get("_embedded"))
    return Comment(
        id=number,
        parent=parent if isinstance(parent, int) else 0,
        written=_seconds(found.get("date_gmt")),
        own=is_own(payload, config),
        payload=payload,
    )


def is_own(payload: Mapping[str, Any], config: WordPressConfig) -> bool:
    """Whether the company wrote it."""
    address = payload.get("author_email")
    return payload.get("author") in config.own_users or (
        isinstance(address, str) and address in OwnSide(config.own_addresses)
    )


def written_at(found: object) -> datetime | None:
    """WordPress writes GMT without saying so."""
    try:
        at = datetime.fromisoformat(found) if isinstance(found, str) else None
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC) if at is not None else None
    except (ValueError, OverflowError):
        return None


def _seconds(found: object) -> int:
    at = written_at(found)
    return int(at.timestamp()) if at is not None else 0


def _page(embedded: object) -> dict[str, str]:
    """Title and address of what the comment stands on."""
    up = embedded.get("up") if isinstance(embedded, dict) else None
    found = up[0] if isinstance(up, list) and up and isinstance(up[0], dict) else {}
    title, link = found.get("title"), found.get("link")
    shown = title.get("rendered") if isinstance(title, dict) else None
    told = {"title": shown, "link": link}
    return {name: value for name, value in told.items() if isinstance(value, str) and value}

"""From a feed's bytes to records: one an entry, with the author as the feed writes it."""

import hashlib
import io
import re
from calendar import timegm
from datetime import UTC, datetime
from typing import Any

import feedparser

from cxcore.sdk import Record

STREAM = "entries"
NO_FEED = "application/x-no-feed"
_AUTHOR_URI = re.compile(r"^(https?://\S+)\s+\((.+)\)$")
_AUTHOR_EMAIL = re.compile(r"^([^\s@()]+@[^\s@()]+)\s+\((.+)\)$")
_MOST_HTML = 500_000
_MOST_AUTHOR = 500


def records(body: bytes, url: str) -> list[Record]:
    """The entries of a feed; bytes that are no feed come as one raw record, to be set aside."""
    # a stream: bytes themselves would be tried as the name of a file
    parsed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    if not parsed.get("version") and not parsed.entries:
        digest = hashlib.sha256(body).hexdigest()[:24]
        return [Record(STREAM, f"no-feed-{digest}", body, media_type=NO_FEED, origin=url)]
    feed = parsed.feed
    return [_record(entry, feed, url) for entry in parsed.entries]


def _record(entry: Any, feed: Any, url: str) -> Record:
    content = entry.get("content") or []
    html = (content[0].get("value") if content else None) or entry.get("summary") or ""
    payload: dict[str, Any] = {
        "title": entry.get("title"),
        "link": entry.get("link"),
        # dict.get: feedparser's own lookup answers a missing "updated" with "published", and warns of it
        "published": _time(dict.get(entry, "published_parsed")),
        "updated": _time(dict.get(entry, "updated_parsed")),
        "author": _author(entry) or _author(feed),
        "html": html[:_MOST_HTML],
        "feed": feed.get("title"),
    }
    stable = entry.get("id") or entry.get("link")
    key = str(stable) if stable else hashlib.sha256(repr(sorted(payload.items())).encode()).hexdigest()
    changed = payload["updated"] or payload["published"]
    return Record(
        STREAM,
        key[:2000],
        {name: value for name, value in payload.items() if value},
        changed_at=datetime.fromisoformat(changed) if changed else None,
        origin=f"{url} {key}"[:300],
    )


def _time(parsed: Any) -> str | None:
    """feedparser's time in UTC, as ISO 8601."""
    if not parsed:
        return None
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def _author(holder: Any) -> dict[str, str]:
    """Name, e-mail and address of an author; "address (Name)" in one text, as in RSS, is taken apart."""
    detail = holder.get("author_detail") or {}
    found = {
        "name": detail.get("name") or holder.get("author"),
        "email": detail.get("email"),
        "href": detail.get("href"),
    }
    text = (holder.get("author") or "").strip()
    if both := _AUTHOR_URI.match(text):
        found["href"], found["name"] = both.groups()
    elif both := _AUTHOR_EMAIL.match(text):  # feedparser cuts addresses whose last part has more than four letters
        found["email"], found["name"] = both.groups()
    return {k: str(v).strip()[:_MOST_AUTHOR] for k, v in found.items() if v and str(v).strip()}

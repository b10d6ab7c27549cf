"""The connector: feeds asked for politely, with ETag and Last-Modified."""

import hashlib
import json
from collections.abc import AsyncGenerator, Iterable, Mapping
from typing import Any

from cxconnectors.feed import entries, meaning
from cxconnectors.feed.config import FeedConfig
from cxcore.model.interaction import Channel
from cxcore.sdk import (
    Connector,
    Cursor,
    Manifest,
    Mapped,
    Page,
    Record,
    RecordRejected,
    SourceUnavailable,
    Stream,
)
from cxcore.sdk.http import Answer, Http, Limits

_MOST_BYTES = 8 * 1024 * 1024
_CURSOR_ROOM = 3800
_NOT_MODIFIED = 304
_MOST_VALIDATOR = 120


class Feed(Connector[FeedConfig]):
    """An unchanged feed costs one request with an empty answer; an entry that changes is a new version."""

    Config = FeedConfig
    manifest = Manifest(
        key="feed",
        name="RSS and Atom feeds",
        channels=frozenset({Channel.SOCIAL}),
        streams=(Stream(name=entries.STREAM),),
        owner="cxcore",
        docs="connectors/cxconnectors/feed/README.md",
    )
    transport: Any = None

    async def check(self) -> str:
        async with self._http() as http:
            answer = await http.get(self.config.urls[0])
        found = entries.records(answer.body, self.config.urls[0])
        if not found or found[0].media_type == entries.NO_FEED:
            raise SourceUnavailable(f"{self.config.urls[0]} is not an RSS or Atom feed.", hint="Check the address.")
        return f"{self.config.urls[0]}, {len(found)} entries; {len(self.config.urls)} feeds in all"

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncGenerator[Page]:
        known: dict[str, list[str]] = {k: list(v) for k, v in _feeds(cursor).items()}
        silent: list[SourceUnavailable] = []
        total = len(self.config.urls)
        async with self._http() as http:
            for number, url in enumerate(self.config.urls, start=1):
                short = hashlib.sha256(url.encode()).hexdigest()[:8]
                try:
                    answer = await http.get(url, headers=_conditions(known.get(short)))
                except SourceUnavailable as exc:
                    silent.append(exc)
                    continue
                found = [] if answer.status == _NOT_MODIFIED else entries.records(answer.body, url)
                if answer.status != _NOT_MODIFIED:
                    known[short] = _validators(answer)
                last = number == total
                if found or last:
                    complete_to = answer.date if last and not silent else None
                    yield Page(found, _cursor(known), complete_to=complete_to, done=number, total=total)
        if silent:
            raise SourceUnavailable(f"{len(silent)} of {total} feeds cannot be read. {silent[0].message}") from silent[
                0
            ]

    def map(self, record: Record) -> Iterable[Mapped]:
        if not isinstance(record.payload, dict):
            raise RecordRejected("not an RSS or Atom feed")
        found = meaning.interaction(record.payload, self.config)
        return () if found is None else (found,)

    def _http(self) -> Http:
        return Http(
            homes=self.config.urls,
            private_network=self.config.private_network,
            limits=Limits(most_bytes=_MOST_BYTES),
            transport=self.transport,
        )


def _feeds(cursor: Cursor | None) -> Mapping[str, Any]:
    found = cursor.get("feeds") if cursor else None
    return found if isinstance(found, dict) else {}


def _conditions(validators: list[str] | None) -> dict[str, str]:
    """What makes the request conditional (RFC 9110)."""
    if not validators:
        return {}
    etag, modified = validators
    return {k: v for k, v in (("If-None-Match", etag), ("If-Modified-Since", modified)) if v}


def _validators(answer: Answer) -> list[str]:
    found = (answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))
    return [v if len(v) <= _MOST_VALIDATOR else "" for v in found]


def _cursor(known: Mapping[str, list[str]]) -> Cursor:
    """The validators as far as they fit; a feed whose are left out is read whole next time."""
    room, kept = _CURSOR_ROOM, {}
    for short, validators in known.items():
        room -= len(json.dumps({short: validators}))
        if room > 0 and any(validators):
            kept[short] = list(validators)
    return {"feeds": kept}  # type: ignore[dict-item]  # lists of text are JSON

"""The two lists a pull walks, newest first: what concerns the account, and its own posts. Each item has a number that
orders it by time and that no other item of its list has."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cxconnectors.bluesky.client import Client
from cxconnectors.bluesky.config import BlueskyConfig
from cxcore.sdk import Place, Record

MENTIONS, POSTS = "mentions", "posts"
REASONS = ("mention", "reply", "quote")
OVERLAP = timedelta(days=1)
_TID = "234567abcdefghijklmnopqrstuvwxyz"
_TID_LENGTH = 13
_CLOCKS = 10
_HASHED = 20
_LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list; ``records`` is what it brings."""

    number: int
    records: tuple[Record, ...]


class Listing(ABC):
    """A list that is read from its newest end backwards."""

    stream: str

    def __init__(self, client: Client, config: BlueskyConfig) -> None:
        self._client, self._config = client, config

    @abstractmethod
    async def page(self, cursor: str | None) -> tuple[list[Item], str | None]:
        """A page, newest first, and where to go on; None at the end."""

    @abstractmethod
    def number_at(self, time: datetime) -> int:
        """The lowest number that an item of this time can have."""

    @abstractmethod
    def time_of(self, number: int) -> datetime:
        """The time of an item by its number."""

    @abstractmethod
    def rechecked_from(self, now: datetime) -> int:
        """From which number on the list is read again to find what was deleted."""

    async def hidden(self) -> str:
        """A digest of what keeps items out of the list although they are there."""
        return ""


class Mentions(Listing):
    """Notifications of posts that mention, answer or quote the account.

    Their number is the time by which the list is sorted, in ms, and 20 bits of a digest of the post's address.
    """

    stream = MENTIONS

    async def page(self, cursor: str | None) -> tuple[list[Item], str | None]:
        found, following = await self._client.notifications(REASONS, cursor, self._config.page)
        return [item for each in found if (item := self._item(each)) is not None], following

    def number_at(self, time: datetime) -> int:
        return max(int(time.timestamp() * 1000), 0) << _HASHED

    def time_of(self, number: int) -> datetime:
        return datetime.fromtimestamp((number >> _HASHED) / 1000, UTC)

    def rechecked_from(self, now: datetime) -> int:
        return self.number_at(now - timedelta(days=self._config.recheck_days))

    async def hidden(self) -> str:
        return (await self._client.hidden()).hex()[:16]

    def _item(self, found: Mapping[str, Any]) -> Item | None:
        uri, at, author = found.get("uri"), _time(found.get("indexedAt")), found.get("author")
        if found.get("reason") not in REASONS or not isinstance(uri, str) or at is None or not isinstance(author, dict):
            return None
        digest = hashlib.sha256(uri.encode("utf-8", "surrogatepass")).digest()
        number = self.number_at(at) | int.from_bytes(digest[:4]) >> (32 - _HASHED)
        person = {name: author.get(name) for name in ("did", "handle", "displayName") if author.get(name)}
        payload = {"uri": uri, "at": at.isoformat(), "author": person.get("did"), "record": found.get("record")}
        writer = Record(MENTIONS, str(person["did"])[:2000], person) if "did" in person else None
        return Item(number, (*([writer] if writer else []), *_post(MENTIONS, uri, payload, number)))


class Posts(Listing):
    """The account's own posts, straight from its repository. Their number is their key, a time in microseconds with a
    clock's number (https://atproto.com/specs/tid)."""

    stream = POSTS

    async def page(self, cursor: str | None) -> tuple[list[Item], str | None]:
        found, following = await self._client.posts(cursor, self._config.page)
        return [item for each in found if (item := self._item(each)) is not None], following

    def number_at(self, time: datetime) -> int:
        return max(int(time.timestamp() * 1_000_000), 0) << _CLOCKS

    def time_of(self, number: int) -> datetime:
        return tid_time(number)

    def rechecked_from(self, now: datetime) -> int:
        return 0

    def _item(self, found: Mapping[str, Any]) -> Item | None:
        uri = found.get("uri")
        if not isinstance(uri, str) or (number := tid(uri.rpartition("/")[2])) is None:
            return None
        return Item(number, _post(POSTS, uri, {"uri": uri, "record": found.get("value")}, number))


def _post(stream: str, uri: str, payload: dict[str, Any], number: int) -> tuple[Record, Record]:
    """Two records of one post: a version, and its place, by which its deletion is known."""
    key, origin = uri[:2000], uri[:300]
    return Record(stream, key, payload, origin=origin), Record(
        stream, key, payload, origin=origin, place=Place(stream, 0, number)
    )


def tid(key: str) -> int | None:
    """The 63 bits of a TID, None where the key is none."""
    if len(key) != _TID_LENGTH or any(c not in _TID for c in key):
        return None
    number = 0
    for c in key:
        number = number << 5 | _TID.index(c)
    return number if number >> 63 == 0 else None


def tid_time(number: int) -> datetime:
    """When a TID was made, by its maker's clock."""
    return datetime.fromtimestamp(min((number >> _CLOCKS) / 1_000_000, _LATEST), UTC)


def _time(found: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(found) if isinstance(found, str) else None
        return at.astimezone(UTC) if at is not None and at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None

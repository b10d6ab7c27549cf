"""Reading an account: mentions and own posts upwards from where the cursor stands, and the newest again for changes.

Ids grow with time, and a page asked for by ``min_id`` holds what comes next, so nothing is passed over that is there. A
list begins a few places before its end of last time, since what was being written then may show up late among them.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from cxconnectors.mastodon import kept
from cxconnectors.mastodon.client import AT_ONCE, Client, order
from cxconnectors.mastodon.config import MastodonConfig
from cxcore.sdk import Cursor, Page, Record

POSTS = "posts"
WATCHED = 120
"""Newest posts that are read again."""
_BACK = 20
"""Places that a list is read again from."""
_MENTIONS, _OWN, _AGAIN = "mentions", "own", "again"
Told = dict[str, Any]
_Next = Callable[[str], Awaitable[list[Told]]]


class Reading:
    """One pull's way through an account: mentions, own posts, then the newest again.

    The cursor: ``me``, the account; of each list the ids of its last places; ``watched``, the posts that are read again;
    ``again``, when they were, by the server's clock; ``at``, while a pull is under way, its part and where it stands.
    """

    def __init__(self, client: Client, config: MastodonConfig, cursor: Cursor | None) -> None:
        self._client, self._config = client, config
        self._place: dict[str, Any] = dict(cursor or {})
        self._me = ""

    async def pages(self) -> AsyncGenerator[Page]:
        self._me = str((await self._client.me())["id"])
        if self._place.get("me") != self._me:
            self._place = {"me": self._me}
        part = (self._place.get("at") or [_MENTIONS])[0]
        if part == _MENTIONS:
            async for page in self._upwards(_MENTIONS, self._client.mentions, then=_OWN):
                yield page
        if part in {_MENTIONS, _OWN}:
            async for page in self._upwards(_OWN, lambda after: self._client.posts(self._me, after), then=_AGAIN):
                yield page
        async for page in self._again():
            yield page

    async def _upwards(self, name: str, following: _Next, *, then: str) -> AsyncGenerator[Page]:
        """What comes next in a list, until nothing does."""
        places = [str(place) for place in self._place.get(name) or ()]
        begun = self._standing(name)
        after = begun or (places[0] if places else "0")
        while True:
            found = await following(after)
            new = [each for each in found if each["id"] not in places]
            posts = [each.get("status") if name == _MENTIONS else each for each in new]
            records = [
                self._record(post) for post in posts if isinstance(post, dict) and isinstance(post.get("id"), str)
            ]
            places = sorted({*places, *(each["id"] for each in found)}, key=order)[-_BACK:]
            after = found[-1]["id"] if found else ""
            watched = sorted({*self._watched(), *(record.key for record in records)}, key=order)[-WATCHED:]
            self._place |= {name: places, "watched": watched, "at": [name, after] if found else [then, ""]}
            complete = self._client.clock if then == _AGAIN and not found else None
            yield Page(records, dict(self._place), complete_to=complete)
            if not found:
                return

    async def _again(self) -> AsyncGenerator[Page]:
        """The newest posts as they stand; the missing ones are deleted, or hidden from the account."""
        now, after = self._client.clock, self._standing(_AGAIN)
        while after or self._is_time(now):
            some = [post for post in self._watched() if order(post) > order(after)][:AT_ONCE]
            found = await self._client.some(some) if some else None
            if found is None:
                self._place["again"] = now.isoformat() if now else None
                break
            records = [self._record(post) for post in found if post.get("id") in some]
            there = {record.key for record in records}
            gone = [post for post in some if post not in there and not await self._client.is_there(post)]
            after = some[-1]
            self._place |= {"watched": [post for post in self._watched() if post not in gone], "at": [_AGAIN, after]}
            yield Page([*records, *(Record(POSTS, post, None, deleted=True) for post in gone)], dict(self._place))
        self._place.pop("at", None)
        yield Page([], dict(self._place))

    def _standing(self, part: str) -> str:
        """Where the pull under way stands in a part; nothing if it has not begun."""
        at = self._place.get("at") or ["", ""]
        return str(at[1]) if at[0] == part else ""

    def _watched(self) -> list[str]:
        return list(self._place.get("watched") or ())

    def _is_time(self, now: datetime | None) -> bool:
        """Whether the newest posts are to be read again now."""
        again = self._place.get("again")
        if now is None or not isinstance(again, str):
            return True
        return now - datetime.fromisoformat(again) >= timedelta(minutes=self._config.reread_every)

    def _record(self, told: Told) -> Record:
        return Record(POSTS, told["id"], kept.post(told, self._me), origin=f"post {told['id']}")

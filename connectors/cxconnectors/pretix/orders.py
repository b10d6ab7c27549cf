"""Reading orders: each event's once from its beginning, then what changed, and all of them again now and then.

pretix numbers the pages of a list, and lists change while they are read. Every list here is sorted by a time and read
from its last page down to the first. What changes meanwhile goes to the end and is newer than the reading, so the next
one brings it; what is deleted moves others to pages still to be read. What a long transaction puts in between moves one
order over the edge of a page that has been read, but only one changed since that transaction began: the overlap reads it.
"""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime, timedelta

from cxconnectors.pretix import cursor as cursors
from cxconnectors.pretix import kept
from cxconnectors.pretix.client import ALL_ORDERS, Client, Listed, of_event
from cxconnectors.pretix.config import PretixConfig
from cxconnectors.pretix.cursor import Place
from cxconnectors.pretix.lookup import Lookup
from cxcore.sdk import Cursor, Page, Record

ORDERS = "orders"
OVERLAP = timedelta(minutes=5)
"""Longer than a transaction of pretix takes."""
_LOOK_FOR_EVENTS = timedelta(hours=1)
_AT_ONCE = 20
"""Pages of a repeated reading in one pull, so that news never waits for it."""
_BY_AGE, _BY_CHANGE = {"ordering": "datetime"}, {"ordering": "last_modified"}


class Orders:
    """One pull's way through the orders, from where a cursor stands."""

    def __init__(self, client: Client, config: PretixConfig, cursor: Cursor | None) -> None:
        self._client, self._config = client, config
        self._lookup = Lookup(client)
        self._place = cursors.place(cursor, config.reading)

    async def pages(self) -> AsyncGenerator[Page]:
        since = self._place.since
        if since is None:
            since = (await self._client.orders(ALL_ORDERS, _BY_CHANGE, 1)).generated
            self._place = replace(self._place, since=since, whole=since)
        async for page in self._new_events(since):
            yield page
        async for page in self._news(since):
            yield page
        async for page in self._everything_again(self._place.since or since):
            yield page
        if self._config.test_orders:
            yield await self._tests()

    async def _new_events(self, now: datetime) -> AsyncGenerator[Page]:
        """The orders of events that the token was not shown before, from the beginning."""
        listed = self._place.listed
        if self._place.event is None and listed is not None and now - listed < _LOOK_FOR_EVENTS:
            return
        events = [str(event.get("slug")) for event in await self._client.events()]
        if len(events) > cursors.MOST_EVENTS:  # more than the cursor can tell apart: the newest one by one, then all
            events = events[-cursors.MOST_EVENTS :]
            self._place = self._place if listed else replace(self._place, whole=None)
        for number, event in enumerate(events):
            if self._place.knows(event):
                continue
            begun = self._place.page if self._place.event == event else None
            async for left, found in self._downwards(of_event(event, ORDERS), _BY_AGE, begun):
                known = replace(self._place, event=event, page=left) if left else self._place.learnt(event)
                yield await self._page(found, known, done=number + (not left), total=len(events))
        yield self._at(self._place.seeing(events, at=now))

    async def _news(self, since: datetime) -> AsyncGenerator[Page]:
        """What changed since the last time, of all events."""
        asked = _BY_CHANGE | {"modified_since": (since - OVERLAP).isoformat()}
        async for left, found in self._downwards(ALL_ORDERS, asked, self._place.news):
            until = self._place.until or found.generated
            if left:
                yield await self._page(found, replace(self._place, news=left, until=until))
            else:
                page = await self._page(found, replace(self._place, news=None, until=None, since=until))
                yield replace(page, complete_to=until)

    async def _everything_again(self, now: datetime) -> AsyncGenerator[Page]:
        """All orders, some pages a pull: pretix shreds names of attendees without saying that the order changed."""
        begun, pause = self._place.whole, timedelta(days=self._config.reread_days)
        if self._place.again is None:
            if begun is not None and now - begun < pause:
                return
            begun = now
        pages = 0
        async for left, found in self._downwards(ALL_ORDERS, _BY_AGE, self._place.again):
            yield await self._page(found, replace(self._place, again=left, whole=begun))
            pages += 1
            if pages >= _AT_ONCE:
                return

    async def _tests(self) -> Page:
        """Orders of test mode that have been deleted; others cannot be."""
        found = await self._client.orders(ALL_ORDERS, {"ordering": "-datetime", "testmode": "true"}, 1)
        there = [f"{order['event']}/{order['code']}" for order in found.results]
        missing = [key for key in self._place.tests if key not in there]
        gone = [key for key in missing if not await self._client.has_order(*key.split("/", 1))]
        left = [key for key in missing if key not in gone]
        page = self._at(replace(self._place, tests=(*there, *left)[: cursors.MOST_TESTS]))
        return replace(page, records=[Record(ORDERS, key, None, deleted=True) for key in gone])

    async def _downwards(
        self, path: str, asked: dict[str, str], begun: int | None
    ) -> AsyncGenerator[tuple[int | None, Listed]]:
        """Pages of a list from the last, or from the one ``begun`` with, to the first; with each the one to come next."""
        page = begun
        if page is None:
            first = await self._client.orders(path, asked, 1)
            if first.pages <= 1:
                yield None, first
                return
            page = first.pages
            yield page, replace(first, results=[])
        while page:
            found = await self._client.orders(path, asked, page)
            page -= 1
            yield page or None, found

    async def _page(self, found: Listed, place: Place, *, done: int | None = None, total: int | None = None) -> Page:
        """What was found, and the place behind it."""
        records = [await self._record(told) for told in found.results]
        return replace(self._at(place), records=records, done=done, total=total)

    def _at(self, place: Place) -> Page:
        self._place = place
        return Page([], place.saved())

    async def _record(self, told: dict[str, object]) -> Record:
        order = kept.order(told, self._config.questions)
        around = await self._lookup.around(order)
        key = f"{order['event']}/{order['code']}"
        return Record(ORDERS, key, {"order": order, "around": around}, origin=f"order {key}")

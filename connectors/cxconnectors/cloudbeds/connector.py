"""The connector: guests, reservations and presence by windows of modification; webhooks say when to read them."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from cxconnectors.cloudbeds import landed, meaning, walk
from cxconnectors.cloudbeds.client import Client, Listed, http, wall
from cxconnectors.cloudbeds.config import CloudbedsConfig
from cxconnectors.cloudbeds.landed import GUESTS, PRESENCE, RESERVATIONS
from cxconnectors.cloudbeds.walk import OVERLAP, Walk
from cxcore.model.interaction import Channel
from cxcore.sdk import Connector, Cursor, Delivery, Manifest, Mapped, Page, Proof, Rate, Received, Record, Stream, Trust


@dataclass(frozen=True, slots=True)
class _List:
    """A method that lists by modification: how it names the window and the property, and what else it is asked."""

    method: str
    window: tuple[str, str]
    place: str
    asked: Mapping[str, str]
    land: landed.Landing


_RESULTS = ("resultsFrom", "resultsTo")
_LISTS = {
    GUESTS: (
        _List(
            "getGuestList",
            _RESULTS,
            "propertyIDs",
            {"includeGuestInfo": "true", "sortBy": "modification"},
            landed.guest,
        ),
    ),
    RESERVATIONS: (
        _List(
            "getReservationsWithRateDetails",
            ("modifiedFrom", "modifiedTo"),
            "propertyID",
            {"includeGuestsDetails": "true", "includeDeleted": "true", "sortByRecent": "true"},
            landed.reservation,
        ),
    ),
    PRESENCE: tuple(
        _List("getGuestsByStatus", _RESULTS, "propertyID", {"status": status}, landed.presence)
        for status in (landed.IN_HOUSE, landed.CHECKED_OUT)
    ),
}


class Cloudbeds(Connector[CloudbedsConfig]):
    """``guests``, ``reservations``, and ``presence``: who came and who left."""

    Config = CloudbedsConfig
    manifest = Manifest(
        key="cloudbeds",
        name="Cloudbeds",
        channels=frozenset({Channel.VISIT}),
        streams=(
            Stream(name=GUESTS, overlap=OVERLAP),
            Stream(name=RESERVATIONS, overlap=OVERLAP, hides_deletes=False),
            Stream(name=PRESENCE, overlap=OVERLAP, hides_deletes=False),
        ),
        rate=Rate(calls=5, per=timedelta(seconds=1)),
        owner="cxcore",
        docs="connectors/cxconnectors/cloudbeds/README.md",
    )

    async def check(self) -> str:
        async with http(self.config) as found:
            client = Client(found, self.config)
            hotel = await client.hotel()
            for stream in self.streams:
                for each in _LISTS[stream.name]:
                    await client.listed(each.method, {**each.asked, each.place: self.config.property_id, "pageSize": 1})
        return f"{hotel.get('propertyName')} ({self.config.property_id}), {hotel.get('propertyTimezone')}"

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncGenerator[Page]:
        lists, reread = _LISTS[stream], timedelta(days=self.config.reread)
        async with http(self.config) as found:
            client = Client(found, self.config)
            hotel = await client.hotel()
            here: Walk | None = walk.begin(cursor, now=client.now(), since=self.config.since, reread=reread)
            while here is not None:
                part = lists[here.part]
                listed = await self._listed(client, part, here)
                place = here.settled(listed.total, self.config.page)
                if (place.step, place.page) != (here.step, here.page):
                    here = place
                    continue
                records = [record for each in listed.items if (record := part.land(each, hotel))]
                newest = max(
                    (at for each in listed.items if (at := wall(each.get("dateModified")))), default=place.newest
                )
                here = place.following(newest, size=self.config.page, parts=len(lists))
                if here is None:
                    yield Page(records, place.ended(newest), complete_to=place.now)
                elif records or here.at != place.at:
                    yield Page(records, here.cursor())

    def receive(self, delivery: Delivery) -> Received:
        """A sign to pull: Cloudbeds does not sign, so no word of it is believed."""
        return Received(Proof(Trust.NONE), wake=True)

    def map(self, record: Record) -> Iterable[Mapped]:
        if record.stream == GUESTS:
            return (meaning.person(record.payload),)
        return meaning.visits(record.payload) if record.stream == RESERVATIONS else meaning.passage(record.payload)

    async def _listed(self, client: Client, part: _List, here: Walk) -> Listed:
        first, last = part.window
        asked: dict[str, str | int] = {
            **part.asked,
            part.place: self.config.property_id,
            first: f"{here.at:%Y-%m-%d %H:%M:%S}",
        }
        if here.until:
            asked[last] = f"{here.until:%Y-%m-%d %H:%M:%S}"
        return await client.listed(part.method, {**asked, "pageNumber": here.page, "pageSize": self.config.page})

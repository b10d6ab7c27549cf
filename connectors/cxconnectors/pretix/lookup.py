"""Lookup: what an order names by number only (event, date, product, list of check-ins), asked for once in a pull."""

from typing import Any

from cxconnectors.pretix.client import Client, of_event

_EVENT = ("name", "date_from", "date_to", "timezone", "currency", "location")
_DATE = ("name", "date_from", "date_to", "location")


class Lookup:
    """Names around the orders of one pull."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._events: dict[str, dict[str, Any] | None] = {}
        self._dates: dict[tuple[str, int], dict[str, Any] | None] = {}
        self._items: dict[str, dict[int, dict[str, Any]]] = {}
        self._lists: dict[str, dict[int, Any]] = {}

    async def around(self, order: dict[str, Any]) -> dict[str, Any]:
        """What the numbers in an order mean: ``event``, and by number ``items``, ``dates`` and ``lists``."""
        event, positions = str(order.get("event")), order["positions"]
        found: dict[str, Any] = {"event": await self._event(event)}
        items = await self._items_of(event, {p["item"] for p in positions})
        found["items"] = {str(n): items[n] for n in sorted({p["item"] for p in positions} & items.keys())}
        dates = {n: await self._date(event, n) for n in sorted({p["subevent"] for p in positions if p["subevent"]})}
        found["dates"] = {str(n): date for n, date in dates.items() if date}
        wanted = {c["list"] for p in positions for c in p["checkins"]}
        lists = await self._lists_of(event, wanted) if wanted else {}
        found["lists"] = {str(n): lists[n] for n in sorted(wanted & lists.keys())}
        return found

    async def _event(self, event: str) -> dict[str, Any] | None:
        if event not in self._events:
            told = await self._client.one(of_event(event))
            self._events[event] = told and {name: told.get(name) for name in _EVENT}
        return self._events[event]

    async def _date(self, event: str, number: int) -> dict[str, Any] | None:
        if (event, number) not in self._dates:
            told = await self._client.one(of_event(event, f"subevents/{number}"))
            self._dates[event, number] = told and {name: told.get(name) for name in _DATE}
        return self._dates[event, number]

    async def _items_of(self, event: str, wanted: set[int]) -> dict[int, dict[str, Any]]:
        if event not in self._items or wanted - self._items[event].keys():
            told = await self._client.all_of(of_event(event, "items"))
            self._items[event] = {each["id"]: _item(each) for each in told} | {n: {} for n in wanted - _ids(told)}
        return self._items[event]

    async def _lists_of(self, event: str, wanted: set[int]) -> dict[int, Any]:
        if event not in self._lists or wanted - self._lists[event].keys():
            told = await self._client.all_of(of_event(event, "checkinlists"))
            self._lists[event] = {each["id"]: each.get("name") for each in told} | dict.fromkeys(wanted - _ids(told))
        return self._lists[event]


def _ids(told: list[dict[str, Any]]) -> set[int]:
    return {each["id"] for each in told}


def _item(told: dict[str, Any]) -> dict[str, Any]:
    variations = {str(v["id"]): v.get("value") for v in told.get("variations") or []}
    return {"name": told.get("name"), "variations": variations}

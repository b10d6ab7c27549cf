"""The calls of pretix' REST API (v1) that a pull needs, and what to do where it refuses them.

https://docs.pretix.eu/dev/api/
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from cxconnectors.pretix.config import PretixConfig
from cxcore.sdk import AuthFailed, Rate, SourceUnavailable
from cxcore.sdk.http import Answer, Http

ALL_ORDERS = "orders"
_FORBIDDEN, _MISSING = 403, 404
_TEAM = "In pretix, Organization > Teams, give the token's team"
_ABOUT_ORDERS = f"{_TEAM} the right to view orders, for all events that are to be read."
_ABOUT_CUSTOMERS = f"{_TEAM} the right to view customer accounts, or set customers=false."
_HEAVY = (
    "downloads",
    "url",
    "secret",
    "plugin_data",
    "positions.downloads",
    "positions.secret",
    "positions.plugin_data",
)
"""What is left out of orders where pretix can; what is landed is chosen by `kept`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list. ``pages``: how many there are, of this size; ``generated``: when, by the server's clock."""

    results: list[dict[str, Any]]
    pages: int
    generated: datetime


class Client:
    """An organizer as one token sees it."""

    def __init__(self, http: Http, config: PretixConfig) -> None:
        self._http, self._config = http, config
        self._root = f"{config.url}/api/v1/organizers/{quote(config.organizer, safe='')}/"

    @staticmethod
    def http(config: PretixConfig) -> Http:
        return Http(
            headers={"Authorization": f"Token {config.token.get_secret_value()}", "Accept": "application/json"},
            homes=[config.url],
            private_network=config.private_network,
            rate=Rate(calls=config.calls, per=timedelta(minutes=1)),
        )

    async def name(self) -> str:
        """The organizer's name."""
        answer = await self._http.get(self._root, also=(_FORBIDDEN, _MISSING))
        if answer.status in {_FORBIDDEN, _MISSING}:
            raise AuthFailed(
                "pretix shows this token no such organizer.",
                hint="Check organizer, and that the token is one of its teams' and not revoked.",
            )
        return str(_object(answer).get("name") or self._config.organizer)

    async def events(self) -> list[dict[str, Any]]:
        """All events that the token may see, the newest last."""
        return [event async for event in self._all("events", {"ordering": "date_from"}, hint=_ABOUT_ORDERS)]

    async def one(self, path: str) -> dict[str, Any] | None:
        """An object, None where it is not there or not shown."""
        answer = await self._http.get(f"{self._root}{path}/", also=(_FORBIDDEN, _MISSING))
        return None if answer.status in {_FORBIDDEN, _MISSING} else _object(answer)

    async def all_of(self, path: str) -> list[dict[str, Any]]:
        """All objects of a list; none where it is not shown."""
        return [each async for each in self._all(path, {}, hint=None)]

    async def orders(self, path: str, asked: Mapping[str, str], page: int) -> Listed:
        """A page of orders, with their cancelled tickets; empty behind the last."""
        query = {"include_canceled_positions": "true", **asked}
        if not self._config.test_orders:
            query["testmode"] = "false"
        return await self._page(path, query, page, hint=_ABOUT_ORDERS)

    async def orders_of(self, event: str) -> Listed:
        """The first page of an event's orders."""
        return await self.orders(of_event(event, "orders"), {}, 1)

    async def has_order(self, event: str, code: str) -> bool:
        """Whether an order is still there."""
        return await self.one(f"{of_event(event, 'orders')}/{quote(code, safe='')}") is not None

    async def customers(self, page: int) -> Listed:
        """A page of customer accounts; empty behind the last."""
        return await self._page("customers", {}, page, hint=_ABOUT_CUSTOMERS)

    async def _all(self, path: str, asked: Mapping[str, str], *, hint: str | None) -> AsyncGenerator[dict[str, Any]]:
        page, pages = 1, 1
        while page <= pages:
            found = await self._page(path, asked, page, hint=hint)
            for each in found.results:
                yield each
            page, pages = page + 1, found.pages

    async def _page(self, path: str, asked: Mapping[str, str], page: int, *, hint: str | None) -> Listed:
        size = self._config.page
        query: list[tuple[str, str]] = [*asked.items(), ("page_size", str(size)), ("page", str(page))]
        if path.endswith("orders"):
            query += [("exclude", field) for field in _HEAVY]
        answer = await self._http.get(f"{self._root}{path}/?{urlencode(query)}", also=(_FORBIDDEN, _MISSING))
        if answer.status == _FORBIDDEN and hint is not None:
            raise AuthFailed("pretix refuses the token what it is to read.", hint=hint)
        if answer.status == _MISSING and page == 1 and path == ALL_ORDERS:
            raise SourceUnavailable(
                "This pretix has no list of all orders.", hint="It needs a newer version of pretix."
            )
        if answer.status in {_FORBIDDEN, _MISSING}:  # a page that deletions left empty is not found
            return Listed([], 0, _generated(answer))
        body = _object(answer)
        results, count = body.get("results"), body.get("count")
        if not isinstance(results, list) or not isinstance(count, int):
            raise SourceUnavailable("pretix answers something that is no list.", hint="Check url.")
        return Listed([r for r in results if isinstance(r, dict)], -(-count // size), _generated(answer))


def of_event(event: str, what: str = "") -> str:
    """The path of an event, or of something in it."""
    path = f"events/{quote(event, safe='')}"
    return f"{path}/{what}" if what else path


def _generated(answer: Answer) -> datetime:
    """``X-Page-Generated``: taken before the list was read, so whatever changes later is newer."""
    said = answer.headers.get("x-page-generated")
    try:
        found = datetime.fromisoformat(said) if said else answer.date
    except ValueError:
        found = answer.date
    if found is None or found.tzinfo is None:
        raise SourceUnavailable("pretix does not say what time it is there.", hint="Is url that of a pretix?")
    return found.astimezone(UTC)


def _object(answer: Answer) -> dict[str, Any]:
    found = answer.json()
    if not isinstance(found, dict):
        raise SourceUnavailable("pretix answers something that is no object.", hint="Check url.")
    return found

"""Reading customer accounts: all of them, now and then, since pretix does not list what changed."""

from collections import defaultdict
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Any

from cxconnectors.pretix.client import Client
from cxconnectors.pretix.config import PretixConfig
from cxcore.sdk import Cursor, Page, Record

CUSTOMERS = "customers"
_KEPT = (
    "identifier",
    "external_identifier",
    "email",
    "phone",
    "name",
    "name_parts",
    "is_active",
    "is_verified",
    "locale",
    "date_joined",
    "last_modified",
)


class Customers:
    """One pull's way through the customer accounts, from where a cursor stands."""

    def __init__(self, client: Client, config: PretixConfig, cursor: Cursor | None) -> None:
        self._client, self._config, self._cursor = client, config, cursor

    async def pages(self) -> AsyncGenerator[Page]:
        """From the last page down, since accounts are numbered by e-mail address; the cursor remembers the page."""
        place: dict[str, Any] = dict(self._cursor or {})
        if place.get("size") != self._config.page:
            place = {}
        left = place.get("page")
        first = await self._client.customers(1)
        walked = place.get("walked")
        pause = timedelta(minutes=self._config.customers_every)
        if left is None and walked and first.generated - datetime.fromisoformat(walked) < pause:
            return
        began = first.generated if left is None else datetime.fromisoformat(place["began"])
        pages = max(first.pages, 1)
        left = min(left or pages, pages)
        memberships = await self._memberships()
        while left:
            found = first if left == 1 == pages else await self._client.customers(left)
            records = [_record(told, memberships[str(told.get("identifier"))]) for told in found.results]
            left -= 1
            now = {"page": left, "began": began.isoformat()} if left else {"walked": began.isoformat()}
            complete = None if left else began
            yield Page(records, {"size": self._config.page, **now}, complete, done=pages - left, total=pages)

    async def _memberships(self) -> defaultdict[str, list[dict[str, Any]]]:
        """By account: type and time. The names of the types show only to those who may change them."""
        names = {each["id"]: each.get("name") for each in await self._client.all_of("membershiptypes")}
        found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for each in sorted(await self._client.all_of("memberships"), key=lambda each: each.get("id") or 0):
            if not each.get("testmode") or self._config.test_orders:
                kind = each.get("membership_type")
                told = {
                    "type": kind,
                    "name": names.get(kind),
                    "from": each.get("date_start"),
                    "to": each.get("date_end"),
                }
                found[str(each.get("customer"))].append(told)
        return found


def _record(told: dict[str, Any], memberships: list[dict[str, Any]]) -> Record:
    payload: dict[str, Any] = {"account": {name: told.get(name) for name in _KEPT}, "memberships": memberships}
    return Record(CUSTOMERS, str(told.get("identifier")), payload)

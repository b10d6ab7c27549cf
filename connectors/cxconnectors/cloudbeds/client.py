"""The calls of Cloudbeds' API v1.3 that a pull needs.

https://github.com/cloudbeds/openapi-specs, pms-v1.3. Times are those on the property's wall, written without a zone
(``2026-03-01 15:00:00``), in answers and filters alike, as long as the property is named.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from cxconnectors.cloudbeds.config import CloudbedsConfig
from cxcore.sdk import AuthFailed, Rate, SourceUnavailable
from cxcore.sdk.http import Http

_SCOPES = "The API key needs to read guests, reservations and hotels of this property."
_REFUSING = ("access", "permission", "scope", "token", "unauthorized", "property")


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list, and how long the whole list is."""

    items: list[dict[str, Any]]
    total: int


class Client:
    """A property as its key sees it."""

    def __init__(self, http: Http, config: CloudbedsConfig) -> None:
        self._http, self._config = http, config
        self.clock: datetime | None = None
        """What time it was there when it last answered."""

    async def hotel(self) -> dict[str, Any]:
        """The property: its name, time zone and currency.

        Raises:
            AuthFailed: the key does not see it.
        """
        listed = await self.listed("getHotels", {"propertyIDs": self._config.property_id})
        found = next((each for each in listed.items if each.get("propertyID") == self._config.property_id), None)
        if found is None:
            raise AuthFailed("The API key does not see this property.", hint="Check property_id and api_key.")
        return found

    async def listed(self, method: str, asked: dict[str, str | int]) -> Listed:
        """A page of a list; some lists are tables by id, empty ones are written as empty lists."""
        try:
            answer = await self._http.get(f"{self._config.url}/{method}?{urlencode(asked)}")
        except AuthFailed as exc:
            raise AuthFailed("Cloudbeds refuses us.", hint=_SCOPES) from exc
        self.clock = answer.date or self.clock
        found = answer.json()
        if not isinstance(found, dict) or "success" not in found:
            raise SourceUnavailable("Cloudbeds answers something else than its API.", hint="Check url.")
        if not found["success"]:
            raise _refusal(str(found.get("message") or ""))
        data, total = found.get("data"), found.get("total")
        values = list(data.values()) if isinstance(data, dict) else data if isinstance(data, list) else []
        if not (isinstance(total, int) or (isinstance(total, str) and total.isdecimal())):
            raise SourceUnavailable("Cloudbeds does not say how long its list is.", hint="Check url.")
        return Listed([each for each in values if isinstance(each, dict)], int(total))

    def now(self) -> datetime:
        """What time it is there."""
        if self.clock is None:
            raise SourceUnavailable("Cloudbeds does not say what time it is there.", hint="Check url.")
        return self.clock


def http(config: CloudbedsConfig) -> Http:
    """A client with the property's key."""
    headers = {"x-api-key": config.api_key.get_secret_value()}
    return Http(headers=headers, homes=(config.url,), rate=Rate(calls=config.calls, per=timedelta(seconds=1)))


def wall(text: object) -> datetime | None:
    """A time on the property's wall, as if it were in UTC; None where there is none."""
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=UTC) if isinstance(text, str) else None
    except ValueError:
        return None


def _refusal(message: str) -> AuthFailed | SourceUnavailable:
    """Cloudbeds refuses with the status 200 and words, which are not repeated: they may name a guest."""
    if any(word in message.casefold() for word in _REFUSING):
        return AuthFailed("Cloudbeds refuses us.", hint=_SCOPES)
    return SourceUnavailable("Cloudbeds could not do what was asked.", hint="It is tried again by itself.")
